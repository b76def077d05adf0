#include "pipeline/scan/points_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "pipeline/scan/cv_program.hpp"
#include "pipeline/scan/reconnection.hpp"

namespace seccm::scan {
namespace {

instrument::Program plain(const ScanProgram& program) {
  instrument::Program out;
  std::int32_t tag = 0;
  for (const PlannedLeg& leg : program.legs) {
    out.waypoints.push_back(leg.waypoint);
    out.waypoints.back().tag = ++tag;
  }
  return out;
}

/// Duration of the CV programme of a point: the rig's own word where it gives one outside contact, else the arithmetic.
double cv_duration(const instrument::Rig& rig, const ScanParameters& parameters, double offset_vs_Li) {
  const auto dry = rig.sequencer.check(plain(cv_program(parameters.cv, offset_vs_Li)));
  return dry ? dry.value().duration : parameters.cv.duration();
}

/// With the nominal potential of the QRCE.
void require_window_in_limits(const instrument::Rig& rig, const ScanParameters& parameters) {
  const instrument::Limits limits = rig.sequencer.limits();
  const double offset = parameters.calibration.nominal_offset.si();
  const std::pair<const char*, Potential> corners[] = {
      {"cv.start", parameters.cv.start},
      {"cv.vertex1", parameters.cv.vertex1},
      {"cv.vertex2", parameters.cv.vertex2},
      {"scan.approach_potential", parameters.protocol.approach_potential}};
  for (const auto& [key, E] : corners)
    if (E.si() - offset < limits.E_min || E.si() - offset > limits.E_max)
      throw InputError(
          fmt::format("{}: {:g} V vs Li is {:g} V vs QRCE at the nominal offset of {:g} V; accepted by the "
                      "rig: {:g} to {:g} V vs QRCE",
                      key, E.si(), E.si() - offset, offset, limits.E_min, limits.E_max));
  for (const ScanRate& rate : parameters.cv.scan_rates)
    if (rate.si() > limits.rate_E_max)
      throw InputError(
          fmt::format("cv.scan_rates: {:g} V/s; accepted by the rig: at most {:g} V/s", rate.si(), limits.rate_E_max));
  const std::size_t legs = cv_program(parameters.cv, offset).legs.size();
  if (legs > limits.max_waypoints)
    throw InputError(
        fmt::format("cv: the programme has {} legs; accepted by the rig: at most {}. Fewer cv.cycles or "
                    "cv.scan_rates",
                    legs, limits.max_waypoints));
}

/// From the top of the travel to its end: where the surface is does not matter to an interlock on speed.
void require_approach_accepted(const instrument::Rig& rig, const char* key, Velocity wanted) {
  const instrument::Limits limits = rig.sequencer.limits();
  ScanProgram program;
  program.legs.resize(2);
  program.legs[0].waypoint.z = limits.z_max;
  program.legs[1].waypoint.z = limits.z_min;
  program.legs[1].waypoint.stop = instrument::StopRule::on_contact;
  program.legs[0].waypoint.speed_z = program.legs[1].waypoint.speed_z = std::min(wanted.si(), limits.speed_z_max);
  const auto dry = rig.sequencer.check(plain(program));
  if (!dry && dry.error().code == instrument::Errc::interlock_tripped)
    throw InputError(
        fmt::format("{} = {:g} um/s: {}: {}", key, wanted.si() * 1e6, dry.error().device, dry.error().detail));
}

}  // namespace

void require_accepted(const instrument::Rig& rig, const ScanParameters& parameters) {
  require_window_in_limits(rig, parameters);
  require_approach_accepted(rig, "scan.approach_speed", parameters.protocol.approach_speed);
  require_approach_accepted(rig, "scan.fast_approach_speed", parameters.protocol.fast_approach_speed);
}

void require_cv_accepted(ScanSession& session) {
  const auto dry = session.rig.sequencer.check(plain(cv_program(session.parameters.cv, session.offset_vs_Li)));
  if (!dry && dry.error().code == instrument::Errc::limit_rejected)
    throw CalibrationError(
        fmt::format("the CV programme does not fit the rig with the potential of the QRCE found, "
                    "{:.4f} V vs Li: {}",
                    session.offset_vs_Li, instrument::describe(dry.error())));
}

namespace {

PolicyAction note_fault(ScanSession& session, FaultClass fault, PolicyAction action, const std::string& device,
                        const std::string& detail) {
  ++session.outcome.faults;
  session.fault_noted = detail;
  session.recorder.add(files::FaultRecord{.point = session.last_point.index,
                                          .t = session.rig.clock.now(),
                                          .fault = std::string(to_string(fault)),
                                          .action = std::string(to_string(action)),
                                          .device = device,
                                          .detail = detail});
  return action;
}

bool goes_on(PolicyAction action) {
  return action == PolicyAction::retry || action == PolicyAction::skip_point;
}

/// What a device fault comes to: the policy's word, unless there were too many.
PolicyAction live_with(ScanSession& session, const DeviceFault& fault) {
  const bool too_many = ++session.device_faults > session.parameters.policy.most_faults;
  const PolicyAction action = goes_on(fault.action) && too_many ? PolicyAction::retract_and_stop : fault.action;
  return note_fault(session, fault.fault, action, fault.error.device, fault.error.detail);
}

/// The policy's word on what the measurement itself showed.
PolicyAction judge_verdict(ScanSession& session, FaultClass fault) {
  const PolicyAction action = session.parameters.policy.action_for(fault);
  if (!goes_on(action)) secure(session.rig, action);
  note_fault(session, fault, action, "", session.last_point.verdict);
  if (goes_on(action)) return action;
  session.fault_noted = fmt::format("point {}: {}", session.last_point.index, session.last_point.verdict);
  throw DeviceFault(
      {.code = instrument::Errc::device_fault, .device = "scan", .detail = session.fault_noted, .retryable = false},
      fault, action);
}

/// One try; what is to follow, or nothing when it went well.
std::optional<PolicyAction> try_point(ScanSession& session, const PointTask& task) {
  try {
    measure_point(session, task);
  } catch (const DeviceFault& fault) {
    const PolicyAction action = live_with(session, fault);
    if (!goes_on(action)) throw;
    connect_again(session);
    return action;
  }
  const auto fault = class_of_verdict(session.last_point.verdict);
  if (!fault) return std::nullopt;
  return judge_verdict(session, *fault);
}

}  // namespace

files::PointRecord measure_under_policy(ScanSession& session, const PointTask& task) {
  for (int tries = 0;; ++tries) {
    const auto action = try_point(session, task);
    if (action != PolicyAction::retry || tries >= session.parameters.policy.retries) return session.last_point;
  }
}

void start_points(ScanSession& session, int count, double path) {
  session.outcome.points_planned = count;
  session.outcome.expected_duration =
      expected_points_duration(session.rig, session.parameters, count, path, session.offset_vs_Li).duration;
  session.points_start = session.rig.clock.now();
  session.expected_end = session.points_start + session.outcome.expected_duration;
  session.enter("points", count);
}

void count_point(ScanSession& session, const files::PointRecord& record) {
  ScanOutcome& outcome = session.outcome;
  ++outcome.points_visited;
  outcome.points_contacted += record.contact ? 1 : 0;
  outcome.points_complete += record.complete ? 1 : 0;
  outcome.points_ok += record.verdict == "ok" ? 1 : 0;
  session.points_refused += record.verdict.starts_with(refused_verdict) ? 1 : 0;
  ++session.done;
  const double now = session.rig.clock.now();
  outcome.points_duration = now - session.points_start;
  session.expected_end = now + outcome.points_duration / session.done * (session.total - session.done);
  session.report(record.verdict);
}

void end_points(ScanSession& session) {
  session.outcome.points_duration = session.rig.clock.now() - session.points_start;
  const int visited = session.outcome.points_visited;
  if (visited > 0 && session.points_refused == visited)
    throw ProgramRejected(fmt::format("the rig refused all {} points; the last: {}", visited,
                                      session.last_point.verdict.substr(refused_verdict.size())),
                          instrument::Errc::interlock_tripped);
}

ScanEstimate expected_points_duration(const instrument::Rig& rig, const ScanParameters& parameters, int points,
                                      double path_length, double offset_vs_Li) {
  const ProtocolParameters& p = parameters.protocol;
  const double hop = p.hop_height.si(), slow = p.slow_distance.si();
  ScanEstimate out;
  out.points = points;
  out.path_length = path_length;
  out.per_point = hop / p.retract_speed.si() + p.air_settle.si() +
                  std::max(0.0, hop - slow) / p.fast_approach_speed.si() + slow / p.approach_speed.si() +
                  p.contact_check.si() + p.settle.si() + cv_duration(rig, parameters, offset_vs_Li) +
                  (p.contact_end_check ? 0.3 : 0.0);
  out.duration = points * out.per_point + path_length / p.lateral_speed.si();
  return out;
}

}  // namespace seccm::scan
