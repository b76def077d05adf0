#include "pipeline/scan/preflight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "pipeline/scan/collected_frames.hpp"
#include "pipeline/scan/cv_program.hpp"
#include "pipeline/scan/landing.hpp"

namespace seccm::scan {
namespace {

constexpr double rest_duration = 1.0;  // s
constexpr double amplitude = 0.05;     // V
constexpr double rate = 0.5;           // V/s

PlannedLeg rest_leg(double E) {
  PlannedLeg leg;
  leg.kind = files::LegKind::settle;
  leg.E_start_vs_QRCE = leg.E_end_vs_QRCE = E;
  leg.waypoint.E1 = E;
  leg.waypoint.jump_E1 = true;
  leg.waypoint.hold = rest_duration;
  return leg;
}

constexpr double look = 30e-3;     // s: every device holds so long behind an approach
constexpr double watched = 5.0;    // s, of an approach that goes nowhere
constexpr int stops_too_many = 2;  // in that time
constexpr double ladder[] = {1.5, 2.0, 3.0, 5.0, 10.0};

/// How often the device's own comparator stops in `watched` s at rest in air, where nothing but noise can set it.
/// Counts no further than `stops_too_many`.
int stops_in_air(ScanSession& session, double threshold, double baseline) {
  const double frame = session.rig.sequencer.capabilities().frame_interval;
  int stops = 0;
  for (double left = watched; left > 0.0 && stops < stops_too_many;) {
    ScanProgram still;
    still.contact = {.threshold = threshold, .baseline = baseline};
    for (double t = 0.0; t < left; t += std::max(look, frame)) {
      PlannedLeg leg;
      leg.kind = files::LegKind::settle;
      leg.waypoint.hold = look;
      leg.waypoint.stop = instrument::StopRule::on_contact;
      still.legs.push_back(leg);
    }
    const RunReport report = session.runner.run(still);
    left -= std::max<double>(1.0, static_cast<double>(report.frames)) * frame;
    if (report.state != instrument::RunState::contact) break;
    ++stops;
  }
  return stops;
}

/// The lowest rung of the ladder over `level` on which the comparator is quiet.
std::optional<double> quiet_level(ScanSession& session, double level, double baseline) {
  const double most = session.rig.sequencer.limits().current_range - std::abs(baseline);
  for (const double factor : ladder) {
    if (factor * level > most) break;
    if (stops_in_air(session, factor * level, baseline) == 0) return factor * level;
  }
  return std::nullopt;
}

/// An approach whose comparator is set by noise stops in air and finds nothing; with a threshold that is raised behind
/// the operator's back it might find the surface too late. So the scan says what it has measured, and does not begin.
void require_quiet_comparator(ScanSession& session, double noise, double baseline) {
  constexpr double pA = 1e-12;
  const double threshold = session.parameters.protocol.contact_threshold.si(), least = contact_noise_margin * noise;
  const int stops = least < threshold ? stops_in_air(session, threshold, baseline) : 0;
  if (least < threshold && stops < stops_too_many) return;
  const std::string found =
      least >= threshold ? fmt::format("is not {:g} times that", contact_noise_margin)
                         : fmt::format("was crossed at least {} times within {:g} s, at rest in air", stops, watched);
  const auto quiet = quiet_level(session, std::max(threshold, least), baseline);
  throw CalibrationError(fmt::format(
      "preflight: the noise of the current is too large for the approach: {:.3g} pA rms of a frame in air, and "
      "scan.contact_threshold = {:.3g} pA {}. {} Quiet the amplifier, or raise scan.contact_threshold if a landing "
      "gives "
      "well more than that",
      noise / pA, threshold / pA, found,
      quiet ? fmt::format("At {:.3g} pA nothing crossed it in {:g} s.", *quiet / pA, watched)
            : "No higher threshold was found that noise does not cross."));
}

}  // namespace

void run_preflight(ScanSession& session) {
  session.enter("preflight", 0);
  session.runner.begin_point();
  session.park();
  const double E = session.to_qrce(session.parameters.protocol.approach_potential.si());

  ScanProgram still;
  still.legs = {rest_leg(E), rest_leg(E)};  // the first lets the jump die away
  CollectedFrames quiet(still.legs.size());
  session.runner.run(still, &quiet);
  files::Preflight preflight;
  preflight.current_offset = mean(quiet.leg(1).i);
  preflight.current_noise_rms = standard_deviation(quiet.leg(1).i);
  session.difference_noise = difference_noise(quiet.leg(1).i);
  session.runner.set_current_noise(session.difference_noise);

  const ScanProgram sweep = triangle_program(E - amplitude, E + amplitude, rate, 0.2);
  CollectedFrames swept(sweep.legs.size());
  session.runner.run(sweep, &swept);
  preflight.stray_capacitance = (mean(tail(swept.leg(1).i, 0.9)) - mean(tail(swept.leg(2).i, 0.9))) / (2.0 * rate);

  session.outcome.preflight = preflight;
  session.recorder.set(preflight);
  // As a landing will judge it, over the second half of its rest in air.
  const double share = std::min(1.0, 0.5 * session.parameters.protocol.air_settle.si() / rest_duration);
  require_quiet_comparator(session, standard_deviation(tail(quiet.leg(1).i, share)), preflight.current_offset);
}

}  // namespace seccm::scan
