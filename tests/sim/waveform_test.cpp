#include "sim/waveform.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "sim/error.hpp"

namespace seccm::sim {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

TEST(Waveform, CyclicVisitsItsVerticesAndCountsItsCycles) {
  const auto program = Waveform::at(3.0).hold(2.0).cyclic(1.0, 3.0, 0.1, 2);
  EXPECT_DOUBLE_EQ(program.duration(), 82.0);
  EXPECT_DOUBLE_EQ(program.potential(1.0), 3.0);
  EXPECT_DOUBLE_EQ(program.potential(12.0), 2.0);
  EXPECT_DOUBLE_EQ(program.potential(22.0), 1.0);
  EXPECT_DOUBLE_EQ(program.potential(52.0), 2.0);
  EXPECT_DOUBLE_EQ(program.potential(1e9), 3.0);
  EXPECT_THAT(program.corners(), ElementsAre(0.0, 2.0, 22.0, 42.0, 62.0, 82.0));
  EXPECT_EQ(program.segments()[0].cycle, 0);
  EXPECT_EQ(program.segments()[1].cycle, 1);
  EXPECT_EQ(program.segments()[4].cycle, 2);
  EXPECT_DOUBLE_EQ(program.segments()[1].slope(), -0.1);
  EXPECT_DOUBLE_EQ(program.fastest_scan_rate(), 0.1);
}

TEST(Waveform, AStartBetweenTheVerticesComesBackToIt) {
  const auto program = Waveform::at(2.5).cyclic(1.0, 3.0, 0.5, 1);
  EXPECT_EQ(program.segments().size(), 3U);
  EXPECT_DOUBLE_EQ(program.end_potential(), 2.5);
  EXPECT_DOUBLE_EQ(program.duration(), (1.5 + 2.0 + 0.5) / 0.5);
}

TEST(Waveform, SeveralRatesRunInARow) {
  const std::array<double, 3> rates{0.02, 0.1, 0.5};
  const auto program = Waveform::at(3.0).cyclic(1.0, 3.0, rates, 2, 5.0);
  EXPECT_NEAR(program.duration(), 3 * 5.0 + 8.0 / 0.02 + 8.0 / 0.1 + 8.0 / 0.5, 1e-9);
  EXPECT_EQ(program.segments().back().cycle, 6);
  EXPECT_DOUBLE_EQ(program.segments().back().scan_rate, 0.5);
}

TEST(Waveform, BuildersLeaveTheirSourceAlone) {
  const auto base = Waveform::at(3.0).hold(1.0);
  const auto longer = base.jump(2.0).hold(1.0);
  EXPECT_DOUBLE_EQ(base.duration(), 1.0);
  EXPECT_DOUBLE_EQ(longer.duration(), 2.0);
  EXPECT_DOUBLE_EQ(longer.potential(1.0), 2.0);  // behind the jump
  EXPECT_DOUBLE_EQ(longer.potential(0.999), 3.0);
}

TEST(Waveform, StaircaseKeepsTheMeanRateOfItsRamp) {
  const auto stairs = Waveform::at(2.0).staircase_to(1.0, 0.05, {.step_height = 10e-3, .window = 0.25});
  EXPECT_EQ(stairs.segments().size(), 200U);
  EXPECT_NEAR(stairs.duration(), 20.0, 1e-12);
  EXPECT_DOUBLE_EQ(stairs.end_potential(), 1.0);
  EXPECT_DOUBLE_EQ(stairs.segments()[1].sample_from, 0.75);
  EXPECT_TRUE(stairs.segments()[1].tread);
  EXPECT_THAT(stairs.potential(0.1), DoubleNear(1.99, 1e-12));
}

TEST(StepPlan, StepEndsFallOnTheCorners) {
  const auto program = Waveform::at(3.0).hold(1.05).jump(2.9).ramp_to(1.003, 0.07);
  const auto plan = plan_steps(program, 1e-3, 0.1);
  ASSERT_EQ(plan.size(), 3U);
  EXPECT_EQ(plan[0].count, 11);
  EXPECT_EQ(plan[1].count, 0);
  EXPECT_EQ(plan[2].count, 1897);
  EXPECT_NEAR(plan[2].count * plan[2].dt, program.segments()[2].duration, 1e-12);
  EXPECT_EQ(plan_steps(Waveform::at(3.0).ramp_to(1.0, 0.1), 1e-3, 1.0)[0].count, 2000);  // not 2001 by round-off
}

TEST(Waveform, AThinnedHoldIsDenseBehindItsStartAndNeverCoarserThanAShareOfTheTimeSince) {
  const double h = 0.02;
  const auto program = Waveform::at(3.0).hold(21600.0).ramp_to(2.9, 0.1);
  const auto thin = program.thinned(h);
  const auto plan = plan_steps(thin, 1e-3, h);
  double t = 0.0;
  int rows = 0;
  for (std::size_t k = 0; k + 1 < plan.size(); ++k) {
    EXPECT_EQ(thin.segments()[k].continues, k > 0);
    for (int n = 0; n < plan[k].count; ++n, ++rows) {
      if (t < (dense_steps - 0.5) * h) {
        EXPECT_NEAR(plan[k].dt, h, 1e-12);
      } else {
        // Round-off of the sum of the steps: an ulp of t each.
        EXPECT_LE(plan[k].dt, 2.0 / dense_steps * t * (1.0 + 1e-10));
      }
      t += plan[k].dt;
    }
  }
  EXPECT_NEAR(t, 21600.0, 1e-8);
  EXPECT_LE(rows, dense_steps + dense_steps / 2 * 11);  // doublings from 20.48 s to 21600 s: log2(1055) < 11
  EXPECT_EQ(plan.back().count, 100);
  EXPECT_FALSE(thin.segments().back().continues);
  EXPECT_EQ(thin.corners(), program.corners());
  EXPECT_EQ(thin.duration(), program.duration());
}

TEST(Waveform, ThinningLeavesShortHoldsSweepsAndTreadsAsTheyAre) {
  const auto program =
      Waveform::at(3.0).hold(20.48).jump(2.9).cyclic_staircase(1.0, 3.0, 1e-3, 1, {}).cyclic(1.0, 3.0, 0.1, 1);
  const auto before = plan_steps(program, 1e-3, 0.02), after = plan_steps(program.thinned(0.02), 1e-3, 0.02);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t k = 0; k < before.size(); ++k) {
    EXPECT_EQ(after[k].count, before[k].count);
    EXPECT_EQ(after[k].dt, before[k].dt);
    EXPECT_EQ(program.thinned(0.02).segments()[k].cycle, program.segments()[k].cycle);
  }
  EXPECT_THROW(static_cast<void>(program.thinned(0.0)), InputError);
}

TEST(StepPlan, RowsAreOneForEachStepAndOneForEachTread) {
  const auto program =
      Waveform::at(3.0).hold(1.0).ramp_to(2.5, 0.1).staircase_to(2.0, 0.1, {.step_height = 10e-3, .window = 0.5});
  const PlannedRows rows = count_rows(program, plan_steps(program, 1e-3, 0.1));
  EXPECT_EQ(rows.holds, 10U);
  EXPECT_EQ(rows.sweeps, 500U);
  EXPECT_EQ(rows.treads, 50U);
  EXPECT_EQ(rows.all(), 561U);
}

TEST(Waveform, RefusesWhatIsNoProgram) {
  EXPECT_THROW(Waveform::at(NAN), InputError);
  EXPECT_THROW(static_cast<void>(Waveform::at(1.0).hold(-1.0)), InputError);
  EXPECT_THROW(static_cast<void>(Waveform::at(1.0).ramp_to(1.0, 0.1)), InputError);
  EXPECT_THROW(static_cast<void>(Waveform::at(1.0).ramp_to(2.0, 0.0)), InputError);
  EXPECT_THROW(static_cast<void>(Waveform::at(1.0).ramp_to(INFINITY, 0.1)), InputError);
  EXPECT_THROW(static_cast<void>(Waveform::at(1.0).cyclic(2.0, 1.0, 0.1, 0)), InputError);
  EXPECT_THROW(static_cast<void>(Waveform::at(1.0).staircase_to(2.0, 0.1, {.step_height = 0.0})), InputError);
  EXPECT_THROW(static_cast<void>(Waveform::at(1.0).staircase_to(2.0, 0.1, {.step_height = 1e-3, .window = 0.0})),
               InputError);
  EXPECT_THROW(plan_steps(Waveform::at(1.0).hold(1.0), 0.0, 0.1), InputError);
  EXPECT_THROW(plan_steps(Waveform::at(1.0).hold(1.0), 1e-3, NAN), InputError);
  EXPECT_THROW(plan_steps(Waveform::at(1.0).hold(1e9), 1e-3, 1e-9), InputError);
}

}  // namespace
}  // namespace seccm::sim
