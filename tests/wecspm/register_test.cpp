// Every register of the contract on the software target: it shows something, or what is written has an effect on a line
// that runs, or the write is refused and named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "instrument/servers/nifpga/register_duties.hpp"
#include "tests/wecspm/wecspm_fixture.hpp"

namespace seccm::instrument::wecspm::testing {
namespace {

using nifpga::Duty;
using nifpga::duty;
using ::testing::HasSubstr;
using Log = std::vector<std::string>;

/// A target alone, that runs and has not been told a program.
class Target {
 public:
  explicit Target(const twin::TwinSpec& spec = twin::testing::silent(twin::testing::ideal_stage(small_spec())))
      : twin_(spec, 7),
        fpga_(twin_.sequencer(), twin_.clock(),
              {.latency = 0.0, .note = [this](const std::string& what) { log.push_back(what); }}) {
    EXPECT_EQ(fpga_.open("", std::string(synthetic_signature), "RIO0"), 0);
    EXPECT_EQ(fpga_.run(), 0);
    for (const Reg scaler : {Reg::scaler_x, Reg::scaler_y, Reg::scaler_z, Reg::scaler_v}) write(scaler, -15);
    write(Reg::external_pause, 1);
  }

  FpgaStatus try_write(Reg reg, std::int64_t value) { return fpga_.write(image().of(reg), rule(reg).type, value); }
  void write(Reg reg, std::int64_t value) { EXPECT_EQ(try_write(reg, value), 0) << rule(reg).name << " = " << value; }
  std::int64_t read(Reg reg) {
    std::int64_t value = 0;
    // The second look renews the snapshot.
    for (int look = 0; look < 2; ++look) EXPECT_EQ(fpga_.read(image().of(reg), rule(reg).type, value), 0);
    return value;
  }
  void line(const NativeWaypoint& w) {
    std::size_t room = 0;
    EXPECT_EQ(fpga_.write_fifo(0, encode(w), 0, room), 0);
  }
  /// The lines so far begin with the first wait.
  void wait(double seconds) {
    if (!started_) write(Reg::external_pause, 0);
    started_ = true;
    twin_.clock().sleep_until(twin_.clock().now() + seconds, {});
  }
  double now() { return twin_.clock().now(); }
  /// s until it waits for waypoints.
  double until_done() {
    const double from = now();
    while (read(Reg::waiting) == 0 && now() < from + 10.0) wait(1e-4);
    return now() - from;
  }
  std::vector<NativeSample> samples() {
    std::vector<NativeSample> all;
    std::array<std::int16_t, frame_words> words{};
    std::size_t left = 0;
    while (fpga_.read_fifo(1, words, 0, left) == 0) all.push_back(decode_sample(words));
    return all;
  }
  nifpga::FpgaTarget& fpga() { return fpga_; }

  Log log;

 private:
  static const ImageMap& image() {
    static const ImageMap map = map_image(own_bitfile(), "synthetic");
    return map;
  }
  twin::testing::TwinFixture twin_;
  nifpga::FpgaTarget fpga_;
  bool started_ = false;
};

NativeWaypoint at_start() {
  NativeWaypoint w;
  w.target = {0x3FFF, 0x3FFF, 0, 0, 0};
  return w;
}
NativeWaypoint hold_of(std::int16_t counts) {
  NativeWaypoint w = at_start();
  w.flags = WaypointFlag::hold_line;
  w.hold_us = counts;
  return w;
}
/// One axis at 1221 counts per s x `word`.
NativeWaypoint move_of(Axis axis, std::int16_t target, std::int16_t word = 4) {
  NativeWaypoint w = at_start();
  w.target[axis] = target;
  w.velocity[axis] = word;
  w.flags = static_cast<std::uint16_t>(1U << axis);
  return w;
}
/// Down, with the potential falling: the stray capacitance charges with some 640 counts of current meanwhile.
NativeWaypoint polarised_approach() {
  NativeWaypoint w = move_of(axis_z, 4000);
  w.action = 2;
  w.target[axis_v1] = 13107;  // -1 V
  w.velocity[axis_v1] = 22;   // 2 V/s
  w.flags |= move_v;
  return w;
}

/// What a write does to a line that runs since 20 ms.
std::int64_t effect(const NativeWaypoint& line, const std::vector<std::pair<Reg, std::int64_t>>& before, Reg reg,
                    std::int64_t value, const std::function<std::int64_t(Target&)>& seen) {
  Target t;
  for (const auto& [r, v] : before) t.write(r, v);
  t.line(line);
  t.wait(20e-3);
  EXPECT_EQ(t.read(Reg::line_number), 1);
  EXPECT_EQ(t.read(Reg::waiting), 0);
  t.write(reg, value);
  t.wait(5e-3);
  const std::int64_t found = seen(t);
  EXPECT_TRUE(t.log.empty()) << t.log.front();
  return found;
}

struct Effect {
  NativeWaypoint line;
  std::vector<std::pair<Reg, std::int64_t>> before;
  std::int64_t one, other;  ///< values that differ in what is seen
  std::function<std::int64_t(Target&)> seen;
};

std::map<Reg, Effect> effects() {
  const auto shown = [](Reg reg) { return [reg](Target& t) { return t.read(reg); }; };
  const auto later = [](Reg reg) {
    return [reg](Target& t) {
      t.wait(0.1);
      return t.read(reg);
    };
  };
  const auto done = [](Target& t) { return std::llround(t.until_done() * 1e3); };
  const NativeWaypoint down = move_of(axis_z, 4000), approach = polarised_approach();
  const std::vector<std::pair<Reg, std::int64_t>> i2{{Reg::feedback_type, 2}, {Reg::threshold, 300}},
      second_i2{{Reg::feedback_type2, 2}, {Reg::threshold2, 300}};
  return {
      {Reg::external_stop, {down, {}, 0, 1, later(Reg::applied_z)}},
      {Reg::external_pause, {down, {}, 0, 1, later(Reg::applied_z)}},
      {Reg::internal_pause, {down, {}, 0, 1, later(Reg::applied_z)}},
      {Reg::scaler_x, {move_of(axis_x, 20000), {}, -15, -14, later(Reg::applied_x)}},
      {Reg::scaler_y, {move_of(axis_y, 20000), {}, -15, -14, later(Reg::applied_y)}},
      {Reg::scaler_z, {down, {}, -15, -14, later(Reg::applied_z)}},
      {Reg::scaler_v, {move_of(axis_v1, 9000), {}, -15, -14, later(Reg::applied_v)}},
      {Reg::feedback_type, {approach, i2, 1, 2, shown(Reg::feedback_reached)}},
      {Reg::threshold, {approach, {}, 300, 2000, shown(Reg::feedback_reached)}},
      {Reg::greater_than, {approach, {{Reg::threshold, 2000}}, 0, 1, shown(Reg::feedback_reached)}},
      {Reg::feedback_type2, {approach, second_i2, 1, 2, shown(Reg::feedback_reached)}},
      {Reg::threshold2, {approach, {}, 300, 2000, shown(Reg::feedback_reached)}},
      {Reg::greater_than2, {approach, {{Reg::threshold2, 2000}}, 0, 1, shown(Reg::feedback_reached)}},
      {Reg::v_on_fly, {move_of(axis_v1, 9000), {{Reg::change_v_on_fly, 1}}, 3000, 5000, shown(Reg::applied_v)}},
      {Reg::change_v_on_fly, {move_of(axis_v1, 9000), {{Reg::v_on_fly, 3000}}, 0, 1, shown(Reg::applied_v)}},
      {Reg::end_current_line, {hold_of(32000), {}, 0, 1, done}},
  };
}

TEST(Registers, OfTheContractEachShowActOrAreRefusedByName) {
  const auto with_effect = effects();
  Target t;
  for (std::size_t k = 0; k < register_count; ++k) {
    const auto reg = static_cast<Reg>(k);
    const std::string name(rule(reg).name);
    SCOPED_TRACE(name);
    EXPECT_THAT(std::string(duty(reg).what), ::testing::StartsWith(name + ":"));
    EXPECT_EQ(duty(reg).duty == Duty::shows, rule(reg).indicator);
    t.log.clear();
    switch (duty(reg).duty) {
      case Duty::shows:
        EXPECT_EQ(t.try_write(reg, 1), fpga_status::invalid_parameter);
        ASSERT_EQ(t.log.size(), 1U);
        EXPECT_THAT(t.log.front(), HasSubstr(name + " = 1 is refused"));
        break;
      case Duty::fixed: {
        const std::int64_t accepted = t.read(reg), other = accepted == 1 ? 0 : 1;
        EXPECT_EQ(t.try_write(reg, other), fpga_status::invalid_parameter);
        ASSERT_EQ(t.log.size(), 1U);
        EXPECT_THAT(t.log.front(), HasSubstr(name + " = " + std::to_string(other) + " is refused, accepted is " +
                                             std::to_string(accepted)));
        EXPECT_EQ(t.read(reg), accepted);
        t.write(reg, accepted);
        break;
      }
      case Duty::kept:
        t.write(reg, 7);
        EXPECT_EQ(t.read(reg), 7);
        EXPECT_THAT(std::string(duty(reg).what), HasSubstr("refused"));
        break;
      case Duty::acts:
        if (reg == Reg::hold_scale) break;  // below: of holds that begin later
        ASSERT_TRUE(with_effect.contains(reg)) << "acts, and nothing here shows it";
        const Effect& e = with_effect.at(reg);
        EXPECT_NE(effect(e.line, e.before, reg, e.one, e.seen), effect(e.line, e.before, reg, e.other, e.seen));
        break;
    }
  }
}

TEST(Registers, OfTheHoldsScaleActsOnHoldsThatBeginLater) {
  Target t;
  t.line(hold_of(20000));
  t.line(hold_of(20000));
  t.wait(10e-3);
  t.write(Reg::hold_scale, 80);
  // 10 ms are left of the first, 40 ms is the second.
  EXPECT_NEAR(t.until_done(), 50e-3, 1.5e-3);
}

TEST(Registers, OfWhatIsNotThereRefuseTheLineThatAsksForIt) {
  Target t;
  NativeWaypoint ramp = at_start();
  ramp.flags = move_v2;
  t.line(ramp);
  t.wait(1e-3);
  EXPECT_EQ(t.read(Reg::internal_stop), 1);
  EXPECT_THAT(t.fpga().fault(), HasSubstr("ramps V2"));
  EXPECT_EQ(t.read(Reg::waiting), 0) << "a refused line is not a finished one";

  Target jump;
  NativeWaypoint step = hold_of(10000);
  step.target[axis_v2] = 1234;
  step.flags |= jump_v2;
  jump.line(step);
  jump.wait(5e-3);
  EXPECT_EQ(jump.read(Reg::applied_v2), 1234);
}

TEST(Registers, OfTheSourceAcceptTwoCurrents) {
  Target t;
  for (const std::int64_t source : {0, 3, 255}) {
    EXPECT_EQ(t.try_write(Reg::feedback_type, source), fpga_status::invalid_parameter);
    EXPECT_EQ(t.try_write(Reg::feedback_type2, source), fpga_status::invalid_parameter);
  }
  EXPECT_EQ(t.log.size(), 6U);
}

// The page names each of them.
TEST(Registers, AreOnThePage) {
  std::ifstream in(SECCM_SOURCE_DIR "/docs/wecspm.md");
  std::ostringstream text;
  text << in.rdbuf();
  for (const RegisterRule& r : contract()) {
    EXPECT_NE(text.str().find("`" + std::string(r.name) + "`"), std::string::npos) << r.name;
  }
}

// "Accept contact": the approach stops in the sample of the write.
TEST(RunningApproach, StopsAtOnceWhenAComparatorIsForced) {
  Target t;
  t.line([] {
    NativeWaypoint w = move_of(axis_z, 13000, 5);  // 18.6 um/s
    w.action = 2;
    return w;
  }());
  t.line(hold_of(20000));
  t.wait(0.5);
  const std::int64_t before = t.read(Reg::applied_z);
  EXPECT_GT(before, 2000);
  t.write(Reg::threshold2, -32769);
  EXPECT_LE(t.read(Reg::applied_z) - before, 7) << "one sample of 6.3 counts";
  EXPECT_EQ(t.read(Reg::feedback_reached), 1);
  EXPECT_EQ(t.read(Reg::line_number), 2) << "the next line";
  (void)t.until_done();
  EXPECT_EQ(t.read(Reg::applied_z), t.samples().back().position[axis_z]);
  EXPECT_LE(t.read(Reg::applied_z) - before, 7);
}

TEST(RunningApproach, StopsAtOnceByTheSecondCurrent) {
  Target t;
  NativeWaypoint down = move_of(axis_z, 13000, 5);
  down.action = 2;
  t.line(down);
  t.wait(0.5);
  const std::int64_t before = t.read(Reg::applied_z);
  t.write(Reg::feedback_type2, 2);
  EXPECT_EQ(t.read(Reg::waiting), 0);
  t.write(Reg::threshold2, -1);  // I2 is 0
  EXPECT_EQ(t.read(Reg::waiting), 1);
  EXPECT_LE(t.read(Reg::applied_z) - before, 14) << "two writes";
  // And one that is set already lets no approach begin.
  t.line(move_of(axis_z, 3000, 5));
  t.line(down);
  t.wait(2.0);
  EXPECT_EQ(t.read(Reg::waiting), 1);
  EXPECT_EQ(t.read(Reg::line_number), 3);
  EXPECT_EQ(t.read(Reg::applied_z), 3000);
}

TEST(RunningApproach, GoesOnSeamlesslyUnderAThresholdThatIsNotReached) {
  Target t;
  NativeWaypoint down = move_of(axis_z, 6000, 5);
  down.action = 2;
  t.line(down);
  t.wait(0.1);
  t.write(Reg::threshold, 300);
  t.wait(3.1e-3);
  t.write(Reg::threshold, 200);
  t.wait(0.1);
  const auto samples = t.samples();
  ASSERT_GT(samples.size(), 190U);
  for (std::size_t k = 0; k < samples.size(); ++k) {
    EXPECT_EQ(samples[k].interval, 41120U) << k;
    EXPECT_EQ(samples[k].line, 1) << k;
    if (k <= 30) continue;  // the stage lags by 3 ms
    EXPECT_NEAR(samples[k].position[axis_z] - samples[k - 1].position[axis_z], 6.27, 1.01) << k;
  }
}

TEST(RunningLine, IsPausedInsideAHoldAndGoesOnWithTheRestOfIt) {
  for (const Reg pause : {Reg::external_pause, Reg::internal_pause}) {
    Target t;
    t.line(hold_of(20000));
    t.line(hold_of(30000));
    t.wait(30e-3);  // 10 ms in the second
    t.write(pause, 1);
    EXPECT_EQ(t.read(Reg::line_number), 2);
    t.wait(1.0);
    EXPECT_EQ(t.read(Reg::line_number), 2) << "in execution, and paused";
    EXPECT_EQ(t.read(Reg::waiting), 0);
    t.write(pause, 0);
    EXPECT_NEAR(t.until_done(), 20e-3, 2.1e-3);
    EXPECT_EQ(t.read(Reg::line_number), 2);
  }
}

TEST(RunningLine, IsEndedOnceBetweenTwoResets) {
  Target t;
  t.line(move_of(axis_z, 4000));
  t.line(hold_of(20000));
  t.wait(50e-3);
  const std::int64_t z = t.read(Reg::applied_z);
  t.write(Reg::end_current_line, 1);
  EXPECT_EQ(t.read(Reg::line_number), 2);
  EXPECT_NEAR(t.until_done(), 20e-3, 2.1e-3);
  EXPECT_LE(t.read(Reg::applied_z) - z, 6);
  EXPECT_EQ(t.read(Reg::feedback_reached), 0);
  EXPECT_EQ(t.read(Reg::end_current_line), 1) << "until it is written";
  t.write(Reg::end_current_line, 0);
  EXPECT_EQ(t.try_write(Reg::end_current_line, 1), fpga_status::invalid_parameter);
  ASSERT_FALSE(t.log.empty());
  EXPECT_THAT(t.log.back(), HasSubstr("EndCurrentLine = 1 is refused"));
}

TEST(RunningLine, TakesAPotentialOnTheFlyAndGoesOnFromThere) {
  Target t;
  t.line(move_of(axis_v1, 9000));
  t.wait(0.1);
  t.write(Reg::v_on_fly, 6000);
  t.write(Reg::change_v_on_fly, 1);
  t.wait(1.1e-3);
  EXPECT_NEAR(static_cast<double>(t.read(Reg::applied_v)), 6000.0, 11.0);
  t.write(Reg::change_v_on_fly, 0);
  // 3000 counts are left at 4883 per s.
  EXPECT_NEAR(t.until_done(), 3000 / 4882.8, 5e-3);
  EXPECT_EQ(t.read(Reg::applied_v), 9000);

  // In a line that moves no potential it waits for one that does, as the image's potential loop looks at it.
  Target hold;
  hold.line(hold_of(20000));
  hold.wait(5e-3);
  hold.write(Reg::v_on_fly, 6000);
  hold.write(Reg::change_v_on_fly, 1);
  hold.wait(5e-3);
  EXPECT_EQ(hold.read(Reg::applied_v), 0);
}

// The host's cancellation: the stop under a pause, then the pause taken back, then WaitingForWayPoints within 5 s while
// the VI runs.
TEST(RunningProgram, AcknowledgesTheStopByWaiting) {
  Target t;
  t.line(move_of(axis_z, 4000));
  t.line(hold_of(20000));
  t.wait(20e-3);
  t.write(Reg::external_pause, 1);
  t.write(Reg::external_stop, 1);
  t.write(Reg::external_pause, 0);
  const std::int64_t z = t.read(Reg::applied_z);
  EXPECT_EQ(t.read(Reg::waiting), 1);
  ViState state = ViState::invalid;
  EXPECT_EQ(t.fpga().state(state), 0);
  EXPECT_EQ(state, ViState::running);
  t.wait(0.5);
  EXPECT_EQ(t.read(Reg::applied_z), z);
  EXPECT_EQ(t.read(Reg::line_number), 1) << "of the line that was stopped";
  EXPECT_EQ(t.try_write(Reg::external_stop, 0), fpga_status::invalid_parameter);
  EXPECT_THAT(t.log.back(), HasSubstr("the stop is final until reset and run"));
}

TEST(RunningProgram, IsAbortedWhereItIsAndRunsAnewFromTheStartUpState) {
  Target t;
  t.line(move_of(axis_z, 4000));
  t.wait(50e-3);
  EXPECT_EQ(t.fpga().abort(), 0);
  ViState state = ViState::invalid;
  EXPECT_EQ(t.fpga().state(state), 0);
  EXPECT_EQ(state, ViState::not_running);
  EXPECT_GT(t.read(Reg::applied_z), 0);
  EXPECT_EQ(t.fpga().run(), 0);
  EXPECT_EQ(t.read(Reg::applied_z), 0);
  EXPECT_EQ(t.read(Reg::line_number), 0);
  EXPECT_EQ(t.read(Reg::waiting), 1);
}

}  // namespace
}  // namespace seccm::instrument::wecspm::testing
