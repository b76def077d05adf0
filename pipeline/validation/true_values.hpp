// What an estimate is compared with: for every quantity the true values that it could mean.
//
//   D                 D of that direction (anodic: de-intercalation)
//   area              electroactive: surface of the wetted particles; projected: the whole cluster from above;
//                     footprint: disc of the meniscus
//   volume            whole volume of the particles that take part
//   x                 largest minus smallest mean x in Li_xTiO2 while in contact
//   charge            F (c_max/x_max) V (x largest - x smallest); not for the parts that are not intercalation
//                     (charge_surface, charge_double_layer)
//   slope             of i_p against v^1/2 by eq. 3 with the true D, the wetted area and c_max at x_max:
//                     0.4958 F A c_max (D alpha F/RT)^1/2 at 298.15 K
//   peak_potential    the standard potential E0: an offset, not an error
// Other quantities (b, C_rate, capacitive shares) have no truth of their own.
//
// x and charge are extremes over the whole contact, so they are compared at the slowest scan rate of the point only.
#pragma once

#include <string_view>
#include <vector>

#include "files/results_file.hpp"
#include "pipeline/validation/truth_file.hpp"

namespace seccm::validation {

struct TrueValue {
  std::string_view meaning;  ///< what the truth stands for
  double value = 0.0;        ///< SI, in the unit of the quantity
  bool relative = true;      ///< compared in decades; false: as a difference
};

/// `slowest`: the estimate belongs to the slowest scan rate of its point, or to none. `landing` may be null: quantities
/// that do not depend on it still have a truth.
std::vector<TrueValue> true_values(const files::Estimate& estimate, const Truth& truth, const TrueLanding* landing,
                                   bool slowest);

/// Slope of i_p against v^1/2 by eq. 3, A (V/s)^-1/2.
double eq3_slope(const Truth& truth, double area, double D);

}  // namespace seccm::validation
