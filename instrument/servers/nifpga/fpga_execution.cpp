// How the target executes: time, lines, samples, and the registers that act on a running line.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "instrument/servers/nifpga/fpga_target.hpp"

namespace seccm::instrument::nifpga {

using wecspm::NativeSample;
using wecspm::Reg;
using wecspm::ViState;

bool FpgaTarget::go_to_start() {
  Waypoint middle;
  middle.x = units_.value(wecspm::axis_x, start_up_xy);
  middle.y = units_.value(wecspm::axis_y, start_up_xy);
  middle.tag = 1;
  const auto now = sequencer_.status();
  if (!now) return false;
  if (now.value().x == *middle.x && now.value().y == *middle.y) return true;
  const Program program{{middle}, {}};
  const auto cost = sequencer_.check(program);
  if (!cost || !sequencer_.start(program)) return false;
  std::vector<Frame> frames(1024);
  for (;;) {
    const auto count = sequencer_.read(frames, clock_.now() + cost.value().duration + 1.0);
    if (!count) return false;
    if (count.value() == 0) return true;
  }
}

// A sequencer that hands on waypoints one frame after another meets no pause: time is cut at its frame boundaries.
void FpgaTarget::step(double until) {
  while (clock_.now() < until) {
    double next = until;
    if (running_ && !waypoints_.words.empty()) {
      const double behind = std::max(0.0, clock_.now() - last_frame_);
      next = std::min(until, last_frame_ + (std::floor(behind / frame_interval_ + 1e-6) + 1.0) * frame_interval_);
    }
    const double before = clock_.now();
    clock_.sleep_until(next, {});
    sync();
    if (clock_.now() <= before) break;
  }
}

void FpgaTarget::pass(double seconds) {
  step(clock_.now() + seconds);
  sync();
}

void FpgaTarget::to_frame_end() {
  const double behind = std::max(0.0, clock_.now() - last_frame_);
  clock_.sleep_until(last_frame_ + std::ceil(behind / frame_interval_ - 1e-6) * frame_interval_, {});
  sync();
}

void FpgaTarget::sync() {
  if (state_ != ViState::running || stopped_) return;
  drain_frames();
  settle();
  if (!fault_.empty() || paused()) return;
  if (held_ && comparators().set(at(Reg::current), at(Reg::current2))) end_held(true);
  if (!running_ && !held_) start_segment();
}

void FpgaTarget::drain_frames() {
  std::array<Frame, 256> frames;
  for (;;) {
    const auto count = sequencer_.read(frames, clock_.now());
    if (!count) {
      if (!count.error().retryable) fail(describe(count.error()));
      return;
    }
    if (count.value() == 0) return;
    for (std::size_t k = 0; k < count.value(); ++k) push(frames[k]);
  }
}

void FpgaTarget::push(const Frame& frame) {
  if (samples_.room() < wecspm::frame_words) {
    fail(fmt::format("sample FIFO full with {} elements", samples_.words.size()));
    return;
  }
  const auto line = static_cast<std::uint64_t>(frame.tag);
  NativeSample sample;
  sample.position[wecspm::axis_x] = wecspm::saturated_count(frame.x, units_.x_lsb);
  sample.position[wecspm::axis_y] = wecspm::saturated_count(frame.y, units_.y_lsb);
  sample.position[wecspm::axis_z] = wecspm::saturated_count(units_.z_top - frame.z, units_.z_lsb);
  sample.position[wecspm::axis_v1] = wecspm::saturated_count(frame.E1, units_.E_lsb);
  sample.position[wecspm::axis_v2] = segment_.v2(line - 1, v2_);
  sample.i1 = wecspm::saturated_count(frame.i1, units_.i_lsb);
  sample.i2 = wecspm::saturated_count(frame.i2, units_.i_lsb);
  sample.feedback = static_cast<std::int16_t>(at(Reg::feedback_type));
  sample.line = static_cast<std::int16_t>(static_cast<std::uint16_t>(lines_ + line));
  const double interval = fresh_ ? frame_interval_ : frame.t - last_frame_;
  sample.interval =
      static_cast<std::uint32_t>(std::clamp(std::nearbyint(interval * wecspm::tick_rate), 0.0, 4294967295.0));
  fresh_ = false;
  last_frame_ = frame.t;
  at(Reg::current) = sample.i1;
  at(Reg::current2) = sample.i2;
  const auto words = encode(sample);
  samples_.words.insert(samples_.words.end(), words.begin(), words.end());
}

void FpgaTarget::settle() {
  if (!running_) return;
  const auto now = sequencer_.status();
  if (!now) {
    fail(describe(now.error()));
    return;
  }
  if (now.value().state == RunState::running) return;
  drain_frames();
  if (now.value().state == RunState::faulted) {
    fail("the sequencer has failed");
    return;
  }
  running_ = false;
  const std::size_t last = segment_.lines().size() - 1;
  line_begun(last);
  held_ = now.value().state == RunState::limit_reached;
  at(Reg::feedback_reached) = now.value().state == RunState::contact ? 1 : 0;
  lines_ += last + (held_ ? 0U : 1U);
  fresh_ = held_ || (rest_.empty() && waypoints_.words.size() < wecspm::frame_words);
}

void FpgaTarget::line_begun(std::size_t line) {
  v2_ = segment_.v2(line, v2_);
  if (segment_.on_fly_line() && line >= *segment_.on_fly_line()) fly_requested_ = false;
}

void FpgaTarget::read_lines() {
  std::array<std::int16_t, wecspm::frame_words> words{};
  while (waypoints_.words.size() >= words.size() && rest_.size() < wecspm::max_lines) {
    if (!rest_.empty() && rest_.back().contact()) return;
    std::copy_n(waypoints_.words.begin(), words.size(), words.begin());
    waypoints_.words.erase(waypoints_.words.begin(), waypoints_.words.begin() + wecspm::frame_words);
    rest_.push_back({wecspm::decode_waypoint(words), false, std::nullopt});
  }
}

// EndCurrentLine has waited for a line, or a comparator is set as a contact line goes on.
bool FpgaTarget::ended_at_once() {
  const Line& front = rest_.front();
  const Comparators c = comparators();
  const bool contact =
      front.contact() && (front.begun ? c.set(at(Reg::current), at(Reg::current2)) : c.set_by_i2(at(Reg::current2)));
  if (!end_requested_ && !contact) return false;
  at(Reg::feedback_reached) = !end_requested_ && contact ? 1 : 0;
  end_requested_ = false;
  ++lines_;
  rest_.erase(rest_.begin());
  return true;
}

void FpgaTarget::start_segment() {
  for (read_lines(); !rest_.empty() && ended_at_once(); read_lines()) {
  }
  if (rest_.empty()) return;
  std::vector<Line> lines = std::move(rest_);
  rest_.clear();
  // The sequencer's contact rule does not see I2: the lines before the contact line go first.
  if (lines.size() > 1 && lines.back().contact() && comparators().set_by_i2(at(Reg::current2))) {
    rest_.push_back(lines.back());
    lines.pop_back();
  }
  const auto from = sequencer_.status();
  if (!from) {
    fail(describe(from.error()));
    return;
  }
  segment_ = Segment(std::move(lines), scales(), units_, from.value(), options_.sample_interval);
  if (!segment_.problem().empty()) {
    fail(segment_.problem());
    return;
  }
  const Program program{segment_.waypoints(), comparators().criterion(units_.i_lsb, sequencer_.limits().current_range)};
  if (const auto outcome = sequencer_.start(program); !outcome) {
    fail(describe(outcome.error()));
    return;
  }
  const auto begun = sequencer_.status();
  started_ = begun ? begun.value().t : clock_.now();
  if (fresh_) last_frame_ = started_;
  running_ = true;
  if (segment_.lines().back().contact()) at(Reg::feedback_reached) = 0;
}

LineScales FpgaTarget::scales() {
  LineScales s;
  constexpr std::array scalers{Reg::scaler_x, Reg::scaler_y, Reg::scaler_z, Reg::scaler_v, Reg::scaler_v2};
  for (std::size_t axis = 0; axis < s.scaler.size(); ++axis) s.scaler[axis] = static_cast<int>(at(scalers[axis]));
  s.hold_scale = at(Reg::hold_scale);
  if (fly_requested_) s.on_fly = static_cast<std::int16_t>(at(Reg::v_on_fly));
  return s;
}

Comparators FpgaTarget::comparators() {
  return {{at(Reg::feedback_type), at(Reg::threshold), on(Reg::greater_than)},
          {at(Reg::feedback_type2), at(Reg::threshold2), on(Reg::greater_than2)}};
}

void FpgaTarget::end_held(bool contact) {
  held_ = false;
  ++lines_;
  at(Reg::feedback_reached) = contact ? 1 : 0;
}

// The executed lines are done; what is left comes before the queue.
bool FpgaTarget::interrupt() {
  const auto now = sequencer_.status();
  if (!now || !sequencer_.abort()) {
    fail("the sequencer does not stop");
    return false;
  }
  drain_frames();
  if (!fault_.empty()) return false;
  running_ = false;
  const std::size_t line = segment_.line_at(now.value().executed);
  line_begun(line);
  lines_ += line;
  std::vector<Line> left = segment_.rest(line, std::max(0.0, last_frame_ - started_));
  rest_.insert(rest_.begin(), left.begin(), left.end());
  return true;
}

void FpgaTarget::pause() {
  if (!running_) return;
  fresh_ = interrupt();
}

bool FpgaTarget::hold_up() {
  if (!running_) return false;
  to_frame_end();
  return running_ && interrupt();
}

// A register that the running lines depend on has changed: it acts from the next sample on.
void FpgaTarget::replan() {
  if (hold_up()) sync();
}

void FpgaTarget::change_on_fly() {
  const bool running = hold_up();
  fly_requested_ = on(Reg::change_v_on_fly);
  if (running) sync();
}

void FpgaTarget::request_end() {
  end_spent_ = end_requested_ = true;
  if (held_) {
    end_requested_ = false;
    end_held(false);
  } else {
    replan();
  }
}

void FpgaTarget::stop() {
  lines_ = line_number();
  if (running_) (void)sequencer_.abort();
  running_ = held_ = false;
  end_requested_ = fly_requested_ = false;
  stopped_ = true;
  rest_.clear();
  waypoints_.words.clear();
}

void FpgaTarget::fail(const std::string& why) {
  if (!fault_.empty()) return;
  fault_ = why;
  note(fmt::format("{}: {}", wecspm::rule(Reg::internal_stop).name, why));
  lines_ = line_number();
  at(Reg::internal_stop) = 1;
  if (running_) (void)sequencer_.abort();
  running_ = false;
  rest_.clear();
}

void FpgaTarget::apply(Reg reg, bool changed) {
  if (state_ != ViState::running) return;
  switch (reg) {
    case Reg::external_stop:
      if (!on(reg)) return;
      drain_frames();
      stop();
      return;
    case Reg::external_pause:
    case Reg::internal_pause:
      if (on(reg)) pause();
      return;
    case Reg::end_current_line:
      if (!on(reg)) end_requested_ = false;
      if (on(reg) && changed) request_end();
      return;
    case Reg::v_on_fly:
    case Reg::change_v_on_fly:
      if (changed) change_on_fly();
      return;
    case Reg::feedback_type:
    case Reg::threshold:
    case Reg::greater_than:
    case Reg::feedback_type2:
    case Reg::threshold2:
    case Reg::greater_than2:
    case Reg::hold_scale:
    case Reg::scaler_x:
    case Reg::scaler_y:
    case Reg::scaler_z:
    case Reg::scaler_v:
      if (changed) replan();
      return;
    default:
      return;
  }
}

std::uint64_t FpgaTarget::line_number() {
  if (held_) return lines_ + 1;
  if (!running_) return lines_ + (!rest_.empty() && rest_.front().begun ? 1U : 0U);
  const auto now = sequencer_.status();
  const std::size_t line = now ? segment_.line_at(now.value().executed) : 0;
  return lines_ + std::min(line + 1, segment_.lines().size());
}

const Line* FpgaTarget::line_in_execution() {
  if (held_) return &segment_.lines().back();
  if (running_) return &segment_.lines()[static_cast<std::size_t>(line_number() - lines_) - 1];
  return !rest_.empty() && rest_.front().begun ? &rest_.front() : nullptr;
}

void FpgaTarget::publish() {
  seen_.clear();
  if (state_ == ViState::running) {
    if (const auto now = sequencer_.status()) {
      const SequencerStatus& s = now.value();
      at(Reg::applied_x) = wecspm::saturated_count(s.x, units_.x_lsb);
      at(Reg::applied_y) = wecspm::saturated_count(s.y, units_.y_lsb);
      at(Reg::applied_z) = wecspm::saturated_count(units_.z_top - s.z, units_.z_lsb);
      at(Reg::applied_v) = wecspm::saturated_count(s.E1, units_.E_lsb);
      at(Reg::applied_v2) = running_ ? segment_.v2(segment_.line_at(s.executed), v2_) : v2_;
      at(Reg::line_number) = static_cast<std::int64_t>(line_number());
    }
    const bool idle = !running_ && !held_ && fault_.empty() && rest_.empty();
    at(Reg::waiting) = stopped_ || (idle && waypoints_.words.size() < wecspm::frame_words) ? 1 : 0;
    const Line* line = line_in_execution();
    at(Reg::line_type) = line != nullptr ? line->native.action : 0;
    at(Reg::z_end) = line != nullptr ? line->native.target[wecspm::axis_z] : at(Reg::applied_z);
    at(Reg::stop_move_z) = held_ || on(Reg::feedback_reached) ? 1 : 0;
  }
  snapshot_ = values_;
}

}  // namespace seccm::instrument::nifpga
