#include "pipeline/validation/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm::validation {
namespace {

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
  EXPECT_EQ(quantile({0, 10, 20, 30, 40}, 0.25), 10);
  EXPECT_EQ(quantile({0, 10}, 0.975), 9.75);
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(quantile({5}, 1.0), 5);
}

TEST(NormalQuantile, InvertsTheDistributionFunction) {
  // Abramowitz and Stegun, table 26.1.
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(normal_quantile(0.75), 0.674489750196082, 1e-12);
  EXPECT_NEAR(normal_quantile(0.5), 0.0, 1e-12);
  for (const double p : {1e-6, 0.01, 0.3, 0.9, 0.99999})
    EXPECT_NEAR(0.5 * std::erfc(-normal_quantile(p) / std::sqrt(2.0)), p, 1e-13) << p;
}

TEST(Scatter, OfSmallSamplesByHand) {
  const std::vector<double> values{1, 2, 3, 4, 100};
  EXPECT_NEAR(standard_deviation(values), std::sqrt((21 * 21 + 20 * 20 + 19 * 19 + 18 * 18 + 78 * 78) / 4.0), 1e-12);
  EXPECT_NEAR(robust_scatter(values), 1.482602218505602 * 1.0, 1e-12);  // deviations 2 1 0 1 97
  EXPECT_EQ(standard_deviation(std::vector<double>{5}), 0.0);
}

// Variance of the MAD estimate of sigma is 1.361 sigma^2/n, of the SD sigma^2/2n; five standard errors.
TEST(Scatter, RobustAndPlainAgreeOnNormalNumbers) {
  RandomStream random(1, "normal numbers");
  std::vector<double> values(20000);
  for (double& v : values) v = 0.3 * random.normal();
  EXPECT_NEAR(standard_deviation(values), 0.3, 5 * 0.3 * std::sqrt(0.5 / 20000));
  EXPECT_NEAR(robust_scatter(values), 0.3, 5 * 0.3 * std::sqrt(1.361 / 20000));
}

TEST(Share, IsWilsonsInterval) {
  const double z = 1.959963984540054;
  // All of ten: the lower end is n/(n + z^2).
  const Share all = share_of(10, 10, 0.95);
  EXPECT_NEAR(all.interval.low, 10 / (10 + z * z), 1e-12);
  EXPECT_EQ(all.interval.high, 1.0);
  const Share none = share_of(0, 10, 0.95);
  EXPECT_EQ(none.interval.low, 0.0);
  EXPECT_NEAR(none.interval.high, z * z / (10 + z * z), 1e-12);
  // The ends solve (p - p0)^2 = z^2 p0 (1 - p0)/n.
  const Share some = share_of(47, 118, 0.95);
  const double p = 47.0 / 118.0;
  for (const double end : {some.interval.low, some.interval.high})
    EXPECT_NEAR((p - end) * (p - end), z * z * end * (1 - end) / 118, 1e-14);
  EXPECT_EQ(share_of(0, 0, 0.95).value(), 0.0);
  EXPECT_THROW(share_of(3, 2, 0.95), InputError);
}

TEST(Describe, IsDeterministicAndNamesItsStream) {
  const std::vector<Grouped> values{{0, 1.0}, {1, 2.0}, {2, 4.0}, {3, 8.0}};
  const auto a = describe(values, 0.95, 500, 1, "a");
  std::vector<Grouped> many;  // four values alone have few distinct resamples: quantiles of two seeds would tie
  RandomStream random(4, "values");
  for (int k = 0; k < 30; ++k) many.push_back({k, random.normal()});
  const double low = describe(many, 0.95, 500, 1, "a").mean_interval.low;
  EXPECT_EQ(low, describe(many, 0.95, 500, 1, "a").mean_interval.low);
  EXPECT_NE(low, describe(many, 0.95, 500, 2, "a").mean_interval.low);
  EXPECT_NE(low, describe(many, 0.95, 500, 1, "b").mean_interval.low);
  EXPECT_EQ(a.median, 3.0);
  EXPECT_EQ(a.mean, 3.75);
  EXPECT_LE(a.mean_interval.low, a.mean);
  EXPECT_GE(a.mean_interval.high, a.mean);
  EXPECT_EQ(describe({}, 0.95, 100, 1, "a").n, 0);
}

// Five equal cycles of one landing say no more than one of them.
TEST(Describe, RepeatsWithinAGroupDoNotNarrowTheInterval) {
  std::vector<Grouped> once, fivefold;
  RandomStream random(2, "values");
  for (int k = 0; k < 30; ++k) {
    const double v = random.normal();
    once.push_back({k, v});
    for (int cycle = 0; cycle < 5; ++cycle) fivefold.push_back({k, v});
  }
  const auto a = describe(once, 0.95, 400, 1, "x");
  const auto b = describe(fivefold, 0.95, 400, 1, "x");
  EXPECT_EQ(b.n, 150);
  EXPECT_EQ(b.groups, 30);
  EXPECT_NEAR(a.mean_interval.low, b.mean_interval.low, 1e-12);  // the same draws of groups: equal but for rounding
  EXPECT_NEAR(a.mean_interval.high, b.mean_interval.high, 1e-12);
}

// Of two groups a resample is 0, 1/2 or 1 with 1/4, 1/2 and 1/4: an interval of 60 % leaves out a fifth at either end,
// which is less than a quarter.
TEST(Describe, AnIntervalLeavesOutHalfOfTheRestAtEitherEnd) {
  const std::vector<Grouped> values{{0, 0.0}, {1, 1.0}};
  const auto wide = describe(values, 0.6, 4000, 1, "x"), narrow = describe(values, 0.4, 4000, 1, "x");
  EXPECT_EQ(wide.mean_interval.low, 0.0);
  EXPECT_EQ(wide.mean_interval.high, 1.0);
  EXPECT_EQ(narrow.mean_interval.low, 0.5);
  EXPECT_EQ(narrow.mean_interval.high, 0.5);
}

// 400 samples of 40 normal numbers. The percentile interval of a mean of n = 40 misses a little more often than 5 %:
// its width lacks the factor sqrt(n/(n-1)) and the t quantile (2.02 for 1.96), together 4.3 %, which lowers the
// coverage to 2 phi(1.96/1.043) - 1 = 0.940. Five binomial standard errors of 400 trials are 0.059.
TEST(Describe, IntervalCoversTheTruthAsOftenAsItClaims) {
  int covered = 0;
  for (std::uint64_t trial = 0; trial < 400; ++trial) {
    RandomStream random(3, "coverage", trial);
    std::vector<Grouped> values;
    for (int k = 0; k < 40; ++k) values.push_back({k, random.normal()});
    const auto d = describe(values, 0.95, 400, trial, "coverage");
    if (d.mean_interval.low <= 0.0 && 0.0 <= d.mean_interval.high) ++covered;
  }
  EXPECT_NEAR(covered / 400.0, 0.940, 0.059);
}

}  // namespace
}  // namespace seccm::validation
