// The [policy] section: what a scan does about each class of fault.
//
//   retry             make safe, connect again, measure the point again, `retries` times at most; then as skip_point
//   skip_point        make safe, connect again, go on with the next point
//   retract_and_stop  make safe (the device retracts unless its own motion is doubtful) and end the scan
//   stop_and_hold     stop at once where the tip is, move nothing, end the scan
//
// A device that fails is made safe, or stopped, before anything else is done, and nothing moves until it has been
// connected again. Outside the planned points (preflight, calibration, images between points) there is nothing to skip:
// retry and skip_point end the scan as retract_and_stop does. Device faults end it too when there were more than
// `most_faults`, or when connecting again fails.
//
// Defaults. Retract on any fault unless motion itself is doubtful, then hold: a frozen readback says that nobody knows
// where the tip is, a device fault that the controller may not obey. An overflow is the host's slowness, the rig is
// fine: retry. What only the measurement shows (no contact, contact lost, saturation) concerns one point: go on.
#pragma once

#include <optional>
#include <string_view>

#include "instrument/roles/result.hpp"
#include "sim/error.hpp"
#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::scan {

enum class FaultClass {
  timeout,       ///< no reply, no frame, no image in time
  disconnected,  ///< connection lost, or the device wants to be connected anew
  overflow,      ///< frames were lost for want of reading
  framing_lost,  ///< the stream of frames is not what it should be: tags, times, order
  protocol,      ///< a reply that is none
  stale_data,    ///< readback frozen or current stuck
  device_fault,  ///< the device reports a fault, or ended a program by itself
  no_contact,    ///< the approach found no surface, or contact was not confirmed
  contact_lost,
  saturated,
};
std::string_view to_string(FaultClass fault);

enum class PolicyAction { retry, skip_point, retract_and_stop, stop_and_hold };
/// In words: "retract and stop".
std::string_view to_string(PolicyAction action);

struct PolicyParameters {
  PolicyAction timeout = PolicyAction::retract_and_stop;
  PolicyAction disconnected = PolicyAction::retract_and_stop;
  PolicyAction overflow = PolicyAction::retry;
  PolicyAction framing_lost = PolicyAction::retract_and_stop;
  PolicyAction protocol = PolicyAction::retract_and_stop;
  PolicyAction stale_data = PolicyAction::stop_and_hold;
  PolicyAction device_fault = PolicyAction::stop_and_hold;
  PolicyAction no_contact = PolicyAction::skip_point;
  PolicyAction contact_lost = PolicyAction::skip_point;
  PolicyAction saturated = PolicyAction::skip_point;
  int retries = 1;               ///< of one point
  int most_faults = 10;          ///< device faults of one scan that are lived with
  Time silence = 5.0 * unit::s;  ///< without a frame while a program runs: timeout

  [[nodiscard]] PolicyAction action_for(FaultClass fault) const;
  static void visit(ParameterVisitor& v, PolicyParameters& p);
};

FaultClass class_of(instrument::Errc code);
/// Of a point's verdict; none for "ok" and for what is no fault.
std::optional<FaultClass> class_of_verdict(std::string_view verdict);

/// A fault that the rig has been made safe for, or stopped, as `action` says.
class DeviceFault : public DeviceError {
 public:
  DeviceFault(const instrument::Error& error, FaultClass fault, PolicyAction action);
  instrument::Error error;
  FaultClass fault;
  PolicyAction action;
};

}  // namespace seccm::scan
