// Finite-volume mesh of a slab, a cylinder or a sphere whose cells shrink towards the surface.
//
// Everything is dimensionless: r = 0 at the centre (or the closed face of a slab), r = 1 at the surface. Depth below
// the surface is mapped by a geometric stretch, d(s) = (exp(β s) - 1)/(exp(β) - 1), s = k/N, so that doubling N refines
// the same mesh and a second-order scheme stays second order on it. `grading` = d'(0) is the width of the surface cell
// relative to a uniform cell as N -> ∞.
//
//   volume[k]        ∫ over the cell of r^(m-1) dr            m = 1, 2, 3 for slab, cylinder, sphere; sum = 1/m
//   conductance[k]   r_face^(m-1) / (distance of the centroids of cells k-1 and k), k = 1..N-1; conductance[0] = 0
//   centroid[k]      centre of volume of the cell
//
// Cells count from the centre: the last one touches the surface.
#pragma once

#include <vector>

namespace seccm::sim {

enum class Geometry { slab, cylinder, sphere };

/// m in r^(m-1): 1, 2, 3.
int dimension_of(Geometry geometry);

struct MeshParameters {
  int cells = 50;
  double grading = 0.05;  ///< surface cell relative to a uniform one, in (0, 1]
};

class RadialMesh {
 public:
  /// Throws InputError for fewer than 3 or more than 10000 cells, or a grading outside [1e-9, 1].
  RadialMesh(Geometry geometry, MeshParameters parameters);

  [[nodiscard]] Geometry geometry() const { return geometry_; }
  [[nodiscard]] int cells() const { return static_cast<int>(volume_.size()); }
  [[nodiscard]] const std::vector<double>& volume() const { return volume_; }
  [[nodiscard]] const std::vector<double>& conductance() const { return conductance_; }
  [[nodiscard]] const std::vector<double>& centroid() const { return centroid_; }
  [[nodiscard]] const std::vector<double>& face() const { return face_; }
  /// Width of the cell at the surface.
  [[nodiscard]] double surface_cell() const { return face_[face_.size() - 1] - face_[face_.size() - 2]; }

  /// Surface value from the two outer cells and the outward gradient g at r = 1:
  ///   y_s = y_N + slope_weight g + inner_weight (y_N - y_(N-1)),
  /// the parabola that has both cell averages and the gradient.
  [[nodiscard]] double slope_weight() const { return slope_weight_; }
  [[nodiscard]] double inner_weight() const { return inner_weight_; }

 private:
  Geometry geometry_;
  std::vector<double> face_, centroid_, volume_, conductance_;
  double slope_weight_ = 0.0;
  double inner_weight_ = 0.0;
};

/// The mesh that resolves a diffusion layer of thickness `layer` (relative to the radius) to 0.06 % of a voltammetric
/// peak: a surface cell of at most layer/20 and neighbours that differ by at most 8 %; never fewer than 60 cells,
/// never a grading coarser than 0.05. Measured in docs/physics-cell.md.
MeshParameters mesh_for_layer(double layer);

}  // namespace seccm::sim
