// Which true landing belongs to which point of the run, by device time.
#pragma once

#include <span>
#include <vector>

#include "files/records.hpp"
#include "pipeline/validation/truth_file.hpp"

namespace seccm::validation {

/// Index of the landing for each point, -1 where there is none: of the landings within [t_start, t_end] of the point
/// the one nearest to its t_contact (a retried point has several). A landing belongs to one point at most.
std::vector<int> match_landings(std::span<const files::PointRecord> points, std::span<const TrueLanding> landings);

/// X = a0 + a1 px + a2 py, Y = a3 + a4 px + a5 py.
struct StagePosition {
  double x = 0.0, y = 0.0;  ///< m
};
StagePosition map_pixel(const std::array<double, 6>& affine, double pixel_x, double pixel_y);

}  // namespace seccm::validation
