// A program in whole frames: how long each waypoint takes and where its potential stands in each frame.
#pragma once

#include <cstddef>
#include <vector>

#include "instrument/drivers/host/host_config.hpp"
#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument::drivers {

/// Where commands stand, m and V.
struct HostPlace {
  double x = 0, y = 0, z = 0, E = 0;
};

struct HostLeg {
  HostPlace from, to;
  std::size_t frames = 1;
  bool moves_xy = false, moves_z = false;
  double E_step = 0.0;  ///< V per frame, signed; 0: at E at once

  [[nodiscard]] bool moves() const { return moves_xy || moves_z; }
  /// The level of frame `k` of the leg, k = 0, 1, ...: a staircase that ends on its target.
  [[nodiscard]] double level(std::size_t k) const;
};

/// A waypoint takes the longer of its motion (with the time of its commands) and its staircase, and its hold, rounded
/// up to whole frames; at least one.
HostLeg plan_leg(const Waypoint& waypoint, const HostPlace& from, const HostConfig& config);
std::vector<HostLeg> plan_program(const Program& program, const HostPlace& from, const HostConfig& config);

}  // namespace seccm::instrument::drivers
