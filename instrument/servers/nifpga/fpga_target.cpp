#include "instrument/servers/nifpga/fpga_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/error.hpp"

namespace seccm::instrument::nifpga {

using wecspm::DataType;
using wecspm::FpgaStatus;
using wecspm::NativeSample;
using wecspm::NativeWaypoint;
using wecspm::Reg;
using wecspm::ViState;
namespace status = wecspm::fpga_status;

namespace {

constexpr std::int16_t start_up_xy = 0x3FFF;
constexpr std::size_t largest_depth = std::size_t{1} << 24U;
constexpr double infinite_timeout = 86400.0;  // s: 0xFFFFFFFF ms
constexpr std::int64_t never_above = 32768, rail = 32768;

wecspm::NativeUnits units_of(const Capabilities& c, const Limits& l, bool inverted) {
  const double sign = inverted ? -1.0 : 1.0;
  return {c.x.lsb, c.y.lsb, c.z.lsb, l.z_max, sign * c.E1.lsb, sign * c.i1.lsb};
}

std::pair<std::int64_t, std::int64_t> range_of(DataType type) {
  switch (type) {
    case DataType::boolean:
      return {0, 1};
    case DataType::u8:
      return {0, 255};
    case DataType::i16:
      return {-32768, 32767};
    case DataType::i32:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    case DataType::u32:
    case DataType::fixed_point:
      return {0, std::numeric_limits<std::uint32_t>::max()};
    case DataType::u64:
      break;
  }
  return {0, std::numeric_limits<std::int64_t>::max()};
}

double seconds_of(std::uint32_t timeout_ms) {
  return timeout_ms == UINT32_MAX ? infinite_timeout : timeout_ms * 1e-3;
}

}  // namespace

FpgaTarget::FpgaTarget(ProbeSequencer& sequencer, Clock& clock, const TargetOptions& options)
    : sequencer_(sequencer),
      clock_(clock),
      options_(options),
      image_(
          wecspm::map_image(wecspm::parse_bitfile(wecspm::synthetic_bitfile(), "software target"), "software target")),
      units_(units_of(sequencer.capabilities(), sequencer.limits(), options.polarity_inverted)),
      frame_interval_(sequencer.capabilities().frame_interval) {
  if (!(options.latency >= 0.0 && options.latency <= 1.0)) {
    throw InputError(fmt::format("latency = {:.6g} s, accepted are 0 s to 1 s", options.latency));
  }
  waypoints_.on_target = wecspm::waypoint_fifo_elements;
  samples_.on_target = wecspm::sample_fifo_elements;
  defaults();
}

void FpgaTarget::defaults() {
  values_ = {};
  at(Reg::threshold) = at(Reg::threshold2) = never_above;
  at(Reg::greater_than) = at(Reg::greater_than2) = 1;
  at(Reg::hold_scale) = 40;
  publish();
}

FpgaStatus FpgaTarget::open(const std::string&, const std::string& signature, const std::string&) {
  if (open_) return status::invalid_session;
  if (signature != wecspm::synthetic_signature) return status::signature_mismatch;
  open_ = true;
  return status::success;
}

FpgaStatus FpgaTarget::close() {
  if (!open_) return status::invalid_session;
  const FpgaStatus result = reset();
  open_ = false;
  return result;
}

FpgaStatus FpgaTarget::reset() {
  if (!open_) return status::invalid_session;
  stop();
  state_ = ViState::not_running;
  stopped_ = held_ = false;
  fault_.clear();
  waypoints_.words.clear();
  samples_.words.clear();
  lines_ = 0;
  defaults();
  return status::success;
}

// The image starts retracted, potentials at zero and the lateral axes at +5 V.
FpgaStatus FpgaTarget::run() {
  if (!open_) return status::invalid_session;
  if (state_ == ViState::running) return status::success;
  if (!sequencer_.connect({.allow_motion = true})) return status::software_fault;
  sequencer_.make_safe();
  if (!go_to_start()) return status::software_fault;
  commanded_ = {start_up_xy, start_up_xy, 0, 0, 0};
  state_ = ViState::running;
  fresh_ = true;
  publish();
  return status::success;
}

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

FpgaStatus FpgaTarget::state(ViState& state) {
  if (!open_) return status::invalid_session;
  state = state_;
  return status::success;
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

void FpgaTarget::sync() {
  if (state_ != ViState::running || stopped_) return;
  drain_frames();
  settle();
  if (held_ && comparator_set()) end_line();
  if (!running_ && !held_ && fault_.empty() && !on(Reg::external_pause) &&
      waypoints_.words.size() >= wecspm::frame_words) {
    start_segment();
  }
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
  NativeSample sample;
  sample.position[wecspm::axis_x] = wecspm::saturated_count(frame.x, units_.x_lsb);
  sample.position[wecspm::axis_y] = wecspm::saturated_count(frame.y, units_.y_lsb);
  sample.position[wecspm::axis_z] = wecspm::saturated_count(units_.z_top - frame.z, units_.z_lsb);
  sample.position[wecspm::axis_v1] = wecspm::saturated_count(frame.E1, units_.E_lsb);
  sample.position[wecspm::axis_v2] = commanded_[wecspm::axis_v2];
  sample.i1 = wecspm::saturated_count(frame.i1, units_.i_lsb);
  sample.i2 = wecspm::saturated_count(frame.i2, units_.i_lsb);
  sample.feedback = static_cast<std::int16_t>(at(Reg::feedback_type));
  sample.line = static_cast<std::int16_t>(static_cast<std::uint16_t>(lines_ + static_cast<std::uint64_t>(frame.tag)));
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
  running_ = false;
  if (now.value().state == RunState::faulted) {
    fail("the sequencer has failed");
    return;
  }
  for (std::size_t axis = 0; axis < wecspm::axis_count; ++axis) commanded_[axis] = segment_.back().target[axis];
  const bool limit = now.value().state == RunState::limit_reached;
  held_ = limit;
  at(Reg::feedback_reached) = now.value().state == RunState::contact ? 1 : 0;
  lines_ += segment_.size() - (limit ? 1U : 0U);
  fresh_ = waypoints_.words.size() < wecspm::frame_words || limit;
}

std::vector<NativeWaypoint> FpgaTarget::next_segment() {
  std::vector<NativeWaypoint> segment;
  std::array<std::int16_t, wecspm::frame_words> words{};
  while (waypoints_.words.size() >= words.size() && segment.size() < wecspm::max_lines) {
    std::copy_n(waypoints_.words.begin(), words.size(), words.begin());
    waypoints_.words.erase(waypoints_.words.begin(), waypoints_.words.begin() + wecspm::frame_words);
    segment.push_back(wecspm::decode_waypoint(words));
    if (segment.back().action == static_cast<std::int16_t>(wecspm::LineAction::stop_on_contact)) break;
  }
  return segment;
}

void FpgaTarget::start_segment() {
  segment_ = next_segment();
  Program program;
  program.contact = criterion();
  for (const NativeWaypoint& native : segment_) {
    program.waypoints.push_back(physical(native, static_cast<std::int32_t>(program.waypoints.size()) + 1));
  }
  if (!fault_.empty()) return;
  if (const auto outcome = sequencer_.start(program); !outcome) {
    fail(describe(outcome.error()));
    return;
  }
  if (fresh_) last_frame_ = clock_.now();
  running_ = true;
  at(Reg::feedback_reached) = 0;
}

Waypoint FpgaTarget::physical(const NativeWaypoint& native, std::int32_t tag) {
  using namespace wecspm;
  Waypoint w;
  w.tag = tag;
  const auto speed = [&](Axis axis, Reg scaler) {
    return velocity_of(native.velocity[axis], static_cast<int>(at(scaler))) * tick_rate * units_.step(axis);
  };
  if (native.flags & move_x) w.x = units_.value(axis_x, native.target[axis_x]);
  if (native.flags & move_y) w.y = units_.value(axis_y, native.target[axis_y]);
  if (native.flags & move_z) w.z = units_.value(axis_z, native.target[axis_z]);
  const double fast = std::numeric_limits<double>::infinity();
  const double vx = w.x ? speed(axis_x, Reg::scaler_x) : fast, vy = w.y ? speed(axis_y, Reg::scaler_y) : fast;
  // The sequencer has one lateral speed: the slower of the two.
  if (w.x || w.y) w.speed_xy = std::min(vx, vy);
  if (w.z) w.speed_z = speed(axis_z, Reg::scaler_z);
  if (native.flags & (move_v | jump_v)) {
    w.E1 = units_.value(axis_v1, native.target[axis_v1]);
    w.jump_E1 = (native.flags & jump_v) != 0;
    w.rate_E1 = speed(axis_v1, Reg::scaler_v);
  }
  if (native.flags & hold_line) w.hold = native.hold_us * static_cast<double>(at(Reg::hold_scale)) / tick_rate;
  if (native.action == static_cast<std::int16_t>(LineAction::stop_on_contact)) {
    w.stop = StopRule::on_contact;
  } else if (native.action != static_cast<std::int16_t>(LineAction::none)) {
    fail(fmt::format("line action {}: accepted are 0 and 2", native.action));
  }
  return w;
}

// Both comparators look at I1: "greater than" gives the upper bound, "not greater than" the lower one.
ContactCriterion FpgaTarget::criterion() {
  double upper = rail, lower = -rail;
  for (const auto& [threshold, greater] :
       {std::pair{Reg::threshold, Reg::greater_than}, std::pair{Reg::threshold2, Reg::greater_than2}}) {
    const auto bound = static_cast<double>(std::clamp<std::int64_t>(at(threshold), -rail, rail));
    if (on(greater)) {
      upper = std::min(upper, bound);
    } else {
      lower = std::max(lower, bound);
    }
  }
  const double full = sequencer_.limits().current_range, lsb = std::abs(units_.i_lsb);
  return {std::clamp(0.5 * (upper - lower) * lsb, lsb, full), 0.5 * (upper + lower) * units_.i_lsb};
}

bool FpgaTarget::comparator_set() {
  const std::int64_t i = at(Reg::current);
  const auto set = [&](Reg threshold, Reg greater) { return on(greater) ? i > at(threshold) : i < at(threshold); };
  return set(Reg::threshold, Reg::greater_than) || set(Reg::threshold2, Reg::greater_than2);
}

void FpgaTarget::end_line() {
  held_ = false;
  ++lines_;
}

// The executed waypoints are done; what is left goes back to the head of the queue.
void FpgaTarget::pause() {
  if (!running_) return;
  const auto now = sequencer_.status();
  if (!now || !sequencer_.abort()) {
    fail("the sequencer does not stop");
    return;
  }
  drain_frames();
  running_ = false;
  fresh_ = true;
  const std::size_t done = std::min(now.value().executed, segment_.size());
  lines_ += done;
  std::vector<std::int16_t> rest;
  for (std::size_t k = done; k < segment_.size(); ++k) {
    const auto words = encode(segment_[k]);
    rest.insert(rest.end(), words.begin(), words.end());
  }
  waypoints_.words.insert(waypoints_.words.begin(), rest.begin(), rest.end());
}

void FpgaTarget::stop() {
  if (running_) (void)sequencer_.abort();
  running_ = false;
  held_ = false;
  stopped_ = true;
  waypoints_.words.clear();
}

void FpgaTarget::fail(const std::string& why) {
  if (!fault_.empty()) return;
  fault_ = why;
  at(Reg::internal_stop) = 1;
  if (running_) (void)sequencer_.abort();
  running_ = false;
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
      at(Reg::applied_v2) = commanded_[wecspm::axis_v2];
      at(Reg::line_number) = static_cast<std::int64_t>(lines_ + (running_ ? s.executed : 0U));
    }
    at(Reg::waiting) = !running_ && !held_ && !stopped_ && waypoints_.words.size() < wecspm::frame_words ? 1 : 0;
    const bool line = (running_ || held_) && !segment_.empty();
    at(Reg::line_type) = line ? segment_.back().action : 0;
    at(Reg::z_end) = line ? segment_.back().target[wecspm::axis_z] : at(Reg::applied_z);
    at(Reg::stop_move_z) = held_ || on(Reg::feedback_reached) ? 1 : 0;
  }
  snapshot_ = values_;
}

FpgaStatus FpgaTarget::read(std::uint32_t address, DataType type, std::int64_t& value) {
  if (!open_) return status::invalid_session;
  const auto found = std::find(image_.address.begin(), image_.address.end(), address);
  if (found == image_.address.end()) return status::invalid_parameter;
  const auto reg = static_cast<Reg>(found - image_.address.begin());
  if (wecspm::rule(reg).type != type) return status::invalid_parameter;
  pass(options_.latency);
  if (!wecspm::rule(reg).indicator) {
    value = at(reg);
    return status::success;
  }
  if (seen_.contains(reg)) publish();
  seen_.insert(reg);
  value = snapshot_[static_cast<std::size_t>(reg)];
  return status::success;
}

FpgaStatus FpgaTarget::write(std::uint32_t address, DataType type, std::int64_t value) {
  if (!open_) return status::invalid_session;
  const auto found = std::find(image_.address.begin(), image_.address.end(), address);
  if (found == image_.address.end()) return status::invalid_parameter;
  const auto reg = static_cast<Reg>(found - image_.address.begin());
  const auto [low, high] = range_of(type);
  if (wecspm::rule(reg).type != type || wecspm::rule(reg).indicator || value < low || value > high) {
    return status::invalid_parameter;
  }
  pass(options_.latency);
  at(reg) = value;
  apply(reg);
  sync();
  publish();
  return status::success;
}

void FpgaTarget::apply(Reg reg) {
  if (state_ != ViState::running) return;
  if (reg == Reg::external_stop && on(reg)) {
    drain_frames();
    stop();
  }
  if (reg == Reg::external_pause && on(reg)) pause();
  if (reg == Reg::end_current_line && on(reg) && held_) end_line();
}

FpgaTarget::Fifo* FpgaTarget::fifo(std::uint32_t number) {
  if (number == image_.waypoints) return &waypoints_;
  if (number == image_.samples) return &samples_;
  return nullptr;
}

FpgaStatus FpgaTarget::configure_fifo(std::uint32_t number, std::size_t depth, std::size_t& actual) {
  if (!open_) return status::invalid_session;
  Fifo* which = fifo(number);
  if (which == nullptr || depth > largest_depth) return status::invalid_parameter;
  which->on_host = actual = depth;
  return status::success;
}

FpgaStatus FpgaTarget::start_fifo(std::uint32_t number) {
  if (!open_) return status::invalid_session;
  return fifo(number) == nullptr ? status::invalid_parameter : status::success;
}

FpgaStatus FpgaTarget::stop_fifo(std::uint32_t number) {
  if (!open_) return status::invalid_session;
  Fifo* which = fifo(number);
  if (which == nullptr) return status::invalid_parameter;
  which->words.clear();
  return status::success;
}

FpgaStatus FpgaTarget::write_fifo(std::uint32_t number, std::span<const std::int16_t> words, std::uint32_t timeout_ms,
                                  std::size_t& room) {
  if (!open_) return status::invalid_session;
  if (number != image_.waypoints) return status::invalid_parameter;
  pass(options_.latency);
  const double until = clock_.now() + seconds_of(timeout_ms);
  while (waypoints_.room() < words.size() && clock_.now() < until) {
    const double before = clock_.now();
    step(std::min(until, before + frame_interval_));
    if (clock_.now() <= before) break;
  }
  const bool fits = words.size() <= waypoints_.room();
  if (fits && !stopped_) waypoints_.words.insert(waypoints_.words.end(), words.begin(), words.end());
  sync();
  publish();
  room = waypoints_.room();
  return fits ? status::success : status::fifo_timeout;
}

FpgaStatus FpgaTarget::read_fifo(std::uint32_t number, std::span<std::int16_t> words, std::uint32_t timeout_ms,
                                 std::size_t& remaining) {
  if (!open_) return status::invalid_session;
  if (number != image_.samples) return status::invalid_parameter;
  pass(options_.latency);
  const double until = clock_.now() + seconds_of(timeout_ms);
  while (samples_.words.size() < words.size() && clock_.now() < until) {
    const double before = clock_.now();
    step(std::min(until, before + frame_interval_));
    if (clock_.now() <= before) break;
  }
  const bool there = samples_.words.size() >= words.size();
  if (there) {
    std::copy_n(samples_.words.begin(), words.size(), words.begin());
    samples_.words.erase(samples_.words.begin(), samples_.words.begin() + static_cast<std::ptrdiff_t>(words.size()));
  }
  publish();
  remaining = samples_.words.size();
  return there ? status::success : status::fifo_timeout;
}

}  // namespace seccm::instrument::nifpga
