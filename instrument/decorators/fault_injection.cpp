#include "instrument/decorators/fault_injection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace seccm::instrument {
namespace {

constexpr const char* injector = "fault injection";
constexpr double light_patience = 1.0;  // s that a command to the lamps waits for its reply
constexpr std::array<std::string_view, 4> light_fault_names{"none", "no_reply", "disconnect", "device_fault"};
constexpr std::array<std::string_view, 14> fault_names{
    "none",          "no_reply",   "late_reply",     "overflow",      "misaligned", "lost_frame", "frozen_readback",
    "stuck_current", "saturation", "missed_trigger", "clock_forward", "clock_back", "disconnect", "device_fault"};

Error injected(Errc code, const char* detail, bool retryable = false) {
  return {code, injector, detail, retryable};
}

/// The word that stands where the tag should: a slipped stream shows the current's count there.
std::int32_t slipped_tag(const Frame& f, const Capabilities& c) {
  return static_cast<std::int32_t>(std::nearbyint((f.i1 - c.i1.offset) / c.i1.lsb)) - 20000;
}

}  // namespace

void FaultParameters::visit(ParameterVisitor& v, FaultParameters& p) {
  v({.key = "sequencer", .text = "Fault of the sequencer to rehearse"}, fault_names, p.sequencer);
  v({.key = "program", .low = 1, .high = 1e6, .text = "It comes in this program of the run"}, p.program);
  v({.key = "frame", .low = 0, .high = 1e6, .text = "After so many frames of that program, or at its end"}, p.frame);
  v({.key = "delay", .unit = "s", .low = 0, .high = 1000, .text = "Of late_reply and of the jumps of the clock"},
    p.delay);
  v({.key = "once", .text = "false: it comes back in every later program"}, p.once);
  v({.key = "camera_silent", .text = "From image camera_image on no image comes"}, p.camera_silent);
  v({.key = "camera_image", .low = 1, .high = 1e6, .text = "First image that does not come"}, p.camera_image);
  v({.key = "light", .text = "Fault of the lamps to rehearse"}, light_fault_names, p.light);
  v({.key = "light_command", .low = 1, .high = 1e6, .text = "It comes with this command to the lamps"},
    p.light_command);
}

FaultInjectingSequencer::FaultInjectingSequencer(ProbeSequencer& inner, Clock& clock, const FaultParameters& plan)
    : inner_(inner), clock_(clock), plan_(plan) {}

Health FaultInjectingSequencer::health() const {
  Health health = inner_.health();
  if (active_ && (cut_off() || plan_.sequencer == Kind::device_fault)) {
    health.condition = cut_off() ? Health::Condition::stale : Health::Condition::faulted;
    health.detail = "injected";
  }
  return health;
}

Outcome FaultInjectingSequencer::connect(ConnectConsent consent) {
  if (active_ && consent.allow_motion) {
    inner_.make_safe();
    active_ = false;
  }
  if (cut_off()) return injected(Errc::disconnected, "no connection");
  return inner_.connect(consent);
}

void FaultInjectingSequencer::make_safe() noexcept {
  if (!cut_off()) inner_.make_safe();
}

Result<DryRun> FaultInjectingSequencer::check(const Program& program) const {
  if (cut_off()) return injected(Errc::disconnected, "no connection");
  return inner_.check(program);
}

bool FaultInjectingSequencer::due_in(int program) const {
  if (plan_.sequencer == Kind::none || active_) return false;
  if (!plan_.once) return program >= plan_.program;
  return !spent_ && (needs_frames_behind() ? program >= plan_.program : program == plan_.program);
}

bool FaultInjectingSequencer::needs_frames_behind() const {
  return plan_.sequencer == Kind::lost_frame || plan_.sequencer == Kind::clock_forward ||
         plan_.sequencer == Kind::clock_back;
}

void FaultInjectingSequencer::strike() {
  active_ = spent_ = true;
  since_ = clock_.now();
  if (struck_at_ < 0.0) struck_at_ = since_;
  if (plan_.sequencer == Kind::overflow || plan_.sequencer == Kind::device_fault) (void)inner_.abort();
}

Outcome FaultInjectingSequencer::start(const Program& program) {
  if (cut_off()) return injected(Errc::disconnected, "no connection");
  if (active_ && plan_.sequencer == Kind::device_fault) return injected(Errc::needs_reconnect, "after a fault");
  if (active_ && plan_.sequencer == Kind::saturation) active_ = false;
  // The device is asked nothing that it would not be asked without a fault: a dry run can cost a driver time.
  const bool misses = plan_.sequencer == Kind::missed_trigger && due_in(programs_ + 1) && inner_.check(program).ok();
  if (!misses) {
    if (auto outcome = inner_.start(program); !outcome) return outcome;
  }
  ++programs_;
  delivered_ = 0;
  if (misses) strike();
  return Done{};
}

Result<SequencerStatus> FaultInjectingSequencer::status() {
  if (cut_off()) return injected(Errc::disconnected, "no connection");
  auto status = inner_.status();
  if (!status || !active_ || plan_.sequencer != Kind::device_fault) return status;
  SequencerStatus faulted = status.value();
  faulted.state = RunState::faulted;
  return faulted;
}

Result<std::size_t> FaultInjectingSequencer::read(std::span<Frame> out, double deadline) {
  if (active_) return read_in_fault(out, deadline);
  std::span<Frame> part = out;
  const auto until = static_cast<std::size_t>(plan_.frame);
  if (due_in(programs_)) {
    if (delivered_ >= until) {
      strike();
      return read_in_fault(out, deadline);
    }
    part = out.first(std::min(out.size(), until - delivered_));
  }
  const auto count = inner_.read(part, deadline);
  if (!count) return count;
  if (count.value() == 0 && !part.empty() && due_in(programs_) &&
      !needs_frames_behind()) {  // it ended before: the fault comes at its end
    strike();
    return read_in_fault(out, deadline);
  }
  delivered_ += count.value();
  if (count.value() > 0) last_ = part[count.value() - 1];
  return count;
}

Result<std::size_t> FaultInjectingSequencer::silence(double deadline) {
  clock_.sleep_until(deadline, {});
  return injected(Errc::timeout, "no reply", true);
}

Result<std::size_t> FaultInjectingSequencer::drop_one(std::span<Frame> out, double deadline) {
  const auto lost = inner_.read(out.first(std::min<std::size_t>(out.size(), 1)), deadline);
  if (!lost || lost.value() == 0) return lost;
  active_ = false;
  return inner_.read(out, deadline);
}

Result<std::size_t> FaultInjectingSequencer::read_in_fault(std::span<Frame> out, double deadline) {
  switch (plan_.sequencer) {
    case Kind::no_reply:
      return silence(deadline);
    case Kind::late_reply:
      if (deadline < since_ + plan_.delay.si()) return silence(deadline);
      clock_.sleep_until(since_ + plan_.delay.si(), {});
      active_ = false;
      return inner_.read(out, deadline);
    case Kind::overflow:
      return injected(Errc::overflow, "frames were lost for want of reading");
    case Kind::disconnect:
      return injected(Errc::disconnected, "no connection");
    case Kind::device_fault:
      return std::size_t{0};
    case Kind::lost_frame:
      return drop_one(out, deadline);
    default:
      break;
  }
  const auto count = inner_.read(out, deadline);
  if (!count) return count;
  for (Frame& frame : out.first(count.value())) spoil(frame);
  return count;
}

void FaultInjectingSequencer::spoil(Frame& f) {
  const Capabilities c = inner_.capabilities();
  switch (plan_.sequencer) {
    case Kind::misaligned: {
      const Frame whole = f;
      f.x = whole.y;
      f.y = whole.z;
      f.z = whole.E1;
      f.E1 = whole.i1;
      f.tag = slipped_tag(whole, c);
      return;
    }
    case Kind::frozen_readback:
      f.x = last_.x;
      f.y = last_.y;
      f.z = last_.z;
      return;
    case Kind::stuck_current:
      f.i1 = last_.i1;
      return;
    case Kind::saturation:
      f.i1 = c.i1.offset + 32767.0 * c.i1.lsb;
      f.flags |= Frame::current_saturated;
      return;
    case Kind::clock_forward:
      f.t += plan_.delay.si();
      return;
    case Kind::clock_back:
      f.t -= plan_.delay.si();
      return;
    default:
      return;
  }
}

Outcome FaultInjectingSequencer::abort() {
  if (cut_off()) return injected(Errc::disconnected, "no connection");
  return inner_.abort();
}

FaultInjectingCamera::FaultInjectingCamera(Camera& inner, Clock& clock, const FaultParameters& plan)
    : inner_(inner), clock_(clock), plan_(plan) {}

Result<Image> FaultInjectingCamera::grab(double deadline) {
  ++images_;
  if (!plan_.camera_silent || images_ < plan_.camera_image) return inner_.grab(deadline);
  clock_.sleep_until(deadline, {});
  return injected(Errc::timeout, "no image");
}

FaultInjectingLight::FaultInjectingLight(Light& inner, Clock& clock, const FaultParameters& plan)
    : inner_(inner), clock_(clock), plan_(plan) {}

Error FaultInjectingLight::error() const {
  if (plan_.light == LightFault::disconnect) return injected(Errc::disconnected, "no connection to the lamps");
  return injected(Errc::needs_reconnect, "after a fault of the lamps");
}

Health FaultInjectingLight::health() const {
  Health health = inner_.health();
  if (active_) {
    const bool cut_off = plan_.light == LightFault::disconnect;
    health.condition = cut_off ? Health::Condition::stale : Health::Condition::faulted;
    health.detail = "injected";
  }
  return health;
}

Outcome FaultInjectingLight::connect(ConnectConsent consent) {
  active_ = false;
  return inner_.connect(consent);
}

void FaultInjectingLight::make_safe() noexcept {
  if (!active_ || plan_.light != LightFault::disconnect) inner_.make_safe();
}

Outcome FaultInjectingLight::set(LightChannel channel, double intensity) {
  if (active_) return error();
  ++commands_;
  if (plan_.light == LightFault::none || commands_ != plan_.light_command) return inner_.set(channel, intensity);
  active_ = true;
  switch (plan_.light) {
    case LightFault::no_reply:
      clock_.sleep_until(clock_.now() + light_patience, {});
      return injected(Errc::timeout, "no reply of the lamps", true);
    case LightFault::device_fault:
      inner_.make_safe();
      return injected(Errc::device_fault, "the lamps report a fault");
    default:
      return error();
  }
}

Result<LightState> FaultInjectingLight::get() const {
  if (active_) return error();
  return inner_.get();
}

}  // namespace seccm::instrument
