// A short open path over a set of points: nearest neighbour from the start, then 2-opt and Or-opt moves until none
// shortens it. Deterministic; never longer than the nearest-neighbour path. Length: Euclidean, start included, the end
// free.
#pragma once

#include <span>
#include <vector>

#include "pipeline/scan/registration.hpp"

namespace seccm::scan {

/// start -> points[order[0]] -> ... ; m.
double path_length(StagePoint start, std::span<const StagePoint> points, std::span<const int> order);

std::vector<int> nearest_neighbour_tour(StagePoint start, std::span<const StagePoint> points);
std::vector<int> short_tour(StagePoint start, std::span<const StagePoint> points);

}  // namespace seccm::scan
