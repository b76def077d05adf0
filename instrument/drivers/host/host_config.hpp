// The [host] section of a rig whose host runs the probe: a stage and a source-measure unit without a controller over
// them.
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::drivers {

struct HostConfig {
  Time frame_interval = 20.0 * unit::ms;  ///< one reading of the source meter per frame
  /// What a frame leaves for messages; the rest is the aperture of its reading. `seccm doctor` says how long the
  /// instruments take to answer.
  Time quiet_slack = 2.0 * unit::ms;          ///< one look at the stage and one request to the source meter
  Time busy_slack = 10.0 * unit::ms;          ///< of the first frame of a waypoint: velocities and targets as well
  Time request_time = 1.0 * unit::ms;         ///< from a request until the instrument acts on it
  Potential potential_range = 2.5 * unit::V;  ///< window of the potential, either sign, vs QRCE
  Current current_range = 100e-12 * unit::A;  ///< full scale of the current
  Current current_limit = 1e-6 * unit::A;     ///< compliance of the source meter
  Velocity speed_xy_max = 200.0 * unit::um_per_s, speed_z_max = 100.0 * unit::um_per_s;
  ScanRate rate_max = 10.0 * unit::V_per_s;
  Length clearance = 2.0 * unit::um;     ///< z above the last contact that a lateral move needs
  Length free_travel = 20.0 * unit::um;  ///< before any contact: lateral moves only within this distance of the top
  Time patience = 5.0 * unit::s;         ///< for the arrival of a move, beyond its length / speed

  static void visit(ParameterVisitor& v, HostConfig& p);
};

}  // namespace seccm::instrument::drivers
