#include "pipeline/analysis/measured.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/random.hpp"

namespace seccm::analysis {
namespace {

using files::IntervalScale;
using files::Verdict;

constexpr double z_975 = 1.959963984540054;

TEST(HalfWidth, AgreesWithTables) {
  // two-sided 95 % quantiles, standard tables of Student's t (5 digits)
  const double t[][2] = {{1, 12.706}, {2, 4.3027}, {3, 3.1824}, {4, 2.7764}, {5, 2.5706}, {10, 2.2281}, {30, 2.0423}};
  for (const auto& [n, value] : t) EXPECT_NEAR(half_width(0.95, static_cast<int>(n)) / value, 1, 3e-5) << n;
  EXPECT_NEAR(half_width(0.95, 0), z_975, 1e-12);
  EXPECT_NEAR(half_width(0.99, 0), 2.5758293035489, 1e-12);
}

TEST(Interval, OfANormalErrorIsTheNormalIntervalOnEitherScale) {
  const Measured m{.value = 2.0, .error = 0.5, .known = true};
  for (const auto scale : {IntervalScale::linear, IntervalScale::logarithmic}) {
    const StatedInterval i = interval_of(m, scale);
    EXPECT_NEAR(i.lower, 2.0 - 0.5 * z_975, 1e-12);
    EXPECT_NEAR(i.upper, 2.0 + 0.5 * z_975, 1e-12);
    EXPECT_EQ(i.level, 0.95);
    EXPECT_EQ(i.verdict, Verdict::valid);
  }
}

TEST(Interval, OfAFactorIsSymmetricInTheLogarithm) {
  Measured m{.value = 3e-18, .known = true};
  m.log_error = 0.6;
  const StatedInterval i = interval_of(m, IntervalScale::logarithmic);
  EXPECT_NEAR(i.lower / m.value, std::exp(-0.6 * z_975), 1e-12);
  EXPECT_NEAR(i.upper / m.value, std::exp(0.6 * z_975), 1e-12);
  EXPECT_NEAR(standard_error(m), 0.6 * m.value, 1e-30);
}

TEST(Interval, OfAPowerIsThePowerOfTheInterval) {
  // 4 +- 0.8 squared: error of the square 2 * 0.2 * 16
  Measured m{.value = 16.0, .error = 6.4, .known = true};
  m.power = 2.0;
  m.degrees_of_freedom = 3;
  const double t = half_width(0.95, 3);
  const StatedInterval i = interval_of(m, IntervalScale::logarithmic);
  EXPECT_NEAR(i.lower, std::pow(4.0 - t * 0.8, 2), 1e-9);
  EXPECT_NEAR(i.upper, std::pow(4.0 + t * 0.8, 2), 1e-9);
}

TEST(Interval, BoundsMoveTheLimitsAndKeepTheRandomPart) {
  Measured m{.value = 10.0, .error = 1.0, .known = true};
  m.below = 2.0;
  m.above = 5.0;
  EXPECT_NEAR(interval_of(m, IntervalScale::linear).lower, 10.0 - 2.0 - z_975, 1e-12);
  EXPECT_NEAR(interval_of(m, IntervalScale::linear).upper, 10.0 + 5.0 + z_975, 1e-12);
  EXPECT_NEAR(interval_of(m, IntervalScale::logarithmic).lower, 8.0 * (1.0 - 0.1 * z_975), 1e-12);
  EXPECT_NEAR(interval_of(m, IntervalScale::logarithmic).upper, 15.0 * (1.0 + 0.1 * z_975), 1e-12);
}

TEST(Interval, SaysWhichSideIsOpen) {
  const auto of = [](double value, double error, double above = 0.0) {
    Measured m{.value = value, .error = error, .known = true};
    m.above = above;
    return interval_of(m, IntervalScale::logarithmic);
  };
  const double infinity = std::numeric_limits<double>::infinity();
  const StatedInterval weak = of(1.0, 0.6);  // 1.96 * 0.6 > 1
  EXPECT_EQ(weak.verdict, Verdict::one_sided);
  EXPECT_EQ(weak.lower, 0.0);
  EXPECT_NEAR(weak.upper, 1.0 + 0.6 * z_975, 1e-12);
  const StatedInterval below_zero = of(-1.0, 1.0);  // the truth is positive: at most 0.96
  EXPECT_EQ(below_zero.verdict, Verdict::one_sided);
  EXPECT_NEAR(below_zero.upper, z_975 - 1.0, 1e-12);
  const StatedInterval impossible = of(-1.0, 0.1);
  EXPECT_EQ(impossible.verdict, Verdict::not_identifiable);
  EXPECT_EQ(impossible.upper, infinity);
  EXPECT_FALSE(impossible.reason.empty());
  const StatedInterval least = of(1.0, 0.1, infinity);
  EXPECT_EQ(least.verdict, Verdict::one_sided);
  EXPECT_NEAR(least.lower, 1.0 - 0.1 * z_975, 1e-12);
  EXPECT_EQ(of(1.0, 0.6, infinity).verdict, Verdict::not_identifiable);
}

TEST(Interval, IsNoneWhereNoErrorIsStated) {
  const Measured m{.value = 5.0, .known = true};
  const StatedInterval i = interval_of(m, IntervalScale::logarithmic);
  EXPECT_EQ(i.level, 0.0);
  EXPECT_EQ(i.verdict, Verdict::valid);
  EXPECT_EQ(i.lower, 5.0);
  EXPECT_EQ(interval_of({.value = 0.0, .known = true}, IntervalScale::logarithmic).verdict, Verdict::not_identifiable);
}

// (normal/factor)^2 over 20000 draws at relative errors of 5 to 30 %, in both parts: the share that covers lies within
// 5 binomial standard errors (0.0077) of the level. Square-added limits are exact for either part alone; for both
// together their error is below the one of the comparison.
TEST(Interval, CoversAQuotientAsOftenAsItSays) {
  RandomStream random(11, "quotients");
  constexpr int n = 20000;
  for (const double normal : {0.05, 0.15, 0.3}) {
    for (const double factor : {0.05, 0.3}) {
      int covered = 0;
      for (int k = 0; k < n; ++k) {
        const double slope = 1.0 + normal * random.normal();
        Measured m{.value = slope * std::abs(slope) * std::exp(2.0 * factor * random.normal()), .known = true};
        m.error = 2.0 * normal / slope * m.value;  // the slope's error is known: 0.3, whatever the slope came to
        m.power = 2.0;
        m.log_error = 2.0 * factor;
        const StatedInterval i = interval_of(m, IntervalScale::logarithmic);
        if (i.lower <= 1.0 && 1.0 <= i.upper) ++covered;
      }
      EXPECT_NEAR(static_cast<double>(covered) / n, 0.95, 5 * std::sqrt(0.95 * 0.05 / n)) << normal << " " << factor;
    }
  }
}

}  // namespace
}  // namespace seccm::analysis
