// What the bias of D by eq. 3 consists of. D goes with (slope/area)^2, so that its error in decades is a sum:
//
//   log10(D_eq3/D) = segmentation + area ratio + current
//     segmentation  2 log10(A_projected/A_optical)   outline in the image against the cluster seen from above
//     area ratio    2 log10(A_wetted/A_projected)    surface that exchanges lithium against the cluster seen from above
//     current       2 log10(slope/slope_eq3)         peak current against eq. 3 with the true D and the wetted area:
//     finite
//                                                    size, kinetics, isotherm, history, resistances, background, noise
//
// The sum is exact where the analysis assumes the true c_max, alpha and temperature. Beside it, outside of the sum:
//     baseline      2 log10(height above the line/current from zero): what eq. 3 would lose with the line drawn
// A monolayer of spheres shows pi r^2 of 4 pi r^2 each: its area ratio is 2 log10(4) = +1.20, all of it wetted and
// free.
#pragma once

#include <span>
#include <vector>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/validation/statistics.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "pipeline/validation/validation_parameters.hpp"

namespace seccm::validation {

/// Means add up, medians need not.
struct BiasTerms {
  int direction = 0;       ///< +1 anodic, -1 cathodic
  double scan_rate = 0.0;  ///< V/s; 0: from the slope over the scan rates
  /// Decades of D, over the landings with a peak on clusters that the image resolves.
  Distribution segmentation, area_ratio, current, total;
  /// The same over every landing on particles with a peak.
  Distribution every_area_ratio, every_current, baseline;
};

/// One per direction and scan rate, and one per direction for the slope where it was fitted. `match`: landing of each
/// point of the run, as match_landings.
std::vector<BiasTerms> bias_of_eq3(const files::RunSummary& run, const files::Results& results, const Truth& truth,
                                   std::span<const int> match, const ValidationParameters& parameters);

}  // namespace seccm::validation
