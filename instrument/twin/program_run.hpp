// A program in execution: where the commands are at each tick.
//
// All moves of a waypoint start together at its first tick; each channel runs linearly and arrives at a whole tick (at
// most 25 ns late, the rate adjusted to it); the waypoint ends at the first whole sample (4 us) at which each has
// arrived and `hold` has passed, and takes at least one sample.
#pragma once

#include <array>
#include <cstddef>

#include "instrument/roles/probe_sequencer.hpp"
#include "instrument/twin/time_base.hpp"
#include "instrument/twin/world.hpp"

namespace seccm::instrument::twin {

/// Commands at rest.
struct Applied {
  double x = 0, y = 0, z = 0;  ///< m
  double E = 0;                ///< V vs QRCE
};

/// Ticks that one waypoint takes from `from`, and where it leads.
struct WaypointPlan {
  enum Channel : std::size_t { x, y, z, E, channels };
  std::array<double, channels> start{}, target{};
  std::array<Tick, channels> arrival{};  ///< after the waypoint's start; 0: at once
  Tick duration = 0;

  [[nodiscard]] Applied end() const { return {target[x], target[y], target[z], target[E]}; }
};
WaypointPlan plan_waypoint(const Waypoint& waypoint, const Applied& from, const TimeBase& base);

class ProgramRun {
 public:
  ProgramRun(Program program, const Applied& from, Tick start, const TimeBase& base);

  [[nodiscard]] const Program& program() const { return program_; }
  [[nodiscard]] const Waypoint& waypoint() const { return program_.waypoints[index_]; }
  [[nodiscard]] std::size_t executed() const { return index_; }
  /// Whether the waypoint behind this one has the contact rule.
  [[nodiscard]] bool next_approaches() const;
  [[nodiscard]] bool finished() const { return index_ == program_.waypoints.size(); }
  /// Steps to the next waypoint, whose start is the end of this one.
  void next();
  [[nodiscard]] Tick end() const { return start_ + plan_.duration; }

  /// Commands at tick t of the present waypoint, with the slopes from there on.
  [[nodiscard]] Drive drive(Tick t) const;
  [[nodiscard]] Applied applied(Tick t) const;
  /// The next tick after t at which a slope changes or the waypoint ends.
  [[nodiscard]] Tick next_break(Tick t) const;
  /// A potential leg begins at tick t: start of the waypoint, or arrival of the potential.
  [[nodiscard]] bool potential_leg_begins(Tick t) const;
  /// Seconds for which the potential's slope stays as it is at tick t.
  [[nodiscard]] double potential_leg_duration(Tick t) const;

 private:
  void plan(const Applied& from);

  Program program_;
  TimeBase base_;
  std::size_t index_ = 0;
  Tick start_;
  WaypointPlan plan_;
};

}  // namespace seccm::instrument::twin
