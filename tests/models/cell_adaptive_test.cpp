// Steps that follow the solution: fewer of them at the same error, rows on the same grid, the same balance.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

CellSpec sharp_wave() {
  Case c{.geometry = sim::Geometry::sphere, .w = 50.0, .lam = 100.0, .g = -3.9, .cells = 60};
  return c.spec();
}

Trace cycle_of(CellSpec spec, double potential_step) {
  spec.numerics.potential_step = Potential(potential_step);
  const Cell cell(spec);
  return simulate(cell, sim::Waveform::at(E0 + 0.5).ramp_to(E0 - 0.5, scan_rate).ramp_to(E0 + 0.5, scan_rate));
}

/// Worst sample of `trace` against a run on a grid `stride` times finer, over its peak.
double worst(const Trace& trace, const Trace& fine, std::size_t stride) {
  double most = 0.0;
  double peak = 0.0;
  for (std::size_t k = 0; k < trace.size(); ++k) {
    most = std::max(most, std::abs(trace.current[k] - fine.current[k * stride]));
    peak = std::max(peak, std::abs(fine.current[k * stride]));
  }
  return most / peak;
}

TEST(CellAdaptive, SharpWaveNeedsFewerStepsForTheSameError) {
  const CellSpec spec = sharp_wave();
  const Trace fine = cycle_of(spec, 0.0625e-3);  // BDF2: a 64th of the error of 0.5 mV, which is then the bar
  const Trace fixed = cycle_of(spec, 0.5e-3);
  CellSpec follows = spec;
  follows.numerics.step = StepKind::adaptive;
  const Trace adaptive = cycle_of(follows, 2e-3);
  ASSERT_EQ(adaptive.size(), 1001U);
  for (std::size_t k = 0; k < adaptive.size(); ++k) {
    EXPECT_NEAR(adaptive.E_vs_Li[k], fine.E_vs_Li[32 * k], 1e-9);
    EXPECT_NEAR(adaptive.time[k], fine.time[32 * k], 1e-6);
  }
  EXPECT_LT(worst(adaptive, fine, 32), worst(fixed, fine, 8));
  EXPECT_LT(adaptive.counts.steps, fixed.counts.steps / 4);
}

TEST(CellAdaptive, ErrorFallsWithTheTolerance) {
  CellSpec spec = sharp_wave();
  spec.numerics.step = StepKind::adaptive;
  spec.numerics.tolerance = 1e-8;
  const Trace fine = cycle_of(spec, 2e-3);
  double last = 1.0;
  for (const double tolerance : {1e-3, 1e-4, 1e-5, 1e-6}) {
    spec.numerics.tolerance = tolerance;
    // Local errors of one sign add up over a wave: a few tens of them.
    const double error = worst(cycle_of(spec, 2e-3), fine, 1);
    EXPECT_LT(error, 100.0 * tolerance);
    EXPECT_LT(error, last);
    last = error;
  }
}

// The numbers of docs/physics-cell.md: sharp and blunt waves, thick and thin layers, fast and slow kinetics, each begun
// at three distances from the wave so that the steps fall on other places.
TEST(CellAdaptive, ErrorsOfManyWavesStayWithinSomeTolerances) {
  const std::array tolerances{1e-3, 3e-4, 1e-4, 1e-5, 1e-6};
  std::array<double, 5> worst_of{};
  for (const double g : {-3.95, -3.9, -3.7, -3.0, -2.0, 0.0}) {
    for (const double lam : {1.0, 100.0, 1e4}) {
      for (const double w : {5.0, 50.0, 2000.0}) {
        for (const double top : {0.5, 0.5007, 0.5014}) {
          CellSpec spec = Case{.geometry = sim::Geometry::sphere, .w = w, .lam = lam, .g = g, .cells = 60}.spec();
          spec.numerics.step = StepKind::adaptive;
          const auto trace_at = [&](double tolerance) {
            spec.numerics.tolerance = tolerance;
            spec.numerics.potential_step = Potential(2e-3);
            const auto down = sim::Waveform::at(E0 + top).ramp_to(E0 - 0.5, scan_rate);
            return simulate(Cell(spec), sim::Waveform(down).ramp_to(E0 + top, scan_rate));
          };
          const Trace fine = trace_at(1e-8);
          for (std::size_t k = 0; k < tolerances.size(); ++k) {
            const double error = worst(trace_at(tolerances.at(k)), fine, 1) / tolerances.at(k);
            // As above: local errors of one sign add up over a wave, at 1e-6 no more of them than at 1e-3. Steps that
            // begin anew at order 1 inside a wave that rises had left 53.
            EXPECT_LT(error, 30.0) << "g = " << g << ", Lambda = " << lam << ", w = " << w << ", from " << top;
            worst_of.at(k) = std::max(worst_of.at(k), error);
          }
        }
      }
    }
  }
  for (std::size_t k = 0; k < tolerances.size(); ++k) {
    std::printf("tolerance %.0e: worst sample %.1f of it\n", tolerances.at(k), worst_of.at(k));
  }
}

TEST(CellAdaptive, EveryRowBalancesAlsoBetweenSteps) {
  CellSpec spec = sharp_wave();
  spec.numerics.step = StepKind::adaptive;
  spec.numerics.tolerance = 1e-3;
  spec.material.g = -1.0;
  spec.series_resistance = 1e8;
  spec.particles.push_back({.radius = 0.6 * radius, .contact_resistance = 1e10});
  const Trace trace = cycle_of(spec, 0.5e-3);
  EXPECT_LT(trace.counts.steps, 2000);  // half of the rows lie between two steps
  double gross = 0.0;
  for (std::size_t k = 1; k < trace.size(); ++k) gross += std::abs(trace.charge[k] - trace.charge[k - 1]);
  for (std::size_t k = 1; k < trace.size(); ++k) {
    // No double layer: all charge is lithium.
    EXPECT_NEAR(trace.charge[k], -F * (trace.lithium[k] - trace.lithium[0]), 1e-10 * gross) << k;
  }
}

TEST(CellAdaptive, ARunThatIsOnlyComparedHasSomeRowsOfTheWholeOne) {
  CellSpec spec = sharp_wave();
  spec.numerics.step = StepKind::adaptive;
  const Trace whole = cycle_of(spec, 0.5e-3);
  spec.numerics.all_rows = false;
  const Trace some = cycle_of(spec, 0.5e-3);
  EXPECT_EQ(some.counts.steps, whole.counts.steps);
  EXPECT_LT(some.size(), whole.size() / 2);
  std::size_t k = 0;
  for (std::size_t j = 0; j < some.size(); ++j) {
    const std::size_t before = k;
    while (k < whole.size() && whole.time[k] < some.time[j]) ++k;
    ASSERT_LT(k, whole.size());
    EXPECT_LE(k - before, 8U) << "a gap before row " << k;
    EXPECT_EQ(some.time[j], whole.time[k]);
    EXPECT_EQ(some.current[j], whole.current[k]);
    EXPECT_EQ(some.charge[j], whole.charge[k]);
    EXPECT_EQ(some.lithium[j], whole.lithium[k]);
  }
  EXPECT_EQ(k + 1, whole.size());
  EXPECT_EQ(some.time[1], whole.time[1]);  // behind a corner steps are shorter than rows
  EXPECT_NEAR(some.highest.current, whole.highest.current, 1e-3 * whole.highest.current);
  EXPECT_NEAR(some.lowest.current, whole.lowest.current, -1e-3 * whole.lowest.current);
}

TEST(CellAdaptive, ARunThatIsOnlyComparedHasTheMeansOfAllTreads) {
  CellSpec spec = sharp_wave();
  spec.numerics.step = StepKind::adaptive;
  const auto program =
      sim::Waveform::at(E0 + 0.2).staircase_to(E0 - 0.2, scan_rate, {.step_height = 0.02, .window = 0.3});
  const Trace whole = simulate(Cell(spec), program);
  spec.numerics.all_rows = false;
  const Trace compared = simulate(Cell(spec), program);
  EXPECT_EQ(compared.time, whole.time);
  EXPECT_EQ(compared.current, whole.current);
}

TEST(CellAdaptive, FollowsAJumpAndAChangeOfDirection) {
  CellSpec spec = sharp_wave();
  spec.material.g = 0.0;
  spec.material.law = IsothermKind::ideal;
  apply_truth_set("paper_literal", spec.material);
  const auto program = sim::Waveform::at(E0 + 0.5).jump(E0 - 0.1).hold(2.0).ramp_to(E0 + 0.5, scan_rate);
  const auto run = [&](StepKind step, double hold_step, double tolerance) {
    spec.numerics.step = step;
    spec.numerics.hold_step = Time(hold_step);
    spec.numerics.potential_step = Potential(hold_step * scan_rate);
    spec.numerics.tolerance = tolerance;
    return simulate(Cell(spec), program);
  };
  const Trace fine = run(StepKind::fixed, 1e-3, 1e-4);
  const Trace adaptive = run(StepKind::adaptive, 0.04, 1e-5);
  double most = 0.0;
  double peak = 0.0;
  for (std::size_t k = 5; k < adaptive.size(); ++k) {  // 0.2 s behind the jump
    most = std::max(most, std::abs(adaptive.current[k] - fine.current[40 * k]));
    peak = std::max(peak, std::abs(adaptive.current[k]));
  }
  EXPECT_LT(most, 3e-3 * peak);
  EXPECT_LT(adaptive.counts.steps, fine.counts.steps / 10);
}

}  // namespace
}  // namespace seccm::models::test
