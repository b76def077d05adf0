// The legs of all points, and the waypoints of all programs, as one table each: a row says which row of `points` or of
// `programs` it belongs to.
#pragma once

#include "files/schema.hpp"

namespace seccm::files {

struct LegRow {
  std::int64_t point_row = 0;
  Leg leg;
};

inline void describe(FieldVisitor& visit, LegRow& row) {
  visit("point_row", "1", row.point_row);
  describe(visit, row.leg);
}

struct WaypointRow {
  std::int64_t program_row = 0;
  WaypointRecord waypoint;
};

inline void describe(FieldVisitor& visit, WaypointRow& row) {
  visit("program_row", "1", row.program_row);
  describe(visit, row.waypoint);
}

}  // namespace seccm::files
