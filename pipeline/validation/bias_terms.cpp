#include "pipeline/validation/bias_terms.hpp"

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "pipeline/validation/true_values.hpp"

namespace seccm::validation {
namespace {

using DirectionAndRate = std::pair<int, double>;

double decades_of_D(double ratio) {
  return 2.0 * std::log10(ratio);
}

/// Usable values of one estimator by point; means over the cycles only.
class Values {
 public:
  Values(const files::Results& results, std::string_view estimator, std::string_view quantity,
         const DirectionAndRate& at) {
    for (const auto& e : results.estimates)
      if (e.estimator == estimator && e.quantity == quantity && e.cycle == 0 && e.usable() && e.direction == at.first &&
          e.scan_rate == at.second && e.value != 0.0)
        by_point_[e.point] = std::abs(e.value);
  }
  [[nodiscard]] const double* at(int point) const {
    const auto found = by_point_.find(point);
    return found == by_point_.end() ? nullptr : &found->second;
  }

 private:
  std::map<int, double> by_point_;
};

struct Samples {
  std::vector<Grouped> segmentation, area_ratio, current, total, every_area_ratio, every_current, baseline;
};

/// What the image and the voltammograms give at one direction and rate.
struct Measured {
  Values optical, slopes, peaks, heights;
  double scan_rate;

  Measured(const files::Results& results, const DirectionAndRate& at)
      : optical(results, "area_optical", "area", {0, 0.0}),
        slopes(results, "peak_current_slope", "slope", at),
        peaks(results, "peak_current", "peak_current", at),
        heights(results, "peak_height", "peak_current", at),
        scan_rate(at.second) {}

  /// i_p/v^1/2 of one rate, or the fitted slope; 0 without.
  [[nodiscard]] double slope(int point) const {
    const double* value = scan_rate > 0.0 ? peaks.at(point) : slopes.at(point);
    if (value == nullptr) return 0.0;
    return scan_rate > 0.0 ? *value / std::sqrt(scan_rate) : *value;
  }
};

void take(const Measured& m, int point, const TrueLanding& l, double unit_slope, Samples& to) {
  const double slope = m.slope(point);
  if (slope <= 0.0) return;
  const double ratio = decades_of_D(l.wetted_area / l.cluster_projected_area);
  const double current = decades_of_D(slope / (unit_slope * l.wetted_area));
  to.every_area_ratio.push_back({point, ratio});
  to.every_current.push_back({point, current});
  const double* peak = m.peaks.at(point);
  const double* height = m.heights.at(point);
  if (peak != nullptr && height != nullptr) to.baseline.push_back({point, decades_of_D(*height / *peak)});
  const double* optical = m.optical.at(point);
  if (optical == nullptr) return;
  const double segmentation = decades_of_D(l.cluster_projected_area / *optical);
  to.segmentation.push_back({point, segmentation});
  to.area_ratio.push_back({point, ratio});
  to.current.push_back({point, current});
  to.total.push_back({point, segmentation + ratio + current});
}

std::vector<DirectionAndRate> recorded(const files::Results& results) {
  std::map<DirectionAndRate, bool> found;
  for (const auto& e : results.estimates)
    if ((e.estimator == "peak_current" || e.estimator == "peak_current_slope") && e.direction != 0 && e.cycle == 0)
      found[{e.direction, e.scan_rate}] = true;
  std::vector<DirectionAndRate> keys;
  for (const auto& [key, unused] : found) keys.push_back(key);
  return keys;
}

BiasTerms summary_of(const Samples& s, const DirectionAndRate& at, const Truth& truth, const ValidationParameters& p) {
  const auto over = [&](const std::vector<Grouped>& values, const char* term) {
    const std::string purpose =
        std::string("bias/") + term + "/" + std::to_string(at.first) + "/" + std::to_string(at.second);
    return describe(values, p.confidence, p.resamples, truth.seed, purpose);
  };
  return {at.first,
          at.second,
          over(s.segmentation, "segmentation"),
          over(s.area_ratio, "area ratio"),
          over(s.current, "current"),
          over(s.total, "total"),
          over(s.every_area_ratio, "every area ratio"),
          over(s.every_current, "every current"),
          over(s.baseline, "baseline")};
}

}  // namespace

std::vector<BiasTerms> bias_of_eq3(const files::RunSummary& run, const files::Results& results, const Truth& truth,
                                   std::span<const int> match, const ValidationParameters& parameters) {
  std::vector<BiasTerms> terms;
  for (const DirectionAndRate& at : recorded(results)) {
    const Measured measured(results, at);
    const double unit_slope = eq3_slope(truth, 1.0, at.first < 0 ? truth.D_intercalation : truth.D_deintercalation);
    Samples samples;
    for (std::size_t k = 0; k < run.points.size(); ++k) {
      if (match[k] < 0) continue;
      const TrueLanding& l = truth.landings[static_cast<std::size_t>(match[k])];
      if (l.wetted_area > 0.0 && l.cluster_projected_area > 0.0)
        take(measured, run.points[k].index, l, unit_slope, samples);
    }
    if (!samples.every_current.empty()) terms.push_back(summary_of(samples, at, truth, parameters));
  }
  return terms;
}

}  // namespace seccm::validation
