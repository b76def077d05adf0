// The legs of all points as one table: each row says which row of `points` it belongs to.
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

}  // namespace seccm::files
