// Insertion kinetics on the wetted faces of a voxel cluster, each eliminated by itself: for a voxel of filling y the
// flux N over the true area of one of its faces solves
//
//   y_s = y - ρ N,   N = rate(y_s, u)        ρ half-cell resistance, u = F(φ - E0)/RT
//
// by Newton in y_s inside a bracket that always holds the root.
#pragma once

#include <span>
#include <vector>

#include "models/voxels/voxel_grid.hpp"

namespace seccm::models {

/// Sums over the faces of each voxel: Σ w N/h is what it loses, 1/s.
struct FaceLoss {
  double loss = 0.0;          ///< Σ w N/h
  double by_filling = 0.0;    ///< its derivative by y, not below 0
  double by_potential = 0.0;  ///< by u
};

class WettedFaces {
 public:
  /// Throws InputError for kinetics other than Butler-Volmer, a film, a second lattice, a D that depends on y or on the
  /// direction, and an attractive isotherm with g <= -4.
  WettedFaces(const VoxelGrid& grid, const MaterialParameters& material);

  /// Voxels that have wetted faces, ascending.
  [[nodiscard]] std::span<const std::uint32_t> cells() const { return cells_; }
  /// One FaceLoss per such voxel, at the fillings y (indexed by voxel) and the reduced potential u.
  void evaluate(const double* y, double reduced_potential);
  [[nodiscard]] std::span<const FaceLoss> losses() const { return losses_; }
  /// False if a face found no root within its iterations.
  [[nodiscard]] bool solved() const { return solved_; }

 private:
  template <class Law>
  bool evaluate_with(const Law& law, const double* y, double reduced_potential);

  MaterialParameters material_;
  double per_edge_;  ///< 1/h
  std::vector<WettedFace> faces_;
  std::vector<std::uint32_t> cells_;
  std::vector<std::uint32_t> first_;  ///< of the faces of each such voxel, and one behind the last
  std::vector<double> surface_;       ///< y_s of each face: the start of the next solution
  std::vector<FaceLoss> losses_;
  bool solved_ = true;
};

}  // namespace seccm::models
