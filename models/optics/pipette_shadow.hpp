// The pipette's shadow on the gold under the oblique transmission lamp.
//
// A point P of the gold sees the lamp along u = (cos a sin t, sin a sin t, cos t): azimuth a, tilt t. The pipette is
// the opaque cone r(ζ) = r_o + (ζ - z) tan θ for ζ >= z about the vertical through (x, y). With b = tan t and d(ζ) the
// distance of the ray from that axis at height ζ, the ray clears the cone by
//   g = min over ζ >= z of  d(ζ) - r(ζ),     attained at ζ* = max(z, ζ_0 + tan θ q/(b √(b² - tan²θ))),
// q: distance of the ray from the axis as seen from above, ζ_0: height of that closest approach.
// Share of the lamp that is hidden: S(g/w), w = 0.25 um + ζ* tan(half angle of the lamp), S falling smoothly from 1 at
// -1 to 0 at +1 (cubic). The shadow starts as a disc at the tip and opens away from the lamp.
//
// Limits: geometric optics; no refraction in glass or electrolyte (a filled capillary sends oblique light out of the
// field, so it looks dark); no light that the pipette reflects. Needs tan t > tan θ: throws InputError otherwise.
#pragma once

#include "models/optics/optics_parameters.hpp"
#include "models/optics/scene.hpp"

namespace seccm::models {

class PipetteShadow {
 public:
  PipetteShadow(const ScenePipette& pipette, const OpticsParameters& optics);

  /// Share of the lamp that the pipette hides from a point of the gold, 0..1.
  [[nodiscard]] double hidden(double x, double y) const;

 private:
  ScenePipette pipette_;
  double slope_;     // tan θ
  double lean_;      // b = tan t
  double toward_x_;  // horizontal direction to the lamp
  double toward_y_;
  double lamp_spread_;           // tan(half angle)
  double closest_across_ = 0.0;  // d(height of the closest approach)/d(distance across)
};

}  // namespace seccm::models
