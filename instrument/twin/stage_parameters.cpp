#include "instrument/twin/stage_parameters.hpp"

namespace seccm::instrument::twin {

void StageParameters::visit(ParameterVisitor& v, StageParameters& p) {
  v({.key = "range_xy",
     .unit = "um",
     .low = 1,
     .high = 1000,
     .grade = Grade::verified,
     .source = "echemtips",
     .text = "Travel of x and of y"},
    p.range_xy);
  v({.key = "range_z",
     .unit = "um",
     .low = 1,
     .high = 1000,
     .grade = Grade::verified,
     .source = "echemtips",
     .text = "Travel of z"},
    p.range_z);
  v({.key = "speed_xy_max", .unit = "um/s", .low = 0.1, .high = 10000, .text = "Fastest lateral move"}, p.speed_xy_max);
  v({.key = "speed_z_max", .unit = "um/s", .low = 0.1, .high = 10000, .text = "Fastest vertical move"}, p.speed_z_max);
  v({.key = "response_time",
     .unit = "ms",
     .low = 0,
     .high = 1000,
     .grade = Grade::recalled,
     .source = "closed-loop piezo stages",
     .text = "Lag of each axis behind its command"},
    p.response_time);
  v({.key = "sensor_noise",
     .unit = "nm",
     .low = 0,
     .high = 1000,
     .grade = Grade::recalled,
     .source = "PI P-611.3S",
     .text = "Noise of the measured position, rms of one frame"},
    p.sensor_noise);
  v({.key = "linearity",
     .low = 0,
     .high = 0.05,
     .grade = Grade::recalled,
     .source = "PI P-62x",
     .text = "Peak deviation of the position sensor relative to the travel"},
    p.linearity);
  v({.key = "creep",
     .low = 0,
     .high = 0.05,
     .grade = Grade::recalled,
     .source = "PI P-611.3S",
     .text = "Share of a move that comes late, per decade of time (1e-2 for an open loop)"},
    p.creep);
  v({.key = "drift",
     .unit = "nm/min",
     .low = 0,
     .high = 10000,
     .grade = Grade::recalled,
     .source = "range 1-10 nm/min",
     .text = "Drift of the sample against the stage, rms per axis"},
    p.drift);
  v({.key = "surface_z",
     .unit = "um",
     .low = 0,
     .high = 1000,
     .text = "Stage z of the gold at the centre of the field"},
    p.surface_z);
  v({.key = "surface_z_spread", .unit = "um", .low = 0, .high = 100, .text = "Half width of the uniform draw of it"},
    p.surface_z_spread);
  v({.key = "clearance",
     .unit = "um",
     .low = 0,
     .high = 100,
     .text = "Height above the last contact below which the controller refuses lateral moves"},
    p.clearance);
  v({.key = "free_travel",
     .unit = "um",
     .low = 0,
     .high = 1000,
     .text = "Distance from the top of the travel within which lateral moves are always allowed"},
    p.free_travel);
}

}  // namespace seccm::instrument::twin
