// The finite volumes of a label image: links between voxels and wetted faces.
//
// Link of two neighbours in the same grain: D/h². Otherwise the half cells in series with the boundary,
//   l = 1 / ( h [ h/(2 D_a) + 1/P + h/(2 D_b) ] ),       1/s
// (two-point flux, harmonic mean).
//
// Wetted faces. A voxelised surface has too much area: 1.5 times that of a sphere, whatever the voxel. A face whose
// normal is the axis a stands for the true area w h² with w = |n_a|, n the unit normal of the surface there: faces of
// one axis cover the projection of the surface on the plane across it, so that
//   Σ_faces w h² = Σ_a ∫ |n_a| |n_a| dA = ∫ dA.
// n is the first moment of the solid within 3.5 voxels, weighted with 1 - (r/3.5)²: spheres of 12 voxels and more to
// the radius get their area to 1e-3. Within such a distance of an edge of the body the estimate turns with the edge:
// the area of a cube of n voxels comes out low by about 2/n.
#pragma once

#include <cstdint>
#include <vector>

#include "models/voxels/voxel_spec.hpp"
#include "sim/sparse_grid.hpp"

namespace seccm::models {

/// One face between a grain and electrolyte.
struct WettedFace {
  std::uint32_t cell = 0;
  float weight = 1.0F;      ///< w
  float resistance = 0.0F;  ///< of the half cell for the flux over the true area, w h/(2D), s/m
  std::uint8_t axis = 0;    ///< of its normal: x, y, z
};

class VoxelGrid {
 public:
  /// Throws InputError for an image that is none (check_image), a D that is not above 0 and finite, a grain without D,
  /// a boundary resistance below 0, and an image without a wetted face.
  explicit VoxelGrid(const VoxelSpec& spec);

  [[nodiscard]] const sim::GridLinks& links() const { return links_; }
  [[nodiscard]] const std::vector<WettedFace>& faces() const { return faces_; }  ///< in the order of their cells
  [[nodiscard]] const std::vector<std::uint8_t>& solid() const { return solid_; }
  [[nodiscard]] std::size_t voxels() const { return voxels_; }       ///< of grains
  [[nodiscard]] double edge() const { return edge_; }                ///< m
  [[nodiscard]] double wetted_area() const { return wetted_area_; }  ///< m^2, Σ w h²
  [[nodiscard]] double voxel_area() const { return static_cast<double>(faces_.size()) * edge_ * edge_; }
  [[nodiscard]] double volume() const { return static_cast<double>(voxels_) * edge_ * edge_ * edge_; }

 private:
  void join(const VoxelSpec& spec);
  void wet(const VoxelSpec& spec);

  sim::GridLinks links_;
  std::vector<WettedFace> faces_;
  std::vector<std::uint8_t> solid_;
  std::size_t voxels_ = 0;
  double edge_ = 0.0;
  double wetted_area_ = 0.0;
};

}  // namespace seccm::models
