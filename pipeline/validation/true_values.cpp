#include "pipeline/validation/true_values.hpp"

#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::validation {
namespace {

constexpr double temperature = 298.15;  // K, of the measurement

double D_of(const Truth& truth, int direction) {
  return direction < 0 ? truth.D_intercalation : truth.D_deintercalation;
}

double charge_of(const Truth& truth, const TrueLanding& l) {
  if (truth.x_max <= 0.0) return 0.0;
  return constants::faraday * truth.c_max / truth.x_max * l.wetted_volume * (l.x_max - l.x_min);
}

void add(std::vector<TrueValue>& list, std::string_view meaning, double value) {
  if (value > 0.0 && std::isfinite(value)) list.push_back({meaning, value, true});
}

}  // namespace

double eq3_slope(const Truth& truth, double area, double D) {
  const double f = constants::faraday / (constants::gas * temperature);
  return 0.4958 * constants::faraday * area * truth.c_max * std::sqrt(D * truth.alpha * f);
}

std::vector<TrueValue> true_values(const files::Estimate& e, const Truth& truth, const TrueLanding* l, bool slowest) {
  std::vector<TrueValue> list;
  if (e.quantity == "D") add(list, "D", D_of(truth, e.direction));
  if (e.quantity == "peak_potential") list.push_back({"E0", truth.E0_vs_Li, false});
  if (l == nullptr) return list;
  if (e.quantity == "slope")
    add(list, "eq. 3, wetted area", eq3_slope(truth, l->wetted_area, D_of(truth, e.direction)));
  if (e.quantity == "area") {
    add(list, "electroactive", l->wetted_area);
    add(list, "projected", l->cluster_projected_area);
    add(list, "footprint", 0.25 * constants::pi * l->footprint_diameter * l->footprint_diameter);
  }
  if (e.quantity == "volume") add(list, "wetted particles", l->wetted_volume);
  if (e.quantity == "x" && slowest) add(list, "swing in contact", l->x_max - l->x_min);
  const bool part = e.estimator == "charge_surface" || e.estimator == "charge_double_layer";
  if (e.quantity == "charge" && slowest && !part) add(list, "swing in contact", charge_of(truth, *l));
  return list;
}

}  // namespace seccm::validation
