#include "instrument/drivers/host/host_sequencer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "instrument/drivers/wecspm/program_inspection.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::drivers {

namespace {

constexpr const char* host_device = "host sequencer";
constexpr int axis_of_z = 2;
constexpr double word_counts = 32768.0;
constexpr double poll_pause = 10e-3;          // s, while a move is waited for
constexpr double rounding_time = 1e-9;        // s, of deadlines
constexpr std::size_t most_frames = 1000000;  // unread
constexpr std::size_t batch_of_frames = 64;   // that one blocking read waits for
constexpr double small_lateness = 0.1;        // of a frame: the aperture stays as it is
constexpr double shortest_aperture = 0.5;     // of the planned one
constexpr double latest_answer = 0.5;         // of a frame behind its end
constexpr std::array lateral_axes{0, 1};
constexpr std::array vertical_axis{axis_of_z};

double rounded_word(double value, const ChannelScale& s) {
  return s.offset + s.lsb * std::clamp(std::nearbyint((value - s.offset) / s.lsb), -word_counts, word_counts - 1.0);
}

}  // namespace

HostSequencer::HostSequencer(GcsStage& stage, SourceMeter& meter, Clock& clock, const HostConfig& config)
    : stage_(stage), meter_(meter), clock_(clock), config_(config) {
  const double longest = std::max(config.quiet_slack.si(), config.busy_slack.si());
  if (longest >= config.frame_interval.si() || config.request_time.si() > config.quiet_slack.si()) {
    throw InputError(
        fmt::format("host.frame_interval = {:.6g} ms with slacks of {:.6g} ms and {:.6g} ms and a request of {:.6g} "
                    "ms: accepted are "
                    "slacks shorter than the frame and no shorter than the request",
                    config.frame_interval.si() * 1e3, config.quiet_slack.si() * 1e3, config.busy_slack.si() * 1e3,
                    config.request_time.si() * 1e3));
  }
}

Identity HostSequencer::identity() const {
  const Identity stage = stage_.identity(), meter = meter_.identity();
  return {"seccm", fmt::format("host sequencer over {} and {}", stage.model, meter.model),
          stage.serial + (stage.serial.empty() ? "" : "/") + meter.serial, "1"};
}

Health HostSequencer::health() const {
  const double seen = std::max(stage_.health().last_seen, meter_.health().last_seen);
  if (fault_) return {Health::Condition::faulted, seen, fault_->detail};
  if (!connected_) return {Health::Condition::stale, seen, "not connected"};
  return {Health::Condition::ok, seen, ""};
}

Error HostSequencer::error(Errc code, std::string detail, bool retryable) const {
  return {code, host_device, std::move(detail), retryable};
}

Error HostSequencer::fail(const Error& cause) {
  // Motion first: whatever failed, nobody watches the current any longer.
  stage_.make_safe();
  if (run_) end_run(RunState::faulted);
  state_ = RunState::faulted;
  speed_xy_ = speed_z_ = 0.0;
  fault_ = cause;
  return cause;
}

Outcome HostSequencer::connect(ConnectConsent consent) {
  if (connected_ && !fault_) return Done{};
  if (!consent.allow_motion) {
    return error(Errc::interlock_tripped,
                 "connecting retracts z and moves x and y to mid-range: needs consent to motion");
  }
  connected_ = false;
  fault_.reset();
  if (auto opened = open_instruments(); !opened.ok()) {
    stage_.make_safe();
    return opened;
  }
  connected_ = true;
  state_ = RunState::idle;
  executed_ = 0;
  return Done{};
}

Outcome HostSequencer::open_instruments() {
  if (stage_.axes() < 3) return error(Errc::protocol, fmt::format("{} axes of the stage, needs 3", stage_.axes()));
  if (auto done = stage_.connect({.allow_motion = true}); !done.ok()) return done;
  if (auto done = meter_.connect({}); !done.ok()) return done;
  if (meter_.potential_max() < config_.potential_range.si()) {
    return error(Errc::limit_rejected, fmt::format("host.potential_range = {:.6g} V: the source meter reaches {:.6g} V",
                                                   config_.potential_range.si(), meter_.potential_max()));
  }
  const double interval = config_.frame_interval.si();
  const double shortest = interval - std::max(config_.busy_slack.si(), config_.quiet_slack.si());
  const double longest = interval - std::min(config_.busy_slack.si(), config_.quiet_slack.si());
  if (shortest < meter_.aperture_min() || longest > meter_.aperture_max()) {
    return error(
        Errc::limit_rejected,
        fmt::format("host.frame_interval = {:.6g} ms leaves apertures of {:.6g} ms to {:.6g} ms, the source meter "
                    "accepts {:.6g} ms to {:.6g} ms",
                    interval * 1e3, shortest * 1e3, longest * 1e3, meter_.aperture_min() * 1e3,
                    meter_.aperture_max() * 1e3));
  }
  output_on_ = false;
  speed_xy_ = speed_z_ = 0.0;
  Frame here;
  if (auto done = look(here); !done.ok()) return done;
  at_ = {here.x, here.y, here.z, 0.0};
  if (auto done = retract(); !done.ok()) return done;
  const double x = 0.5 * (stage_.travel_min(0) + stage_.travel_max(0));
  const double y = 0.5 * (stage_.travel_min(1) + stage_.travel_max(1));
  const double way = std::max(std::abs(x - at_.x), std::abs(y - at_.y));
  const std::array middle{AxisTarget{0, x}, AxisTarget{1, y}};
  if (auto done = move_and_wait(middle, lateral_axes, config_.speed_xy_max.si(), way / config_.speed_xy_max.si());
      !done.ok()) {
    return done;
  }
  at_.x = x;
  at_.y = y;
  return Done{};
}

Outcome HostSequencer::move_and_wait(std::span<const AxisTarget> targets, std::span<const int> axes, double speed,
                                     double duration) {
  speed_xy_ = speed_z_ = 0.0;
  if (auto done = stage_.set_velocity(axes, speed); !done.ok()) return done;
  if (auto done = stage_.move_to(targets); !done.ok()) return done;
  const double deadline = clock_.now() + duration + config_.patience.si();
  for (;;) {
    const auto moving = stage_.moving();
    if (!moving.ok()) return moving.error();
    if (!moving.value()) return Done{};
    if (clock_.now() > deadline) {
      return error(Errc::device_fault,
                   fmt::format("a move has not arrived {:.6g} s after its time", config_.patience.si()));
    }
    clock_.sleep_until(clock_.now() + poll_pause, {});
  }
}

Outcome HostSequencer::retract() {
  const double top = stage_.travel_max(axis_of_z), speed = config_.speed_z_max.si();
  const std::array up{AxisTarget{axis_of_z, top}};
  auto done = move_and_wait(up, vertical_axis, speed, std::abs(top - at_.z) / speed);
  if (done.ok()) at_.z = top;
  return done;
}

void HostSequencer::make_safe() noexcept {
  try {
    if (!connected_) return;
    const bool trusted = stage_.health().condition == Health::Condition::ok;
    if (run_ || !trusted) stage_.make_safe();
    if (run_) {
      Frame here;
      if (trusted && look(here).ok()) at_ = {here.x, here.y, here.z, at_.E};
      end_run(RunState::aborted);
    }
    if (trusted && at_.z != stage_.travel_max(axis_of_z)) {
      if (auto up = retract(); !up.ok()) static_cast<void>(fail(up.error()));
    }
    if (!output_on_ && at_.E == 0.0) return;
    meter_.make_safe();
    output_on_ = false;
    at_.E = 0.0;
  } catch (const std::exception& problem) {
    fault_ = error(Errc::device_fault, problem.what());
  }
}

Limits HostSequencer::limits() const {
  Limits l;
  l.x_min = stage_.travel_min(0);
  l.x_max = stage_.travel_max(0);
  l.y_min = stage_.travel_min(1);
  l.y_max = stage_.travel_max(1);
  l.z_min = stage_.travel_min(axis_of_z);
  l.z_max = stage_.travel_max(axis_of_z);
  l.speed_xy_max = config_.speed_xy_max.si();
  l.speed_z_max = config_.speed_z_max.si();
  const Capabilities c = capabilities();
  l.E_max = (word_counts - 1.0) * c.E1.lsb;
  l.E_min = -l.E_max;
  l.rate_E_max = config_.rate_max.si();
  l.current_range = (word_counts - 1.0) * c.i1.lsb;
  return l;
}

Capabilities HostSequencer::capabilities() const {
  // A travel fits the 32768 counts from 0 up.
  const auto travel = [this](int axis) {
    const double span = stage_.travel_max(axis) - stage_.travel_min(axis);
    return ChannelScale{std::max(span, 1e-9) / (word_counts - 1.0), stage_.travel_min(axis)};
  };
  Capabilities c;
  c.frame_interval = config_.frame_interval.si();
  c.x = travel(0);
  c.y = travel(1);
  c.z = travel(axis_of_z);
  c.E1 = c.E2 = {config_.potential_range.si() / word_counts, 0.0};
  c.i1 = c.i2 = {std::min(config_.current_range.si(), std::max(meter_.current_range(), 1e-15)) / word_counts, 0.0};
  c.device_side_contact = false;
  c.contact_latency = (2.0 + latest_answer) * config_.frame_interval.si() + config_.request_time.si();
  return c;
}

double HostSequencer::safe_height() const {
  const double high = stage_.travel_max(axis_of_z) - config_.free_travel.si();
  return last_contact_z_ ? std::min(high, *last_contact_z_ + config_.clearance.si()) : high;
}

Result<DryRun> HostSequencer::check(const Program& program) const {
  if (auto offence = wecspm::inspect(program, limits(), {at_.x, at_.y, at_.z}, safe_height(), host_device)) {
    return *offence;
  }
  DryRun cost;
  for (const HostLeg& leg : plan_program(program, at_, config_)) cost.frames += leg.frames;
  cost.duration = static_cast<double>(cost.frames) * config_.frame_interval.si();
  return cost;
}

Outcome HostSequencer::start(const Program& program) {
  if (!connected_) return error(Errc::disconnected, "not connected");
  if (fault_) return error(Errc::needs_reconnect, "after a fault: " + fault_->detail);
  if (run_) return error(Errc::interlock_tripped, "a program is running");
  if (const auto verdict = check(program); !verdict.ok()) return verdict.error();
  frames_.clear();
  executed_ = 0;
  auto run = std::make_unique<Run>();
  run->program = program;
  run->legs = plan_program(program, at_, config_);
  if (!output_on_) {
    if (auto done = meter_.set_output(true); !done.ok()) return fail(done.error());
    output_on_ = true;
  }
  if (auto done = look(run->measured); !done.ok()) return fail(done.error());
  run->start = clock_.now();
  run_ = std::move(run);
  state_ = RunState::running;
  return Done{};
}

Outcome HostSequencer::look(Frame& frame) {
  const auto positions = stage_.positions();
  if (!positions.ok()) return positions.error();
  frame.x = positions.value().at(0);
  frame.y = positions.value().at(1);
  frame.z = positions.value().at(2);
  return Done{};
}

Result<SequencerStatus> HostSequencer::status() {
  if (!connected_) return error(Errc::disconnected, "not connected");
  SequencerStatus s;
  s.state = state_;
  s.executed = run_ ? run_->leg : executed_;
  s.t = clock_.now();
  s.x = at_.x;
  s.y = at_.y;
  s.z = at_.z;
  s.E1 = at_.E;
  s.i1 = last_current_;
  return s;
}

double HostSequencer::slack() const {
  return run_->frame == 0 ? config_.busy_slack.si() : config_.quiet_slack.si();
}

double HostSequencer::frame_end() const {
  return run_->start + static_cast<double>(run_->frames + 1) * config_.frame_interval.si();
}

double HostSequencer::request_due() const {
  return frame_end() - config_.frame_interval.si() + slack() - config_.request_time.si();
}

Result<std::size_t> HostSequencer::read(std::span<Frame> out, double deadline) {
  if (!connected_) return error(Errc::disconnected, "not connected");
  if (out.empty()) return std::size_t{0};
  const double latest = deadline + rounding_time;
  const std::size_t wanted = std::min(out.size(), batch_of_frames);
  while (run_ && frames_.size() < wanted && frame_end() <= latest) {
    if (!step(latest)) break;
  }
  std::size_t n = 0;
  while (n < out.size() && n < frames_.size() && frames_[n].t <= latest) ++n;
  std::copy_n(frames_.begin(), n, out.begin());
  frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(n));
  if (n > 0) return n;
  if (fault_) return *fault_;
  if (!run_ && frames_.empty()) return std::size_t{0};
  run_until(deadline, {});
  if (fault_) return *fault_;
  return error(Errc::timeout, fmt::format("no frame until {:.6f} s", deadline), true);
}

void HostSequencer::run_until(double time, const std::stop_token& stop) {
  while (run_ && !stop.stop_requested() && step(time)) {
  }
  if (time > clock_.now() && !stop.stop_requested()) clock_.sleep_until(time, stop);
}

bool HostSequencer::step(double until) {
  if (!run_->begun) {
    const double begin = frame_end() - config_.frame_interval.si();
    if (until < begin) return false;
    clock_.sleep_until(begin, {});
    if (auto done = begin_frame(); !done.ok()) {
      static_cast<void>(fail(done.error()));
      return false;
    }
    run_->begun = true;
  }
  const double due = request_due();
  if (until < due) return false;
  clock_.sleep_until(due, {});
  if (auto done = take_frame(); !done.ok()) {
    static_cast<void>(fail(done.error()));
    return false;
  }
  return run_ != nullptr;
}

Outcome HostSequencer::begin_frame() {
  if (frames_.size() >= most_frames) {
    return error(Errc::overflow, fmt::format("{} frames are waiting unread", frames_.size()));
  }
  if (run_->frame > 0 || !run_->legs[run_->leg].moves()) return Done{};
  return send_motion(run_->program.waypoints[run_->leg], run_->legs[run_->leg]);
}

Outcome HostSequencer::send_motion(const Waypoint& w, const HostLeg& leg) {
  std::vector<AxisTarget> targets;
  if (leg.moves_xy) {
    targets.push_back({0, leg.to.x});
    targets.push_back({1, leg.to.y});
    if (w.speed_xy != speed_xy_) {
      if (auto done = stage_.set_velocity(lateral_axes, w.speed_xy); !done.ok()) return done;
      speed_xy_ = w.speed_xy;
    }
  }
  if (leg.moves_z) {
    targets.push_back({axis_of_z, leg.to.z});
    if (w.speed_z != speed_z_) {
      if (auto done = stage_.set_velocity(axis_of_z, w.speed_z); !done.ok()) return done;
      speed_z_ = w.speed_z;
    }
  }
  return stage_.move_to(targets);
}

Outcome HostSequencer::take_frame() {
  Run& run = *run_;
  const HostLeg& leg = run.legs[run.leg];
  const double interval = config_.frame_interval.si();
  const double level = leg.level(run.frame);
  const double end = frame_end();
  const bool steps = level != at_.E;
  const double behind = clock_.now() - request_due();
  double aperture = interval - slack();
  if (behind > small_lateness * interval) {
    aperture = std::max({aperture - behind, shortest_aperture * aperture, meter_.aperture_min()});
  }
  const auto reading = meter_.measure(steps ? std::optional(level) : std::nullopt, aperture);
  if (!reading.ok()) return reading.error();
  at_.E = level;
  if (const double late = clock_.now() - end; late > latest_answer * interval) {
    return error(Errc::overflow, fmt::format("frame {} of the program was there {:.3g} ms behind its time: accepted is "
                                             "half of host.frame_interval = {:.3g} ms",
                                             run.frames + 1, late * 1e3, interval * 1e3));
  }
  Frame frame;
  frame.t = end;
  frame.E1 = level;
  frame.i1 = reading.value().i;
  frame.tag = run.program.waypoints[run.leg].tag;
  if (reading.value().overrange || std::abs(frame.i1) > limits().current_range) {
    frame.flags |= Frame::current_saturated;
    frame.i1 = std::copysign(limits().current_range, frame.i1);
  }
  const ContactCriterion& rule = run.program.contact;
  const bool approaches = run.program.waypoints[run.leg].stop == StopRule::on_contact;
  if (approaches && std::abs(frame.i1 - rule.baseline) > rule.threshold) return stop_at_contact(frame);
  return finish_frame(frame);
}

Outcome HostSequencer::stop_at_contact(Frame frame) {
  if (auto done = stage_.halt(axis_of_z); !done.ok()) return done;
  // Where it stopped, not the mean on the way there.
  if (auto done = look(frame); !done.ok()) return done;
  at_ = {frame.x, frame.y, frame.z, at_.E};
  frame.flags |= Frame::contact;
  frame = digitised(frame);
  last_current_ = frame.i1;
  last_contact_z_ = at_.z;
  frames_.push_back(frame);
  ++run_->leg;
  end_run(RunState::contact);
  return Done{};
}

Outcome HostSequencer::finish_frame(Frame frame) {
  Run& run = *run_;
  Frame here;
  if (auto done = look(here); !done.ok()) return done;
  frame.x = 0.5 * (run.measured.x + here.x);
  frame.y = 0.5 * (run.measured.y + here.y);
  frame.z = 0.5 * (run.measured.z + here.z);
  run.measured = here;
  frame = digitised(frame);
  last_current_ = frame.i1;
  frames_.push_back(frame);
  const HostLeg& leg = run.legs[run.leg];
  if (leg.moves()) at_ = {here.x, here.y, here.z, at_.E};
  ++run.frames;
  ++run.frame;
  run.begun = false;
  return run.frame < leg.frames + run.late ? Outcome(Done{}) : finish_leg();
}

Outcome HostSequencer::finish_leg() {
  Run& run = *run_;
  const HostLeg& leg = run.legs[run.leg];
  if (leg.moves()) {
    const auto moving = stage_.moving();
    if (!moving.ok()) return moving.error();
    if (moving.value()) {
      ++run.late;
      if (static_cast<double>(run.late) * config_.frame_interval.si() < config_.patience.si()) return Done{};
      return error(Errc::device_fault, fmt::format("waypoint {}: the stage has not arrived {:.6g} s after its time",
                                                   run.leg + 1, config_.patience.si()));
    }
  }
  at_ = {leg.to.x, leg.to.y, leg.to.z, at_.E};
  const auto& waypoints = run.program.waypoints;
  const bool approached = waypoints[run.leg].stop == StopRule::on_contact;
  const bool next_approaches = run.leg + 1 < waypoints.size() && waypoints[run.leg + 1].stop == StopRule::on_contact;
  if (approached && !next_approaches) {
    end_run(RunState::limit_reached);
    return Done{};
  }
  ++run.leg;
  run.frame = run.late = 0;
  if (run.leg == run.legs.size()) end_run(RunState::completed);
  return Done{};
}

void HostSequencer::end_run(RunState state) {
  executed_ = run_->leg;
  run_.reset();
  state_ = state;
}

Outcome HostSequencer::abort() {
  if (!connected_) return error(Errc::disconnected, "not connected");
  if (!run_) return Done{};
  if (auto done = stage_.stop_all(); !done.ok()) return fail(done.error());
  Frame here;
  if (auto done = look(here); !done.ok()) return fail(done.error());
  at_ = {here.x, here.y, here.z, at_.E};
  end_run(RunState::aborted);
  return Done{};
}

Frame HostSequencer::digitised(Frame frame) const {
  const Capabilities c = capabilities();
  frame.x = rounded_word(frame.x, c.x);
  frame.y = rounded_word(frame.y, c.y);
  frame.z = rounded_word(frame.z, c.z);
  frame.E1 = rounded_word(frame.E1, c.E1);
  frame.i1 = rounded_word(frame.i1, c.i1);
  return frame;
}

}  // namespace seccm::instrument::drivers
