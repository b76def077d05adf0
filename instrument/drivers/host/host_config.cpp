#include "instrument/drivers/host/host_config.hpp"

namespace seccm::instrument::drivers {

void HostConfig::visit(ParameterVisitor& v, HostConfig& p) {
  v({.key = "frame_interval",
     .unit = "ms",
     .low = 1,
     .high = 1000,
     .text = "One frame: one reading of the source meter"},
    p.frame_interval);
  v({.key = "quiet_slack", .unit = "ms", .low = 0, .high = 1000, .text = "Part of a frame that is left for messages"},
    p.quiet_slack);
  v({.key = "busy_slack",
     .unit = "ms",
     .low = 0,
     .high = 1000,
     .text = "The same of the first frame of a waypoint, which sends velocities and targets as well"},
    p.busy_slack);
  v({.key = "request_time",
     .unit = "ms",
     .low = 0,
     .high = 1000,
     .text = "From a request until the instrument acts on it"},
    p.request_time);
  v({.key = "potential_range", .unit = "V", .low = 0.1, .high = 10, .text = "Window of the potential, either sign"},
    p.potential_range);
  v({.key = "current_range", .unit = "pA", .low = 1, .high = 1e9, .text = "Full scale of the current"},
    p.current_range);
  v({.key = "current_limit", .unit = "nA", .low = 1, .high = 1e9, .text = "Compliance of the source meter"},
    p.current_limit);
  v({.key = "speed_xy_max", .unit = "um/s", .low = 0.1, .high = 1e4, .text = "Fastest lateral move"}, p.speed_xy_max);
  v({.key = "speed_z_max", .unit = "um/s", .low = 0.1, .high = 1e4, .text = "Fastest vertical move"}, p.speed_z_max);
  v({.key = "rate_max", .unit = "V/s", .low = 1e-3, .high = 1e3, .text = "Fastest staircase"}, p.rate_max);
  v({.key = "clearance", .unit = "um", .low = 0, .high = 100, .text = "Height above the last contact of lateral moves"},
    p.clearance);
  v({.key = "free_travel",
     .unit = "um",
     .low = 0,
     .high = 1000,
     .text = "Distance from the top of the travel within which lateral moves are always allowed"},
    p.free_travel);
  v({.key = "patience", .unit = "s", .low = 0.01, .high = 3600, .text = "Wait for a move that is late"}, p.patience);
}

}  // namespace seccm::instrument::drivers
