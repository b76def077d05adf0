#include "pipeline/validation/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm::validation {

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0.0;
  std::sort(values.begin(), values.end());
  const double position = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double fraction = position - static_cast<double>(below);
  return values[below] + fraction * (values[above] - values[below]);
}

double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}

double mean(std::span<const double> values) {
  if (values.empty()) return 0.0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return 0.0;
  const double centre = mean(values);
  double sum = 0.0;
  for (const double v : values) sum += (v - centre) * (v - centre);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

double robust_scatter(std::span<const double> values) {
  std::vector<double> deviations(values.begin(), values.end());
  const double centre = median(deviations);
  for (double& d : deviations) d = std::abs(d - centre);
  return 1.482602218505602 * median(std::move(deviations));
}

double normal_quantile(double p) {
  // Newton on Φ(x) = erfc(-x/√2)/2 from the centre, which converges for all p when the step is limited.
  double x = 0.0;
  for (int k = 0; k < 200; ++k) {
    const double error = 0.5 * std::erfc(-x / std::sqrt(2.0)) - p;
    const double density = std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::acos(-1.0));
    const double step = std::clamp(error / density, -1.0, 1.0);
    x -= step;
    if (std::abs(step) < 1e-14) break;
  }
  return x;
}

Share share_of(int count, int of, double confidence) {
  if (count < 0 || count > of)
    throw InputError("a share of " + std::to_string(count) + " of " + std::to_string(of) +
                     " is asked for; 0 <= count <= of is expected");
  Share share{count, of, {0.0, 1.0}};
  if (of == 0) return share;
  const double n = of;
  const double p = count / n;
  const double z = normal_quantile(0.5 + 0.5 * confidence);
  const double scale = 1.0 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / scale;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale;
  share.interval = {count == 0 ? 0.0 : centre - half, count == of ? 1.0 : centre + half};
  return share;
}

namespace {

Interval percentile_interval(const std::vector<double>& values, double confidence) {
  const double tail = 0.5 * (1.0 - confidence);
  return {quantile(values, tail), quantile(values, 1.0 - tail)};
}

}  // namespace

Distribution describe(std::span<const Grouped> values, double confidence, int resamples, std::uint64_t seed,
                      std::string_view purpose) {
  Distribution d;
  std::map<int, std::vector<double>> by_group;
  std::vector<double> all;
  for (const Grouped& g : values) {
    by_group[g.group].push_back(g.value);
    all.push_back(g.value);
  }
  d.n = static_cast<int>(all.size());
  d.groups = static_cast<int>(by_group.size());
  d.median = median(all);
  d.mean = mean(all);
  d.standard_deviation = standard_deviation(all);
  d.robust_scatter = robust_scatter(all);
  d.median_interval = {d.median, d.median};
  d.mean_interval = {d.mean, d.mean};
  if (d.groups < 2) return d;
  std::vector<const std::vector<double>*> groups;
  for (const auto& [key, members] : by_group) groups.push_back(&members);
  RandomStream random(seed, purpose);
  std::vector<double> medians, means, sample;
  for (int k = 0; k < resamples; ++k) {
    sample.clear();
    for (std::size_t j = 0; j < groups.size(); ++j) {
      const auto& drawn = *groups[static_cast<std::size_t>(random.below(groups.size()))];
      sample.insert(sample.end(), drawn.begin(), drawn.end());
    }
    medians.push_back(median(sample));
    means.push_back(mean(sample));
  }
  d.median_interval = percentile_interval(medians, confidence);
  d.mean_interval = percentile_interval(means, confidence);
  return d;
}

}  // namespace seccm::validation
