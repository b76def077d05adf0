#include "pipeline/scan/landing.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/scan/collected_frames.hpp"

namespace seccm::scan {
namespace {

PlannedLeg vertical(double z, double speed, files::LegKind kind) {
  PlannedLeg leg;
  leg.kind = kind;
  leg.waypoint.z = z;
  leg.waypoint.speed_z = speed;
  return leg;
}

PlannedLeg rest(double duration) {
  PlannedLeg leg;
  leg.kind = files::LegKind::settle;
  leg.waypoint.hold = duration;
  return leg;
}

class Approach {
 public:
  Approach(ScanSession& session, StagePoint target)
      : session_(session),
        parameters_(session.parameters.protocol),
        limits_(session.rig.sequencer.limits()),
        target_(target),
        expected_(session.surface.at(target.x, target.y)) {}

  /// Up, across, approach potential, rest; sets the baseline.
  void hop() {
    ScanProgram program;
    const double here = session_.runner.status().z;
    const double height = std::max(here, travel_height());
    if (height > here)
      program.legs.push_back(vertical(height, speed(parameters_.retract_speed), files::LegKind::retract));
    PlannedLeg across;
    across.kind = files::LegKind::move;
    across.waypoint.x = target_.x;
    across.waypoint.y = target_.y;
    across.waypoint.speed_xy = std::min(parameters_.lateral_speed.si(), limits_.speed_xy_max);
    across.waypoint.E1 = session_.to_qrce(parameters_.approach_potential.si());
    across.waypoint.jump_E1 = true;
    across.E_start_vs_QRCE = across.E_end_vs_QRCE = *across.waypoint.E1;
    program.legs.push_back(across);
    take_baseline(program);
  }

  /// Up as after a landing, since a contact that was not confirmed can be one, and a new baseline.
  void back_off() {
    ScanProgram program;
    const double here = session_.runner.status().z;
    program.legs.push_back(vertical(std::min(limits_.z_max, here + parameters_.hop_height.si()),
                                    speed(parameters_.retract_speed), files::LegKind::retract));
    const double in_air = first_baseline_;
    take_baseline(program);
    first_baseline_ = in_air;
  }

  /// The current is still beyond the threshold from the one before the first descent: something hangs on the surface.
  [[nodiscard]] bool still_wet() const { return std::abs(baseline_ - first_baseline_) > threshold_; }

  /// True when the comparator stopped the program.
  bool descend(int attempt) {
    const double here = session_.runner.status().z;
    const double floor = lowest(attempt);
    ScanProgram program;
    program.contact = {.threshold = threshold_, .baseline = baseline_};
    if (expected_) {
      const double slow_from = expected_->z + expected_->allowance + parameters_.slow_distance.si();
      if (slow_from < here) {
        program.legs.push_back(vertical(slow_from, speed(parameters_.fast_approach_speed), files::LegKind::approach));
      }
    }
    if (floor < here)
      program.legs.push_back(vertical(floor, speed(parameters_.approach_speed), files::LegKind::approach));
    if (program.legs.empty()) return false;
    for (PlannedLeg& leg : program.legs) leg.waypoint.stop = instrument::StopRule::on_contact;
    const RunReport report = session_.runner.run(program);
    last_ = report.last;
    return report.state == instrument::RunState::contact;
  }

  /// Still beyond the threshold a while after the stop?
  bool confirmed() {
    ScanProgram program;
    program.legs.push_back(rest(parameters_.contact_check.si()));
    CollectedFrames frames(1);
    session_.runner.run(program, &frames);
    return std::abs(median(frames.leg(0).i) - baseline_) > threshold_;
  }

  [[nodiscard]] const instrument::Frame& last() const { return last_; }
  [[nodiscard]] double baseline() const { return baseline_; }
  [[nodiscard]] bool quiet() const { return quiet_; }

 private:
  [[nodiscard]] double speed(Velocity wanted) const { return std::min(wanted.si(), limits_.speed_z_max); }

  [[nodiscard]] double travel_height() const {
    const double top = limits_.z_max - 0.02 * (limits_.z_max - limits_.z_min);
    const auto highest = session_.surface.highest();
    if (!highest) return top;
    const double surface = expected_ ? std::max(*highest, expected_->z + expected_->allowance) : *highest;
    return std::min(surface + parameters_.hop_height.si(), limits_.z_max);
  }

  /// A second attempt looks twice as deep as the first.
  [[nodiscard]] double lowest(int attempt) const {
    if (!expected_) return limits_.z_min;
    return std::max(limits_.z_min, expected_->z - expected_->allowance - attempt * parameters_.search_depth.si());
  }

  void take_baseline(ScanProgram& program) {
    program.legs.push_back(rest(parameters_.air_settle.si()));
    CollectedFrames frames(program.legs.size());
    session_.runner.run(program, &frames);
    const auto fresh = tail(frames.leg(program.legs.size() - 1).i, 0.5);
    baseline_ = first_baseline_ = mean(fresh);
    threshold_ = parameters_.contact_threshold.si();
    quiet_ = fresh.size() >= 3 && contact_noise_margin * standard_deviation(fresh) < threshold_;
  }

  ScanSession& session_;
  const ProtocolParameters& parameters_;
  instrument::Limits limits_;
  StagePoint target_;
  std::optional<ExpectedSurface> expected_;
  double baseline_ = 0.0, first_baseline_ = 0.0, threshold_ = 0.0;
  bool quiet_ = false;
  instrument::Frame last_;
};

}  // namespace

ContactResult land(ScanSession& session, StagePoint target) {
  Approach approach(session, target);
  ContactResult result;
  approach.hop();
  while (result.attempts < session.parameters.protocol.attempts) {
    ++result.attempts;
    if (!approach.quiet()) {
      result.failure = "baseline too noisy";
      approach.back_off();
      continue;
    }
    if (approach.still_wet()) {
      result.failure = "meniscus does not break";
      approach.back_off();
      continue;
    }
    if (!approach.descend(result.attempts)) {
      result.failure = "no contact";
      approach.back_off();
      continue;
    }
    if (approach.confirmed()) {
      result.made = true;
      break;
    }
    ++session.outcome.false_contacts;
    result.failure = "contact not confirmed";
    approach.back_off();
  }
  result.baseline = approach.baseline();
  if (!result.made) return result;
  result.failure.clear();
  const instrument::Frame& stop = approach.last();
  result.x = stop.x;
  result.y = stop.y;
  result.z = stop.z;
  result.t = stop.t;
  session.surface.add(stop.x, stop.y, stop.z);
  ++session.outcome.landings;
  return result;
}

void lift_off(ScanSession& session) {
  const instrument::Limits limits = session.rig.sequencer.limits();
  const double height = session.runner.status().z + session.parameters.protocol.hop_height.si();
  ScanProgram program;
  program.legs.push_back(vertical(std::min(height, limits.z_max),
                                  std::min(session.parameters.protocol.retract_speed.si(), limits.speed_z_max),
                                  files::LegKind::retract));
  session.runner.run(program);
}

void rest_in_contact(ScanSession& session, double duration) {
  if (!(duration > 0.0)) return;
  ScanProgram program;
  program.legs.push_back(rest(duration));
  session.runner.run(program);
}

}  // namespace seccm::scan
