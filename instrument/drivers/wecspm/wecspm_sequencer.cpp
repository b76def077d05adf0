#include "instrument/drivers/wecspm/wecspm_sequencer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "instrument/drivers/wecspm/program_inspection.hpp"

namespace seccm::instrument::wecspm {

namespace {

constexpr double acknowledge_patience = 5.0, acknowledge_poll = 10e-3;  // s
constexpr Counts start_up{0x3FFF, 0x3FFF, 0, 0, 0};
constexpr std::size_t batch = 32, approach_batch = 4;  // frames that one blocking read waits for
constexpr std::size_t largest_take = 4096;             // frames
constexpr double counts_high = 32767.0;

std::int64_t ticks_of(double seconds) {
  return std::llround(seconds * tick_rate);
}

}  // namespace

WecspmSequencer::WecspmSequencer(NiFpgaApi& api, Clock& clock, const WecspmConfig& config, const Bitfile& bitfile)
    : clock_(clock),
      config_(config),
      units_(config.units()),
      identity_{"WEC-SPM", bitfile.target_class, config.resource, bitfile.signature},
      session_(api, bitfile, config.bitfile, config.resource, config.timing()) {}

WecspmSequencer::~WecspmSequencer() {
  if (connected_) stop_image();
  session_.close();
}

Identity WecspmSequencer::identity() const {
  return identity_;
}

Health WecspmSequencer::health() const {
  if (fault_) return {Health::Condition::faulted, last_seen_, fault_->detail};
  if (!connected_) return {Health::Condition::stale, last_seen_, "not connected"};
  if (needs_reconnect_) return {Health::Condition::degraded, last_seen_, "stopped: needs a reconnect"};
  return {Health::Condition::ok, last_seen_, ""};
}

Outcome WecspmSequencer::connect(ConnectConsent consent) {
  if (connected_ && !fault_ && !needs_reconnect_) return Done{};
  if (!consent.allow_motion) {
    return fpga_error(Errc::interlock_tripped,
                      "connecting moves x and y to +5 V and retracts z: needs consent to motion");
  }
  if (auto done = session_.open(); !done) return done;
  fault_.reset();
  connected_ = true;
  if (auto done = start_image(); !done) return fail(done.error());
  state_ = RunState::idle;
  executed_ = 0;
  return Done{};
}

Outcome WecspmSequencer::start_image() {
  run_.reset();
  if (auto done = session_.start(); !done) return done;
  if (auto done = await_start_up(); !done) return done;
  needs_reconnect_ = false;
  last_seen_ = clock_.now();
  return Done{};
}

Outcome WecspmSequencer::await_waiting(const char* what) {
  const double deadline = clock_.now() + acknowledge_patience;
  for (;;) {
    const auto waiting = session_.read(Reg::waiting);
    if (!waiting) return waiting.error();
    if (waiting.value() != 0) return Done{};
    if (clock_.now() >= deadline) {
      return fpga_error(Errc::timeout, fmt::format("{}: the image does not wait for waypoints after {:.6g} s", what,
                                                   acknowledge_patience));
    }
    clock_.sleep_until(clock_.now() + acknowledge_poll, {});
  }
}

Outcome WecspmSequencer::await_start_up() {
  if (auto done = await_waiting("start"); !done) return done;
  const auto counts = applied();
  if (!counts) return counts.error();
  const auto line = session_.read(Reg::line_number);
  if (!line) return line.error();
  if (counts.value() != start_up || line.value() != 0) {
    const Counts& c = counts.value();
    return fpga_error(Errc::protocol,
                      fmt::format("start-up state X {} Y {} Z {} V {} V2 {} line {}, expected 16383 16383 0 0 0 line 0",
                                  c[0], c[1], c[2], c[3], c[4], line.value()));
  }
  at_ = counts.value();
  return Done{};
}

Result<Counts> WecspmSequencer::applied() {
  constexpr std::array registers{Reg::applied_x, Reg::applied_y, Reg::applied_z, Reg::applied_v, Reg::applied_v2};
  Counts counts{};
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const auto value = session_.read(registers[axis]);
    if (!value) return value.error();
    counts[axis] = static_cast<std::int16_t>(value.value());
  }
  return counts;
}

void WecspmSequencer::stop_image() noexcept {
  try {
    (void)session_.write(Reg::external_stop, 1);
  } catch (...) {
    // There is no other way to the target.
  }
  needs_reconnect_ = true;
}

void WecspmSequencer::make_safe() noexcept {
  if (!connected_) return;
  stop_image();
  try {
    if (run_) finish(RunState::aborted, run_->part->executed());
    if (fault_ || !config_.restart_when_safe) return;
    if (auto done = start_image(); !done) (void)fail(done.error());
  } catch (const std::exception& problem) {
    fault_ = fpga_error(Errc::device_fault, problem.what());
  }
}

Limits WecspmSequencer::limits() const {
  Limits l;
  l.x_max = units_.value(axis_x, 32767);
  l.y_max = units_.value(axis_y, 32767);
  l.z_min = units_.value(axis_z, 32767);
  l.z_max = units_.z_top;
  l.speed_xy_max = config_.speed_xy_max.si();
  l.speed_z_max = config_.speed_z_max.si();
  l.E_max = counts_high * units_.step(axis_v1);
  l.E_min = -l.E_max;
  l.rate_E_max = config_.rate_max.si();
  l.current_range = counts_high * std::abs(units_.i_lsb);
  l.max_waypoints = max_lines;
  return l;
}

Capabilities WecspmSequencer::capabilities() const {
  Capabilities c;
  c.frame_interval = config_.frame_interval();
  c.x = {units_.x_lsb, 0.0};
  c.y = {units_.y_lsb, 0.0};
  // The count of a channel scale grows with the value: it is minus the native one.
  c.z = {units_.z_lsb, units_.z_top};
  c.E1 = c.E2 = {units_.step(axis_v1), 0.0};
  c.i1 = c.i2 = {std::abs(units_.i_lsb), 0.0};
  c.device_side_contact = true;
  c.contact_latency = 2e-6;
  return c;
}

double WecspmSequencer::safe_height() const {
  const double high = std::max(0.0, units_.z_top - config_.free_travel.si());
  return last_contact_z_ ? std::min(high, *last_contact_z_ + config_.clearance.si()) : high;
}

Result<CompiledProgram> WecspmSequencer::compiled(const Program& program) const {
  const Position from{units_.value(axis_x, at_[axis_x]), units_.value(axis_y, at_[axis_y]),
                      units_.value(axis_z, at_[axis_z])};
  if (auto offence = inspect(program, limits(), from, safe_height())) return *offence;
  return compile(program, units_, at_, ticks_of(config_.sample_interval.si()));
}

Result<DryRun> WecspmSequencer::check(const Program& program) const {
  const auto native = compiled(program);
  if (!native) return native.error();
  const std::int64_t frame = ticks_of(config_.frame_interval());
  return DryRun{static_cast<double>(native.value().ticks) / tick_rate,
                static_cast<std::size_t>((native.value().ticks + frame - 1) / frame)};
}

Outcome WecspmSequencer::start(const Program& program) {
  if (!connected_) return fpga_error(Errc::disconnected, "not connected");
  if (fault_) return fpga_error(Errc::needs_reconnect, "after a fault: " + fault_->detail);
  if (needs_reconnect_) return fpga_error(Errc::needs_reconnect, "stopped; reconnecting moves the stage");
  if (run_) return fpga_error(Errc::interlock_tripped, "a program is running");
  auto native = compiled(program);
  if (!native) return native.error();
  frames_.clear();
  run_ = std::make_unique<Run>(Run{program, std::move(native).value(), 0, nullptr});
  state_ = RunState::running;
  executed_ = 0;
  if (auto done = begin_part(); !done) return fail(done.error());
  return Done{};
}

Outcome WecspmSequencer::begin_part() {
  run_->part = std::make_unique<PartRun>(session_, clock_, units_, run_->compiled.parts[run_->index],
                                         config_.watchdog.si(), config_.frame_interval());
  return run_->part->begin(run_->program.contact);
}

Result<SequencerStatus> WecspmSequencer::status() {
  if (!connected_) return fpga_error(Errc::disconnected, "not connected");
  if (run_) {
    if (auto done = advance(); !done) (void)fail(done.error());
  } else if (auto unread = session_.waiting(); !unread) {
    return unread.error();
  }
  const auto counts = applied();
  if (!counts) return counts.error();
  const auto current = session_.read(Reg::current);
  if (!current) return current.error();
  SequencerStatus s;
  s.state = state_;
  s.executed = run_ ? run_->part->executed() : executed_;
  s.t = clock_.now();
  s.x = units_.value(axis_x, counts.value()[axis_x]);
  s.y = units_.value(axis_y, counts.value()[axis_y]);
  s.z = units_.value(axis_z, counts.value()[axis_z]);
  s.E1 = units_.value(axis_v1, counts.value()[axis_v1]);
  s.i1 = units_.i_lsb * static_cast<double>(current.value());
  return s;
}

Result<std::size_t> WecspmSequencer::read(std::span<Frame> out, double deadline) {
  if (!connected_) return fpga_error(Errc::disconnected, "not connected");
  if (out.empty()) return std::size_t{0};
  bool asked = false;
  while (frames_.empty() && run_) {
    if (asked && clock_.now() + 1e-3 > deadline) {
      return fpga_error(Errc::timeout, fmt::format("no frame until {:.6f} s", deadline), true);
    }
    asked = true;
    if (auto done = fetch(deadline); !done) return fail(done.error());
    if (auto done = advance(); !done) return fail(done.error());
  }
  const std::size_t n = std::min(out.size(), frames_.size());
  std::copy_n(frames_.begin(), n, out.begin());
  frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(n));
  if (n == 0 && fault_) return *fault_;
  return n;
}

// Waits for a batch, short while an approach may end at any frame, and takes what has come.
Outcome WecspmSequencer::fetch(double deadline) {
  auto unread = session_.waiting();
  if (!unread) return unread.error();
  if (unread.value() + frame_words > session_.buffer_depth()) {
    return fpga_error(Errc::overflow,
                      fmt::format("{} words wait unread in the sample FIFO: samples are lost", unread.value()));
  }
  if (unread.value() >= frame_words) return take(unread.value() / frame_words);
  const PartRun& part = *run_->part;
  const double left = std::clamp(deadline - clock_.now(), 0.0, 1.0), interval = config_.frame_interval();
  const std::size_t most = std::clamp<std::size_t>(part.frames_due(), 1, part.part().approach ? approach_batch : batch);
  const auto wanted = std::clamp<std::size_t>(static_cast<std::size_t>(left / interval), 1, most);
  const double patience = std::min(left, static_cast<double>(wanted) * interval + 3e-3);
  std::vector<std::int16_t> words(wanted * frame_words);
  const auto came = session_.read_samples(words, static_cast<std::uint32_t>(patience * 1e3));
  if (!came) return came.error();
  return came.value() ? keep(words) : take_all();
}

Outcome WecspmSequencer::take(std::size_t samples) {
  std::vector<std::int16_t> words(std::min(samples, largest_take) * frame_words);
  const auto came = session_.read_samples(words, 0);
  if (!came) return came.error();
  if (!came.value()) return fpga_error(Errc::protocol, "announced samples are not in the FIFO");
  return keep(words);
}

Outcome WecspmSequencer::keep(std::span<const std::int16_t> words) {
  std::vector<Frame> frames;
  if (auto done = run_->part->decode(words, run_->program.waypoints, frames); !done) return done;
  if (!frames.empty()) clock_.reached(frames.back().t);
  frames_.insert(frames_.end(), frames.begin(), frames.end());
  return Done{};
}

Outcome WecspmSequencer::take_all() {
  for (;;) {
    const auto unread = session_.waiting();
    if (!unread) return unread.error();
    if (unread.value() < frame_words) return Done{};
    if (auto done = take(unread.value() / frame_words); !done) return done;
  }
}

Outcome WecspmSequencer::advance() {
  const auto end = run_->part->poll();
  if (!end) return end.error();
  last_seen_ = clock_.now();
  if (end.value() == PartEnd::running) return Done{};
  if (auto done = take_all(); !done) return done;
  const auto unread = session_.waiting();
  if (!unread) return unread.error();
  if (unread.value() != 0) {
    return fpga_error(Errc::framing_lost,
                      fmt::format("{} words are left behind the last whole sample", unread.value()));
  }
  return end_part(end.value());
}

Outcome WecspmSequencer::end_part(PartEnd end) {
  const auto counts = applied();
  if (!counts) return counts.error();
  at_ = counts.value();
  const std::size_t last = run_->part->part().waypoint_of.back();
  const auto& waypoints = run_->program.waypoints;
  if (end == PartEnd::contact) {
    // One count of the rounding on the safe side.
    last_contact_z_ = units_.value(axis_z, at_[axis_z]) + units_.z_lsb;
    if (!frames_.empty()) frames_.back().flags |= Frame::contact;
    finish(RunState::contact, last + 1);
    return Done{};
  }
  if (end == PartEnd::completed) {
    finish(RunState::completed, waypoints.size());
    return Done{};
  }
  if (last + 1 < waypoints.size() && waypoints[last + 1].stop == StopRule::on_contact) {
    ++run_->index;
    return begin_part();
  }
  finish(RunState::limit_reached, last);
  return Done{};
}

void WecspmSequencer::finish(RunState state, std::size_t executed) {
  state_ = state;
  executed_ = executed;
  run_.reset();
}

Error WecspmSequencer::fail(Error error) {
  stop_image();
  if (run_ && run_->part) executed_ = run_->part->executed();
  run_.reset();
  state_ = RunState::faulted;
  fault_ = error;
  return error;
}

Outcome WecspmSequencer::abort() {
  if (!connected_) return fpga_error(Errc::disconnected, "not connected");
  if (!run_) return Done{};
  const auto kept = take_all();
  stop_image();
  finish(RunState::aborted, run_->part->executed());
  if (!kept) return fail(kept.error());
  if (auto acknowledged = await_waiting("External Stop"); !acknowledged) return fail(acknowledged.error());
  const auto counts = applied();
  if (!counts) return fail(counts.error());
  at_ = counts.value();
  return Done{};
}

}  // namespace seccm::instrument::wecspm
