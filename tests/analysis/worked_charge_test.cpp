#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "pipeline/analysis/averaging.hpp"
#include "pipeline/analysis/background.hpp"
#include "pipeline/analysis/charge.hpp"
#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

constexpr double wave = 2e-12, wave_width = 0.08, sweep_rate = 0.23, zero_current = 0.04e-12, stray_farads = 3e-12;

/// A Gaussian wave over a capacitor of 3 pF and an offset, up or down through the same 2 V.
Sweep wave_with_background(int direction) {
  Voltammogram out;
  out.direction = direction;
  out.scan_rate = sweep_rate;
  for (int k = 0; k < 20000; ++k) {
    const double E = direction > 0 ? 1.0 + 1e-4 * k : 3.0 - 1e-4 * k;
    out.E_vs_Li.push_back(E);
    out.t.push_back(1e-4 * k / sweep_rate);
    out.i.push_back(zero_current + direction * (stray_farads * sweep_rate +
                                                wave * std::exp(-0.5 * std::pow((E - 2.0) / wave_width, 2))));
  }
  return average(out, 1.5e-3).value();
}

// Capacitor C and an offset i0 both stay in the background: C ΔE + i0 ΔE/v on the way up, C ΔE - i0 ΔE/v on the way
// down, and the wave is the same. Trapezoids of bins lose half a bin at each end: 1e-3; for the baseline see
// SweepCharge.OfAGaussianOnACapacitorIsExact.
TEST(SweepCharge, IsAMagnitudeInBothDirectionsHoweverLargeTheOffset) {
  const AnalysisParameters p = test::plain_parameters();
  for (const int direction : {1, -1}) {
    Sweep sweep = wave_with_background(direction);
    const Background air(BackgroundMethod::stray_capacitance,
                         {.current_offset = zero_current, .stray_capacitance = stray_farads}, {});
    air.remove(sweep);
    const SweepCharge q = integrate(sweep, find_peak(sweep, peak_window(p, direction), p));
    const double charge = wave * wave_width * std::sqrt(2 * std::numbers::pi) / sweep_rate;
    EXPECT_NEAR(q.double_layer / (stray_farads * 2.0 + direction * zero_current * 2.0 / sweep_rate), 1, 1e-3)
        << direction;
    EXPECT_NEAR(q.total / charge, 1, 1e-3) << direction;
    EXPECT_NEAR(q.intercalation / charge, 1 - 0.0143, 3e-3) << direction;
    // The feet: 3.28 widths from the middle on either side, as there.
    EXPECT_NEAR(q.window, 2 * 3.28 * wave_width, 0.1 * wave_width) << direction;
  }
}

// A background known to 5 fA all along 2 V at 0.23 V/s: 43 fC of the total, whatever the noise.
TEST(SweepCharge, HoldsTheErrorOfItsBackground) {
  const AnalysisParameters p = test::plain_parameters();
  for (const int direction : {1, -1}) {
    Sweep sweep = wave_with_background(direction);
    // A tenth of the capacitor is left in, so that the current keeps the sign of its sweep from end to end.
    Background(BackgroundMethod::stray_capacitance,
               {.current_offset = zero_current, .stray_capacitance = 0.9 * stray_farads}, {})
        .remove(sweep);
    sweep.background_error = 5e-15;
    sweep.noise = {};
    const SweepCharge q = integrate(sweep, find_peak(sweep, peak_window(p, direction), p));
    EXPECT_NEAR(q.total_error / (5e-15 * 2.0 / sweep_rate), 1, 5e-3) << direction;
  }
}

// Without noise: two feet of 5 fA take 5 fA x window/(v √2) of the charge above the line. A capacitor known to 2 fF
// over 2 V is 4 fC of the total, whatever the background.
TEST(SweepCharge, HoldsTheErrorsOfItsFeetAndOfTheCapacitor) {
  const AnalysisParameters p = test::plain_parameters();
  for (const int direction : {1, -1}) {
    Sweep sweep = wave_with_background(direction);
    Background(BackgroundMethod::stray_capacitance,
               {.current_offset = zero_current, .stray_capacitance = 0.9 * stray_farads}, {})
        .remove(sweep);
    sweep.noise = {};
    Peak peak = find_peak(sweep, peak_window(p, direction), p);
    peak.baseline.foot_error = 5e-15;
    const SweepCharge q = integrate(sweep, peak, {.capacitance = Capacitance{0.0, 2e-15}});
    EXPECT_NEAR(q.intercalation_error / (5e-15 * q.window / (sweep_rate * std::numbers::sqrt2)), 1, 1e-9) << direction;
    EXPECT_NEAR(q.total_error / (2e-15 * 2.0), 1, 5e-3) << direction;
    EXPECT_NEAR(q.total_shared_error / q.total_error, 1, 1e-9) << direction;
  }
}

// What the background adds to the noise of the bins counts in the step at a vertex: √3 of it doubles the error.
TEST(VertexCapacitance, HoldsTheNoiseOfTheBackground) {
  Sweep up = wave_with_background(1), down = wave_with_background(-1);
  up.noise = down.noise = {.sigma = 1e-15, .rho = 0.3};
  const double alone = vertex_capacitance(up, down)->error;
  up.background_noise = down.background_noise = std::numbers::sqrt3 * 1e-15;
  EXPECT_NEAR(vertex_capacitance(up, down)->error / alone, 2, 1e-9);
}

}  // namespace
}  // namespace seccm::analysis
