#include "instrument/twin/cell_runner.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include <cmath>
#include <vector>

#include "models/engine/engine_factory.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::twin {
namespace {

constexpr double frame = 1.028e-3;

models::CellSpec few_particles() {
  models::CellSpec spec;
  spec.particles = {{.radius = 25e-9, .contact_resistance = 1e9}, {.radius = 35e-9, .contact_resistance = 1e10}};
  spec.gold_area = 1e-12;
  spec.series_resistance = 4e6;
  return spec;
}

models::Qrce reference(double drift = 0.0) {
  models::QrceParameters p;
  p.spread = 0.0 * unit::V;
  p.drift = drift * unit::V_per_s;
  p.random_walk = {};
  return {p, 1};
}

double capacity_of(const models::CellSpec& spec) {
  double volume = 0.0;
  for (const auto& particle : spec.particles) volume += 4.0 / 3.0 * constants::pi * std::pow(particle.radius, 3);
  return spec.material.c_max.si() * volume;
}

/// Mean x of a cell of few_particles().
double mean_x(const CellRunner& runner) {
  const auto spec = few_particles();
  return spec.material.x_max * runner.engine().lithium() / capacity_of(spec);
}

CellRunner run_at(const models::CellSpec& spec, const models::Qrce& qrce, double E_vs_QRCE, double water_left = 1.0) {
  return {models::make_engine(spec, {}, E_vs_QRCE + qrce.offset(0.0), water_left),
          {.numerics = spec.numerics, .x_max = spec.material.x_max, .capacity = capacity_of(spec)},
          qrce,
          0.0,
          E_vs_QRCE};
}

// The frames' charges telescope: no charge appears or is lost between the engine and what is read.
TEST(CellRunner, FramesAddUpToTheChargeOfTheEngine) {
  const auto qrce = reference();
  CellRunner runner = run_at(few_particles(), qrce, -0.05);
  runner.begin_leg(0.0, -0.05, 0.0, 0.1);
  double t = 0.0, last = 0.0, sum = 0.0;
  const auto read_to = [&](double end) {
    while (t < end - 1e-12) {
      t = std::min(t + frame, end);
      const double charge = runner.charge(t);
      sum += charge - last;
      last = charge;
    }
  };
  read_to(0.1);
  runner.begin_leg(0.1, -0.05, -1.0, 2.0);
  read_to(2.1);
  runner.begin_leg(2.1, -2.05, 1.0, 2.0);
  read_to(4.1);
  const double total = runner.engine().charge().total;
  EXPECT_GT(std::abs(total), 1e-15);
  // Three legs and 4000 additions of doubles of the size of the charge.
  EXPECT_NEAR(sum, total, 1e-12 * std::abs(runner.engine().charge().intercalation) + 1e-12 * std::abs(total) + 1e-24);
}

// Between step ends the frames follow the same curve as an engine that steps four times as fine: the rest is the second
// order of the engine itself, which a run at half the step measures.
TEST(CellRunner, FramesLieOnTheCurveOfAFinerEngine) {
  const auto qrce = reference();
  const auto currents = [&](double step) {
    auto spec = few_particles();
    spec.numerics.potential_step = step * unit::V;
    CellRunner runner = run_at(spec, qrce, -0.05);
    runner.begin_leg(0.0, -0.05, -0.1, 19.5);
    std::vector<double> i;
    double last = 0.0;
    for (int n = 1; n < 18000; ++n) {
      const double charge = runner.charge(n * frame);
      i.push_back((charge - last) / frame);
      last = charge;
    }
    return i;
  };
  const auto coarse = currents(1e-3), half = currents(0.5e-3), fine = currents(0.125e-3);
  double peak = 0.0, error = 0.0, error_half = 0.0;
  for (std::size_t n = 200; n < fine.size(); ++n) {  // behind the first 20 mV, where the sweep switches on
    peak = std::max(peak, std::abs(fine[n]));
    error = std::max(error, std::abs(coarse[n] - fine[n]));
    error_half = std::max(error_half, std::abs(half[n] - fine[n]));
  }
  // NUMERICS: 1000 steps of about 2 mV are good to 2.8e-4 of the peak, second order: 7e-5 at 1 mV for the engine. The
  // cubic adds less; allow as much again.
  EXPECT_LT(error / peak, 1.4e-4 * 2.0);
  EXPECT_LT(error_half, 0.5 * error);
}

TEST(CellRunner, SeesTheReferenceDriftAsAPotential) {
  // Bare gold: a capacitor of 0.1 F/m² x 1 um². A drift of 20 uV/s at constant E_vs_QRCE charges it like a sweep.
  auto spec = few_particles();
  spec.particles = {{.wetted_fraction = 0.0}};
  const auto drifting = reference(20e-6), still = reference();
  CellRunner drift = run_at(spec, drifting, -0.05), sweep = run_at(spec, still, -0.05);
  drift.begin_leg(0.0, -0.05, 0.0, 100.0);
  sweep.begin_leg(0.0, -0.05, 20e-6, 100.0);
  const double expected = 1e-13 * 20e-6 * 100.0;
  // RC = 4 MOhm x 0.1 pF: nothing of the lag is left after 100 s.
  EXPECT_NEAR(drift.charge(100.0), expected, 1e-6 * expected);
  EXPECT_NEAR(sweep.charge(100.0), expected, 1e-6 * expected);
}

TEST(CellRunner, FillingFollowsFromTheChargePassed) {
  const auto qrce = reference();
  CellRunner runner = run_at(few_particles(), qrce, -0.05);
  runner.begin_leg(0.0, -0.05, -0.5, 4.0);
  runner.charge(4.0);
  EXPECT_NEAR(runner.x_max(), mean_x(runner), 1e-9);
  EXPECT_GT(runner.x_max(), 0.01);
  EXPECT_NEAR(runner.x_min(), 0.0, 1e-9);
}

// x is of the particles whose capacity is stated, and starts at their filling.
TEST(CellRunner, XIsOfTheParticlesThatAreStated) {
  const auto qrce = reference();
  const auto spec = few_particles();
  const double part = 0.4 * capacity_of(spec);
  CellRunner runner(models::make_engine(spec, {}, -0.05 + qrce.offset(0.0), 1.0),
                    {.numerics = spec.numerics, .x_max = 0.5, .capacity = part, .filling = 0.3}, qrce, 0.0, -0.05);
  EXPECT_EQ(runner.x_min(), 0.15);
  runner.begin_leg(0.0, -0.05, -0.5, 4.0);
  runner.charge(4.0);
  // The mean over all, and what that is for 40 % of them; to the round-off of 4000 charges.
  EXPECT_NEAR(runner.x_max() - 0.15, 0.5 * runner.engine().lithium() / part, 1e-9);
}

TEST(CellRunner, TurningPointsAreWhatEachSweepTakesUpAndGivesBack) {
  // Two cycles 3 V -> 1 V -> 3 V vs Li: start, two maxima, two minima. Between turning points x follows from the charge
  // of the intercalation, so the last one is the filling at the end, to the hysteresis of 1e-4 x_max = 5e-5.
  const auto qrce = reference();
  const double top = 3.0 - qrce.offset(0.0);
  CellRunner runner = run_at(few_particles(), qrce, top);
  double t = 0.0, E = top;
  for (const double slope : {-0.5, 0.5, -0.5, 0.5}) {
    runner.begin_leg(t, E, slope, 4.0);
    t += 4.0;
    E += 4.0 * slope;
    runner.charge(t);
  }
  const auto turns = runner.x_turns();
  ASSERT_EQ(turns.size(), 5U);
  EXPECT_NEAR(turns[0], 0.0, 1e-9);
  for (const std::size_t top_index : {std::size_t{1}, std::size_t{3}}) {
    EXPECT_GT(turns[top_index], turns[top_index - 1]);
    EXPECT_GT(turns[top_index], turns[top_index + 1]);
  }
  EXPECT_EQ(runner.x_max(), *std::max_element(turns.begin(), turns.end()));
  EXPECT_NEAR(turns.back(), mean_x(runner), 5e-5);
}

TEST(CellRunner, GoldThatWasUsedBeforeHasLessWaterLeft) {
  auto spec = few_particles();
  spec.particles = {{.wetted_fraction = 0.0}};
  const auto qrce = reference();
  const auto water = [&](double reservoir) {
    CellRunner runner = run_at(spec, qrce, -0.05, reservoir);
    runner.begin_leg(0.0, -0.05, -0.1, 20.0);
    runner.charge(20.0);
    return runner.engine().charge().water;
  };
  EXPECT_LT(water(1.0), 0.0);
  // The reduction is first order in the reservoir.
  EXPECT_NEAR(water(0.25) / water(1.0), 0.25, 1e-6);
}

}  // namespace
}  // namespace seccm::instrument::twin
