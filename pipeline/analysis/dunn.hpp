// The split of the current into k1 v + k2 v^1/2 (Wang, Polleux, Lim, Dunn, J. Phys. Chem. C 111 (2007) 14925), fitted
// at each potential over the scan rates, both sweeps.
//
//   loop_share      = ∮ k1 v dE / ∮ i dE                signed: kinetics and ohmic drop make it negative
//     over the whole sweeps: within 20 mV of a reversal, where no k1 is fitted, the nearest one counts; i is measured
//   absolute_share  = Σ|k1 v| / Σ(|k1 v| + |k2 v^1/2|)
//   outside         = share of the potentials where k1 v/i lies outside [0,1]: the premise fails there (counted where
//                     |i| exceeds 1 % of its largest and 3 standard errors)
//
// Exact when the current IS a capacitor plus a reversible planar wave. On truths without any capacitance it still
// returns a share: 3-37 % for a sphere with R²Fv/(R_gTD) = 1e4-100, 6-27 % for slow kinetics. So it is a number about
// the shape of i(v), not by itself a capacitive charge; `outside` tells when to doubt it.
#pragma once

#include <vector>

#include "pipeline/analysis/point_analysis.hpp"

namespace seccm::analysis {

struct DunnShare {
  double scan_rate = 0.0;                              ///< V/s
  double loop_share = 0.0, loop_share_error = 0.0;     ///< 1
  double absolute_share = 0.0;                         ///< 1
  double capacitive_charge = 0.0, charge_error = 0.0;  ///< C per sweep: ∮ k1 dE / 2
  double outside = 0.0;                                ///< 1
};

/// Empty for fewer than 3 scan rates or when a direction is missing.
std::vector<DunnShare> dunn_shares(const PointAnalysis& point, const AnalysisParameters& parameters);

}  // namespace seccm::analysis
