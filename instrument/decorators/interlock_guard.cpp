#include "instrument/decorators/interlock_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace seccm::instrument {

namespace {

constexpr const char* device = "interlock guard";

constexpr const char* faulted_run = "the run ended in a fault";

Error unarmed(const std::string& reason) {
  return {Errc::interlock_tripped, device, "not armed after a fault: " + reason};
}

Error tripped(std::size_t waypoint, const std::string& text) {
  return {Errc::interlock_tripped, device, fmt::format("waypoint {}: {}", waypoint + 1, text)};
}

bool is_rejection(Errc code) {
  return code == Errc::limit_rejected || code == Errc::interlock_tripped || code == Errc::timeout ||
         code == Errc::cancelled;
}

/// Where the commands stand while a program is read through.
struct Position {
  double x, y, z, E;
};

Position behind(const Waypoint& w, const Position& p) {
  return {w.x.value_or(p.x), w.y.value_or(p.y), w.z.value_or(p.z), w.E1.value_or(p.E)};
}

bool is_ramp(const Waypoint& w, const Position& from) {
  return w.E1 && !w.jump_E1 && *w.E1 != from.E;
}

}  // namespace

void InterlockParameters::visit(ParameterVisitor& v, InterlockParameters& p) {
  v({.key = "clearance",
     .unit = "um",
     .low = 0,
     .high = 100,
     .text = "Height above the last contact that a lateral move needs"},
    p.clearance);
  v({.key = "free_travel",
     .unit = "um",
     .low = 0,
     .high = 1000,
     .text = "Distance from the top of the travel within which lateral moves are always allowed"},
    p.free_travel);
  v({.key = "lateral_tolerance",
     .unit = "nm",
     .low = 0,
     .high = 1000,
     .text = "Lateral moves up to this need no clearance"},
    p.lateral_tolerance);
  v({.key = "largest_overshoot",
     .unit = "um",
     .low = 0.001,
     .high = 20,
     .text = "Largest way an approach may go on during the contact latency of the device"},
    p.largest_overshoot);
  v({.key = "E_min", .unit = "V", .low = -10, .high = 10, .text = "Lowest potential against the quasi-reference"},
    p.E_min);
  v({.key = "E_max", .unit = "V", .low = -10, .high = 10, .text = "Highest potential against the quasi-reference"},
    p.E_max);
  v({.key = "air_sweep_span",
     .unit = "V",
     .low = 0,
     .high = 10,
     .text = "Potential ramps within this span are allowed in air (stray capacitance); 0 = none"},
    p.air_sweep_span);
}

InterlockGuard::InterlockGuard(ProbeSequencer& inner, const InterlockParameters& parameters)
    : inner_(inner), parameters_(parameters) {}

Identity InterlockGuard::identity() const {
  return inner_.identity();
}

Health InterlockGuard::health() const {
  Health health = inner_.health();
  if (fault_ && health.condition == Health::Condition::ok) {
    health.condition = Health::Condition::faulted;
    health.detail = "interlock: " + *fault_;
  }
  return health;
}

Outcome InterlockGuard::connect(ConnectConsent consent) {
  auto outcome = inner_.connect(consent);
  if (!outcome) return outcome;
  if (fault_ && consent.allow_motion) rearm();
  return outcome;
}

void InterlockGuard::make_safe() noexcept {
  inner_.make_safe();
  tip_.in_contact = false;
  tip_.approaching = false;
}

Limits InterlockGuard::limits() const {
  Limits limits = inner_.limits();
  limits.E_min = std::max(limits.E_min, parameters_.E_min.si());
  limits.E_max = std::min(limits.E_max, parameters_.E_max.si());
  return limits;
}

Capabilities InterlockGuard::capabilities() const {
  return inner_.capabilities();
}

double InterlockGuard::safe_height(const Knowledge& tip) const {
  const double high = inner_.limits().z_max - parameters_.free_travel.si();
  return tip.last_contact_z ? std::min(high, *tip.last_contact_z + parameters_.clearance.si()) : high;
}

std::optional<Error> InterlockGuard::descent_offence(std::size_t k, const Waypoint& w, double from_z, double to_z,
                                                     double safe, const std::optional<double>& lift_to) const {
  if (!(to_z < from_z)) return std::nullopt;
  if (w.stop != StopRule::on_contact) {
    if (to_z >= safe) return std::nullopt;
    return tripped(k, fmt::format("move down to z = {:.6g} um without stop on contact; accepted down to {:.6g} um",
                                  to_z * 1e6, safe * 1e6));
  }
  if (lift_to && from_z < *lift_to) {
    return tripped(k, fmt::format("approach out of contact at z = {:.6g} um; accepted: from z >= {:.6g} um",
                                  from_z * 1e6, *lift_to * 1e6));
  }
  const double latency = inner_.capabilities().contact_latency;
  const double most = parameters_.largest_overshoot.si();
  if (latency * w.speed_z <= most) return std::nullopt;
  return tripped(
      k, fmt::format("approach at {:.6g} um/s: goes on by {:.6g} um in the contact latency of {:.6g} ms; "
                     "accepted: {:.6g} um, up to {:.6g} um/s",
                     w.speed_z * 1e6, latency * w.speed_z * 1e6, latency * 1e3, most * 1e6, most / latency * 1e6));
}

std::optional<Error> InterlockGuard::violation(const Program& program, const Knowledge& tip,
                                               const SequencerStatus& now) const {
  const Limits window = limits();
  const double safe = safe_height(tip);
  Position at{now.x, now.y, now.z, now.E1};
  bool contact = tip.in_contact, approached = false;
  std::optional<double> lift_to = tip.lift_to;
  double E_low = at.E, E_high = at.E;  // of ramps in air
  for (std::size_t k = 0; k < program.waypoints.size(); ++k) {
    const Waypoint& w = program.waypoints[k];
    const Position to = behind(w, at);
    if (!(to.E >= window.E_min && to.E <= window.E_max)) {
      return Error{Errc::limit_rejected, device,
                   fmt::format("waypoint {}: E1 = {:.6g} V vs QRCE is outside {:.6g} V to {:.6g} V", k + 1, to.E,
                               window.E_min, window.E_max)};
    }
    const double sideways = std::hypot(to.x - at.x, to.y - at.y);
    const bool lateral = sideways > parameters_.lateral_tolerance.si();
    if (lateral && std::min(at.z, to.z) < safe) {
      return tripped(k, fmt::format("lateral move of {:.6g} um at z = {:.6g} um needs z >= {:.6g} um", sideways * 1e6,
                                    std::min(at.z, to.z) * 1e6, safe * 1e6));
    }
    if (lateral) lift_to.reset();
    if (auto offence = descent_offence(k, w, at.z, to.z, safe, lift_to)) return offence;
    if (lateral || to.z > at.z) contact = false;
    if (w.jump_E1 || contact) E_low = E_high = to.E;  // a sweep in air begins where the last one in contact ended
    if (is_ramp(w, at) && !contact) {
      E_low = std::min(E_low, to.E);
      E_high = std::max(E_high, to.E);
      const bool in_air = !approached && std::min(at.z, to.z) >= safe;
      if (!in_air) return tripped(k, "potential ramp without a confirmed contact");
      if (E_high - E_low > parameters_.air_sweep_span.si()) {
        return tripped(k, fmt::format("potential ramp over {:.6g} V without a confirmed contact; in air up to {:.6g} V",
                                      E_high - E_low, parameters_.air_sweep_span.si()));
      }
    }
    if (w.stop == StopRule::on_contact) {
      approached = true;
      contact = false;
    }
    at = to;
  }
  return std::nullopt;
}

Error InterlockGuard::named(const Program& program, const Error& offence) const {
  const auto dry = inner_.check(program);
  return !dry && dry.error().code == Errc::limit_rejected ? dry.error() : offence;
}

InterlockGuard::Knowledge InterlockGuard::after(Knowledge tip, const SequencerStatus& status) const {
  if (tip.approaching && status.state == RunState::contact) {
    tip.in_contact = true;
    tip.last_contact_z = status.z;
    tip.lift_to = status.z + inner_.capabilities().contact_latency * tip.approach_speed;
    tip.approaching = false;
  }
  return tip;
}

void InterlockGuard::note(const Error& error) {
  if (is_rejection(error.code)) return;
  fault_ = describe(error);
  tip_.in_contact = false;
}

Result<DryRun> InterlockGuard::check(const Program& program) const {
  if (fault_) return unarmed(*fault_);
  const auto status = inner_.status();
  if (!status) return status.error();
  if (is_new_fault(status.value())) return unarmed(faulted_run);
  if (auto offence = violation(program, after(tip_, status.value()), status.value())) return named(program, *offence);
  return inner_.check(program);
}

Outcome InterlockGuard::start(const Program& program) {
  if (fault_) return unarmed(*fault_);
  const auto now = status();
  if (!now) return now.error();
  if (fault_) return unarmed(*fault_);
  if (auto offence = violation(program, tip_, now.value())) return named(program, *offence);
  auto outcome = inner_.start(program);
  if (!outcome) {
    note(outcome.error());
    return outcome;
  }
  Position at{now.value().x, now.value().y, now.value().z, now.value().E1};
  tip_.approaching = false;
  tip_.approach_speed = 0.0;
  acknowledged_ = false;
  for (const Waypoint& w : program.waypoints) {
    const Position to = behind(w, at);
    const bool lateral = std::hypot(to.x - at.x, to.y - at.y) > parameters_.lateral_tolerance.si();
    if (lateral || to.z > at.z) tip_.in_contact = false;
    if (lateral) tip_.lift_to.reset();
    if (w.stop == StopRule::on_contact) {
      tip_.in_contact = false;
      tip_.approaching = true;
      tip_.approach_speed = std::max(tip_.approach_speed, w.speed_z);
    }
    at = to;
  }
  return outcome;
}

Result<SequencerStatus> InterlockGuard::status() {
  auto status = inner_.status();
  if (!status) {
    note(status.error());
    return status;
  }
  tip_ = after(tip_, status.value());
  if (is_new_fault(status.value())) {
    fault_ = faulted_run;
    tip_.in_contact = false;
  }
  return status;
}

Result<std::size_t> InterlockGuard::read(std::span<Frame> out, double deadline) {
  auto count = inner_.read(out, deadline);
  if (!count) note(count.error());
  return count;
}

Outcome InterlockGuard::abort() {
  auto outcome = inner_.abort();
  if (!outcome) note(outcome.error());
  return outcome;
}

bool InterlockGuard::is_new_fault(const SequencerStatus& status) const {
  return status.state == RunState::faulted && !fault_ && !acknowledged_;
}

void InterlockGuard::rearm() {
  fault_.reset();
  acknowledged_ = true;
  tip_.in_contact = false;
  tip_.approaching = false;
}

}  // namespace seccm::instrument
