// A recording as another host would write it: hops over an array, each an approach, a voltammogram and a retraction, in
// the signs of a WEC-SPM rig. Known in every number, so that what an import makes of it can be compared.
#pragma once

#include <string>
#include <vector>

namespace seccm::files::test {

struct ForeignSample {
  struct Row {
    double t, x_um, y_um, z_um, v1, v2, i1_nA, i2_nA;
    int line, pixel;
  };
  std::vector<Row> rows;
  int hops = 0;
  double scan_rate = 1.0;                 ///< V/s
  double E_start = 0.0, E_vertex = -1.0;  ///< V vs QRCE, IUPAC
  double contact_z_um = 20.0;
};

/// `hops` points; waypoints per hop: 1 retract, 2 move, 3 approach, 4 jump, 5 down, 6 up, 7 down, 8 up.
ForeignSample foreign_sample(int hops, double scan_rate = 1.0);
/// Schema v2.
std::string to_csv(const ForeignSample& sample);
std::string to_sidecar(const ForeignSample& sample, const std::string& status = "complete");
/// One channel per line, or one per column; currents in A.
std::string to_tsv(const ForeignSample& sample, bool rows);

}  // namespace seccm::files::test
