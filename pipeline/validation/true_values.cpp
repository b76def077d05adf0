#include "pipeline/validation/true_values.hpp"

#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::validation {
namespace {

double D_of(const Truth& truth, int direction) {
  return direction < 0 ? truth.D_intercalation : truth.D_deintercalation;
}

double charge_of(const Truth& truth, const TrueLanding& l, double x) {
  if (truth.x_max <= 0.0) return 0.0;
  return constants::faraday * truth.c_max / truth.x_max * l.wetted_volume * x;
}

void add(std::vector<TrueValue>& list, std::string_view meaning, double value, bool claimed = true) {
  if (value > 0.0 && std::isfinite(value)) list.push_back({meaning, value, true, claimed});
}

/// An estimator of another name may mean any of the areas: all are judged.
bool means_area(std::string_view estimator, std::string_view meaning) {
  if (estimator == "area_optical" || estimator == "area_micrograph") return meaning == "projected";
  if (estimator == "area_pipette" || estimator == "area_footprint") return meaning == "footprint";
  return true;
}

void add_areas(std::vector<TrueValue>& list, std::string_view estimator, const TrueLanding& l) {
  const auto area = [&](std::string_view meaning, double value) {
    add(list, meaning, value, means_area(estimator, meaning));
  };
  area("electroactive", l.wetted_area);
  area("projected", l.cluster_projected_area);
  area("footprint", 0.25 * constants::pi * l.footprint_diameter * l.footprint_diameter);
}

}  // namespace

double eq3_slope(const Truth& truth, double area, double D) {
  const double f = constants::faraday / (constants::gas * truth.temperature);
  return 0.4958 * constants::faraday * area * truth.c_max * std::sqrt(D * truth.alpha * f);
}

std::vector<int> analysed_cycles(const files::Results& results, int point, double scan_rate) {
  std::vector<int> cycles;
  for (const auto& curve : results.curves)
    if (curve.point == point && curve.scan_rate == scan_rate) cycles.push_back(curve.cycle);
  return cycles;
}

double exchanged_x(const TrueLanding& landing, int direction, std::span<const int> cycles) {
  const auto& turns = landing.x_turns;
  if (turns.size() < 2) return 0.0;
  // Maxima of x stand at 1, 3, 5, ... when the contact begins with an uptake, else at 2, 4, 6, ...
  const std::size_t first = turns[1] > turns[0] ? 1 : 2;
  double sum = 0.0;
  int n = 0;
  for (const int cycle : cycles) {
    if (cycle < 1) continue;
    const std::size_t top = first + 2 * (static_cast<std::size_t>(cycle) - 1);
    if (top >= turns.size() || (direction > 0 && top + 1 >= turns.size())) continue;
    sum += turns[top] - (direction > 0 ? turns[top + 1] : turns[top - 1]);
    ++n;
  }
  return n > 0 ? sum / n : 0.0;
}

std::vector<TrueValue> true_values(const files::Estimate& e, const Truth& truth, const TrueLanding* l,
                                   std::span<const int> cycles) {
  std::vector<TrueValue> list;
  if (e.quantity == "D") add(list, "D", D_of(truth, e.direction));
  if (e.quantity == "peak_potential") list.push_back({"E0", truth.E0_vs_Li, false, false});
  if (l == nullptr) return list;
  if (e.quantity == "slope")
    add(list, "eq. 3, wetted area", eq3_slope(truth, l->wetted_area, D_of(truth, e.direction)));
  if (e.quantity == "area") add_areas(list, e.estimator, *l);
  if (e.quantity == "volume") add(list, "wetted particles", l->wetted_volume);
  const double x = exchanged_x(*l, e.direction, cycles);
  if (e.quantity == "x") add(list, "sweep exchange", x);
  const bool part = e.estimator == "charge_surface" || e.estimator == "charge_double_layer";
  if (e.quantity == "charge" && !part) add(list, "sweep exchange", charge_of(truth, *l, x));
  return list;
}

}  // namespace seccm::validation
