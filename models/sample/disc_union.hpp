// Exact area of a union of discs: what a pile of spheres shadows, seen from above.
//
// By Green's theorem A = ½ ∮ (x dy - y dx) over the outer boundary, which consists of arcs; an arc of disc (X, Y, r)
// from angle a to b gives ½ [r² (b-a) + X r (sin b - sin a) - Y r (cos b - cos a)]. Holes are included with their right
// sign. Exact up to rounding (relative 1e-12); cost is the number of overlapping pairs.
#pragma once

#include <span>

#include "models/sample/particle_index.hpp"

namespace seccm::models {

/// m² (or the square of whatever unit the discs are in).
double union_area(std::span<const Disc> discs);

/// Area of the union inside `window`: |U ∩ W| = |U| + |W| - |U ∪ W|.
double union_area_within(std::span<const Disc> discs, const Disc& window);

}  // namespace seccm::models
