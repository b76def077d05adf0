// What an estimate is compared with: for every quantity the true values that it could mean.
//
//   D                 D of that direction (anodic: de-intercalation)
//   area              electroactive: surface of the wetted particles; projected: the whole cluster from above;
//                     footprint: disc of the meniscus. An estimator means one of them (optical image and micrograph:
//                     projected; pipette and residue: footprint); the others show what it would be taken for
//   volume            whole volume of the particles that take part
//   x                 mean x in Li_xTiO2 that a sweep of that direction took up or gave back, mean over the analysed
//                     cycles
//   charge            F (c_max/x_max) V times that x; not for the parts that are not intercalation
//                     (charge_surface, charge_double_layer)
//   slope             of i_p against v^1/2 by eq. 3 with the true D, the wetted area and c_max at x_max:
//                     0.4958 F A c_max (D alpha F/RT)^1/2 at the temperature of the cell
//   peak_potential    the standard potential E0: an offset, not an error
// Other quantities (b, C_rate, capacitive shares) have no truth of their own.
//
// A contact starts with little lithium and what a sweep does not give back stays for the next one, so every cycle has
// its own exchange; cycles count over the whole programme of a point.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "files/results_file.hpp"
#include "pipeline/validation/truth_file.hpp"

namespace seccm::validation {

struct TrueValue {
  std::string_view meaning;  ///< what the truth stands for
  double value = 0.0;        ///< SI, in the unit of the quantity
  bool relative = true;      ///< compared in decades; false: as a difference
  bool claimed = true;       ///< what the estimator means: its interval is judged against it
};

/// `cycles`: those that the analysis used for the estimate's point and scan rate. `landing` may be null: quantities
/// that do not depend on it still have a truth.
std::vector<TrueValue> true_values(const files::Estimate& estimate, const Truth& truth, const TrueLanding* landing,
                                   std::span<const int> cycles);

/// The cycles of `point` at `scan_rate` whose curves the results hold.
std::vector<int> analysed_cycles(const files::Results& results, int point, double scan_rate);

/// Mean x that the sweeps of a direction (-1 uptake, +1 release) exchanged in `cycles`; 0 when the contact had none of
/// them.
double exchanged_x(const TrueLanding& landing, int direction, std::span<const int> cycles);

/// Slope of i_p against v^1/2 by eq. 3, A (V/s)^-1/2.
double eq3_slope(const Truth& truth, double area, double D);

}  // namespace seccm::validation
