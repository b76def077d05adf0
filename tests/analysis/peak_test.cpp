#include "pipeline/analysis/peak.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pipeline/analysis/averaging.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"
#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

constexpr double f = constants::faraday / (constants::gas * 298.15);

Sweep cathodic(const test::PlanarHost& host, double v, const test::FrameNoise& noise = {}) {
  return average(test::frames_of(test::planar_cycle(host, v), v, 2, 1, noise).front(), 1.5e-3).value();
}
Peak cathodic_peak(const Sweep& sweep) {
  const AnalysisParameters p = test::plain_parameters();
  return find_peak(sweep, peak_window(p, -1), p);
}
double peak_scale(const test::PlanarHost& h, double v) {
  return constants::faraday * h.area * h.concentration * std::sqrt(h.D * f * v);
}

// Bins of 1.5 mV flatten the maximum by Δ² f²|p''/p|/24 = 4e-5 of 0.446; the trace is good to 1e-4/0.446 of it (see
// planar_wave_test); the 5th and 6th order that the fit leaves out take the rest of 5e-4, and
// move the maximum by up to 0.6 mV (it scales with fit_width^4: 0.26 mV at 0.5 instead of 0.6).
TEST(Peak, OfTheReversibleWaveIsExact) {
  const test::PlanarHost host;
  for (const double v : {0.02, 0.5}) {
    const Peak peak = cathodic_peak(cathodic(host, v));
    ASSERT_TRUE(peak.found) << peak.reason;
    EXPECT_NEAR(-peak.current / peak_scale(host, v) / 0.446294694844991, 1, 5e-4);
    EXPECT_NEAR(peak.E, host.E0 - 28.491766e-3, 0.6e-3);
  }
}

TEST(Peak, OfTheIrreversibleWaveIsExact) {
  test::PlanarHost host;
  host.k0 = 3.5e-12;
  const double v = 0.05, sigma = f * v;
  const Peak peak = cathodic_peak(cathodic(host, v));
  ASSERT_TRUE(peak.found) << peak.reason;
  EXPECT_NEAR(-peak.current / (peak_scale(host, v) * std::sqrt(0.5)) / 0.495762860476535, 1, 5e-4);
  const double x = 0.780384383963 + std::log(std::sqrt(host.D * 0.5 * sigma) / host.k0);
  EXPECT_NEAR(peak.E, host.E0 - x / (0.5 * f), 0.6e-3);
}

TEST(Peak, HalfHeightWidthIsThatOfTheTable) {
  // reversible: E_p - E_p/2 = 2.2023 RT/F (reference table j, g = 0), half of the height above zero; the smoothing over
  // 25 mV that measures the width broadens it by a few mV
  EXPECT_NEAR(cathodic_peak(cathodic({}, 0.1)).half_width, 2.2023 / f, 6e-3);
}

// Over 400 noisy sweeps at SNR 30 per bin: mean error within 5 standard errors of zero, mean square of error/σ within
// 5 √(2/400) = 0.35 of one; and the maximum of the data, beside it, is biased by more than 1 %.
TEST(Peak, IsUnbiasedAndStatesItsErrorUnderNoise) {
  const test::PlanarHost host;
  const double v = 0.05, truth = 0.446294694844991 * peak_scale(host, v);
  const Sweep clean = cathodic(host, v);
  constexpr int replicates = 400;
  double bias = 0, z2_current = 0, z2_E = 0, stated = 0, bias_of_maximum = 0;
  RandomStream random(3, "peak noise test");
  for (int r = 0; r < replicates; ++r) {
    Sweep noisy = clean;
    for (double& i : noisy.i) i += truth / 30 * random.normal();
    noisy.noise = measure_noise(noisy.i);
    const Peak peak = cathodic_peak(noisy);
    ASSERT_TRUE(peak.found) << peak.reason;
    const double error = -peak.current - truth;
    bias += error / replicates;
    stated += peak.current_error / replicates;
    z2_current += std::pow(error / peak.current_error, 2) / replicates;
    z2_E += std::pow((peak.E - host.E0 + 28.491766e-3) / peak.E_error, 2) / replicates;
    bias_of_maximum += (-*std::min_element(noisy.i.begin(), noisy.i.end()) - truth) / replicates;
  }
  EXPECT_LT(std::abs(bias), 5 * stated / std::sqrt(replicates) + 5e-4 * truth);
  EXPECT_NEAR(z2_current, 1, 0.35);
  EXPECT_NEAR(z2_E, 1, 0.35);
  EXPECT_GT(bias_of_maximum, 0.01 * truth);
  printf(
      "peak current: bias %.4f %% of i_p, stated error %.3f %%, z2 %.3f; position z2 %.3f; bias of the maximum of the "
      "data %.2f %%\n",
      100 * bias / truth, 100 * stated / truth, z2_current, z2_E, 100 * bias_of_maximum / truth);
}

TEST(Peak, IsNotFoundWhereTheCurrentOnlyRises) {
  Voltammogram v;
  v.direction = -1;
  v.scan_rate = 0.05;
  for (int k = 0; k < 20000; ++k) {
    v.E_vs_Li.push_back(3.0 - 1e-4 * k);
    v.t.push_back(2e-3 * k);
    v.i.push_back(-1e-12 * std::exp(1e-4 * k));
  }
  const Peak peak = cathodic_peak(average(v, 1.5e-3).value());
  EXPECT_FALSE(peak.found);
  EXPECT_NE(peak.reason.find("no maximum"), std::string::npos);
}

// A Gaussian on a straight line: the feet are where the line is, but for the 1 % of the height (foot_level) at which a
// peak counts as come down; 20 mV further out it is less. So is the error of the line and of the height.
TEST(Baseline, OfAPeakOnASlopeIsTheSlope) {
  Voltammogram v;
  v.direction = 1;
  v.scan_rate = 0.1;
  const auto line = [](double E) { return 0.3e-12 + 0.2e-12 * (E - 1.0); };
  for (int k = 0; k < 20000; ++k) {
    const double E = 1.0 + 1e-4 * k;
    v.E_vs_Li.push_back(E);
    v.t.push_back(1e-3 * k);
    v.i.push_back(line(E) + 2e-12 * std::exp(-0.5 * std::pow((E - 2.0) / 0.08, 2)));
  }
  const AnalysisParameters p = test::plain_parameters();
  const Peak peak = find_peak(average(v, 1.5e-3).value(), peak_window(p, 1), p);
  ASSERT_TRUE(peak.found);
  for (const double E : {1.8, 2.0, 2.2}) EXPECT_NEAR(peak.baseline.at(E), line(E), 0.01 * 2e-12) << E;
  EXPECT_NEAR(peak.height, 2e-12, 0.01 * 2e-12);
}

// A Gaussian of 2 pA and 80 mV on no current has come down where it is below 1 % of its height, or below 4 standard
// errors of the mean of the 17 bins that smooth it where those are more: 0.2 pA. The mean makes it 80.34 mV wide and
// 0.4 % lower: 3.033 or 2.144 of its widths from the peak, and the foot 13 bins further out, to one bin.
TEST(Baseline, AFootIsSoughtAboveTheNoise) {
  for (const int direction : {1, -1}) {
    Voltammogram v;
    v.direction = direction;
    v.scan_rate = 0.1;
    for (int k = 0; k < 20000; ++k) {
      const double E = 2.0 + direction * (1e-4 * k - 1.0);
      v.E_vs_Li.push_back(E);
      v.t.push_back(1e-3 * k);
      v.i.push_back(direction * 2e-12 * std::exp(-0.5 * std::pow((E - 2.0) / 0.08, 2)));
    }
    const AnalysisParameters p = test::plain_parameters();
    Sweep sweep = average(v, 1.5e-3).value();
    for (const double error : {0.0, 0.05e-12}) {
      sweep.noise = {error * std::sqrt(17.0), 0.0};
      const Peak peak = find_peak(sweep, peak_window(p, direction), p);
      ASSERT_TRUE(peak.found);
      const double away = 0.08034 * (error > 0.0 ? 2.144 : 3.033) + 13 * 1.5e-3;
      EXPECT_NEAR(direction * (2.0 - peak.baseline.E_before), away, 1.6e-3) << error;
      EXPECT_NEAR(direction * (peak.baseline.E_after - 2.0), away, 1.6e-3) << error;
    }
  }
}

TEST(Baseline, MethodsDiffer) {
  const Sweep sweep = cathodic({}, 0.1);
  AnalysisParameters p = test::plain_parameters();
  p.baseline = BaselineMethod::none;
  const Peak none = find_peak(sweep, peak_window(p, -1), p);
  EXPECT_EQ(none.height, none.current);
  p.baseline = BaselineMethod::linear_feet;
  const Peak feet = find_peak(sweep, peak_window(p, -1), p);
  // a diffusive tail has no foot: the line to the end of the sweep takes part of the wave
  EXPECT_GT(std::abs(feet.baseline.i_after), 0.05 * std::abs(feet.current));
  EXPECT_LT(std::abs(feet.height), std::abs(none.height));
}

}  // namespace
}  // namespace seccm::analysis
