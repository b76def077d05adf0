// From the frames of a run to voltammograms: by the table of legs, never by zero crossings or turning points of a noisy
// trace.
//
// A sweep is a ramp, or several that go on in one direction at one scan rate where the one before ended, without a
// pause. Sweeps go from vertex to vertex. Short of one are the first, when it begins, and the last, when it ends,
// between the vertices that the sweeps beside them show: a programme from the rest potential, one that was stopped. A
// programme that starts between its vertices leaves two such pieces of one cycle, one ending where the other began:
// they are joined in order of potential. What is short otherwise is left out, and only that.
//
// Cycles are counted at each scan rate, and anew where nothing was recorded for a while between two ramps: another
// recording at the same rate begins, and with it another first cycle.
#pragma once

#include <span>

#include "files/run_file.hpp"
#include "pipeline/analysis/point_analysis.hpp"
#include "pipeline/analysis/reference_potential.hpp"

namespace seccm::analysis {

/// Frames of one ramp, E against the quasi-reference electrode.
struct RampFrames {
  files::Leg leg{};
  std::vector<double> t{}, E_vs_QRCE{}, i{};
  double gap = 0.0;  ///< s, longest time without any frame since the ramp before
};

struct Sweeps {
  std::vector<Voltammogram> whole{};  ///< sorted by cycle, then scan rate, then direction
  int left_out = 0;                   ///< pieces short of a vertex
};

/// Joins ramps, in order of time, to sweeps and refers them to Li.
Sweeps to_sweeps(std::span<const RampFrames> ramps, const ReferencePotential& reference);

/// Reads the ramps of the cycles of one point. Not thread-safe: readers share one file.
/// Throws InputError when a leg names frames that the run does not have or has no positive scan rate.
PointInput read_point(const files::RunReader& run, const files::PointRecord& point,
                      const ReferencePotential& reference);

}  // namespace seccm::analysis
