#include "pipeline/scan/session.hpp"

#include <algorithm>
#include <utility>

namespace seccm::scan {

std::string_view to_string(Ending ending) {
  switch (ending) {
    case Ending::complete:
      return "complete";
    case Ending::interrupted:
      return "interrupted";
    case Ending::device_fault:
      return "device fault";
    case Ending::calibration_failed:
      return "calibration failed";
  }
  return "unknown";
}

ScanSession::ScanSession(const instrument::Rig& the_rig, const ScanParameters& the_parameters,
                         files::RunRecorder& the_recorder, std::stop_token stop, const ProgressCallback& callback)
    : rig(the_rig),
      parameters(the_parameters),
      recorder(the_recorder),
      progress(callback),
      runner(the_rig, the_parameters.policy, the_recorder, std::move(stop), [this] { report(); }),
      imaging(the_rig, the_parameters.protocol, the_recorder, runner),
      offset_vs_Li(the_parameters.calibration.nominal_offset.si()),
      t_start(the_rig.clock.now()) {}

void ScanSession::enter(std::string_view name, int points) {
  stage = name;
  done = 0;
  total = points;
  report();
}

void ScanSession::report(std::string_view message) {
  if (!progress) return;
  const double now = rig.clock.now();
  progress({.stage = stage,
            .done = done,
            .total = total,
            .device_time = now,
            .time_left = std::max(0.0, expected_end - now),
            .frames = recorder.frame_count(),
            .message = message});
}

StagePoint ScanSession::stage_of(PixelPoint reference) const {
  return to_stage(outcome.registration,
                  {reference.x + shift.x - shift_at_registration.x, reference.y + shift.y - shift_at_registration.y});
}

void ScanSession::park() {
  const instrument::Limits limits = rig.sequencer.limits();
  const double top = limits.z_max - 0.02 * (limits.z_max - limits.z_min);
  PlannedLeg up;
  up.kind = files::LegKind::retract;
  up.waypoint.z = std::max(top, runner.status().z);
  up.waypoint.speed_z = std::min(parameters.protocol.retract_speed.si(), limits.speed_z_max);
  ScanProgram program;
  program.legs.push_back(up);
  runner.run(program);
}

void detail::note_ending(ScanSession& session, const DeviceFault& fault) {
  if (session.fault_noted == fault.error.detail) return;
  ++session.outcome.faults;
  session.recorder.add(files::FaultRecord{.point = -1,
                                          .t = session.rig.clock.now(),
                                          .fault = std::string(to_string(fault.fault)),
                                          .action = std::string(to_string(fault.action)),
                                          .device = fault.error.device,
                                          .detail = fault.error.detail});
}

void detail::finish(ScanSession& session, Ending ending, std::string_view message) {
  ScanOutcome& outcome = session.outcome;
  outcome.ending = ending;
  outcome.message = std::string(message);
  outcome.duration = session.rig.clock.now() - session.t_start;
  outcome.travel_xy = session.runner.travel_xy();
  outcome.travel_z = session.runner.travel_z();
  outcome.frames = session.recorder.frame_count();
}

}  // namespace seccm::scan
