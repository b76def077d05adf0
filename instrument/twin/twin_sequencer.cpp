#include "instrument/twin/twin_sequencer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include "instrument/twin/program_limits.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::twin {

namespace {

constexpr Tick comparator_ticks = 80;        // it looks every 2 us
constexpr Tick idle_chunk = 40'000'000;      // 1 s: drift of the tip is looked at as often
constexpr double farthest_deadline = 1e9;    // s
constexpr double negligible_chance = 1e-13;  // of a false contact in one frame
constexpr double counts = 32768.0;
constexpr double forever = std::numeric_limits<double>::infinity();

TimeBase time_base(const AmplifierParameters& p) {
  const double ticks = p.sample_interval.si() / tick_length;
  const auto sample = static_cast<Tick>(std::llround(ticks));
  if (sample < 1 || std::abs(ticks - static_cast<double>(sample)) > 1e-6 * ticks) {
    throw InputError(fmt::format("amplifier.sample_interval = {:.6g} us: not a multiple of 25 ns", ticks * 0.025));
  }
  return {sample, sample * (p.samples_averaged + 1)};
}

ChannelScale scale(double full_range) {
  return {full_range / counts, 0.0};
}

double digitised(double value, const ChannelScale& s) {
  return s.lsb * std::clamp(std::nearbyint(value / s.lsb), -counts, counts - 1.0);
}

Capabilities capabilities_of(const TwinSpec& spec, const Amplifier& amplifier, const TimeBase& base) {
  Capabilities c;
  c.frame_interval = seconds(base.frame);
  c.x = c.y = scale(spec.stage.range_xy.si());
  c.z = scale(spec.stage.range_z.si());
  c.E1 = c.E2 = scale(10.0 / spec.amplifier.command_ratio);
  c.i1 = c.i2 = amplifier.scale();
  c.device_side_contact = true;
  c.contact_latency = seconds(comparator_ticks) + std::max(0.0, spec.amplifier.filter_time.si());
  return c;
}

Tick deadline_tick(double deadline, Tick now) {
  if (!(deadline > seconds(now))) return now;
  return static_cast<Tick>(std::floor(std::min(deadline, farthest_deadline) / tick_length + 1e-6));
}

}  // namespace

Point3 power_on_position(const StageParameters& stage) {
  return {0.25 * stage.range_xy.si(), 0.25 * stage.range_xy.si(), stage.range_z.si()};
}

TwinSequencer::TwinSequencer(World& world, std::uint64_t seed)
    : world_(world),
      amplifier_(world.spec().amplifier, seed),
      seed_(seed),
      base_(time_base(world.spec().amplifier)),
      capabilities_(capabilities_of(world.spec(), amplifier_, base_)),
      sensor_noise_(world.spec().stage.sensor_noise.si()) {
  const Point3 start = power_on_position(world.spec().stage);
  rest_ = {start.x, start.y, start.z, 0.0};
}

Identity TwinSequencer::identity() const {
  return {"seccm", "twin sequencer", fmt::format("seed-{}", seed_), "1"};
}

Health TwinSequencer::health() const {
  if (fault_) return {Health::Condition::faulted, now(), fault_->detail};
  if (!connected_) return {Health::Condition::stale, now(), "not connected"};
  return {Health::Condition::ok, now(), ""};
}

Error TwinSequencer::error(Errc code, std::string detail, bool retryable) const {
  return {code, "twin sequencer", std::move(detail), retryable};
}

Outcome TwinSequencer::connect(ConnectConsent consent) {
  if (connected_ && !fault_) return Done{};
  if (!consent.allow_motion) {
    return error(Errc::interlock_tripped, "connecting moves x and y to mid-range: needs consent to motion");
  }
  fault_.reset();
  state_ = RunState::idle;
  connected_ = true;
  const Limits l = limits();
  Waypoint up, middle;
  up.z = l.z_max;
  up.speed_z = l.speed_z_max;
  up.tag = 1;
  middle.x = 0.5 * (l.x_min + l.x_max);
  middle.y = 0.5 * (l.y_min + l.y_max);
  middle.speed_xy = l.speed_xy_max;
  middle.tag = 1;
  run_unrecorded({{up, middle}, {}});
  if (fault_) return *fault_;
  return Done{};
}

void TwinSequencer::make_safe() noexcept {
  try {
    if (run_) end_run(RunState::aborted, processed_);
    if (!connected_ || fault_) return;  // after a fault motion itself is doubtful: stay where it is
    const Limits l = limits();
    if (rest_.z >= l.z_max && rest_.E == 0.0) return;
    Waypoint up, off;
    up.z = l.z_max;
    up.speed_z = l.speed_z_max;
    up.tag = 1;
    off.E1 = 0.0;
    off.jump_E1 = true;
    off.tag = 1;
    run_unrecorded({{up, off}, {}});
  } catch (const std::exception& problem) {
    fault(Errc::device_fault, problem.what());
  }
}

void TwinSequencer::run_unrecorded(const Program& program) {
  const RunState before = state_;
  begin(program, false);
  while (run_) run_frame();
  now_ = std::max(now_, processed_);
  if (!fault_) state_ = before;
}

Limits TwinSequencer::limits() const {
  const auto& stage = world_.spec().stage;
  Limits l;
  l.x_max = l.y_max = stage.range_xy.si();
  l.z_max = stage.range_z.si();
  l.speed_xy_max = stage.speed_xy_max.si();
  l.speed_z_max = stage.speed_z_max.si();
  l.E_min = -counts * capabilities_.E1.lsb;
  l.E_max = (counts - 1.0) * capabilities_.E1.lsb;
  l.rate_E_max = world_.spec().amplifier.rate_max.si();
  l.current_range = amplifier_.full_scale();
  return l;
}

Capabilities TwinSequencer::capabilities() const {
  return capabilities_;
}

Result<DryRun> TwinSequencer::check(const Program& program) const {
  const Applied from = applied();
  const double height = lateral_height(world_.spec().stage, last_contact_z_);
  if (auto offence = program_offence(program, limits(), from, height)) return *offence;
  return program_cost(program, from, base_);
}

Outcome TwinSequencer::start(const Program& program) {
  if (!connected_) return error(Errc::disconnected, "not connected");
  if (fault_) return error(Errc::needs_reconnect, "after a fault: " + fault_->detail);
  if (run_) return error(Errc::interlock_tripped, "a program is running");
  if (const auto verdict = check(program); !verdict) return verdict.error();
  begin(program, true);
  return Done{};
}

void TwinSequencer::begin(const Program& program, bool recording) {
  if (now_ > processed_) idle(base_.frame);
  now_ = processed_;
  run_ = std::make_unique<ProgramRun>(program, rest_, processed_, base_);
  stop_at_.reset();
  recording_ = recording;
  starting_ = true;
  executed_ = 0;
  state_ = RunState::running;
}

Result<SequencerStatus> TwinSequencer::status() {
  if (!connected_) return error(Errc::disconnected, "not connected");
  const Applied a = applied();
  SequencerStatus s;
  s.state = state_;
  s.executed = run_ ? run_->executed() : executed_;
  s.t = now();
  s.x = a.x;
  s.y = a.y;
  s.z = a.z;
  s.E1 = a.E;
  s.i1 = last_current_;
  return s;
}

Applied TwinSequencer::applied() const {
  return run_ ? run_->applied(processed_) : rest_;
}

Result<std::size_t> TwinSequencer::read(std::span<Frame> out, double deadline) {
  if (!connected_) return error(Errc::disconnected, "not connected");
  if (out.empty()) return std::size_t{0};
  const Tick until = deadline_tick(deadline, now_);
  while (run_ && frames_.size() < out.size() && processed_ + base_.frame <= until) run_frame();
  now_ = std::max(now_, processed_);
  const std::size_t n = std::min(out.size(), frames_.size());
  std::copy_n(frames_.begin(), n, out.begin());
  frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(n));
  if (n > 0) return n;
  if (fault_) return *fault_;
  if (!run_) return std::size_t{0};
  run_to(until);
  return error(Errc::timeout, fmt::format("no frame until {:.6f} s", seconds(until)), true);
}

Outcome TwinSequencer::abort() {
  if (!connected_) return error(Errc::disconnected, "not connected");
  if (run_) end_run(RunState::aborted, processed_);
  return Done{};
}

void TwinSequencer::advance_to(double time) {
  run_to(deadline_tick(time, now_));
}

void TwinSequencer::run_to(Tick target) {
  now_ = std::max(now_, target);
  while (processed_ + base_.frame <= now_) {
    if (run_) {
      run_frame();
    } else {
      idle((now_ - processed_) / base_.frame * base_.frame);
    }
  }
}

void TwinSequencer::idle(Tick ticks) {
  const Tick end = processed_ + ticks;
  try {
    while (!fault_ && processed_ < end) {
      Integrals nobody_reads;
      Drive hold;
      hold.position = {rest_.x, rest_.y, rest_.z};
      hold.E = rest_.E;
      processed_ += world_.advance(hold, std::min(idle_chunk, end - processed_), nobody_reads).ticks;
    }
  } catch (const std::exception& problem) {
    fault(Errc::device_fault, problem.what());
  }
  processed_ = end;
}

bool TwinSequencer::rule_active() const {
  return run_ && run_->waypoint().stop == StopRule::on_contact && !stop_at_;
}

void TwinSequencer::arm_comparator() {
  if (!rule_active()) return;
  const auto& rule = run_->program().contact;
  const double level =
      (amplifier_.filtered() ? amplifier_.output() : world_.current() + amplifier_.slow_level()) - rule.baseline;
  if (std::abs(level) > rule.threshold) {
    stop_at_ = processed_ + comparator_ticks;
    return;
  }
  if (amplifier_.filtered()) return;  // the filter takes the fast noise away
  const double chance = amplifier_.false_contact_probability(level, rule.threshold, world_.noise_factor());
  if (chance < negligible_chance) return;
  RandomStream stream(seed_, "comparator", static_cast<std::uint64_t>(processed_ / base_.frame));
  if (stream.uniform() < chance) {
    stop_at_ = processed_ + 1 + static_cast<Tick>(stream.below(static_cast<std::uint64_t>(base_.frame)));
  }
}

void TwinSequencer::after_landing(Tick t) {
  if (!rule_active() || amplifier_.filtered()) return;
  const auto& rule = run_->program().contact;
  const double amplitude = world_.transient_amplitude();
  const double before = world_.current() - amplitude + amplifier_.slow_level() - rule.baseline;
  const double missing = std::max(rule.threshold - std::copysign(1.0, amplitude) * before, 0.0);
  const double delay = amplifier_.crossing_time(amplitude, missing);
  if (delay < 0.0) return;
  stop_at_ = t + std::max<Tick>(1, ticks_up(delay) + comparator_ticks - 1) / comparator_ticks * comparator_ticks +
             comparator_ticks;
}

void TwinSequencer::begin_potential_leg(Tick t, Integrals& sum) {
  const Drive d = run_->drive(t);
  world_.begin_potential(d.E, d.slope, run_->potential_leg_duration(t), sum);
}

void TwinSequencer::end_run(RunState state, Tick t) {
  rest_ = run_->finished() ? rest_ : run_->applied(t);
  executed_ = run_->executed() + (state == RunState::contact ? 1U : 0U);
  run_.reset();
  stop_at_.reset();
  state_ = state;
  if (state == RunState::contact) last_contact_z_ = rest_.z;
  Integrals no_jump;
  world_.begin_potential(rest_.E, 0.0, forever, no_jump);
}

void TwinSequencer::finish_waypoint(Tick t, Integrals& sum) {
  const bool approached = run_->waypoint().stop == StopRule::on_contact;
  rest_ = run_->applied(t);
  if (approached && (stop_at_ || !run_->next_approaches())) {
    end_run(stop_at_ ? RunState::contact : RunState::limit_reached, t);
    return;
  }
  run_->next();
  if (run_->finished()) {
    end_run(RunState::completed, t);
  } else {
    begin_potential_leg(t, sum);
  }
}

Tick TwinSequencer::run_piece(Tick t, Tick frame_end, FrameInProgress& frame) {
  if (!run_) {
    Drive hold;
    hold.position = {rest_.x, rest_.y, rest_.z};
    hold.E = rest_.E;
    return t + world_.advance(hold, frame_end - t, frame.sum).ticks;
  }
  frame.tag = run_->waypoint().tag;
  Tick limit = std::min(frame_end, run_->next_break(t));
  if (stop_at_) limit = std::clamp(*stop_at_, t + 1, limit);
  const auto progress = world_.advance(run_->drive(t), limit - t, frame.sum);
  t += progress.ticks;
  if (progress.landed) after_landing(t);
  if (stop_at_ && t >= *stop_at_) {
    frame.flags |= Frame::contact;
    end_run(RunState::contact, t);
  } else if (t == run_->end()) {
    finish_waypoint(t, frame.sum);
  } else if (run_->potential_leg_begins(t)) {
    begin_potential_leg(t, frame.sum);
  }
  return t;
}

void TwinSequencer::run_frame() {
  if (recording_ && frames_.size() >= buffer_frames) {
    fault(Errc::overflow, fmt::format("{} frames are waiting unread", frames_.size()));
    return;
  }
  const bool record = recording_;
  const Tick end = processed_ + base_.frame;
  FrameInProgress frame;
  try {
    if (starting_) begin_potential_leg(processed_, frame.sum);
    starting_ = false;
    arm_comparator();
    for (Tick t = processed_; t < end;) t = run_piece(t, end, frame);
  } catch (const std::exception& problem) {
    fault(Errc::device_fault, problem.what());
    return;
  }
  processed_ = end;
  const Frame done = digitise(frame);
  last_current_ = done.i1;
  if (record) frames_.push_back(done);
}

Frame TwinSequencer::digitise(const FrameInProgress& frame) {
  const auto number = static_cast<std::uint64_t>(processed_ / base_.frame);
  const double interval = capabilities_.frame_interval;
  if (number / noise_block != position_block_) {
    position_block_ = number / noise_block;
    RandomStream(seed_, "position sensor", position_block_).normals(std::span(position_normals_));
  }
  const double* z = position_normals_.data() + 3 * (number % noise_block);
  const auto reading = amplifier_.read(number, frame.sum.charge, frame.sum.jump_charge, world_.noise_factor());
  Frame f;
  f.t = seconds(processed_);
  f.x = digitised(frame.sum.x / interval + sensor_noise_ * z[0], capabilities_.x);
  f.y = digitised(frame.sum.y / interval + sensor_noise_ * z[1], capabilities_.y);
  f.z = digitised(frame.sum.z / interval + sensor_noise_ * z[2], capabilities_.z);
  f.E1 = digitised(frame.sum.E / interval, capabilities_.E1);
  f.i1 = reading.current;
  f.tag = frame.tag;
  f.flags = static_cast<std::uint16_t>(frame.flags | (reading.saturated ? Frame::current_saturated : Frame::none));
  return f;
}

void TwinSequencer::fault(Errc code, const std::string& reason) {
  if (run_) {
    rest_ = run_->finished() ? rest_ : run_->applied(processed_);
    executed_ = run_->executed();
    run_.reset();
  }
  stop_at_.reset();
  state_ = RunState::faulted;
  fault_ = error(code, reason);
}

}  // namespace seccm::instrument::twin
