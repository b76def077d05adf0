// The served twin through the drivers of this repository. The camera's port is fixed: its own tests are tests/gige.
#include "rigs/served_rig.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "instrument/drivers/gcs/gcs_stage.hpp"
#include "instrument/drivers/led/led_light.hpp"
#include "instrument/drivers/scpi/source_meter.hpp"
#include "rigs/host_rig.hpp"
#include "rigs/request_time.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {
namespace {

namespace drivers = instrument::drivers;

Scenario wired() {
  Scenario scenario;
  scenario.serve.stage_port = 0;
  scenario.serve.light_port = 0;
  scenario.serve.source_meter_port = 0;
  scenario.serve.camera = false;
  scenario.serve.speed = 0.0;
  scenario.twin.sample.cluster_sizes = {12.0};
  return scenario;
}

int port_of(const rigs::ServedRig& rig, std::string_view instrument) {
  for (const rigs::Listener& l : rig.listeners())
    if (l.instrument == instrument) return std::stoi(l.where.substr(l.where.rfind(':') + 1));
  return -1;
}

struct WallSeconds final : instrument::Clock {
  [[nodiscard]] double now() const override { return 0.0; }
  void sleep_until(double, const std::stop_token&) override {}
};

drivers::GcsStage::Open tcp(int port) {
  return [port] { return drivers::connect_tcp("127.0.0.1", port, 20.0); };
}

TEST(ServedRig, MovesTheTwinsStageAndLampsForDriversOnTheWire) {
  rigs::ServedRig rig(wired(), {});
  const std::jthread server([&](const std::stop_token& stop) { rig.run(stop); });
  const WallSeconds clock;
  drivers::GcsStage stage(tcp(port_of(rig, "stage")), {}, clock);
  ASSERT_TRUE(stage.connect({.allow_motion = true}).ok());
  const Scenario scenario = wired();
  EXPECT_DOUBLE_EQ(stage.travel_max(0), scenario.twin.stage.range_xy.si());
  ASSERT_TRUE(stage.set_velocity(0, 100e-6).ok());
  const double goal = 40e-6;
  ASSERT_TRUE(stage.move_to(std::array{drivers::AxisTarget{0, goal}}).ok());
  // Each question takes a millisecond of the rig: a move of at most the travel at 100 um/s ends before as many.
  int asked = 0;
  while (stage.moving().value() && asked < 2000) ++asked;
  EXPECT_LT(asked, 2000);
  EXPECT_GT(asked, 10);
  // Arrived, but the axis still lags behind; on target once its sensor reads within the settle window of 20 nm.
  EXPECT_FALSE(stage.on_target(std::array{0}).value());
  for (asked = 0; !stage.on_target(std::array{0}).value() && asked < 2000;) ++asked;
  EXPECT_LT(asked, 2000);
  const double sigma = scenario.twin.stage.sensor_noise.si();
  EXPECT_NEAR(stage.positions().value().at(0), goal, 20e-9 + 10.0 * sigma);  // five of each of two readings
  drivers::LedLight light(tcp(port_of(rig, "light")), drivers::LedConfig{}, clock);
  ASSERT_TRUE(light.connect({}).ok());
  EXPECT_TRUE(light.set(instrument::LightChannel::reflection, 0.5).ok());
}

TEST(ServedRig, MeasuresTheTipsCurrentOverTheStagesHead) {
  rigs::ServedRig rig(wired(), {});
  const std::jthread server([&](const std::stop_token& stop) { rig.run(stop); });
  const WallSeconds clock;
  drivers::SourceMeter meter(tcp(port_of(rig, "source meter")), {.current_range = 100e-12}, clock);
  ASSERT_TRUE(meter.connect({}).ok());
  ASSERT_TRUE(meter.set_output(true).ok());
  // A step of 0.1 V into the stray capacitance, within the aperture of the reading.
  const double charge = 0.1 * wired().twin.amplifier.stray_capacitance.si();
  const auto reading = meter.measure(0.1, 0.02);
  ASSERT_TRUE(reading.ok());
  EXPECT_NEAR(reading.value().i, charge / 0.02, 1e-13);  // noise of a reading: some 20 fA
  EXPECT_EQ(reading.value().E, 0.1);
}

TEST(ServedRig, PacedTimeFollowsTheWallClock) {
  Scenario scenario = wired();
  scenario.serve.speed = 1000.0;
  rigs::ServedRig rig(scenario, {});
  const WallSeconds clock;
  {
    const std::jthread server([&](const std::stop_token& stop) { rig.run(stop); });
    drivers::GcsStage stage(tcp(port_of(rig, "stage")), {}, clock);
    ASSERT_TRUE(stage.connect({.allow_motion = true}).ok());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ASSERT_TRUE(stage.positions().ok());
  }
  // 20 ms and more have passed on the wall; by latencies alone it would be some tens of milliseconds of the rig.
  EXPECT_GT(rig.now(), 20.0);
}

TEST(ServedRig, APacedSourceMeterAnswersWhenItsApertureIsOver) {
  Scenario scenario = wired();
  scenario.serve.speed = 1.0;
  rigs::ServedRig rig(scenario, {});
  const std::jthread server([&](const std::stop_token& stop) { rig.run(stop); });
  const WallSeconds clock;
  drivers::SourceMeter meter(tcp(port_of(rig, "source meter")), {.current_range = 100e-12}, clock);
  ASSERT_TRUE(meter.connect({}).ok());
  ASSERT_TRUE(meter.set_output(true).ok());
  constexpr double tick = 25e-9;  // s, that the aperture is rounded to
  for (const double aperture : {0.2, 0.05}) {
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(meter.measure(std::nullopt, aperture).ok());
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(waited.count(), aperture - tick);
  }
}

/// A world that goes wherever it is told to, at once.
class EagerClock final : public instrument::Clock {
 public:
  [[nodiscard]] double now() const override { return now_; }
  void sleep_until(double time, const std::stop_token&) override { now_ = std::max(now_, time); }

 private:
  double now_ = 0.0;
};

TEST(RequestTime, WaitsForTheWallClockWhereTheWorldIsAhead) {
  EagerClock world;
  rigs::RequestTime time(world, 1000.0);
  constexpr double exposed_until = 50.0;  // 50 ms of the wall
  world.sleep_until(exposed_until, {});
  EXPECT_GT(time.ahead(), 0.0);
  time.on_request(0.0);
  EXPECT_EQ(time.ahead(), 0.0);
  // The wall has passed where the world was, and taken it along.
  EXPECT_GT(world.now(), exposed_until);
}

TEST(HostRig, RunsPacedByTheWallClock) {
  Scenario scenario = wired();
  scenario.host.frame_interval = 200.0 * unit::ms;
  scenario.host.busy_slack = 50.0 * unit::ms;
  constexpr double speed = 0.2;  // half a frame, which a loaded machine may be late, is half a second
  rigs::HostRig host(scenario, speed);
  const instrument::Rig rig = host.rig();
  ASSERT_TRUE(rig.sequencer.connect({.allow_motion = true}).ok());
  instrument::Program program;
  program.waypoints.emplace_back();
  program.waypoints.back().hold = 0.4;
  program.waypoints.back().tag = 1;
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(rig.sequencer.start(program).ok());
  std::vector<instrument::Frame> frames(8);
  ASSERT_EQ(rig.sequencer.read(frames, 1e9).value(), 2U);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  // The second reading is asked for 201 ms after the start.
  EXPECT_GT(wall.count(), 0.2 / speed);
  EXPECT_NEAR(frames[1].t - frames[0].t, 0.2, 1e-12);
  EXPECT_EQ(rig.sequencer.status().value().state, instrument::RunState::completed);
  rig.sequencer.make_safe();
}

TEST(ServedRig, SaysWhatItCanNotServe) {
  Scenario scenario = wired();
  scenario.serve.address = "203.0.113.7";  // a documentation address: of no machine
  EXPECT_THROW(rigs::ServedRig(scenario, {}), InputError);
  scenario = wired();
  scenario.serve.stage = scenario.serve.light = scenario.serve.source_meter = false;
  try {
    const rigs::ServedRig rig(scenario, {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("nothing to serve"));
  }
}

}  // namespace
}  // namespace seccm::scenarios
