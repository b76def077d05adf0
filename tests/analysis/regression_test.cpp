#include "pipeline/analysis/regression.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/random.hpp"

namespace seccm::analysis {
namespace {

const std::vector<double> x{1, 2, 3, 4, 5};

TEST(FitLine, ReturnsAnExactLine) {
  std::vector<double> y, s(5, 0.1);
  for (const double v : x) y.push_back(2 - 3 * v);
  const auto fit = fit_line(x, y, s);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->slope, -3, 1e-14);
  EXPECT_NEAR(fit->intercept, 2, 1e-13);
  // Σ(x-x̄)² = 10, Σx²/n = 11: textbook standard errors for σ = 0.1
  EXPECT_NEAR(fit->slope_error, 0.1 / std::sqrt(10.0), 1e-15);
  EXPECT_NEAR(fit->intercept_error, 0.1 * std::sqrt(11.0 / 10.0), 1e-15);
}

TEST(FitLine, WeightsByTheInverseVariance) {
  const std::vector<double> y{0, 1, 2, 3, 100}, s{1, 1, 1, 1, 1e9};
  EXPECT_NEAR(fit_line(x, y, s).value().slope, 1.0, 1e-9);
}

TEST(FitLine, WidensItsErrorsByTheScatter) {
  // residuals ±1 about y = 0, σ claimed 0.1: χ²/ν = 500/3 for the five points below minus the fitted part
  const std::vector<double> y{1, -1, 1, -1, 1}, claimed(5, 0.1), honest(5, 1.0);
  const auto small = fit_line(x, y, claimed);
  const double factor = std::sqrt(small->chi2 / 3);
  EXPECT_GT(factor, 10.0);
  EXPECT_NEAR(small->slope_error, factor * 0.1 / std::sqrt(10.0), 1e-12);
  EXPECT_NEAR(small->slope_error, std::sqrt(fit_line(x, y, honest).value().chi2 / 3) / std::sqrt(10.0), 1e-12);
}

TEST(FitLine, RefusesWhatHasNoSlope) {
  const std::vector<double> same{2, 2, 2}, y{1, 2, 3}, s(3, 1.0), one{1};
  EXPECT_FALSE(fit_line(same, y, s));
  EXPECT_FALSE(fit_line(one, one, one));
  EXPECT_FALSE(fit_through_origin(std::vector<double>{0, 0}, std::vector<double>{1, 2}, std::vector<double>{1, 1}));
}

TEST(FitTwo, SeparatesLinearFromSquareRoot) {
  std::vector<double> v{0.02, 0.05, 0.1, 0.2, 0.5}, root, y, s(5, 1e-3);
  for (const double a : v) {
    root.push_back(std::sqrt(a));
    y.push_back(0.7 * a + 0.3 * std::sqrt(a));
  }
  const auto fit = fit_two(v, root, y, s);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->a, 0.7, 1e-12);
  EXPECT_NEAR(fit->b, 0.3, 1e-12);
  EXPECT_FALSE(fit_two(v, v, y, s));
}

TEST(BinNoise, VarianceOfMeanIsTheDoubleSum) {
  const BinNoise noise{2.0, 0.6};
  double sum = 0;
  for (int j = 0; j < 9; ++j) {
    for (int k = 0; k < 9; ++k) sum += 4 * std::pow(0.6, std::abs(j - k));
  }
  EXPECT_NEAR(noise.variance_of_mean(9), sum / 81, 1e-12);
  EXPECT_EQ(noise.variance_of_mean(0), 0.0);
}

TEST(LocalQuartic, ReproducesAQuartic) {
  std::vector<double> E, y;
  for (int k = 0; k < 31; ++k) {
    E.push_back(1.5 + 1e-3 * k);
    const double u = (E.back() - 1.51) / 0.01;
    y.push_back(1 - u * u + 0.2 * u * u * u - 0.1 * u * u * u * u);
  }
  const LocalQuartic fit(E, y, {});
  EXPECT_NEAR(fit.at(1.51).value, 1.0, 1e-10);
  EXPECT_NEAR(fit.at(1.51).slope, 0.0, 1e-7);
  EXPECT_NEAR(fit.at(1.51).curvature, -2 / 1e-4, 1e-3);
  EXPECT_EQ(fit.at(1.51).value_error, 0.0);
}

// The error that the fit states against the scatter of 4000 fits to correlated noise: the ratio of the variances has a
// relative standard error √(2/4000) = 2.2 %; 5 of them = 11 %.
TEST(LocalQuartic, StatesTheErrorThatCorrelatedNoiseCauses) {
  constexpr int replicates = 4000, points = 41;
  const BinNoise noise{1.0, 0.7};
  std::vector<double> E, y(points);
  for (int k = 0; k < points; ++k) E.push_back(k);
  double value2 = 0, slope2 = 0;
  LocalValue stated;
  RandomStream random(11, "quartic test");
  for (int r = 0; r < replicates; ++r) {
    double e = random.normal();
    for (double& v : y) {
      v = e;
      e = 0.7 * e + std::sqrt(1 - 0.49) * random.normal();
    }
    stated = LocalQuartic(E, y, noise).at(18.0);
    value2 += stated.value * stated.value / replicates;
    slope2 += stated.slope * stated.slope / replicates;
  }
  EXPECT_NEAR(value2 / (stated.value_error * stated.value_error), 1, 0.11);
  EXPECT_NEAR(slope2 / (stated.slope_error * stated.slope_error), 1, 0.11);
}

}  // namespace
}  // namespace seccm::analysis
