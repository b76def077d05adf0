#include "pipeline/analysis/optical_area.hpp"

#include <cmath>
#include <numbers>

namespace seccm::analysis {

namespace {

// Standard deviation of Φ⁻¹(u), u uniform in [0.3, 0.7]: √(1 - 2 q φ(q)/0.4), q = Φ⁻¹(0.7).
constexpr double edge_spread = 0.2972;
constexpr double at_the_floor = 1.02;  // rounding of pixel size and area

}  // namespace

Measured optical_area(double area, double resolution) {
  if (!(area > 0.0)) return {.reason = "no area in the optical image"};
  const double s = resolution / std::sqrt(4.0 * std::numbers::ln2);
  Measured m{.value = area, .known = true, .leaves_out = "parts too thin to show contrast"};
  if (area > at_the_floor * 0.25 * std::numbers::pi * s * s) {
    m.log_error = 2.0 * edge_spread * s / std::sqrt(area / std::numbers::pi);
    return m;
  }
  m.below = area;
  m.above = 0.5 * std::numbers::pi * resolution * resolution - area;
  m.reason = "not resolved in the optical image";
  return m;
}

}  // namespace seccm::analysis
