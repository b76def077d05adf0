#include "instrument/drivers/host/host_plan.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::instrument::drivers {

namespace {

constexpr double standing = 1e-12;  // m: no motion
constexpr double whole = 1e-9;      // of a frame, lost in sums

}  // namespace

double HostLeg::level(std::size_t k) const {
  if (E_step == 0.0) return to.E;
  const double E = from.E + static_cast<double>(k + 1) * E_step;
  return E_step > 0.0 ? std::min(E, to.E) : std::max(E, to.E);
}

HostLeg plan_leg(const Waypoint& w, const HostPlace& from, const HostConfig& config) {
  HostLeg leg;
  leg.from = from;
  leg.to = {w.x.value_or(from.x), w.y.value_or(from.y), w.z.value_or(from.z), w.E1.value_or(from.E)};
  const double interval = config.frame_interval.si();
  const double aside = std::max(std::abs(leg.to.x - from.x), std::abs(leg.to.y - from.y));
  const double along = std::abs(leg.to.z - from.z), volts = leg.to.E - from.E;
  leg.moves_xy = aside > standing;
  leg.moves_z = along > standing;
  double motion = 0.0, staircase = 0.0;
  if (leg.moves_xy) motion = aside / w.speed_xy;
  if (leg.moves_z) motion = std::max(motion, along / w.speed_z);
  if (leg.moves()) motion += config.busy_slack.si();
  if (w.E1 && !w.jump_E1 && volts != 0.0) {
    staircase = std::abs(volts) / w.rate_E1;
    leg.E_step = std::copysign(w.rate_E1 * interval, volts);
  }
  const double frames = std::ceil((std::max(motion, staircase) + w.hold) / interval - whole);
  leg.frames = static_cast<std::size_t>(std::max(1.0, frames));
  return leg;
}

std::vector<HostLeg> plan_program(const Program& program, const HostPlace& from, const HostConfig& config) {
  std::vector<HostLeg> legs;
  HostPlace at = from;
  for (const Waypoint& w : program.waypoints) {
    legs.push_back(plan_leg(w, at, config));
    at = legs.back().to;
  }
  return legs;
}

}  // namespace seccm::instrument::drivers
