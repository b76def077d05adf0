#include "pipeline/analysis/averaging.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sim/random.hpp"

namespace seccm::analysis {
namespace {

// A sweep of 2 V at 50 mV/s: 38910 frames, 1333 bins of 1.5 mV.
Voltammogram ramp(int direction, double sigma, double correlation, auto signal) {
  Voltammogram v;
  v.direction = direction;
  v.scan_rate = 0.05;
  RandomStream random(5, "averaging test");
  double e = random.normal();
  for (int k = 0; k < 38910; ++k) {
    const double along = 0.05 * 1.028e-3 * k;
    v.E_vs_Li.push_back(direction > 0 ? 1.0 + along : 3.0 - along);
    v.t.push_back(1.028e-3 * k);
    v.i.push_back(signal(v.E_vs_Li.back()) + sigma * e);
    e = correlation * e + std::sqrt(1 - correlation * correlation) * random.normal();
  }
  return v;
}

TEST(Average, KeepsAStraightLineExactly) {
  for (const int direction : {1, -1}) {
    const auto sweep = average(ramp(direction, 0, 0, [](double E) { return 3e-12 * E; }), 1.5e-3);
    ASSERT_TRUE(sweep);
    EXPECT_NEAR(static_cast<double>(sweep->size()), 2.0 / 1.5e-3, 2);
    for (std::size_t k = 0; k < sweep->size(); ++k) EXPECT_NEAR(sweep->i[k], 3e-12 * sweep->E_vs_Li[k], 1e-24);
  }
}

// White frames: a bin of n = 29.2 frames has σ/√n. The scatter is a median over 24 blocks of about 55 residuals, each
// with a relative error √(2/55); the median's is 1.25 √(2/55/24) = 5 % in σ², 2.5 % in σ; 4 of them = 10 %.
TEST(Average, FindsTheNoiseOfWhiteFrames) {
  const auto sweep = average(
      ramp(1, 100e-15, 0, [](double E) { return 1e-12 * std::exp(-0.5 * std::pow((E - 2) / 0.05, 2)); }), 1.5e-3);
  EXPECT_NEAR(sweep->noise.sigma / (100e-15 / std::sqrt(29.18)), 1, 0.10);
  EXPECT_LT(sweep->noise.rho, 0.10);  // ρ = 0 within 3/√1300 = 0.08
}

// AR(1) frames (ρ_f = 0.95): the variance of the mean of n frames and the covariance of neighbouring bins are double
// sums. Such bins are not AR(1) themselves (0.42, 0.09, 0.02 at lags 1, 2, 3); through the filter the AR(1) that fits
// has σ 8 % larger and ρ = 0.50. Sampling: 10 % in σ as above, 0.10 in ρ.
TEST(Average, IsOnTheSafeSideForCorrelatedFrames) {
  const double rho = 0.95;
  const auto sweep = average(ramp(1, 100e-15, rho, [](double) { return 0.0; }), 1.5e-3);
  double within = 0;
  const int n = 29;
  for (int j = 0; j < n; ++j) {
    for (int k = 0; k < n; ++k) within += std::pow(rho, std::abs(j - k)) / (n * n);
  }
  EXPECT_NEAR(sweep->noise.sigma / (100e-15 * std::sqrt(within)), 1.08, 0.10);
  EXPECT_NEAR(sweep->noise.rho, 0.50, 0.10);
}

// Values that ARE AR(1): both parameters come back. The lag-1 ratio of N = 20000 residuals is known to 1/√N = 0.007,
// which the filter's transfer turns into at most 0.03 of ρ (slope 0.55 per unit at ρ = 0.6) and a grid of 0.01.
TEST(MeasureNoise, FindsBothParameters) {
  for (const double rho : {0.0, 0.3, 0.6}) {
    RandomStream random(6, "noise test");
    std::vector<double> values;
    double e = random.normal();
    for (int k = 0; k < 20000; ++k) {
      values.push_back(2.0 * e);
      e = rho * e + std::sqrt(1 - rho * rho) * random.normal();
    }
    const BinNoise noise = measure_noise(values);
    EXPECT_NEAR(noise.rho, rho, 0.04) << rho;
    EXPECT_NEAR(noise.sigma / 2.0, 1, 0.05) << rho;
  }
}

TEST(Average, IsNotFooledByAStep) {
  const auto clean = average(ramp(1, 10e-15, 0, [](double) { return 0.0; }), 1.5e-3);
  const auto step = average(ramp(1, 10e-15, 0, [](double E) { return E > 2 ? 1e-12 : 0.0; }), 1.5e-3);
  EXPECT_NEAR(step->noise.sigma / clean->noise.sigma, 1, 0.1);
}

TEST(Average, RefusesWhatIsNoSweep) {
  Voltammogram v = ramp(1, 0, 0, [](double) { return 0.0; });
  EXPECT_FALSE(average(Voltammogram{}, 1.5e-3));
  v.direction = -1;  // runs the wrong way
  EXPECT_FALSE(average(v, 1.5e-3));
  v.direction = 1;
  v.i[100] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(average(v, 1.5e-3));
}

}  // namespace
}  // namespace seccm::analysis
