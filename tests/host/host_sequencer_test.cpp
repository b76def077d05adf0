// What is the host sequencer's own: its contact latency and the overshoot that it costs, the staircase, time stamps,
// faults of either instrument.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "instrument/twin/truth.hpp"
#include "sim/error.hpp"
#include "tests/host/host_fixture.hpp"

namespace seccm::instrument::host_test {
namespace {

using ::testing::HasSubstr;

/// Nothing but geometry, latency and lag between command and contact.
twin::TwinSpec plain_spec() {
  return twin::testing::silent(twin::testing::ideal_stage(small_spec()));
}

Waypoint jump_to(double E) {
  Waypoint w = hold(0.0);
  w.E1 = E;
  w.jump_E1 = true;
  return w;
}

/// Down onto clean gold at `speed` from 4 um above it, 0.5 V vs QRCE; where the program's rule stopped the stage.
template <class Rig>
double stop_height(Rig& rig, double surface, double speed) {
  rig.connect();
  rig.run(program_of({jump_to(0.5), move_xy(blank_x, blank_y), move_z(surface + 4e-6, 20e-6), hold(0.2)}));
  Waypoint approach = move_z(surface - 2e-6, speed);
  approach.stop = StopRule::on_contact;
  Program program = program_of({approach});
  program.contact.threshold = 5e-12;
  const auto frames = rig.run(program);
  EXPECT_EQ(rig.state(), RunState::contact);
  EXPECT_NE(frames.back().flags & Frame::contact, 0);
  return rig.sequencer().status().value().z;
}

/// How far below the stop of the twin's own controller, which takes microseconds, the host stops.
double overshoot(HostFixture& rig, double speed) {
  twin::testing::TwinFixture direct(plain_spec(), 7);
  const double host = stop_height(rig, rig.twin().truth().surface_z, speed);
  EXPECT_EQ(rig.twin().truth().landings.size(), 1U);
  return stop_height(direct, rig.twin().truth().surface_z, speed) - host;
}

TEST(HostSequencer, StatesItsLatencyAndOvershootsNoFurther) {
  const double lag = plain_spec().stage.response_time.si();
  double total = 0.0, at_once = 0.0;
  for (const double speed : {0.5e-6, 1e-6, 2e-6, 3e-6}) {
    HostFixture rig(plain_spec());
    const double beyond = overshoot(rig, speed);
    const Capabilities can = rig.sequencer().capabilities();
    EXPECT_FALSE(can.device_side_contact);
    EXPECT_DOUBLE_EQ(can.contact_latency, 2.5 * can.frame_interval + 1e-3);
    // No later than the stated latency; where the stage stopped is read from its sensor, which lags by v τ.
    EXPECT_GT(beyond, -speed * lag) << speed;
    EXPECT_LE(beyond, speed * (can.contact_latency + lag) + can.z.lsb) << speed;
    total += beyond;
    at_once += speed * 1e-3;  // as long as the halt itself is on its way
    std::printf("%.1f um/s: overshoot %.1f nm, stated at most %.1f nm\n", speed * 1e6, beyond * 1e9,
                speed * can.contact_latency * 1e9);
  }
  EXPECT_GT(total, at_once);
}

TEST(HostSequencer, ShorterFramesOvershootLess) {
  HostFixture slow(plain_spec());
  drivers::HostConfig quick;
  quick.frame_interval = 10.0 * unit::ms;
  quick.busy_slack = 9.0 * unit::ms;
  HostFixture fast(plain_spec(), quick);
  EXPECT_DOUBLE_EQ(fast.sequencer().capabilities().contact_latency, 26e-3);
  const double speed = 3e-6;
  EXPECT_LE(overshoot(fast, speed), speed * (21e-3 + plain_spec().stage.response_time.si()) + 1e-8);
  EXPECT_GT(overshoot(slow, speed), 0.0);
}

TEST(HostSequencer, ARampIsAStaircaseThatEndsOnItsTarget) {
  HostFixture rig(plain_spec());
  rig.connect();
  Waypoint ramp;
  ramp.E1 = -0.0333;
  ramp.rate_E1 = 0.1;  // 2 mV per frame
  ramp.tag = 5;
  const auto frames = rig.run(program_of({hold(0.1), ramp}));
  const Capabilities can = rig.sequencer().capabilities();
  ASSERT_EQ(frames.size(), 5U + 17U);
  for (std::size_t k = 0; k < 17; ++k) {
    EXPECT_NEAR(frames[5 + k].E1, std::max(-0.0333, -2e-3 * static_cast<double>(k + 1)), 0.5001 * can.E1.lsb);
    EXPECT_EQ(frames[5 + k].tag, 5);
  }
  // In air: the charge of each step into the stray capacitance, within the aperture (its first frame's is shorter).
  const double charge = plain_spec().amplifier.stray_capacitance.si() * -2e-3;
  EXPECT_NEAR(frames[6].i1, charge / 18e-3, can.i1.lsb);
  EXPECT_NEAR(frames[5].i1, charge / 10e-3, can.i1.lsb);
  EXPECT_NEAR(frames[2].i1, 0.0, can.i1.lsb);
}

// The charge of a step that follows at once, of a capacitance, flows inside the aperture and is divided by it: C v T
// over the aperture T - slack, where a ramp drives C v. So a voltammogram is wider by that much of its capacitive
// current.
TEST(HostSequencer, AStaircaseReadsCapacitiveCurrentsHigherByTheFrameOverTheAperture) {
  const twin::TwinSpec spec = twin::testing::silent(plain_spec());
  const drivers::HostConfig config;
  HostFixture rig(spec);
  rig.connect();
  for (const double rate : {0.1, -0.1}) {
    Waypoint ramp;
    ramp.E1 = std::copysign(0.05, rate);
    ramp.rate_E1 = std::abs(rate);
    ramp.tag = 5;
    const auto frames = rig.run(program_of({ramp}));
    ASSERT_GE(frames.size(), 25U);
    const double T = config.frame_interval.si(), aperture = T - config.quiet_slack.si();
    const double expected = spec.amplifier.stray_capacitance.si() * rate * T / aperture;
    EXPECT_NEAR(expected / (spec.amplifier.stray_capacitance.si() * rate), 10.0 / 9.0, 1e-12);
    for (std::size_t k = 1; k + 1 < frames.size(); ++k) {
      EXPECT_NEAR(frames[k].i1, expected, 0.6 * rig.sequencer().capabilities().i1.lsb) << k;
    }
  }
}

TEST(HostSequencer, ContactOfAnEarlierLandingSetsTheSafeHeight) {
  HostFixture rig(plain_spec());
  overshoot(rig, 2e-6);
  const double z = rig.sequencer().status().value().z;
  const auto low = rig.sequencer().start(program_of({move_xy(blank_x + 5e-6, blank_y)}));
  EXPECT_EQ(low.error().code, Errc::interlock_tripped);
  EXPECT_THAT(describe(low.error()), HasSubstr("host sequencer"));
  rig.run(program_of({move_z(z + 3e-6, 20e-6), move_xy(blank_x + 5e-6, blank_y)}));
  EXPECT_EQ(rig.state(), RunState::completed);
}

// In air the current is none: 20 pA from a baseline of ±20 pA, which is contact at a threshold of 5 pA, in the first
// frame; and none from 0, to the end of the travel.
TEST(HostSequencer, ContactIsADistanceFromTheBaseline) {
  for (const double baseline : {20e-12, -20e-12, 0.0}) {
    HostFixture rig(plain_spec());
    rig.connect();
    const double top = rig.sequencer().limits().z_max;
    Waypoint approach = move_z(top - 2e-6, 2e-6);
    approach.stop = StopRule::on_contact;
    Program program = program_of({approach});
    program.contact = {.threshold = 5e-12, .baseline = baseline};
    const auto frames = rig.run(program);
    if (baseline == 0.0) {
      EXPECT_EQ(rig.state(), RunState::limit_reached);
      EXPECT_GE(frames.size(), 50U);
    } else {
      EXPECT_EQ(rig.state(), RunState::contact) << baseline;
      EXPECT_EQ(frames.size(), 1U);
    }
  }
}

/// The amplifier's offset for a source meter: adds `offset` to each reading on its way to the host.
DirectStream::Spoil with_offset(double offset) {
  return [offset](const std::string&, std::string reply) {
    const std::size_t first = reply.find(',');
    const std::size_t second = first == std::string::npos ? first : reply.find(',', first + 1);
    if (second == std::string::npos || reply.find(',', second + 1) == std::string::npos) return reply;
    const double i = std::stod(reply.substr(first + 1, second - first - 1)) + offset;
    return reply.substr(0, first + 1) + fmt::format("{:.9e}", i) + reply.substr(second);
  };
}

// An offset of four thresholds: the approach that is told of it stops at the surface, at the same height as the one
// without.
TEST(HostSequencer, AnOffsetCurrentThatIsToldDoesNotMoveTheContact) {
  double heights[3];
  int k = 0;
  for (const double offset : {0.0, 20e-12, -20e-12}) {
    HostFixture rig(plain_spec());
    rig.connect();
    rig.spoil_meter = with_offset(offset);
    const double surface = rig.twin().truth().surface_z;
    const auto before =
        rig.run(program_of({jump_to(0.5), move_xy(blank_x, blank_y), move_z(surface + 4e-6, 20e-6), hold(0.2)}));
    EXPECT_NEAR(before.back().i1, offset, rig.sequencer().capabilities().i1.lsb);
    Waypoint approach = move_z(surface - 2e-6, 2e-6);
    approach.stop = StopRule::on_contact;
    Program program = program_of({approach});
    program.contact = {.threshold = 5e-12, .baseline = offset};
    rig.run(program);
    EXPECT_EQ(rig.state(), RunState::contact) << offset;
    heights[k++] = rig.sequencer().status().value().z;
  }
  EXPECT_NEAR(heights[1], heights[0], 1e-12);
  EXPECT_NEAR(heights[2], heights[0], 1e-12);
}

TEST(HostSequencer, TheStageStandsStillBehindAContact) {
  HostFixture rig(plain_spec());
  const double z = stop_height(rig, rig.twin().truth().surface_z, 2e-6);
  rig.clock().sleep_until(rig.clock().now() + 2.0, {});
  // It stands where its sensor lags by v τ.
  EXPECT_NEAR(rig.twin().stage().target(2), z, 2e-6 * plain_spec().stage.response_time.si() + 2e-9);
  EXPECT_LT(rig.twin().truth().landings.at(0).t_end, 0.0) << "still in contact";
}

// 10 um at 5 um/s and at 20 um/s, along x and along z: the middle of each frame lies where the speed says.
TEST(HostSequencer, MovesAtTheSpeedOfEachWaypointAndReportsTheMiddleOfItsFrames) {
  HostFixture rig(plain_spec());
  rig.connect();
  const auto start = rig.sequencer().status().value();
  const double lag = plain_spec().stage.response_time.si();
  for (const double speed : {5e-6, 20e-6}) {
    Waypoint out = move_xy(start.x + 10e-6, start.y), back = move_xy(start.x, start.y);
    out.speed_xy = back.speed_xy = speed;
    const auto lateral = rig.run(program_of({out, back}));
    const auto vertical = rig.run(program_of({move_z(start.z - 10e-6, speed), move_z(start.z, speed)}));
    EXPECT_NEAR(static_cast<double>(lateral.size()) * 20e-3, 20e-6 / speed, 0.1);
    EXPECT_NEAR(static_cast<double>(vertical.size()) * 20e-3, 20e-6 / speed, 0.1);
    const double begun = lateral.front().t - 20e-3, begun_z = vertical.front().t - 20e-3;
    for (std::size_t k = 5; k < 20; ++k) {
      // Half a frame back from its end, a lag behind the command, a request of 1 ms later than asked at either look.
      EXPECT_NEAR(lateral[k].x, start.x + speed * (lateral[k].t - begun - 10e-3 - lag), speed * 2.5e-3) << k;
      EXPECT_NEAR(vertical[k].z, start.z - speed * (vertical[k].t - begun_z - 10e-3 - lag), speed * 2.5e-3) << k;
    }
  }
}

TEST(HostSequencer, SaysWhenTheSourceMeterDoesNotReachThePotentialRange) {
  drivers::HostConfig config;
  config.potential_range = 1000.0 * unit::V;
  HostFixture rig(small_spec(), config);
  const auto outcome = rig.sequencer().connect({.allow_motion = true});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::limit_rejected);
  EXPECT_THAT(outcome.error().detail, HasSubstr("host.potential_range = 1000 V"));
}

// Beyond the range of either sign the frame is flagged and shows that end of the range.
TEST(HostSequencer, ACurrentBeyondItsRangeIsFlaggedWithItsSign) {
  for (const double sign : {1.0, -1.0}) {
    HostFixture rig(plain_spec());
    rig.connect();
    const double range = rig.sequencer().limits().current_range;
    rig.spoil_meter = with_offset(sign * 1.02 * range);
    const auto frames = rig.run(program_of({hold(0.1)}));
    ASSERT_EQ(frames.size(), 5U);
    for (const Frame& frame : frames) {
      EXPECT_NE(frame.flags & Frame::current_saturated, 0);
      EXPECT_NEAR(frame.i1, sign * range, rig.sequencer().capabilities().i1.lsb);
    }
    rig.spoil_meter = with_offset(sign * 0.98 * range);
    for (const Frame& frame : rig.run(program_of({hold(0.1)}))) EXPECT_EQ(frame.flags & Frame::current_saturated, 0);
  }
}

TEST(HostSequencer, RunsWithEitherDialect) {
  HostFixture rig(plain_spec(), {}, servers::ScpiDialect::keithley_2450);
  overshoot(rig, 2e-6);
  EXPECT_THAT(rig.sequencer().identity().model, HasSubstr("MODEL 2450"));
}

TEST(HostSequencer, ASlowInstrumentLosesFramesAndSaysSo) {
  HostFixture rig;
  rig.connect();
  ASSERT_TRUE(succeeded(rig.sequencer().start(program_of({hold(1.0)}))));
  int asked = 0;
  rig.spoil_meter = [&](const std::string&, std::string reply) {
    if (++asked == 5) rig.twin().clock().sleep_until(rig.twin().clock().now() + 0.015, {});
    return reply;
  };
  std::vector<Frame> frames(100);
  std::size_t got = 0;
  Result<std::size_t> last = std::size_t{0};
  do {
    last = rig.sequencer().read(frames, 1e9);
    got += last.ok() ? last.value() : 0;
  } while (last.ok() && last.value() > 0);
  ASSERT_FALSE(last.ok());
  EXPECT_EQ(last.error().code, Errc::overflow) << describe(last.error());
  EXPECT_EQ(got, 4U);
  EXPECT_EQ(rig.state(), RunState::faulted);
}

/// Runs `program` to its end; whatever `rig` does to it, no frame may be lost.
std::size_t frames_of(HostFixture& rig, const Program& program) {
  const std::size_t count = rig.run(program).size();
  EXPECT_EQ(rig.state(), RunState::completed) << rig.sequencer().health().detail;
  return count;
}

TEST(HostSequencer, AHesitationIsMadeUpForByAShorterApertureAndNotPassedOn) {
  HostFixture rig;
  rig.connect();
  // Beside what goes on in a frame of 20 ms: 1 ms of the look and 1 ms of the request. A whole aperture of 18 ms would
  // make the second frame late by 11 ms.
  constexpr double hesitation = 6e-3;
  int looks = 0;
  rig.spoil_stage = [&](const std::string& sent, std::string reply) {
    const bool between_frames = sent.starts_with("POS?") && ++looks > 1;  // the first one comes before the program
    if (between_frames) rig.twin().clock().sleep_until(rig.twin().clock().now() + hesitation, {});
    return reply;
  };
  std::vector<double> apertures;
  rig.spoil_meter = [&](const std::string& sent, std::string reply) {
    constexpr std::string_view set = ":SENS:CURR:NPLC ";
    if (sent.starts_with(set)) apertures.push_back(std::stod(sent.substr(set.size())) / 50.0);
    return reply;
  };
  EXPECT_EQ(frames_of(rig, program_of({hold(1.0)})), 50U);
  // 10 ms of the first frame, of which nothing is late; then what the hesitation leaves of 18 ms.
  ASSERT_GE(apertures.size(), 2U);
  EXPECT_NEAR(apertures[0], 10e-3, 1e-8);
  for (std::size_t k = 1; k < apertures.size(); ++k) EXPECT_NEAR(apertures[k], 18e-3 - hesitation, 1e-6) << k;
}

TEST(HostSequencer, NoApertureIsShortenedBelowHalf) {
  HostFixture rig;
  rig.connect();
  double least = 1.0;
  int asked = 0;
  rig.spoil_meter = [&](const std::string& sent, std::string reply) {
    constexpr std::string_view set = ":SENS:CURR:NPLC ";
    if (sent.starts_with(set)) least = std::min(least, std::stod(sent.substr(set.size())) / 50.0);
    // 9 ms late: within half a frame, and 9 ms less aperture than planned for the next one.
    if (++asked % 5 == 0) rig.twin().clock().sleep_until(rig.twin().clock().now() + 9e-3, {});
    return reply;
  };
  rig.spoil_stage = [&](const std::string&, std::string reply) {
    if (asked > 0 && asked % 5 == 0) rig.twin().clock().sleep_until(rig.twin().clock().now() + 9e-3, {});
    return reply;
  };
  EXPECT_EQ(frames_of(rig, program_of({hold(1.0)})), 50U);
  EXPECT_NEAR(least, 9e-3, 1e-8);
}

TEST(HostSequencer, ASourceMeterWhoseClockRunsFastLosesNoFrames) {
  HostFixture rig;
  rig.connect();
  // 100 ppm over 150 s: 15 ms, where half a frame is 10 ms.
  rig.spoil_meter = [](const std::string&, std::string reply) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at != std::string::npos;) {
      const std::size_t end = reply.find(',', at);
      words.push_back(reply.substr(at, end == std::string::npos ? end : end - at));
      at = end == std::string::npos ? end : end + 1;
    }
    if (words.size() < 4 || !words[3].starts_with("0.")) return reply;  // SOUR,READ,SEC,FRAC;code,"text"
    const std::size_t rest = words[3].find(';');
    const double t = (std::stod(words[2]) + std::stod(words[3].substr(0, rest))) * (1.0 + 1e-4);
    words[2] = fmt::format("{:.0f}", std::floor(t));
    words[3] = fmt::format("{:.9f}", t - std::floor(t)) + words[3].substr(rest);
    return fmt::format("{}", fmt::join(words, ","));
  };
  EXPECT_EQ(frames_of(rig, program_of({hold(150.0)})), 7500U);
}

void expect_fault(bool stage, Errc code) {
  HostFixture rig;
  rig.connect();
  const double top = rig.sequencer().limits().z_max;
  ASSERT_TRUE(succeeded(rig.sequencer().start(program_of({move_z(top - 20e-6, 10e-6)}))));
  rig.clock().sleep_until(rig.clock().now() + 1.0, {});
  (stage ? rig.spoil_stage : rig.spoil_meter) = [](const std::string&, const std::string&) { return "!\n"; };
  std::vector<Frame> frames(200);
  auto got = rig.sequencer().read(frames, 1e9);
  while (got.ok() && got.value() > 0) got = rig.sequencer().read(frames, 1e9);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, code) << describe(got.error());
  EXPECT_EQ(rig.state(), RunState::faulted);
  EXPECT_EQ(rig.sequencer().start(program_of({hold(0.1)})).error().code, Errc::needs_reconnect);
  const double stopped = rig.twin().stage().target(2);
  EXPECT_GT(stopped, top - 19e-6);
  EXPECT_LT(stopped, top - 5e-6);
  rig.sequencer().make_safe();
  // The stage that can be trusted retracts; the other stays where it stopped.
  EXPECT_EQ(rig.twin().stage().target(2), stage ? stopped : top);
  EXPECT_FALSE(rig.twin().source_meter().output());
  EXPECT_FALSE(rig.sequencer().connect({}).ok());
  rig.spoil_stage = rig.spoil_meter = nullptr;
  rig.connect();
  EXPECT_TRUE(succeeded(rig.sequencer().start(program_of({hold(0.1)}))));
}

TEST(HostSequencer, AFaultOfTheSourceMeterStopsTheStageAtOnce) {
  expect_fault(false, Errc::protocol);
}

TEST(HostSequencer, AFaultOfTheStageLeavesItWhereItStopped) {
  expect_fault(true, Errc::protocol);
}

TEST(HostSequencer, SaysWhenFrameAndSlacksDoNotFit) {
  drivers::HostConfig config;
  config.busy_slack = 20.0 * unit::ms;
  EXPECT_THROW(HostFixture(small_spec(), config), InputError);
  config = {};
  config.request_time = config.quiet_slack + 0.1 * unit::ms;
  EXPECT_THROW(HostFixture(small_spec(), config), InputError);
}

// The window of the words, either sign; what is one word beyond is refused.
TEST(HostSequencer, ItsWindowIsThatOfItsWords) {
  drivers::HostConfig config;
  config.potential_range = 1.6 * unit::V;
  HostFixture rig(small_spec(), config);
  rig.connect();
  const Limits l = rig.sequencer().limits();
  EXPECT_NEAR(l.E_max, 1.6 * 32767.0 / 32768.0, 1e-12);
  EXPECT_EQ(l.E_min, -l.E_max);
  EXPECT_TRUE(rig.sequencer().check(program_of({jump_to(1.5999), jump_to(-1.5999)})).ok());
  for (const double beyond : {1.6001, -1.6001})
    EXPECT_EQ(rig.sequencer().check(program_of({jump_to(beyond)})).error().code, Errc::limit_rejected);
}

TEST(HostSequencer, SaysWhenTheSourceMeterCanNotIntegrateForAFrame) {
  drivers::HostConfig config;
  config.frame_interval = 500.0 * unit::ms;
  HostFixture rig(small_spec(), config);
  const auto outcome = rig.sequencer().connect({.allow_motion = true});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::limit_rejected);
  EXPECT_THAT(outcome.error().detail, HasSubstr("490 ms to 498 ms, the source meter accepts 0.2 ms to 200 ms"));
}

TEST(HostSequencer, TheSameAgainGivesTheSameBytes) {
  std::vector<Frame> runs[2];
  for (auto& frames : runs) {
    HostFixture rig;
    rig.connect();
    Waypoint ramp = hold(0.0);
    ramp.E1 = 0.05;
    ramp.rate_E1 = 0.5;
    frames = rig.run(program_of({move_z(90e-6), ramp, hold(0.2)}));
  }
  ASSERT_EQ(runs[0].size(), runs[1].size());
  for (std::size_t k = 0; k < runs[0].size(); ++k) {
    EXPECT_EQ(runs[0][k].t, runs[1][k].t);
    EXPECT_EQ(runs[0][k].z, runs[1][k].z);
    EXPECT_EQ(runs[0][k].i1, runs[1][k].i1);
  }
}

}  // namespace
}  // namespace seccm::instrument::host_test
