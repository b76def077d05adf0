// The [stage] section: the piezo scanner that carries the pipette, and how the sample drifts under it.
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::twin {

/// Three closed-loop axes. The controller's sensor follows the command with a first-order lag; the true position
/// differs from the sensor by the sensor's linearity, by creep and by drift (stage_motion.hpp).
struct StageParameters {
  Length range_xy = 100.0 * unit::um;  ///< travel of x and of y, from 0
  Length range_z = 100.0 * unit::um;   ///< travel of z, from 0; z grows away from the sample
  Velocity speed_xy_max = 200.0 * unit::um_per_s;
  Velocity speed_z_max = 100.0 * unit::um_per_s;
  Time response_time = 3.0 * unit::ms;           ///< closed-loop lag of each axis
  Length sensor_noise = 1.0 * unit::nm;          ///< rms of one frame's mean
  double linearity = 2e-4;                       ///< peak deviation of the sensor / travel
  double creep = 1e-4;                           ///< share of a move that creeps in later, per decade of time
  Velocity drift = 3e-9 / 60.0 * unit::m_per_s;  ///< rms per axis of the constant drift of the sample against the stage
  Length surface_z = 30.0 * unit::um;            ///< stage z of the mean plane of the gold at the centre of the field
  Length surface_z_spread = 2.0 * unit::um;      ///< half width of its uniform draw
  Length clearance = 2.0 * unit::um;             ///< z above the last contact that a lateral move needs
  Length free_travel = 20.0 * unit::um;  ///< lateral moves before any contact: only within this distance of the top

  static void visit(ParameterVisitor& v, StageParameters& p);
};

}  // namespace seccm::instrument::twin
