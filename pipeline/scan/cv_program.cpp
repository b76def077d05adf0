#include "pipeline/scan/cv_program.hpp"

namespace seccm::scan {
namespace {

PlannedLeg rest_at(double E, double hold, bool jump) {
  PlannedLeg leg;
  leg.kind = jump ? files::LegKind::jump : files::LegKind::hold;
  leg.E_start_vs_QRCE = leg.E_end_vs_QRCE = E;
  leg.waypoint.E1 = E;
  leg.waypoint.jump_E1 = true;
  leg.waypoint.hold = hold;
  return leg;
}

PlannedLeg ramp(double from, double to, double rate, int cycle) {
  PlannedLeg leg;
  leg.kind = files::LegKind::ramp;
  leg.cycle = cycle;
  leg.direction = to > from ? 1 : -1;
  leg.scan_rate = rate;
  leg.E_start_vs_QRCE = from;
  leg.E_end_vs_QRCE = to;
  leg.waypoint.E1 = to;
  leg.waypoint.rate_E1 = rate;
  return leg;
}

}  // namespace

ScanProgram cv_program(const CvParameters& cv, double offset_vs_Li) {
  const double start = cv.start.si() - offset_vs_Li;
  const double turning[] = {cv.vertex1.si() - offset_vs_Li, cv.vertex2.si() - offset_vs_Li, start};
  ScanProgram program;
  program.legs.push_back(rest_at(start, cv.hold.si(), true));
  int cycle = 0;
  for (std::size_t r = 0; r < cv.scan_rates.size(); ++r) {
    if (r > 0 && cv.rest.si() > 0.0) program.legs.push_back(rest_at(start, cv.rest.si(), false));
    for (int n = 0; n < cv.cycles; ++n) {
      ++cycle;
      double here = start;
      for (const double next : turning) {
        if (next == here) continue;
        program.legs.push_back(ramp(here, next, cv.scan_rates[r].si(), cycle));
        here = next;
      }
    }
  }
  return program;
}

ScanProgram triangle_program(double low, double high, double rate, double hold) {
  ScanProgram program;
  program.legs.push_back(rest_at(low, hold, true));
  program.legs.push_back(ramp(low, high, rate, 1));
  program.legs.push_back(ramp(high, low, rate, 1));
  return program;
}

}  // namespace seccm::scan
