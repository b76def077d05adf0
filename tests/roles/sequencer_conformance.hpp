// What every ProbeSequencer has to do, whatever is behind it: run on the twin, on the guarded twin, on each driver.
//
// A fixture F is default-constructible, owns a rig with a disconnected sequencer at a time before its first program,
// and has
//   ProbeSequencer& sequencer();   Clock& clock();
//   double approach_floor();       // m: an approach from the top down to here meets nothing
//   double settling_error();       // m: largest |measured - commanded| of a frame after 100 ms at rest
// TYPED_TEST_SUITE(...) in the box that owns F instantiates it:
//   INSTANTIATE_TYPED_TEST_SUITE_P(Twin, SequencerConformance, TwinFixture);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "instrument/roles/clock.hpp"
#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument::testing {

inline constexpr double no_deadline = 1e9;  // s

/// Reads until the program has ended; a failed read fails the test.
inline std::vector<Frame> read_all(ProbeSequencer& sequencer, std::size_t chunk = 4096) {
  std::vector<Frame> frames, buffer(chunk);
  for (;;) {
    const auto count = sequencer.read(buffer, no_deadline);
    EXPECT_TRUE(count.ok()) << (count.ok() ? "" : describe(count.error()));
    if (!count.ok() || count.value() == 0) return frames;
    frames.insert(frames.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count.value()));
  }
}

inline ::testing::AssertionResult succeeded(const Outcome& outcome) {
  if (outcome.ok()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << describe(outcome.error());
}

inline Waypoint move_z(double z, double speed = 50e-6) {
  Waypoint w;
  w.z = z;
  w.speed_z = speed;
  w.tag = 1;
  return w;
}

inline Waypoint move_xy(double x, double y) {
  Waypoint w;
  w.x = x;
  w.y = y;
  w.tag = 1;
  return w;
}

inline Waypoint hold(double seconds, std::int32_t tag = 1) {
  Waypoint w;
  w.hold = seconds;
  w.tag = tag;
  return w;
}

inline Program program_of(std::vector<Waypoint> waypoints) {
  return {std::move(waypoints), {}};
}

template <class F>
class SequencerConformance : public ::testing::Test {
 protected:
  void connect() { ASSERT_TRUE(succeeded(sequencer().connect({.allow_motion = true}))); }
  ProbeSequencer& sequencer() { return fixture_.sequencer(); }
  SequencerStatus status() { return sequencer().status().value(); }
  /// A point half a travel away from where it stands, at the same height.
  Waypoint lateral_move() {
    const Limits l = sequencer().limits();
    const double x = status().x;
    return move_xy(x < 0.5 * (l.x_min + l.x_max) ? x + 10e-6 : x - 10e-6, status().y);
  }

  F fixture_;
};

TYPED_TEST_SUITE_P(SequencerConformance);

TYPED_TEST_P(SequencerConformance, SaysWhoItIs) {
  EXPECT_FALSE(this->sequencer().identity().model.empty());
}

TYPED_TEST_P(SequencerConformance, DoesNothingBeforeItIsConnected) {
  const auto outcome = this->sequencer().start(program_of({hold(0.1)}));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::disconnected);
  EXPECT_EQ(this->sequencer().status().error().code, Errc::disconnected);
  EXPECT_NE(this->sequencer().health().condition, Health::Condition::ok);
}

TYPED_TEST_P(SequencerConformance, ConnectingNeedsConsentToMotion) {
  ASSERT_FALSE(this->sequencer().connect({}).ok());
  EXPECT_TRUE(succeeded(this->sequencer().connect({.allow_motion = true})));
  EXPECT_EQ(this->sequencer().health().condition, Health::Condition::ok);
}

TYPED_TEST_P(SequencerConformance, ConnectingTwiceMovesNothing) {
  this->connect();
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({this->lateral_move()}))));
  read_all(this->sequencer());
  const auto before = this->status();
  ASSERT_TRUE(succeeded(this->sequencer().connect({.allow_motion = true})));
  EXPECT_EQ(this->status().x, before.x);
  EXPECT_EQ(this->status().z, before.z);
  EXPECT_EQ(this->status().t, before.t);
}

TYPED_TEST_P(SequencerConformance, RejectsBadProgramsWithAMessageAndMovesNothing) {
  this->connect();
  const Limits l = this->sequencer().limits();
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const Waypoint good = hold(0.01);
  const auto bad = [&](const std::function<void(Waypoint&)>& spoil) {
    Waypoint w = good;
    spoil(w);
    return program_of({good, w});
  };
  std::vector<Program> programs{
      program_of({}),
      bad([&](Waypoint& w) { w.x = nan; }),
      bad([&](Waypoint& w) { w.y = inf; }),
      bad([&](Waypoint& w) { w.z = l.z_max + 1e-9; }),
      bad([&](Waypoint& w) { w.z = l.z_min - 1e-9; }),
      bad([&](Waypoint& w) { w.x = l.x_max + 1e-6; }),
      bad([&](Waypoint& w) { w.z = 0.9 * l.z_max, w.speed_z = -1e-6; }),
      bad([&](Waypoint& w) { w.z = 0.9 * l.z_max, w.speed_z = 0.0; }),
      bad([&](Waypoint& w) { w.z = 0.9 * l.z_max, w.speed_z = nan; }),
      bad([&](Waypoint& w) { w.z = 0.9 * l.z_max, w.speed_z = 2.0 * l.speed_z_max; }),
      bad([&](Waypoint& w) { w.x = 0.4 * l.x_max, w.speed_xy = 2.0 * l.speed_xy_max; }),
      bad([&](Waypoint& w) { w.E1 = nan, w.jump_E1 = true; }),
      bad([&](Waypoint& w) { w.E1 = l.E_max + 0.01, w.jump_E1 = true; }),
      bad([&](Waypoint& w) { w.E1 = 0.1, w.rate_E1 = 0.0; }),
      bad([&](Waypoint& w) { w.E1 = 0.1, w.rate_E1 = -0.1; }),
      bad([&](Waypoint& w) { w.E1 = 0.1, w.rate_E1 = 2.0 * l.rate_E_max; }),
      bad([&](Waypoint& w) { w.hold = -1.0; }),
      bad([&](Waypoint& w) { w.hold = nan; }),
      bad([&](Waypoint& w) { w.tag = 0; }),
      bad([&](Waypoint& w) { w.tag = 32768; }),
  };
  Program no_threshold = bad([&](Waypoint& w) { w.z = 0.9 * l.z_max, w.stop = StopRule::on_contact; });
  no_threshold.contact.threshold = nan;
  programs.push_back(no_threshold);
  const auto before = this->status();
  for (std::size_t k = 0; k < programs.size(); ++k) {
    const auto verdict = this->sequencer().check(programs[k]);
    const auto outcome = this->sequencer().start(programs[k]);
    ASSERT_FALSE(verdict.ok()) << "program " << k;
    ASSERT_FALSE(outcome.ok()) << "program " << k;
    EXPECT_EQ(outcome.error().code, Errc::limit_rejected) << "program " << k << ": " << describe(outcome.error());
    EXPECT_EQ(outcome.error().detail, verdict.error().detail);
    EXPECT_FALSE(outcome.error().detail.empty());
  }
  EXPECT_EQ(this->status().t, before.t);
  EXPECT_EQ(this->status().z, before.z);
  EXPECT_EQ(this->status().state, before.state);
}

TYPED_TEST_P(SequencerConformance, RefusesALateralMoveWithoutClearance) {
  this->connect();
  Waypoint down = move_z(this->fixture_.approach_floor(), 20e-6);
  down.stop = StopRule::on_contact;
  const auto outcome = this->sequencer().start(program_of({down, this->lateral_move(), hold(0.01)}));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::interlock_tripped);
  EXPECT_NE(outcome.error().detail.find("waypoint 2"), std::string::npos) << outcome.error().detail;
}

TYPED_TEST_P(SequencerConformance, FrameTimesAreWholeIntervalsWithoutGaps) {
  this->connect();
  const double interval = this->sequencer().capabilities().frame_interval;
  const Program program = program_of({hold(0.3), this->lateral_move(), hold(0.0123)});
  const auto cost = this->sequencer().check(program).value();
  ASSERT_TRUE(succeeded(this->sequencer().start(program)));
  const auto frames = read_all(this->sequencer(), 37);
  EXPECT_EQ(frames.size(), cost.frames);
  EXPECT_NEAR(cost.duration, static_cast<double>(frames.size()) * interval, interval);
  for (std::size_t k = 0; k < frames.size(); ++k) {
    // A double holds a time of some seconds to 1e-15 s; 1e-12 s is far below the clock's 25 ns.
    ASSERT_NEAR(frames[k].t, frames.front().t + static_cast<double>(k) * interval, 1e-12) << "frame " << k;
  }
}

TYPED_TEST_P(SequencerConformance, EveryChannelIsASixteenBitWord) {
  this->connect();
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({this->lateral_move()}))));
  const Capabilities c = this->sequencer().capabilities();
  const auto word = [](double value, const ChannelScale& s) {
    const double count = (value - s.offset) / s.lsb;
    return std::abs(count - std::nearbyint(count)) < 1e-6 && count >= -32768.0 && count <= 32767.0;
  };
  for (const Frame& f : read_all(this->sequencer())) {
    ASSERT_TRUE(word(f.x, c.x) && word(f.y, c.y) && word(f.z, c.z) && word(f.E1, c.E1) && word(f.i1, c.i1));
  }
}

TYPED_TEST_P(SequencerConformance, ArrivesWhereItWasSentWithTheTagOfTheWaypoint) {
  this->connect();
  const Limits l = this->sequencer().limits();
  Waypoint up = move_z(0.95 * l.z_max), jump = hold(0.1, 7);
  jump.E1 = -0.25;
  jump.jump_E1 = true;
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({up, jump, hold(0.1, 32767)}))));
  const auto frames = read_all(this->sequencer());
  const auto end = this->status();
  EXPECT_EQ(end.state, RunState::completed);
  EXPECT_EQ(end.executed, 3U);
  const Capabilities c = this->sequencer().capabilities();
  // Half a count: a driver knows what the converter applies, not what was asked for.
  EXPECT_NEAR(end.z, 0.95 * l.z_max, 0.5001 * c.z.lsb);
  EXPECT_NEAR(end.E1, -0.25, 0.5001 * c.E1.lsb);
  EXPECT_NEAR(frames.back().z, 0.95 * l.z_max, this->fixture_.settling_error() + c.z.lsb);
  EXPECT_NEAR(frames.back().E1, -0.25, 0.5001 * c.E1.lsb);
  EXPECT_EQ(frames.front().tag, 1);
  EXPECT_EQ(frames.back().tag, 32767);
  EXPECT_TRUE(std::any_of(frames.begin(), frames.end(), [](const Frame& f) { return f.tag == 7; }));
}

TYPED_TEST_P(SequencerConformance, RunsOneProgramAtATime) {
  this->connect();
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({hold(0.5)}))));
  const auto second = this->sequencer().start(program_of({hold(0.1)}));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::interlock_tripped);
  EXPECT_EQ(this->status().state, RunState::running);
  const double interval = this->sequencer().capabilities().frame_interval;
  EXPECT_EQ(read_all(this->sequencer()).size(), static_cast<std::size_t>(std::ceil(0.5 / interval)));
}

TYPED_TEST_P(SequencerConformance, AbortStopsWhereItIsAndKeepsTheFrames) {
  this->connect();
  const double start = this->status().x;
  Waypoint far = this->lateral_move();
  far.speed_xy = 10e-6;  // 1 s
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({far}))));
  this->fixture_.clock().sleep_until(this->fixture_.clock().now() + 0.4, {});
  ASSERT_TRUE(succeeded(this->sequencer().abort()));
  const auto stopped = this->status();
  EXPECT_EQ(stopped.state, RunState::aborted);
  EXPECT_GT(std::abs(stopped.x - start), 1e-6);
  EXPECT_GT(std::abs(stopped.x - *far.x), 1e-6);
  const auto frames = read_all(this->sequencer());
  EXPECT_NEAR(static_cast<double>(frames.size()), 0.4 / this->sequencer().capabilities().frame_interval, 2.0);
  this->fixture_.clock().sleep_until(this->fixture_.clock().now() + 1.0, {});
  EXPECT_EQ(this->status().x, stopped.x);
  EXPECT_TRUE(succeeded(this->sequencer().abort()));
  // A device that can only be stopped for good says so, and works again after a reconnect.
  const auto again = this->sequencer().start(program_of({hold(0.01)}));
  if (again.ok()) return;
  EXPECT_EQ(again.error().code, Errc::needs_reconnect) << describe(again.error());
  EXPECT_FALSE(this->sequencer().connect({}).ok()) << "reconnecting moves the stage";
  this->connect();
  EXPECT_TRUE(succeeded(this->sequencer().start(program_of({hold(0.01)}))));
}

TYPED_TEST_P(SequencerConformance, ReadingHonoursItsDeadline) {
  this->connect();
  auto& clock = this->fixture_.clock();
  std::vector<Frame> buffer(1000);
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({hold(0.1)}))));
  const auto late = this->sequencer().read(buffer, clock.now() - 1.0);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, Errc::timeout);
  EXPECT_TRUE(late.error().retryable);
  const double interval = this->sequencer().capabilities().frame_interval;
  EXPECT_FALSE(this->sequencer().read(buffer, clock.now() + 0.5 * interval).ok());
  const double deadline = clock.now() + 20.0 * interval;
  const auto some = this->sequencer().read(buffer, deadline).value();
  EXPECT_GE(some, 1U);
  EXPECT_LE(some, 21U);
  for (std::size_t k = 0; k < some; ++k) EXPECT_LE(buffer[k].t, deadline + 1e-9);
  read_all(this->sequencer());
  EXPECT_EQ(this->sequencer().read(buffer, no_deadline).value(), 0U);
  EXPECT_EQ(this->sequencer().read(std::span<Frame>{}, no_deadline).value(), 0U);
}

TYPED_TEST_P(SequencerConformance, MakeSafeRetractsAndMayBeCalledAgain) {
  this->sequencer().make_safe();  // not connected: nothing to do, nothing thrown
  this->connect();
  const Limits l = this->sequencer().limits();
  Waypoint down = move_z(0.8 * l.z_max), jump = hold(1.0);
  jump.E1 = -0.2;
  jump.jump_E1 = true;
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({jump, down}))));
  this->fixture_.clock().sleep_until(this->fixture_.clock().now() + 0.5, {});
  this->sequencer().make_safe();
  const auto safe = this->status();
  EXPECT_NE(safe.state, RunState::running);
  EXPECT_EQ(safe.z, l.z_max);
  EXPECT_EQ(safe.E1, 0.0);
  this->sequencer().make_safe();
  EXPECT_EQ(this->status().t, safe.t);
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({hold(0.01)}))));
}

TYPED_TEST_P(SequencerConformance, EndOfTravelIsNotContact) {
  this->connect();
  Waypoint approach = move_z(this->fixture_.approach_floor(), 20e-6);
  approach.stop = StopRule::on_contact;
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({approach, hold(1.0, 9)}))));
  const auto frames = read_all(this->sequencer());
  EXPECT_EQ(this->status().state, RunState::limit_reached);
  EXPECT_EQ(this->status().executed, 0U);
  for (const Frame& f : frames) {
    ASSERT_EQ(f.flags & Frame::contact, 0);
    ASSERT_NE(f.tag, 9) << "a waypoint behind the failed approach ran";
  }
}

TYPED_TEST_P(SequencerConformance, AFastApproachHandsOnToASlowOne) {
  this->connect();
  const double floor = this->fixture_.approach_floor();
  Waypoint fast = move_z(floor + 2e-6, 50e-6), slow = move_z(floor, 20e-6);
  fast.stop = slow.stop = StopRule::on_contact;
  slow.tag = 2;
  ASSERT_TRUE(succeeded(this->sequencer().start(program_of({fast, slow, hold(1.0, 9)}))));
  const auto frames = read_all(this->sequencer());
  EXPECT_EQ(this->status().state, RunState::limit_reached);
  EXPECT_EQ(this->status().executed, 1U);
  EXPECT_NEAR(this->status().z, floor, 0.5001 * this->sequencer().capabilities().z.lsb);
  EXPECT_EQ(frames.back().tag, 2);
}

REGISTER_TYPED_TEST_SUITE_P(SequencerConformance, SaysWhoItIs, DoesNothingBeforeItIsConnected,
                            ConnectingNeedsConsentToMotion, ConnectingTwiceMovesNothing,
                            RejectsBadProgramsWithAMessageAndMovesNothing, RefusesALateralMoveWithoutClearance,
                            FrameTimesAreWholeIntervalsWithoutGaps, EveryChannelIsASixteenBitWord,
                            ArrivesWhereItWasSentWithTheTagOfTheWaypoint, RunsOneProgramAtATime,
                            AbortStopsWhereItIsAndKeepsTheFrames, ReadingHonoursItsDeadline,
                            MakeSafeRetractsAndMayBeCalledAgain, EndOfTravelIsNotContact,
                            AFastApproachHandsOnToASlowOne);

}  // namespace seccm::instrument::testing
