// Axes moved one by one against the exact motion of a first-order lag behind a ramp, and what that does to the world.
#include <gtest/gtest.h>

#include <cmath>

#include "instrument/twin/single_instruments.hpp"
#include "instrument/twin/twin_sequencer.hpp"

namespace seccm::instrument::twin {
namespace {

constexpr double stage_tau = 5e-3;  // s

TwinSpec quiet_stage() {
  TwinSpec spec;
  spec.sample.cluster_sizes = {12.0};
  spec.sample.positions_x = {60.0 * unit::um};
  spec.sample.positions_y = {50.0 * unit::um};
  spec.camera.width = 64;
  spec.camera.height = 64;
  spec.stage.sensor_noise = 0.0 * unit::nm;
  spec.stage.creep = 0.0;
  spec.stage.linearity = 0.0;
  spec.stage.response_time = stage_tau * unit::s;
  return spec;
}

TEST(TwinStage, FollowsARampWithItsLagAndArrivesOnTime) {
  SingleInstruments twin(quiet_stage(), 3);
  bench::StageModel& stage = twin.stage();
  const double start = stage.position(0), v = 10e-6, way = 20e-6;
  EXPECT_DOUBLE_EQ(start, power_on_position(quiet_stage().stage).x);
  stage.set_velocity(0, v);
  stage.move_to(0, start + way);
  for (const double t : {1e-3, 7.5e-3, 0.1, 1.3}) {
    twin.clock().sleep_until(t, {});
    EXPECT_TRUE(stage.moving(0));
    // τ ds/dt = vt - s from rest; pieces add rounding of 1e-16 m each
    EXPECT_NEAR(stage.position(0), start + v * (t + stage_tau * std::expm1(-t / stage_tau)), 1e-12) << t;
  }
  twin.clock().sleep_until(way / v - 1e-6, {});
  EXPECT_TRUE(stage.moving(0));
  twin.clock().sleep_until(way / v + 1e-6, {});
  EXPECT_FALSE(stage.moving(0));
  EXPECT_FALSE(stage.moving(1));
  twin.clock().sleep_until(way / v + 0.2, {});  // 40 lags
  EXPECT_NEAR(stage.position(0), start + way, 1e-12);
}

TEST(TwinStage, HaltsWhereItsCommandIsAndChangesSpeedUnderWay) {
  SingleInstruments twin(quiet_stage(), 3);
  bench::StageModel& stage = twin.stage();
  const double start = stage.target(1), z = stage.target(2);
  stage.set_velocity(1, 10e-6);
  stage.set_velocity(2, 5e-6);
  stage.move_to(1, start + 50e-6);
  stage.move_to(2, z - 20e-6);
  twin.clock().sleep_until(1.0, {});
  stage.set_velocity(1, 2e-6);
  twin.clock().sleep_until(2.0, {});
  stage.halt(1);
  EXPECT_FALSE(stage.moving(1));
  EXPECT_TRUE(stage.moving(2));
  EXPECT_NEAR(stage.target(1), start + 12e-6, 1e-12);
  twin.clock().sleep_until(4.0 + 0.2, {});
  EXPECT_NEAR(stage.position(1), start + 12e-6, 1e-12);
  EXPECT_NEAR(stage.position(2), z - 20e-6, 1e-12);
  EXPECT_EQ(stage.travel_max(2), quiet_stage().stage.range_z.si());
}

TEST(TwinStage, NothingHoldsATipThatIsDrivenIntoTheGold) {
  SingleInstruments twin(quiet_stage(), 3);
  twin.stage().set_velocity(2, 5e-6);
  twin.stage().move_to(2, 0.0);
  twin.clock().sleep_until(twin.stage().target(2) + 60.0, {});
  ASSERT_EQ(twin.truth().landings.size(), 1U);
  EXPECT_FALSE(twin.truth().crashes.empty());
}

TEST(TwinStage, ReadsTheSameAgainAndTheCameraSharesItsTime) {
  TwinSpec spec = quiet_stage();
  spec.stage.sensor_noise = 1.0 * unit::nm;
  SingleInstruments a(spec, 9), b(spec, 9);
  for (SingleInstruments* twin : {&a, &b}) {
    ASSERT_TRUE(twin->camera().connect({}).ok());
    ASSERT_TRUE(twin->light().connect({}).ok());
    ASSERT_TRUE(twin->light().set(LightChannel::reflection, 0.5).ok());
    twin->stage().move_to(0, 30e-6);
  }
  const Image one = a.camera().grab(1e9).value(), other = b.camera().grab(1e9).value();
  EXPECT_EQ(one.pixels, other.pixels);
  EXPECT_DOUBLE_EQ(a.clock().now(), one.t_end);
  EXPECT_EQ(a.stage().position(0), b.stage().position(0));
  EXPECT_NE(a.stage().position(0), a.stage().position(0));  // each reading has its own noise
}

}  // namespace
}  // namespace seccm::instrument::twin
