#include "pipeline/analysis/charge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "pipeline/analysis/averaging.hpp"
#include "sim/random.hpp"
#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

constexpr double height = 2e-12, width = 0.08, v = 0.1, level = 0.3e-12;

Voltammogram gaussian_on_capacitor(double sigma, std::uint64_t seed) {
  Voltammogram out;
  out.direction = 1;
  out.scan_rate = v;
  RandomStream random(seed, "charge test");
  for (int k = 0; k < 20000; ++k) {
    const double E = 1.0 + 1e-4 * k;
    out.E_vs_Li.push_back(E);
    out.t.push_back(1e-3 * k);
    out.i.push_back(level + height * std::exp(-0.5 * std::pow((E - 2.0) / width, 2)) + sigma * random.normal());
  }
  return out;
}

SweepCharge charge_of(double sigma, std::uint64_t seed) {
  const AnalysisParameters p = test::plain_parameters();
  const Sweep sweep = average(gaussian_on_capacitor(sigma, seed), 1.5e-3).value();
  return integrate(sweep, find_peak(sweep, peak_window(p, 1), p));
}

// The peak has come down at 1 % of its height (3.03 widths); the feet lie 20 mV = 0.25 widths further out, at 3.28, and
// their current is the mean over 3.03 to 3.53 widths: 0.0051 of the height. The line takes 0.0051 x 6.56 of 2.507
// widths = 1.33 %, and 0.10 % of the Gaussian lies outside. Smoothing and bins move the feet by ~0.05 widths: 0.3 %.
TEST(SweepCharge, OfAGaussianOnACapacitorIsExact) {
  const SweepCharge q = charge_of(0, 1);
  const double peak = height * width * std::sqrt(2 * std::numbers::pi) / v;
  EXPECT_NEAR(q.intercalation / peak, 1 - 0.0143, 3e-3);
  // trapezoids of bins lose half a bin at each end: 2 x 0.75 mV of 2 V
  EXPECT_NEAR(q.total / (peak + level * 2.0 / v), 1, 1e-3);
}

// 300 noisy sweeps: mean square of error/σ within 5 √(2/300) = 0.41 of one for the total. The charge above the baseline
// also depends on where noise puts the feet, so its stated error may be short by up to 2; its bias stays below the
// stated error.
TEST(SweepCharge, StatesItsErrorUnderNoise) {
  constexpr int replicates = 300;
  const SweepCharge exact = charge_of(0, 1);
  const double truth = height * width * std::sqrt(2 * std::numbers::pi) / v;
  double z2_total = 0, bias = 0, scatter2 = 0, stated = 0;
  for (int r = 0; r < replicates; ++r) {
    const SweepCharge q = charge_of(200e-15, 100 + static_cast<std::uint64_t>(r));
    z2_total += std::pow((q.total - exact.total) / q.total_error, 2) / replicates;
    bias += (q.intercalation - truth) / replicates;
    scatter2 += std::pow(q.intercalation - truth, 2) / replicates;
    stated += q.intercalation_error / replicates;
  }
  printf("charge: z2 total %.2f; above baseline: bias %.2f %%, rms error %.2f %%, stated %.2f %%\n", z2_total,
         100 * bias / truth, 100 * std::sqrt(scatter2) / truth, 100 * stated / truth);
  EXPECT_NEAR(z2_total, 1, 0.41);
  EXPECT_LT(std::sqrt(scatter2), 2 * stated);
  EXPECT_LT(std::abs(bias), stated);
}

TEST(SweepCharge, DoubleLayerIsWhatTheBackgroundHeld) {
  Sweep sweep = average(gaussian_on_capacitor(0, 1), 1.5e-3).value();
  const Background stray(BackgroundMethod::stray_capacitance, {.current_offset = 0, .stray_capacitance = level / v},
                         {});
  stray.remove(sweep);
  const AnalysisParameters p = test::plain_parameters();
  const SweepCharge q = integrate(sweep, find_peak(sweep, peak_window(p, 1), p));
  EXPECT_NEAR(q.double_layer / (level * 2.0 / v), 1, 1e-3);
  EXPECT_NEAR(q.total, height * width * std::sqrt(2 * std::numbers::pi) / v, 1e-3 * q.total);
}

}  // namespace
}  // namespace seccm::analysis
