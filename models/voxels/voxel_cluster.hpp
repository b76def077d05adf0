// A cluster of grains resolved in voxels, immutable, and what advances it in time.
//
// Finite volumes in space (models/voxels/voxel_grid.hpp), BDF2 with backward Euler behind corners in time
// (sim/step_scheme.hpp). Each step is a Newton iteration over all voxels: the wetted faces are eliminated one by one,
// the rest is symmetric positive definite and solved by conjugate gradients with a multigrid preconditioner; behind a
// series resistance the potential φ is eliminated by one more solution.
//
// Conservation. What the iterations leave of the balance of a voxel is put into its filling as their last move, so that
// ∫ i dt = -F ΔN to round-off whatever the tolerance; each voxel's filling is then off by at most `balance_tolerance`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/cell/cell_state.hpp"
#include "models/voxels/voxel_grid.hpp"
#include "sim/sparse_conjugate.hpp"

namespace seccm::models {

inline constexpr double balance_tolerance = 1e-8;  ///< of y per step

class VoxelCluster {
 public:
  /// Throws InputError as VoxelGrid and WettedFaces do, and for circuit values outside their range.
  explicit VoxelCluster(VoxelSpec spec);

  [[nodiscard]] const VoxelSpec& spec() const { return spec_; }
  [[nodiscard]] const VoxelGrid& grid() const { return grid_; }
  [[nodiscard]] double capacity() const;  ///< mol at y = 1

 private:
  VoxelSpec spec_;
  VoxelGrid grid_;
};

class VoxelStepper {
 public:
  struct Counts {
    long steps = 0, newton_iterations = 0, linear_iterations = 0;
  };

  /// At rest at a potential, every grain uniformly at the initial filling. The cluster has to outlive the stepper.
  VoxelStepper(const VoxelCluster& cluster, double E_vs_Li,
               sim::GridPreconditioner preconditioner = sim::GridPreconditioner::multigrid);
  ~VoxelStepper();
  VoxelStepper(VoxelStepper&&) noexcept;
  VoxelStepper& operator=(VoxelStepper&&) noexcept;

  /// `watch` is called before every linear iteration, of which one takes a second of 64 million voxels; what it
  /// throws passes through `advance`.
  void watch(std::function<void()> watch);
  /// Throws SolverError with time and residual where it can not vouch for the result.
  void advance(double E_vs_Li_end, double dt);
  void jump(double E_vs_Li);

  [[nodiscard]] double time() const;
  [[nodiscard]] double potential() const;
  [[nodiscard]] const CellCurrents& currents() const;
  [[nodiscard]] const CellCurrents& charge() const;
  [[nodiscard]] double lithium() const;         ///< mol
  [[nodiscard]] const double* filling() const;  ///< y, one per voxel of the image; 0 outside the grains
  [[nodiscard]] Counts counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// What a sweep at this rate asks of the voxels, one sentence each with its numbers;
/// empty if nothing is wrong.
std::vector<std::string> validity_warnings(const VoxelCluster& cluster, double scan_rate);

}  // namespace seccm::models
