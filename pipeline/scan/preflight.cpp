#include "pipeline/scan/preflight.hpp"

#include <algorithm>

#include "pipeline/scan/collected_frames.hpp"
#include "pipeline/scan/cv_program.hpp"

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
}

}  // namespace seccm::scan
