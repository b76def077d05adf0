#include "models/optics/pipette_shadow.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

constexpr double sharpest_edge = 0.25e-6;  // m, about the resolution of the objective

void check(const ScenePipette& p, double slope, double lean) {
  if (!std::isfinite(p.x) || !std::isfinite(p.y) || !(p.z >= 0.0) || !std::isfinite(p.z) ||
      !(p.outer_diameter > 0.0 && p.outer_diameter < 1e-3)) {
    throw InputError("scene: pipette at (" + format_quantity(p.x, "um") + ", " + format_quantity(p.y, "um") + ", " +
                     format_quantity(p.z, "um") + ") of outer diameter " + format_quantity(p.outer_diameter, "um") +
                     "; accepted: finite position, z >= 0, diameter above 0 up to 1 mm");
  }
  if (!(p.cone_half_angle >= 0.0 && slope < lean)) {
    throw InputError("scene: cone half angle of the pipette " + format_quantity(p.cone_half_angle, "deg") +
                     "; accepted: 0 up to the tilt of the lamp");
  }
}

}  // namespace

PipetteShadow::PipetteShadow(const ScenePipette& pipette, const OpticsParameters& optics)
    : pipette_(pipette),
      slope_(std::tan(pipette.cone_half_angle)),
      lean_(std::tan(optics.lamp_tilt)),
      toward_x_(std::cos(optics.lamp_azimuth)),
      toward_y_(std::sin(optics.lamp_azimuth)),
      lamp_spread_(std::tan(optics.lamp_half_angle)) {
  check(pipette, slope_, lean_);
  closest_across_ = slope_ / (lean_ * std::sqrt(lean_ * lean_ - slope_ * slope_));
}

double PipetteShadow::hidden(double x, double y) const {
  const double ax = x - pipette_.x;
  const double ay = y - pipette_.y;
  const double along = ax * toward_x_ + ay * toward_y_;
  const double across = std::abs(ax * toward_y_ - ay * toward_x_);
  const double closest = -along / lean_ + closest_across_ * across;
  const double zeta = std::max(pipette_.z, closest);
  // Lengths of a microscope: their squares neither overflow nor vanish, so that std::hypot's care is not needed here,
  // where every pixel passes.
  const double away = along + lean_ * zeta;
  const double distance = std::sqrt(across * across + away * away);
  const double radius = 0.5 * pipette_.outer_diameter + (zeta - pipette_.z) * slope_;
  const double s = std::clamp(0.5 - 0.5 * (distance - radius) / (sharpest_edge + zeta * lamp_spread_), 0.0, 1.0);
  return s * s * (3.0 - 2.0 * s);
}

}  // namespace seccm::models
