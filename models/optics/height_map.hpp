// The TiO2 on the gold as a map of columns: height of the highest particle and packing fraction below it.
//
// Each sphere is spread over the square cells as equal-area sub-columns (at least 12, a sunflower pattern) whose chords
// sum to its exact volume; a cell has
//   h = highest top of a sub-column in it,   φ = (volume in it)/(a² h), at most 1,   a = side of a cell.
// φ h a² summed over the map is the volume of the particles inside it to rounding, unless the cut at 1 acts: where
// spheres overlap, or where one far larger than a cell fills its column (then up to 1 % is lost).
//
// Limits: what lies below the top is one homogeneous layer down to the gold. Throws InputError for a particle that is
// not a finite sphere of radius in (0, 10 um].
#pragma once

#include <span>
#include <vector>

#include "models/optics/image_pose.hpp"
#include "models/optics/scene.hpp"

namespace seccm::models {

struct HeightMap {
  double x_low = 0.0;  ///< lower left corner of cell (0,0), m
  double y_low = 0.0;
  double cell = 0.0;           ///< a, m
  int columns = 0;             ///< along x
  int rows = 0;                ///< along y, upwards
  std::vector<float> height;   ///< m, row-major
  std::vector<float> packing;  ///< φ

  [[nodiscard]] std::size_t index(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column);
  }
  [[nodiscard]] double x(int column) const { return x_low + (column + 0.5) * cell; }
  [[nodiscard]] double y(int row) const { return y_low + (row + 0.5) * cell; }
};

HeightMap rasterise(std::span<const SceneParticle> particles, const StageBox& box, double cell);

/// Throws InputError unless the particle is a finite sphere of radius in (0, 10 um].
void check_particle(const SceneParticle& particle);

}  // namespace seccm::models
