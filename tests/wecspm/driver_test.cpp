#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/wecspm/watched_fpga.hpp"
#include "tests/wecspm/wecspm_fixture.hpp"

namespace seccm::instrument::wecspm::testing {
namespace {

const ImageMap& image() {
  static const ImageMap map = map_image(own_bitfile(), "synthetic");
  return map;
}

/// The driver over a watched target.
struct Watched {
  Watched() : api(fixture.target()), driver(api, fixture.clock(), quiet_config(), own_bitfile()) {}
  Outcome connect() { return driver.connect({.allow_motion = true}); }

  WecspmFixture fixture{50e-6};
  WatchedFpga api;
  WecspmSequencer driver;
};

Waypoint approach_to(double z, double speed) {
  Waypoint w = move_z(z, speed);
  w.stop = StopRule::on_contact;
  return w;
}

/// Read until the first error.
Error error_of_reading(ProbeSequencer& sequencer) {
  std::vector<Frame> frames(4096);
  for (;;) {
    const auto count = sequencer.read(frames, no_deadline);
    if (!count) return count.error();
    if (count.value() == 0) return {Errc::cancelled, "test", "ended without an error", false};
  }
}

TEST(WecspmDriver, StartsWithLateralAxesAtMidRangeAndEverythingElseAtZero) {
  WecspmFixture f(50e-6);
  f.connect();
  EXPECT_EQ(f.peek(Reg::applied_x), 0x3FFF);
  EXPECT_EQ(f.peek(Reg::applied_y), 0x3FFF);
  EXPECT_EQ(f.peek(Reg::applied_z), 0);
  EXPECT_EQ(f.peek(Reg::applied_v), 0);
  EXPECT_EQ(f.peek(Reg::waiting), 1);
  EXPECT_EQ(f.peek(Reg::line_number), 0);
  EXPECT_EQ(f.peek(Reg::buffer_wait), 160);
  EXPECT_EQ(f.peek(Reg::two_to_minus_n), 8);
}

TEST(WecspmDriver, RefusesAnotherStartUpStateAndStopsTheImage) {
  Watched w;
  w.api.on_read = [](std::uint32_t address, std::int64_t& value) {
    if (address == image().of(Reg::applied_z)) value = 12;
  };
  const auto outcome = w.connect();
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::protocol);
  EXPECT_NE(outcome.error().detail.find("X 16383 Y 16383 Z 12"), std::string::npos) << outcome.error().detail;
  EXPECT_EQ(w.fixture.peek(Reg::external_stop), 1);
}

TEST(WecspmDriver, ContactEndsTheProgramAndMarksItsLastFrame) {
  WecspmFixture f(50e-6, twin::testing::silent(twin::testing::ideal_stage(small_spec())));
  f.connect();
  Waypoint there = move_xy(30e-6, 50e-6), bias = hold(0.05, 2), rest = hold(1.0, 9);
  bias.E1 = -0.3;
  bias.jump_E1 = true;
  Waypoint down = approach_to(20e-6, 3e-6);
  down.tag = 3;
  (void)f.run(program_of({there, bias, move_z(40e-6, 50e-6)}));
  const auto frames = f.run(program_of({down, rest}));
  ASSERT_EQ(f.state(), RunState::contact);
  ASSERT_FALSE(frames.empty());
  EXPECT_NE(frames.back().flags & Frame::contact, 0);
  for (const Frame& frame : frames) EXPECT_EQ(frame.tag, 3) << "nothing behind the approach may run";
  EXPECT_NEAR(f.driver().status().value().z, 30e-6, 5e-6);
  EXPECT_EQ(f.peek(Reg::threshold2), 32768) << "comparators are neutral again";
}

/// Both threshold registers and their senses as the driver sets them for an approach.
struct Comparators {
  std::int64_t upper = 0, lower = 0;
  friend bool operator==(const Comparators&, const Comparators&) = default;
};
Comparators comparators_of(bool inverted, double baseline_counts, double threshold_counts) {
  WecspmConfig config = quiet_config();
  config.polarity_inverted = inverted;
  WecspmFixture f(50e-6);
  WatchedFpga api(f.target());
  WecspmSequencer driver(api, f.clock(), config, own_bitfile());
  EXPECT_TRUE(succeeded(driver.connect({.allow_motion = true})));
  const double lsb = std::abs(config.units().i_lsb);
  Program program = program_of({approach_to(90e-6, 50e-6)});
  program.contact = {.threshold = threshold_counts * lsb, .baseline = baseline_counts * lsb};
  api.calls.clear();
  EXPECT_TRUE(succeeded(driver.start(program)));
  Comparators found;
  std::int64_t greater = -1, greater2 = -1;
  for (const std::string& call : api.calls) {
    const auto written = [&](Reg reg, std::int64_t& value) {
      const std::string prefix = "write " + std::to_string(image().of(reg)) + " ";
      if (call.starts_with(prefix)) value = std::stoll(call.substr(prefix.size()));
    };
    written(Reg::threshold, found.upper);
    written(Reg::threshold2, found.lower);
    written(Reg::greater_than, greater);
    written(Reg::greater_than2, greater2);
  }
  EXPECT_EQ(greater, 1);
  EXPECT_EQ(greater2, 0);
  driver.make_safe();
  return found;
}

// A count trips the one comparator above its register, the other below it. Contact: more than the threshold from the
// baseline, so 13.75 is first exceeded by 14 (register 13) and -7.25 by -8 (register -7). With inverted polarity the
// counts are those of the other sign: the band -13.75 to 7.25.
TEST(WecspmDriver, BothThresholdsAreExactToTheCountAtEitherPolarity) {
  EXPECT_EQ(comparators_of(false, 3.25, 10.5), (Comparators{13, -7}));
  EXPECT_EQ(comparators_of(false, -3.25, 10.5), (Comparators{7, -13}));
  EXPECT_EQ(comparators_of(true, 3.25, 10.5), (Comparators{7, -13}));
  EXPECT_EQ(comparators_of(true, -3.25, 10.5), (Comparators{13, -7}));
  EXPECT_EQ(comparators_of(true, 0.0, 10.5), (Comparators{10, -10}));
  EXPECT_EQ(comparators_of(true, 200.5, 10.25), (Comparators{-191, -210}));
}

// In air the current is none: 20 pA from a baseline of ±20 pA, which is contact at a threshold of 5 pA; and none from
// 0.
TEST(WecspmDriver, ContactIsADistanceFromTheBaseline) {
  for (const double baseline : {20e-12, -20e-12, 0.0}) {
    WecspmFixture f(50e-6, twin::testing::silent(twin::testing::ideal_stage(small_spec())));
    f.connect();
    Program program = program_of({approach_to(90e-6, 50e-6)});
    program.contact = {.threshold = 5e-12, .baseline = baseline};
    (void)f.run(program);
    EXPECT_EQ(f.state(), baseline == 0.0 ? RunState::limit_reached : RunState::contact) << baseline;
  }
}

TEST(WecspmDriver, EndOfTravelIsReleasedThroughTheSecondaryComparator) {
  Watched w;
  ASSERT_TRUE(succeeded(w.connect()));
  w.api.calls.clear();
  ASSERT_TRUE(succeeded(w.driver.start(program_of({approach_to(90e-6, 50e-6), hold(1.0, 9)}))));
  read_all(w.driver);
  EXPECT_EQ(w.driver.status().value().state, RunState::limit_reached);
  const std::string forced = "write " + std::to_string(image().of(Reg::threshold2)) + " -32769";
  EXPECT_EQ(std::count(w.api.calls.begin(), w.api.calls.end(), forced), 1);
  EXPECT_EQ(w.fixture.peek(Reg::threshold2), 32768);
}

TEST(WecspmDriver, AbortKeepsWholeFramesAndAsksForAReconnect) {
  WecspmFixture f(50e-6);
  f.connect();
  ASSERT_TRUE(succeeded(f.driver().start(program_of({hold(1.0, 5)}))));
  f.clock().sleep_until(f.clock().now() + 0.3, {});
  ASSERT_TRUE(succeeded(f.driver().abort()));
  EXPECT_EQ(f.peek(Reg::external_stop), 1);
  EXPECT_NEAR(static_cast<double>(read_all(f.driver()).size()), 0.3 / 1.028e-3, 2.0);
  EXPECT_EQ(f.driver().start(program_of({hold(0.1)})).error().code, Errc::needs_reconnect);
  EXPECT_EQ(f.driver().health().condition, Health::Condition::degraded);
  EXPECT_EQ(f.driver().connect({}).error().code, Errc::interlock_tripped);
  f.connect();
  EXPECT_FALSE(f.run(program_of({hold(0.1)})).empty());
}

/// A host whose clock goes by 1 us from look to look, whatever the target does: far slower than its samples.
class SlowClock final : public Clock {
 public:
  [[nodiscard]] double now() const override { return time_ += 1e-6; }
  void sleep_until(double time, const std::stop_token&) override { time_ = std::max(time_, time); }

 private:
  mutable double time_ = 7.0;
};

TEST(WecspmDriver, TimeFollowsTheSamplesWhereTheClockOfTheHostIsSlower) {
  WecspmFixture f(50e-6);
  SlowClock host;
  WecspmSequencer driver(f.target(), host, quiet_config(), own_bitfile());
  ASSERT_TRUE(succeeded(driver.connect({.allow_motion = true})));
  double last = driver.clock().now();
  // Two contact legs are two native programs, and two programs of the role follow each other.
  const Program descent = program_of({approach_to(95e-6, 50e-6), approach_to(92e-6, 50e-6)});
  for (const Program& program : {descent, program_of({hold(0.3, 5)})}) {
    const double duration = driver.check(program).value().duration;
    const double begun = last;
    ASSERT_TRUE(succeeded(driver.start(program)));
    const auto frames = read_all(driver);
    ASSERT_FALSE(frames.empty());
    for (const Frame& frame : frames) {
      EXPECT_GT(frame.t, last);
      last = frame.t;
    }
    EXPECT_GE(driver.clock().now(), last);
    // The looks since the last sample, one microsecond each: the release of the hold at the end of travel takes some
    // thousand.
    EXPECT_NEAR(driver.status().value().t, last, 0.01);
    EXPECT_GE(last - begun, duration - 1e-9);
  }
}

TEST(WecspmDriver, FeedsALongProgramInPortionsWithoutAGap) {
  Watched w;
  ASSERT_TRUE(succeeded(w.connect()));
  w.api.calls.clear();
  const Program program = program_of({hold(40.0)});
  const std::size_t expected = w.driver.check(program).value().frames;
  ASSERT_TRUE(succeeded(w.driver.start(program)));
  const auto frames = read_all(w.driver);
  // 1221 lines of 32.764 ms: each portion that finds the queue empty costs at most the rest of a frame.
  EXPECT_GE(frames.size(), expected);
  EXPECT_LE(frames.size(), expected + 8);
  EXPECT_EQ(std::count(w.api.calls.begin(), w.api.calls.end(), "waypoints 512"), 1);
  EXPECT_GE(std::count(w.api.calls.begin(), w.api.calls.end(), "waypoints 128"), 5);
  for (std::size_t k = 1; k < frames.size(); ++k) ASSERT_NEAR(frames[k].t - frames[k - 1].t, 1.028e-3, 1e-9) << k;
}

TEST(WecspmDriver, AQueueThatRanDryIsAnError) {
  WecspmFixture f(50e-6);
  f.connect();
  ASSERT_TRUE(succeeded(f.driver().start(program_of({hold(40.0)}))));
  f.clock().sleep_until(f.clock().now() + 25.0, {});
  const Error error = error_of_reading(f.driver());
  EXPECT_EQ(error.code, Errc::overflow);
  EXPECT_NE(error.detail.find("ran dry"), std::string::npos) << error.detail;
  EXPECT_EQ(f.peek(Reg::external_stop), 1);
}

TEST(WecspmDriver, SamplesThatFindNoRoomAreAnError) {
  WecspmFixture f(50e-6);
  f.connect();
  ASSERT_TRUE(succeeded(f.driver().start(program_of({move_z(80e-6, 0.2e-6)}))));  // 100 s, one line
  f.clock().sleep_until(f.clock().now() + 90.0, {});
  EXPECT_EQ(error_of_reading(f.driver()).code, Errc::overflow);
}

TEST(WecspmDriver, RefusesMoreLinesThanATagCanCount) {
  WecspmFixture f;
  f.connect();
  const auto many = f.driver().check(program_of(std::vector<Waypoint>(32768, hold(1e-3))));
  ASSERT_FALSE(many.ok());
  EXPECT_EQ(many.error().code, Errc::limit_rejected);
  EXPECT_TRUE(f.driver().check(program_of(std::vector<Waypoint>(32767, hold(1e-3)))).ok());
  const auto longer = f.driver().check(program_of({hold(1080.0)}));
  ASSERT_FALSE(longer.ok());
  EXPECT_NE(longer.error().detail.find("more than 32767 lines"), std::string::npos) << longer.error().detail;
}

TEST(WecspmDriver, TheWatchdogStopsAProgramThatDoesNotEnd) {
  WecspmFixture f(50e-6);
  f.connect();
  ASSERT_TRUE(succeeded(f.driver().start(program_of({hold(0.5)}))));
  f.poke(Reg::external_pause, 1);  // by somebody else
  const double before = f.clock().now();
  const Error error = error_of_reading(f.driver());
  EXPECT_EQ(error.code, Errc::timeout);
  EXPECT_NEAR(f.clock().now() - before, 30.5, 1.5);
  EXPECT_EQ(f.driver().start(program_of({hold(0.1)})).error().code, Errc::needs_reconnect);
}

TEST(WecspmDriver, MakingSafeSendsTheStopBeforeAnythingElseAndNeverThrows) {
  Watched w;
  ASSERT_TRUE(succeeded(w.connect()));
  ASSERT_TRUE(succeeded(w.driver.start(program_of({hold(5.0)}))));
  w.api.calls.clear();
  w.driver.make_safe();
  ASSERT_FALSE(w.api.calls.empty());
  EXPECT_EQ(w.api.calls.front(), "write " + std::to_string(image().of(Reg::external_stop)) + " 1");
  w.api.forced = fpga_status::software_fault;
  w.api.calls.clear();
  w.driver.make_safe();
  EXPECT_EQ(w.api.calls.front(), "write " + std::to_string(image().of(Reg::external_stop)) + " 1");
  EXPECT_EQ(w.driver.health().condition, Health::Condition::faulted);
}

TEST(WecspmDriver, AMissingSampleIsAnErrorNeverAGap) {
  Watched w;
  ASSERT_TRUE(succeeded(w.connect()));
  ASSERT_TRUE(succeeded(w.driver.start(program_of({hold(1.0)}))));
  w.api.on_samples = [](std::span<std::int16_t> words) {
    words[13] = static_cast<std::int16_t>(2 * 41120 - 65536 - 32768);
    words[12] = -32767;
  };
  const Error error = error_of_reading(w.driver);
  EXPECT_EQ(error.code, Errc::overflow);
  EXPECT_NE(error.detail.find("82240 ticks"), std::string::npos) << error.detail;
}

TEST(WecspmDriver, AnInternalStopIsAFaultWhateverElseIsRead) {
  Watched w;
  ASSERT_TRUE(succeeded(w.connect()));
  ASSERT_TRUE(succeeded(w.driver.start(program_of({hold(1.0)}))));
  w.api.on_read = [](std::uint32_t address, std::int64_t& value) {
    if (address == image().of(Reg::internal_stop)) value = 1;
  };
  const Error error = error_of_reading(w.driver);
  EXPECT_EQ(error.code, Errc::device_fault);
  EXPECT_NE(error.detail.find("Internal Stop"), std::string::npos) << error.detail;
}

// The first and the last count of the converter at either end say that the current has left its range; each channel is
// its own.
TEST(WecspmDriver, SamplesAtEitherEndOfTheConverterAreSaturatedAndChannelsAreTheirOwn) {
  for (const bool inverted : {true, false}) {
    WecspmConfig config = quiet_config();
    config.polarity_inverted = inverted;
    WecspmFixture f(50e-6);
    WatchedFpga api(f.target());
    WecspmSequencer driver(api, f.clock(), config, own_bitfile());
    ASSERT_TRUE(succeeded(driver.connect({.allow_motion = true})));
    const std::array<std::int16_t, 6> counts{32767, 32766, -32766, -32767, -32768, 12};
    std::size_t next = 0;
    api.on_samples = [&](std::span<std::int16_t> words) {
      for (std::size_t k = 0; k + frame_words <= words.size() && next < counts.size(); k += frame_words) {
        words[k + 5] = counts[next++];
        words[k + 6] = -77;
      }
    };
    ASSERT_TRUE(succeeded(driver.start(program_of({hold(0.05)}))));
    const auto frames = read_all(driver);
    ASSERT_GE(frames.size(), counts.size());
    const double lsb = config.units().i_lsb;
    for (std::size_t k = 0; k < counts.size(); ++k) {
      EXPECT_DOUBLE_EQ(frames[k].i1, lsb * counts[k]);
      EXPECT_DOUBLE_EQ(frames[k].i2, lsb * -77);
      EXPECT_EQ((frames[k].flags & Frame::current_saturated) != 0, std::abs(static_cast<int>(counts[k])) >= 32767)
          << counts[k];
    }
  }
}

TEST(WecspmDriver, AMisalignedStreamIsNoticed) {
  Watched w;
  ASSERT_TRUE(succeeded(w.connect()));
  ASSERT_TRUE(succeeded(w.driver.start(program_of({hold(1.0)}))));
  w.api.on_samples = [](std::span<std::int16_t> words) { std::rotate(words.begin(), words.begin() + 1, words.end()); };
  EXPECT_EQ(error_of_reading(w.driver).code, Errc::framing_lost);
  EXPECT_EQ(w.fixture.peek(Reg::external_stop), 1);
}

TEST(WecspmDriver, AFailingCallNamesTheRegisterAndTheStatus) {
  Watched w;
  ASSERT_TRUE(succeeded(w.connect()));
  w.api.forced = fpga_status::not_running;
  const auto outcome = w.driver.start(program_of({hold(0.1)}));
  ASSERT_FALSE(outcome.ok());
  EXPECT_NE(outcome.error().detail.find("External Pause: status -61003"), std::string::npos) << outcome.error().detail;
}

TEST(FpgaTarget, RaisesInternalStopForALineActionItDoesNotKnow) {
  WecspmFixture f(50e-6);
  f.connect();
  NativeWaypoint strange;
  strange.action = 4;
  std::size_t room = 0;
  ASSERT_EQ(f.target().write_fifo(0, encode(strange), 0, room), 0);
  f.poke(Reg::external_pause, 0);
  EXPECT_EQ(f.peek(Reg::internal_stop), 1);
  EXPECT_NE(f.target().fault().find("line action 4"), std::string::npos);
}

TEST(FpgaTarget, ShowsIndicatorsOfOneInstantHoweverFarTimeHasRun) {
  WecspmFixture f(0.5);  // half a second per look
  f.connect();
  NativeWaypoint wait;
  wait.flags = hold_line;
  wait.hold_us = 32000;
  std::size_t room = 0;
  for (int line = 0; line < 2; ++line) ASSERT_EQ(f.target().write_fifo(0, encode(wait), 0, room), 0);
  f.poke(Reg::external_pause, 0);
  // Both lines have ended before the first look, but both indicators tell of the write.
  EXPECT_EQ(f.peek(Reg::line_number), 1);
  EXPECT_EQ(f.peek(Reg::waiting), 0);
  EXPECT_EQ(f.peek(Reg::line_number), 2);
  EXPECT_EQ(f.peek(Reg::waiting), 1);
}

// The bound. A target is half a count off and each digitiser rounds by half a count: 2 counts. A speed is low by 2^-14,
// so that a move of d lags by at most d x 2^-14. What comes later starts later: by half a count over the speed and
// 2^-14 of the duration, 41 us for the lateral move and 97 us for the vertical one.
TEST(WecspmDriver, GivesTheFramesOfThePlainTwinWithinQuantisation) {
  const auto spec = twin::testing::silent(twin::testing::ideal_stage(small_spec()));
  WecspmFixture f(50e-6, spec);
  twin::testing::TwinFixture plain(spec, 7);
  f.connect();
  plain.connect();
  Waypoint there = move_xy(41.2345e-6, 57.1e-6), ramp = hold(0.02, 3);
  ramp.E1 = 0.7;
  ramp.rate_E1 = 2.0;
  // Connecting leaves the stage's lag behind: it settles first.
  const Program home = program_of({move_xy(50e-6, 50e-6), hold(0.1)}),
                program = program_of({there, move_z(93.3e-6, 20e-6), ramp});
  (void)f.run(home);
  (void)plain.run(home);
  const auto ours = f.run(program), theirs = plain.run(program);
  ASSERT_EQ(ours.size(), theirs.size());
  const double lsb = 100e-6 / 32768, E_lsb = 2.5 / 32768, late = std::ldexp(1.0, -14);
  const double ramp_lag = 0.7 * late, charging = 1e-12 * 2.0 * late, after_xy = 41e-6, after_z = after_xy + 97e-6;
  for (std::size_t k = 0; k < ours.size(); ++k) {
    ASSERT_NEAR(ours[k].x, theirs[k].x, 2.0 * lsb + 8.8e-6 * late) << k;
    ASSERT_NEAR(ours[k].y, theirs[k].y, 2.0 * lsb + 7.1e-6 * late) << k;
    ASSERT_NEAR(ours[k].z, theirs[k].z, 2.0 * lsb + 6.7e-6 * late + 20e-6 * after_xy) << k;
    ASSERT_NEAR(ours[k].E1, theirs[k].E1, 1.5 * E_lsb + ramp_lag + 2.0 * after_z) << k;
    if (k > 0 && ours[k].tag == ours[k - 1].tag && ours[k].tag == theirs[k].tag && theirs[k].tag == theirs[k - 1].tag) {
      ASSERT_NEAR(ours[k].t - ours[0].t, theirs[k].t - theirs[0].t, 1e-9);
    }
  }
  // Charging of the stray capacitance in the middle of the ramp.
  const std::size_t middle = ours.size() - 150;
  EXPECT_NEAR(ours[middle].i1, theirs[middle].i1, 1.5 * 100e-12 / 32768 + charging);
  EXPECT_GT(std::abs(theirs[middle].i1), 1e-12);
}

}  // namespace
}  // namespace seccm::instrument::wecspm::testing
