// Currents of one direction at fixed potentials for every scan rate: input of b(E) and of k1 v + k2 v^1/2.
#pragma once

#include <vector>

#include "pipeline/analysis/point_analysis.hpp"

namespace seccm::analysis {

/// One scan rate: mean over cycles of the current smoothed over 10 mV, signed, at the potentials of the table.
struct RateColumn {
  double scan_rate = 0.0;                  ///< V/s
  std::vector<double> current{}, error{};  ///< A; error: noise and current_model_error of the current itself
  double noise = 0.0;                      ///< A, noise alone, the same at every potential
  double low = 0.0, high = 0.0;            ///< V, ends of the sweeps, mean over cycles
  double integral = 0.0;                   ///< A V, of the current over the potential from one end to the other
};

struct CurrentTable {
  std::vector<double> E_vs_Li{};  ///< V, rising, 10 mV apart, where every scan rate has current
  std::vector<RateColumn> columns{};
};

CurrentTable current_table(const PointAnalysis& point, int direction, const AnalysisParameters& parameters);

}  // namespace seccm::analysis
