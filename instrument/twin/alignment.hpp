// How stage, sample and camera sit towards each other; drawn once per seed.
//
// The axes of the stage and of the field are parallel; the camera is turned against both. With p a point of the stage
// frame and t the time,
//   field = p - p_centre + f_centre - drift t           (centres of travel and of field)
//   height of the tip above the field's zero = z - z_surface - drift_z t
// Pixel -> field is models::ImagePose (camera fixed to the sample).
#pragma once

#include <cstdint>

#include "instrument/twin/stage_motion.hpp"
#include "instrument/twin/truth.hpp"
#include "instrument/twin/twin_spec.hpp"
#include "models/optics/image_pose.hpp"

namespace seccm::instrument::twin {

struct Alignment {
  double shift_x = 0, shift_y = 0;  ///< field - stage at t = 0, m
  double surface_z = 0;             ///< stage z of the field's zero at t = 0, m
  Point3 drift;                     ///< of the sample against the stage, m/s
  models::ImagePose pose;           ///< field frame -> pixel

  [[nodiscard]] Point3 to_field(const Point3& stage, double t) const;
  [[nodiscard]] Affine stage_to_field() const;  ///< at t = 0
  [[nodiscard]] Affine pixel_to_stage() const;  ///< at t = 0
};

/// `pixel_size`: nominal, m.
Alignment draw_alignment(const TwinSpec& spec, double pixel_size, std::uint64_t seed);

}  // namespace seccm::instrument::twin
