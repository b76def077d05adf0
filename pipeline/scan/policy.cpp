#include "pipeline/scan/policy.hpp"

#include <array>

namespace seccm::scan {
namespace {

using instrument::Errc;

constexpr std::array<std::string_view, 4> action_keys{"retry", "skip_point", "retract_and_stop", "stop_and_hold"};
constexpr std::array<std::string_view, 4> action_words{"retry", "skip point", "retract and stop", "stop and hold"};
constexpr std::array<std::string_view, 10> fault_words{"timeout",      "disconnected", "overflow",     "framing lost",
                                                       "protocol",     "stale data",   "device fault", "no contact",
                                                       "contact lost", "saturated"};

}  // namespace

std::string_view to_string(FaultClass fault) {
  return fault_words[static_cast<std::size_t>(fault)];
}

std::string_view to_string(PolicyAction action) {
  return action_words[static_cast<std::size_t>(action)];
}

PolicyAction PolicyParameters::action_for(FaultClass fault) const {
  const std::array<PolicyAction, fault_words.size()> table{timeout,      disconnected, overflow,     framing_lost,
                                                           protocol,     stale_data,   device_fault, no_contact,
                                                           contact_lost, saturated};
  return table[static_cast<std::size_t>(fault)];
}

void PolicyParameters::visit(ParameterVisitor& v, PolicyParameters& p) {
  v({.key = "timeout", .text = "No reply, frame or image in time"}, action_keys, p.timeout);
  v({.key = "disconnected", .text = "Connection lost, or the device wants to be connected anew"}, action_keys,
    p.disconnected);
  v({.key = "overflow", .text = "Frames lost for want of reading"}, action_keys, p.overflow);
  v({.key = "framing_lost", .text = "The stream of frames is broken: tags, times or order are wrong"}, action_keys,
    p.framing_lost);
  v({.key = "protocol", .text = "A reply that is none"}, action_keys, p.protocol);
  v({.key = "stale_data", .text = "Position readback frozen, or current stuck at one value"}, action_keys,
    p.stale_data);
  v({.key = "device_fault", .text = "The device reports a fault or ended a program by itself"}, action_keys,
    p.device_fault);
  v({.key = "no_contact", .text = "The approach found no surface, or contact was not confirmed"}, action_keys,
    p.no_contact);
  v({.key = "contact_lost", .text = "The meniscus broke during the voltammogram"}, action_keys, p.contact_lost);
  v({.key = "saturated", .text = "The current left the range of the amplifier"}, action_keys, p.saturated);
  v({.key = "retries", .low = 0, .high = 10, .text = "Times that one point is measured again under \"retry\""},
    p.retries);
  v({.key = "most_faults", .low = 0, .high = 1000, .text = "Device faults of one scan that it goes on after"},
    p.most_faults);
  v({.key = "silence", .unit = "s", .low = 0.1, .high = 600, .text = "Time without a frame that counts as no reply"},
    p.silence);
}

FaultClass class_of(Errc code) {
  switch (code) {
    case Errc::timeout:
      return FaultClass::timeout;
    case Errc::disconnected:
    case Errc::needs_reconnect:
      return FaultClass::disconnected;
    case Errc::stale_data:
      return FaultClass::stale_data;
    case Errc::protocol:
      return FaultClass::protocol;
    case Errc::overflow:
      return FaultClass::overflow;
    case Errc::framing_lost:
      return FaultClass::framing_lost;
    case Errc::saturated:
      return FaultClass::saturated;
    case Errc::limit_rejected:
    case Errc::interlock_tripped:
    case Errc::cancelled:
    case Errc::device_fault:
      return FaultClass::device_fault;
  }
  return FaultClass::device_fault;
}

std::optional<FaultClass> class_of_verdict(std::string_view verdict) {
  if (verdict == "no contact" || verdict == "contact not confirmed" || verdict == "baseline too noisy" ||
      verdict == "meniscus does not break")
    return FaultClass::no_contact;
  if (verdict == "contact lost") return FaultClass::contact_lost;
  if (verdict == "current saturated") return FaultClass::saturated;
  return std::nullopt;
}

DeviceFault::DeviceFault(const instrument::Error& what, FaultClass which, PolicyAction how)
    : DeviceError(instrument::describe(what)), error(what), fault(which), action(how) {}

}  // namespace seccm::scan
