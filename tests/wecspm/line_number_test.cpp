// The rule of LineNumber, on each side by itself. Its source are the comments and the code of the open host
// (echemtips): "increments LineNumber after reading a waypoint and before capturing its samples. The idle tag therefore
// equals the submission baseline, and the first waypoint is tagged baseline + 1". The target is held against literal
// register values, the driver against a double that follows the rule: whoever changes one of them alone fails here.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <vector>

#include "tests/wecspm/wecspm_fixture.hpp"

namespace seccm::instrument::wecspm::testing {
namespace {

NativeWaypoint wait_line(std::int16_t us, std::int16_t z = 0) {
  NativeWaypoint w;
  w.target = {0x3FFF, 0x3FFF, z, 0, 0};
  w.flags = WaypointFlag::hold_line;
  w.hold_us = us;
  return w;
}

/// Down to count `z` with 32 counts per ms (100 um/s), the scaler of z being -15.
NativeWaypoint approach_of(std::int16_t z) {
  NativeWaypoint w = wait_line(0, z);
  w.action = 2;
  w.flags = WaypointFlag::move_z;
  w.velocity[axis_z] = 26;
  return w;
}

struct Look {
  std::int64_t line = 0, waiting = 0, z = 0;
  friend bool operator==(const Look&, const Look&) = default;
};
void PrintTo(const Look& l, std::ostream* out) {
  *out << "line " << l.line << " waiting " << l.waiting << " z " << l.z;
}

// 1 ms a look. Line 1 lasts for 20 ms, line 2 for 20 ms, line 3 goes down by 320 counts in 10 ms and is held.
TEST(LineNumberOfTheTarget, IsThatOfTheLineInExecution) {
  WecspmFixture f(0.0);
  f.connect();
  f.poke(Reg::scaler_z, -15);
  std::size_t room = 0;
  for (const NativeWaypoint& w : {wait_line(20000), wait_line(20000), approach_of(320)}) {
    ASSERT_EQ(f.target().write_fifo(0, encode(w), 0, room), 0);
  }
  const auto look = [&] { return Look{f.peek(Reg::line_number), f.peek(Reg::waiting), f.peek(Reg::applied_z)}; };
  const auto after = [&](double seconds) {
    f.clock().sleep_until(f.clock().now() + seconds, {});
    (void)f.peek(Reg::waiting);  // a second look at a register renews the snapshot
    (void)f.peek(Reg::waiting);
    return look();
  };
  EXPECT_EQ(look(), (Look{0, 0, 0})) << "paused: nothing is read yet";
  f.poke(Reg::external_pause, 0);
  EXPECT_EQ(look(), (Look{1, 0, 0})) << "read, and in execution";
  EXPECT_EQ(after(10e-3), (Look{1, 0, 0}));
  EXPECT_EQ(after(20e-3), (Look{2, 0, 0}));
  const Look down = after(15e-3);
  EXPECT_EQ(down.line, 3);
  EXPECT_EQ(down.waiting, 0);
  EXPECT_GT(down.z, 0);
  EXPECT_LT(down.z, 320);
  EXPECT_EQ(after(20e-3), (Look{3, 0, 320})) << "held at its target: still in execution";
  f.poke(Reg::threshold2, -32769);
  EXPECT_EQ(look(), (Look{3, 1, 320})) << "done: the number stays";

  std::vector<std::int16_t> words(14);
  std::size_t left = 0;
  std::vector<std::int16_t> tags;
  while (f.target().read_fifo(1, words, 0, left) == 0) {
    if (tags.empty() || tags.back() != words[9]) tags.push_back(words[9]);
  }
  EXPECT_EQ(tags, (std::vector<std::int16_t>{1, 2, 3})) << "samples carry it";

  // The next program counts on from there.
  ASSERT_EQ(f.target().write_fifo(0, encode(wait_line(20000, 320)), 0, room), 0);
  EXPECT_EQ(after(5e-3), (Look{4, 0, 320}));
  EXPECT_EQ(after(30e-3), (Look{4, 1, 320}));
}

constexpr double frame = 1.028e-3;  // s

/// Time that passes as it is slept.
class FreeClock final : public Clock {
 public:
  [[nodiscard]] double now() const override { return time_; }
  void sleep_until(double time, const std::stop_token&) override { time_ = std::max(time_, time); }

 private:
  double time_ = 0.0;
};

/// Registers and FIFOs that follow the rule, without a rig: what the host's author says of the real image.
class RuleTarget final : public NiFpgaApi {
 public:
  explicit RuleTarget(FreeClock& clock) : clock_(clock) {}

  double latency = 50e-6;       ///< s, of an access
  double transfer = 0.0;        ///< s until the image has what was written into its FIFO
  double line_time = 50e-3;     ///< s of every line
  bool contact = false;         ///< in the middle of a contact line
  bool pulse = false;           ///< Feedback1 Boolean has gone when anybody looks
  bool idle_samples = false;    ///< samples come without a line, too
  bool silent = false;          ///< no samples at all
  std::int64_t number = 0;      ///< LineNumber
  std::vector<double> ended{};  ///< s, of lines
  int asked_while_held = 0;     ///< accesses

  FpgaStatus open(const std::string&, const std::string&, const std::string&) override { return 0; }
  FpgaStatus close() override { return 0; }
  FpgaStatus reset() override {
    number = 0;
    state_ = ViState::not_running;
    return 0;
  }
  FpgaStatus run() override {
    state_ = ViState::running;
    set(Reg::applied_x, 0x3FFF);
    set(Reg::applied_y, 0x3FFF);
    sampled_ = clock_.now();
    return 0;
  }
  FpgaStatus state(ViState& state) override {
    state = state_;
    return 0;
  }
  FpgaStatus read(std::uint32_t address, DataType, std::int64_t& value) override {
    pass();
    set(Reg::line_number, number);
    set(Reg::waiting, running_ || held_ ? 0 : 1);
    value = values_[address];
    return 0;
  }
  FpgaStatus write(std::uint32_t address, DataType, std::int64_t value) override {
    pass();
    values_[address] = value;
    return 0;
  }
  FpgaStatus configure_fifo(std::uint32_t, std::size_t depth, std::size_t& actual) override {
    actual = depth;
    return 0;
  }
  FpgaStatus start_fifo(std::uint32_t) override { return 0; }
  FpgaStatus stop_fifo(std::uint32_t) override { return 0; }
  FpgaStatus write_fifo(std::uint32_t, std::span<const std::int16_t> words, std::uint32_t, std::size_t&) override {
    pass();
    arrival_ = clock_.now() + transfer;
    for (; words.size() >= frame_words; words = words.subspan(frame_words)) {
      queue_.push_back(decode_waypoint(words.first<frame_words>()));
    }
    return 0;
  }
  FpgaStatus read_fifo(std::uint32_t, std::span<std::int16_t> words, std::uint32_t timeout_ms,
                       std::size_t& remaining) override {
    pass();
    if (samples_.size() < words.size()) {
      clock_.sleep_until(clock_.now() + timeout_ms * 1e-3, {});
      advance();
    }
    const bool there = samples_.size() >= words.size();
    if (there) {
      std::copy_n(samples_.begin(), words.size(), words.begin());
      samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(words.size()));
    }
    remaining = samples_.size();
    return there ? 0 : fpga_status::fifo_timeout;
  }

 private:
  static const ImageMap& map() {
    static const ImageMap image = map_image(own_bitfile(), "synthetic");
    return image;
  }
  void set(Reg reg, std::int64_t value) { values_[map().of(reg)] = value; }
  std::int64_t get(Reg reg) { return values_[map().of(reg)]; }
  void pass() {
    if (held_) ++asked_while_held;
    clock_.sleep_until(clock_.now() + latency, {});
    advance();
  }
  void advance() {
    if (state_ != ViState::running) return;
    for (; sampled_ + frame <= clock_.now(); sampled_ += frame) step(sampled_ + frame);
  }
  void step(double now) {
    if (get(Reg::external_stop) != 0) {
      queue_.clear();
      running_ = held_ = false;
      return;
    }
    const bool sample = (running_ || idle_samples) && !silent;
    if (running_ && now >= end_) finish();
    if (held_ && get(Reg::threshold2) == -32769 && get(Reg::greater_than2) == 1) {
      held_ = false;
      ended.push_back(now);
    }
    if (!running_ && !held_ && !queue_.empty() && get(Reg::external_pause) == 0 && now >= arrival_) {
      line_ = queue_.front();
      queue_.pop_front();
      ++number;
      running_ = true;
      end_ = now + line_time;
    }
    if (!sample) return;
    NativeSample s;
    s.line = static_cast<std::int16_t>(number);
    s.interval = 41120;
    const auto words = encode(s);
    samples_.insert(samples_.end(), words.begin(), words.end());
  }
  void finish() {
    running_ = false;
    const bool type2 = line_.action == 2;
    constexpr std::array applied{Reg::applied_x, Reg::applied_y, Reg::applied_z, Reg::applied_v};
    for (std::size_t axis = 0; axis < applied.size(); ++axis) set(applied[axis], line_.target[axis]);
    if (type2 && contact) set(Reg::applied_z, line_.target[axis_z] - 7);
    set(Reg::feedback_reached, type2 && contact && !pulse ? 1 : 0);
    held_ = type2 && !contact;
    if (!held_) ended.push_back(clock_.now());
  }

  FreeClock& clock_;
  ViState state_ = ViState::not_running;
  std::map<std::uint32_t, std::int64_t> values_;
  std::deque<NativeWaypoint> queue_;
  std::deque<std::int16_t> samples_;
  NativeWaypoint line_;
  bool running_ = false, held_ = false;
  double end_ = 0.0, arrival_ = 0.0, sampled_ = 0.0;
};

class LineNumberOfTheDriver : public ::testing::Test {
 protected:
  LineNumberOfTheDriver() : target_(clock_), driver_(target_, clock_, quiet_config(), own_bitfile()) {}
  void connect() { ASSERT_TRUE(succeeded(driver_.connect({.allow_motion = true}))); }
  /// 50 ms per line of the double.
  RunState run(const Program& program) {
    EXPECT_TRUE(succeeded(driver_.start(program)));
    begun_ = clock_.now();
    std::vector<Frame> frames(4096);
    for (;;) {
      const auto count = driver_.read(frames, no_deadline);
      if (!count) ADD_FAILURE() << describe(count.error());
      if (!count || count.value() == 0) break;
      frames_ += count.value();
    }
    return driver_.status().value().state;
  }
  static Waypoint approach() {
    Waypoint w = move_z(99e-6, 20e-6);
    w.stop = StopRule::on_contact;
    return w;
  }

  FreeClock clock_;
  RuleTarget target_;
  WecspmSequencer driver_;
  double begun_ = 0.0;
  std::size_t frames_ = 0;
};

TEST_F(LineNumberOfTheDriver, ReleasesAContactLineThatIsHeldAtItsTargets) {
  connect();
  EXPECT_EQ(run(program_of({hold(0.01), approach()})), RunState::limit_reached);
  // Held at 100 ms, seen for two frames, released.
  ASSERT_EQ(target_.ended.size(), 2U);
  EXPECT_NEAR(target_.ended[1] - begun_, 0.1, 0.02);
  EXPECT_EQ(target_.number, 2);
}

TEST_F(LineNumberOfTheDriver, TellsContactFromTheEndOfTravel) {
  for (const bool pulse : {false, true}) {
    connect();
    target_.contact = true;
    target_.pulse = pulse;
    EXPECT_EQ(run(program_of({move_z(100e-6), approach()})), RunState::contact)
        << "Feedback1 Boolean pulses: " << pulse;
    target_.contact = false;
    EXPECT_EQ(run(program_of({move_z(100e-6), approach()})), RunState::limit_reached);
  }
}

// What was written comes to the image late, and each look takes 2 ms: one that saw it wait and then the number of the
// line that it has begun meanwhile would take the line for done.
TEST_F(LineNumberOfTheDriver, IsNotDoneWhileTheLineRuns) {
  connect();
  target_.latency = 2e-3;
  target_.silent = true;  // who waits for its samples waits for the line
  target_.line_time = 1.0;
  for (int ms = 1; ms < 80; ++ms) {
    target_.transfer = ms * 1e-3;
    target_.ended.clear();
    EXPECT_EQ(run(program_of({hold(0.01)})), RunState::completed);
    EXPECT_EQ(target_.ended.size(), 1U) << ms << " ms";
    clock_.sleep_until(clock_.now() + 2.0, {});
  }
}

TEST_F(LineNumberOfTheDriver, FeedsAsManyLinesAsTheQueueHolds) {
  connect();
  EXPECT_EQ(run(program_of(std::vector<Waypoint>(700, hold(0.01)))), RunState::completed);
  EXPECT_EQ(target_.number, 700);
}

TEST_F(LineNumberOfTheDriver, DropsSamplesOfTheWaitBeforeALine) {
  target_.idle_samples = true;
  connect();
  clock_.sleep_until(clock_.now() + 1.0, {});
  target_.transfer = 20e-3;
  EXPECT_EQ(run(program_of({hold(0.01)})), RunState::completed);
  EXPECT_NEAR(static_cast<double>(frames_), 0.05 / frame, 2.0);
}

/// A host so fast that its questions take no time of its own.
class FastHost final : public Clock {
 public:
  [[nodiscard]] double now() const override { return now_ += 1e-7; }
  void sleep_until(double time, const std::stop_token&) override { now_ = std::max(now_, time); }

 private:
  mutable double now_ = 0.0;
};

// The target goes on by 0.1 ms with each question, the host waits two frames of its own: 22 000 questions where it asks
// all the while.
TEST(HeldLine, IsReleasedByAHostThatSleepsRatherThanAsks) {
  FreeClock device;
  RuleTarget target(device);
  target.latency = 0.1e-3;
  FastHost host;
  WecspmSequencer driver(target, host, quiet_config(), own_bitfile());
  ASSERT_TRUE(succeeded(driver.connect({.allow_motion = true})));
  Waypoint approach = move_z(99e-6, 20e-6);
  approach.stop = StopRule::on_contact;
  ASSERT_TRUE(succeeded(driver.start(program_of({approach}))));
  std::vector<Frame> frames(4096);
  for (;;) {
    const auto count = driver.read(frames, no_deadline);
    ASSERT_TRUE(count);
    if (count.value() == 0) break;
  }
  EXPECT_EQ(driver.status().value().state, RunState::limit_reached);
  // One look a frame of some five questions, and what there is to ask around it: 26.
  EXPECT_LT(target.asked_while_held, 100);
}

// The stop is acknowledged by waiting; one that is not in 5 s is a fault.
TEST_F(LineNumberOfTheDriver, AbortIsAcknowledged) {
  connect();
  target_.line_time = 1.0;
  ASSERT_TRUE(succeeded(driver_.start(program_of({hold(0.01)}))));
  clock_.sleep_until(clock_.now() + 0.1, {});
  EXPECT_TRUE(succeeded(driver_.abort()));
  EXPECT_EQ(driver_.status().value().state, RunState::aborted);
}

}  // namespace
}  // namespace seccm::instrument::wecspm::testing
