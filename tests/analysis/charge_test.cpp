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

// A reversible planar host on a capacitor: what an experiment sees of a diffusive wave, and its exact charges.
struct Cycle {
  Sweep cathodic, anodic;
};
constexpr double host_capacitance = 1e-12;
Cycle diffusive_cycle(double capacitance, double sigma = 0, std::uint64_t seed = 1) {
  static const test::Trace with = test::planar_cycle({.area = 5e-12, .capacitance = host_capacitance}, v);
  static const test::Trace without = test::planar_cycle({.area = 5e-12}, v);
  const auto sweeps = test::frames_of(capacitance > 0 ? with : without, v, 2, 1, {.sigma = sigma, .seed = seed});
  return {average(sweeps[0], 1.5e-3).value(), average(sweeps[1], 1.5e-3).value()};
}

// Trapezoids over the solution itself, without the capacitor: uptake to the reversal of the current, then release.
struct Exchanged {
  double uptake = 0, release = 0;
};
Exchanged exact_charges() {
  const test::Trace trace = test::planar_cycle({.area = 5e-12}, v);
  Exchanged out;
  for (std::size_t k = 0; k + 1 < trace.i.size(); ++k) {
    const double dq = 0.5 * (trace.i[k] + trace.i[k + 1]) * (trace.t[k + 1] - trace.t[k]);
    (dq < 0 ? out.uptake : out.release) += std::abs(dq);
  }
  return out;
}

Peak peak_of(const Sweep& sweep) {
  const AnalysisParameters p = test::plain_parameters();
  return find_peak(sweep, peak_window(p, sweep.direction), p);
}

// A quartic over 120 mV follows what the current does beside a vertex to 1e-4 of the current there (~0.5 pA beside
// 0.2 pA of the step); frames and bins end up to 1.5 mV from the vertex, the quartic is read half a bin beyond.
TEST(VertexCapacitance, IsTheStepOfTheCurrentOverTwiceTheRate) {
  for (const double capacitance : {0.0, host_capacitance}) {
    const Cycle c = diffusive_cycle(capacitance);
    ASSERT_TRUE(follows(c.cathodic, c.anodic));
    const auto found = vertex_capacitance(c.cathodic, c.anodic);
    ASSERT_TRUE(found);
    printf("capacitance at the vertex: %.4f of 1 pF\n", found->value / host_capacitance);
    EXPECT_NEAR(found->value, capacitance, 2e-3 * host_capacitance);
  }
}

// 200 noisy cycles: mean z² of a Gaussian estimate is 1 with a standard deviation of √(2/200) = 0.1; 4 of them.
TEST(VertexCapacitance, StatesItsErrorUnderNoise) {
  constexpr int replicates = 200;
  double z2 = 0;
  for (int r = 0; r < replicates; ++r) {
    const Cycle c = diffusive_cycle(host_capacitance, 100e-15, 1000 + static_cast<std::uint64_t>(r));
    const auto found = vertex_capacitance(c.cathodic, c.anodic);
    z2 += std::pow((found->value - host_capacitance) / found->error, 2) / replicates;
  }
  printf("capacitance at the vertex: z2 %.2f\n", z2);
  EXPECT_NEAR(z2, 1, 0.4);
}

TEST(VertexCapacitance, NeedsASweepThatFollowsWithoutAPause) {
  Cycle c = diffusive_cycle(0);
  for (double& t : c.anodic.t) t += 1.0;
  EXPECT_FALSE(follows(c.cathodic, c.anodic));
  EXPECT_FALSE(follows(c.anodic, c.cathodic));
  EXPECT_FALSE(follows(c.cathodic, c.cathodic));
}

// The sweep alone holds 5/6 of the uptake and the charge of the capacitor; with what follows and the capacitor's step
// the total is the lithium. The reversal of the current is found to a bin (smoothed: where the current is 1 % of the
// peak), the frames miss 1 ms at the vertex: 1e-3.
TEST(SweepCharge, OfADiffusiveWaveCountsTheUptakeBehindTheVertexAndNoCapacitor) {
  const Cycle c = diffusive_cycle(host_capacitance);
  const Peak peak = peak_of(c.cathodic);
  ASSERT_TRUE(peak.found);
  const Exchanged exact = exact_charges();
  const SweepCharge alone = integrate(c.cathodic, peak);
  const SweepCharge whole =
      integrate(c.cathodic, peak, {.next = &c.anodic, .capacitance = vertex_capacitance(c.cathodic, c.anodic)});
  printf("uptake: %.4f of the exact charge in the sweep alone, %.4f to the reversal\n", alone.total / exact.uptake,
         whole.total / exact.uptake);
  EXPECT_TRUE(alone.open_end);
  EXPECT_FALSE(whole.open_end);
  EXPECT_LT(alone.total, 0.95 * exact.uptake);
  EXPECT_NEAR(whole.total / exact.uptake, 1, 2e-3);
}

// Behind the last sweep the current s_e flows on for T: its charge is s_e T within ±100 %, uniform.
TEST(SweepCharge, CountsTheContactBehindTheLastSweep) {
  const Cycle c = diffusive_cycle(0);
  const Peak peak = peak_of(c.anodic);
  ASSERT_TRUE(peak.found);
  constexpr double hold = 0.3;
  const SweepCharge ended = integrate(c.anodic, peak), held = integrate(c.anodic, peak, {.hold_after = hold});
  double end = 0;  // mean over the last 20 mV
  for (std::size_t k = c.anodic.size() - 13; k < c.anodic.size(); ++k) end += c.anodic.i[k] / 13;
  EXPECT_GT(end, 0);
  EXPECT_NEAR(held.total - ended.total, end * hold, 1e-3 * end * hold);
  EXPECT_NEAR(held.total_error, end * hold / std::sqrt(3.0), 1e-2 * end * hold);
  EXPECT_TRUE(ended.open_end);
  EXPECT_FALSE(held.open_end);
}

// A recording that ends in an anodic sweep which is left out: nothing follows its last cathodic sweep, so 1/6 of the
// uptake is missing there, and the mean with the whole of the cycle before would be 1/12 low.
TEST(TotalCharge, IsThatOfTheCyclesBehindWhichTheCurrentWasMeasured) {
  const auto cathodic_of = [](std::size_t sweeps) {
    auto voltammograms = test::frames_of(test::planar_cycle({.area = 5e-12}, v), v, 2, 2, {});
    voltammograms.resize(sweeps);
    return analyse_point(test::target(voltammograms, 1e-12), test::no_background(), test::plain_parameters())
        .rates.at(0)
        .cathodic;
  };
  const DirectionAnalysis ended = cathodic_of(3), alone = cathodic_of(1);
  const std::string left_out = "what flows on behind the sweep";
  ASSERT_EQ(ended.sweeps.size(), 2U);
  EXPECT_LT(ended.sweeps[1].charge.total, 0.9 * ended.sweeps[0].charge.total);
  EXPECT_EQ(ended.total.value, ended.sweeps[0].charge.total);
  EXPECT_EQ(ended.total.leaves_out.find(left_out), std::string::npos) << ended.total.leaves_out;
  EXPECT_NE(alone.total.leaves_out.find(left_out), std::string::npos) << alone.total.leaves_out;
}

// 200 noisy cycles with capacitor: what is stated is what scatters, from below and from above. The exact value is that
// of the noise-free cycle, whose own error is tested above.
TEST(SweepCharge, OfADiffusiveWaveStatesItsError) {
  constexpr int replicates = 200;
  const auto total = [](const Cycle& c) {
    return integrate(c.cathodic, peak_of(c.cathodic),
                     {.next = &c.anodic, .capacitance = vertex_capacitance(c.cathodic, c.anodic)});
  };
  const double exact = total(diffusive_cycle(host_capacitance)).total;
  double z2 = 0;
  for (int r = 0; r < replicates; ++r) {
    const SweepCharge q = total(diffusive_cycle(host_capacitance, 50e-15, 5000 + static_cast<std::uint64_t>(r)));
    z2 += std::pow((q.total - exact) / q.total_error, 2) / replicates;
  }
  printf("charge to the reversal: z2 %.2f\n", z2);
  EXPECT_NEAR(z2, 1, 0.4);
}

}  // namespace
}  // namespace seccm::analysis
