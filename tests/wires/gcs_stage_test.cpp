// The stage driver against the server, over TCP and over a pseudo terminal, and against controllers that misbehave.
#include "instrument/drivers/gcs/gcs_stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <limits>
#include <optional>

#include "instrument/drivers/gcs/gcs_line.hpp"
#include "sim/error.hpp"
#include "tests/wires/bench_light.hpp"
#include "tests/wires/gcs_bench.hpp"
#include "tests/wires/served.hpp"

namespace seccm::instrument::testing {
namespace {

using drivers::AxisTarget;
using drivers::GcsStage;
using ::testing::HasSubstr;

constexpr double stage_patient = 20.0,
                 stage_hasty = 1.0;  // s: never reached; reached on purpose, and long enough to connect in
constexpr ConnectConsent may_move{.allow_motion = true};

GcsStage::Open tcp(int port, double timeout = stage_patient) {
  return [port, timeout] { return drivers::connect_tcp("127.0.0.1", port, timeout); };
}

struct GcsPair {
  explicit GcsPair(double latency = 1e-3) : bench(latency) {}
  int serve() {
    const int port = served.server.add_tcp(servers::loopback, 0, servers::gcs_sessions(bench.controller));
    served.start();
    return port;
  }
  double target(int axis) {
    const std::lock_guard lock(world);
    return bench.stage.target(axis);
  }

  GcsBench bench;
  BenchClock clock{bench.time};
  std::mutex world;
  Served served{{.world = &world}};
};

Outcome move(GcsStage& stage, int axis, double target) {
  const std::array<AxisTarget, 1> targets{{{axis, target}}};
  return stage.move_to(targets);
}

/// One axis to a target, polled until it has arrived; virtual time passes with the polls.
void expect_a_move(GcsPair& pair, GcsStage& stage) {
  ASSERT_TRUE(stage.connect(may_move).ok());
  EXPECT_EQ(stage.identity().model, "E-727.3CDA");
  EXPECT_EQ(stage.identity().serial, "120040681");
  EXPECT_EQ(stage.travel_min(2), 0.0);
  EXPECT_NEAR(stage.travel_max(2), 200e-6, 1e-15);
  ASSERT_TRUE(stage.set_velocity(2, 100e-6).ok());
  EXPECT_NEAR(stage.velocity(2).value(), 100e-6, 1e-15);
  ASSERT_TRUE(move(stage, 2, 12.345678e-6).ok());
  EXPECT_TRUE(stage.moving().value());
  const std::array<int, 1> axis{2};
  int polls = 0;
  while (!stage.on_target(axis).value() && polls < 1000) ++polls;
  // 123 ms at 100 um/s, 1 ms a request.
  EXPECT_GT(polls, 100);
  EXPECT_LT(polls, 130);
  EXPECT_NEAR(stage.positions().value()[2], 12.345678e-6, 1e-12);
  EXPECT_FALSE(stage.moving().value());
  EXPECT_EQ(stage.health().condition, Health::Condition::ok);
  EXPECT_NEAR(pair.target(2), 12.345678e-6, 1e-15);
}

TEST(GcsStage, MovesOverTcp) {
  GcsPair pair;
  GcsStage stage(tcp(pair.serve()), {}, pair.clock);
  expect_a_move(pair, stage);
}

TEST(GcsStage, MovesOverASerialLine) {
  GcsPair pair;
  const std::string device = pair.served.server.add_pseudo_terminal(servers::gcs_sessions(pair.bench.controller));
  pair.served.start();
  GcsStage stage([&] { return drivers::open_serial(device, 115200, stage_patient); }, {}, pair.clock);
  expect_a_move(pair, stage);
}

TEST(GcsStage, SwitchingTheServoOnNeedsTheConsentToMove) {
  GcsPair pair;
  GcsStage stage(tcp(pair.serve()), {}, pair.clock);
  const auto refused = stage.connect({});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::interlock_tripped);
  EXPECT_EQ(stage.positions().error().code, Errc::disconnected);
  ASSERT_TRUE(stage.connect(may_move).ok());
  // Now it is on, and connecting moves nothing.
  EXPECT_TRUE(stage.connect({}).ok());
}

TEST(GcsStage, TargetsOutsideOfTheTravelAreRejectedBeforeAnythingIsSent) {
  GcsPair pair;
  GcsStage stage(tcp(pair.serve()), {}, pair.clock);
  ASSERT_TRUE(stage.connect(may_move).ok());
  pair.served.stop();
  const int before = pair.bench.time.requests;
  for (double bad : {-1e-6, 200.001e-6, std::numeric_limits<double>::quiet_NaN()}) {
    const auto outcome = move(stage, 0, bad);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, Errc::limit_rejected);
    EXPECT_THAT(outcome.error().detail, HasSubstr("0.000000 um to 200.000000 um"));
  }
  EXPECT_EQ(stage.set_velocity(0, 0.0).error().code, Errc::limit_rejected);
  EXPECT_EQ(pair.bench.time.requests, before);
}

TEST(GcsStage, WhatTheControllerRefusesIsAnErrorAndTheConnectionLives) {
  GcsPair pair;
  GcsStage stage(tcp(pair.serve()), {}, pair.clock);
  ASSERT_TRUE(stage.connect(may_move).ok());
  const auto fast = stage.set_velocity(0, 1.0);
  ASSERT_FALSE(fast.ok());
  EXPECT_EQ(fast.error().code, Errc::limit_rejected);
  EXPECT_THAT(fast.error().detail, HasSubstr("8: velocity out of limits"));
  {
    const std::lock_guard lock(pair.world);
    pair.bench.controller.set_servo(0, false);
  }
  EXPECT_EQ(move(stage, 0, 1e-6).error().code, Errc::device_fault);
  EXPECT_TRUE(move(stage, 1, 1e-6).ok());
}

TEST(GcsStage, HaltsAndStopsHoldTheStageAndAreNoErrors) {
  for (const auto& stop : {std::function<void(GcsStage&)>([](GcsStage& s) { EXPECT_TRUE(s.halt(0).ok()); }),
                           std::function<void(GcsStage&)>([](GcsStage& s) { EXPECT_TRUE(s.stop_all().ok()); }),
                           std::function<void(GcsStage&)>([](GcsStage& s) { s.make_safe(); })}) {
    GcsPair pair(10e-3);
    GcsStage stage(tcp(pair.serve()), {}, pair.clock);
    ASSERT_TRUE(stage.connect(may_move).ok());
    ASSERT_TRUE(move(stage, 0, 150e-6).ok());
    stop(stage);
    EXPECT_FALSE(stage.moving().value());
    EXPECT_LT(stage.positions().value()[0], 10e-6);
    EXPECT_EQ(stage.health().condition, Health::Condition::ok);
    EXPECT_TRUE(move(stage, 0, 1e-6).ok());
  }
}

/// A controller that answers as the bench does until it is told otherwise.
struct Misbehaving {
  explicit Misbehaving(double timeout = stage_hasty) {
    const int port = served.server.add_tcp(servers::loopback, 0, [this]() -> std::unique_ptr<servers::Session> {
      return std::make_unique<Crooked>(*this);
    });
    served.start();
    stage.emplace(tcp(port, timeout), drivers::GcsConfig{}, clock);
    EXPECT_TRUE(stage->connect(may_move).ok());
  }
  void answer(const std::string& bytes) {
    const std::lock_guard lock(world);
    instead = bytes;
  }
  class Crooked final : public servers::Session {
   public:
    explicit Crooked(Misbehaving& owner) : owner_(owner), inner_(owner.bench.controller) {}
    std::string feed(std::string_view bytes) override {
      const std::string reply = inner_.feed(bytes);
      return owner_.instead ? *owner_.instead : reply;
    }

   private:
    Misbehaving& owner_;
    servers::GcsSession inner_;
  };

  GcsBench bench{1e-3};
  BenchClock clock{bench.time};
  std::mutex world;
  std::optional<std::string> instead;
  Served served{{.world = &world}};
  std::optional<GcsStage> stage;
};

TEST(GcsStage, AfterSilenceNothingMovesUntilItIsConnectedAgainAndAStopIsStillSent) {
  Misbehaving rig;
  ASSERT_TRUE(move(*rig.stage, 0, 150e-6).ok());
  rig.answer("");
  EXPECT_EQ(rig.stage->positions().error().code, Errc::timeout);
  EXPECT_EQ(rig.stage->positions().error().code, Errc::needs_reconnect);
  EXPECT_EQ(move(*rig.stage, 0, 1e-6).error().code, Errc::needs_reconnect);
  EXPECT_EQ(rig.stage->health().condition, Health::Condition::faulted);
  rig.stage->make_safe();
  {
    const std::lock_guard lock(rig.world);
    EXPECT_FALSE(rig.bench.stage.moving(0));
    rig.instead.reset();
  }
  // A stop that is confirmed does not make the rest certain.
  rig.stage->make_safe();
  EXPECT_EQ(rig.stage->positions().error().code, Errc::needs_reconnect);
  ASSERT_TRUE(rig.stage->connect({}).ok());
  EXPECT_TRUE(rig.stage->positions().ok());
}

TEST(GcsStage, GarbageIsAProtocolErrorAndNeverANumber) {
  for (const std::string& garbage :
       {std::string("hello\n"), std::string("1=nan \n2=0 \n3=0\n"), std::string("1=1e999 \n2=0 \n3=0\n"),
        std::string("2=1 \n1=0 \n3=0\n"), std::string("1=0 \n2=0\n"), std::string("1= \n2=0 \n3=0\n"),
        std::string("\n"), std::string(10000, 'x'), std::string("1=0x10 \n2=0 \n3=0\n")}) {
    Misbehaving rig;
    rig.answer(garbage);
    const auto positions = rig.stage->positions();
    ASSERT_FALSE(positions.ok()) << garbage.substr(0, 40);
    EXPECT_EQ(positions.error().code, Errc::protocol) << garbage.substr(0, 40);
    EXPECT_EQ(rig.stage->positions().error().code, Errc::needs_reconnect);
  }
}

TEST(GcsStage, AnUnknownQueryIsToldFromALostReply) {
  GcsPair pair;
  drivers::GcsLine line(drivers::connect_tcp("127.0.0.1", pair.serve(), stage_hasty).value());
  const auto unknown = line.ask("QQQ?");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, Errc::protocol);
  EXPECT_THAT(unknown.error().detail, HasSubstr("2: unknown command"));
}

TEST(GcsStage, AServerThatRestartsIsAnotherConnection) {
  std::optional<GcsPair> pair(std::in_place);
  const int port = pair->serve();
  BenchSeconds time;
  BenchClock clock(time);
  GcsStage stage(tcp(port), {}, clock);
  ASSERT_TRUE(stage.connect(may_move).ok());
  pair.reset();
  EXPECT_EQ(move(stage, 0, 1e-6).error().code, Errc::disconnected);
  EXPECT_EQ(move(stage, 0, 1e-6).error().code, Errc::needs_reconnect);
  EXPECT_EQ(stage.connect(may_move).error().code, Errc::disconnected);
  stage.make_safe();
  pair.emplace();
  ASSERT_EQ(pair->served.server.add_tcp(servers::loopback, port, servers::gcs_sessions(pair->bench.controller)), port);
  pair->served.start();
  ASSERT_TRUE(stage.connect(may_move).ok());
  EXPECT_TRUE(move(stage, 0, 1e-6).ok());
}

TEST(GcsStage, AxesThatTheControllerDoesNotHaveAreRefused) {
  GcsPair pair;
  GcsStage stage(tcp(pair.serve()), {.axes = {"1", "7"}}, pair.clock);
  const auto outcome = stage.connect(may_move);
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(describe(outcome.error()), HasSubstr("no axis '7', it has '1', '2', '3'"));
  EXPECT_THROW(GcsStage(tcp(1), {.axes = {}}, pair.clock), InputError);
  EXPECT_THROW(GcsStage(tcp(1), {.axes = {"1", "1"}}, pair.clock), InputError);
  EXPECT_THROW(GcsStage(tcp(1), {.axes = {"1\nSTP"}}, pair.clock), InputError);
}

}  // namespace
}  // namespace seccm::instrument::testing
