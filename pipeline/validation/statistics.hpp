// Small statistics with uncertainties.
//
// Scatter about the mean (SD, n-1) and the robust one 1.4826 MAD, which equals the SD of a normal distribution
// (1.4826 = 1/Φ⁻¹(3/4)). Share of n: Wilson's score interval, centre (p + z²/2n)/(1 + z²/n), half width
// z √(p(1-p)/n + z²/4n²)/(1 + z²/n): inside [0,1] and honest for few trials. Intervals of medians and means: percentile
// bootstrap over groups (all values of one landing stay together, so that five cycles of one point do not count as
// five points).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace seccm::validation {

struct Interval {
  double low = 0.0, high = 0.0;
};

/// Linear interpolation between order statistics; 0 for no values. `q` in [0,1].
double quantile(std::vector<double> values, double q);
double median(std::vector<double> values);
double mean(std::span<const double> values);
/// Sample standard deviation; 0 for fewer than two values.
double standard_deviation(std::span<const double> values);
/// 1.4826 times the median absolute deviation from the median.
double robust_scatter(std::span<const double> values);

/// Quantile of the standard normal distribution, 0 < p < 1 (absolute error < 1e-12).
double normal_quantile(double p);

/// k of n.
struct Share {
  int count = 0, of = 0;
  Interval interval{0.0, 1.0};
  [[nodiscard]] double value() const { return of > 0 ? static_cast<double>(count) / of : 0.0; }
};
/// Throws InputError unless 0 <= count <= of.
Share share_of(int count, int of, double confidence);

/// A value that belongs to a group (a landing).
struct Grouped {
  int group = 0;
  double value = 0.0;
};

struct Distribution {
  int n = 0;       ///< values
  int groups = 0;  ///< independent groups among them
  double median = 0.0, mean = 0.0;
  double standard_deviation = 0.0;
  double robust_scatter = 0.0;
  Interval median_interval, mean_interval;  ///< bootstrap over groups; equal to the value for a single group
};
/// Deterministic: the resampling depends on (seed, purpose) and the values only.
Distribution describe(std::span<const Grouped> values, double confidence, int resamples, std::uint64_t seed,
                      std::string_view purpose);

}  // namespace seccm::validation
