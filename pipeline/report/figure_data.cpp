#include "pipeline/report/figure_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seccm::report {

std::set<int> accepted_points(const ReportInputs& inputs) {
  std::set<int> accepted;
  if (inputs.results == nullptr) return accepted;
  for (const auto& s : inputs.results->selections)
    if (s.accepted) accepted.insert(s.point);
  return accepted;
}

std::vector<const files::Estimate*> estimates_of(const ReportInputs& inputs, std::string_view quantity, int direction) {
  std::vector<const files::Estimate*> found;
  if (inputs.results == nullptr) return found;
  for (const auto& e : inputs.results->estimates)
    if (e.usable() && e.quantity == quantity && e.direction == direction) found.push_back(&e);
  return found;
}

std::map<int, double> volumes(const ReportInputs& inputs) {
  std::map<int, double> by_point;
  for (const files::Estimate* e : estimates_of(inputs, "volume", 0)) by_point.emplace(e->point, e->value);
  return by_point;
}

std::vector<int> by_size(const ReportInputs& inputs) {
  const auto volume = volumes(inputs);
  const auto accepted = accepted_points(inputs);
  std::vector<int> points(accepted.begin(), accepted.end());
  const auto size = [&](int p) {
    const auto found = volume.find(p);
    return found == volume.end() ? HUGE_VAL : found->second;
  };
  std::ranges::stable_sort(points, [&](int a, int b) { return size(a) < size(b); });
  return points;
}

std::vector<int> spread(const std::vector<int>& all, std::size_t n) {
  if (all.size() <= n) return all;
  std::vector<int> chosen;
  for (std::size_t k = 0; k < n; ++k) chosen.push_back(all[k * (all.size() - 1) / (n - 1)]);
  return chosen;
}

std::string_view sweep_name(int direction) {
  return direction > 0 ? "anodic" : "cathodic";
}

std::string rate_name(double scan_rate) {
  return fmt::format("{:.3g} mV/s", 1e3 * scan_rate);
}

}  // namespace seccm::report
