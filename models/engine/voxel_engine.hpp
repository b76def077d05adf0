// A cluster resolved in voxels. In fixed steps.
#pragma once

#include <memory>

#include "models/engine/cell_engine.hpp"
#include "models/voxels/voxel_cluster.hpp"

namespace seccm::models {

class VoxelEngine final : public CellEngine {
 public:
  /// Keeps a reference to the cluster; at rest at a potential.
  VoxelEngine(const VoxelCluster& cluster, double E_vs_Li);

  void advance(double E_end, double dt) override;
  void jump(double E_vs_Li) override { stepper_.jump(E_vs_Li); }

  [[nodiscard]] double time() const override { return stepper_.time(); }
  [[nodiscard]] double potential() const override { return stepper_.potential(); }
  [[nodiscard]] CellCurrents currents() const override { return stepper_.currents(); }
  [[nodiscard]] CellCurrents charge() const override { return stepper_.charge(); }
  [[nodiscard]] double lithium() const override { return stepper_.lithium(); }
  [[nodiscard]] std::vector<double> mean_filling() const override { return {lithium() / cluster_->capacity()}; }

  /// Asked between linear iterations as well, of which one takes a second of 64 million voxels.
  void watch(std::function<void(double)> watch) override;

 private:
  const VoxelCluster* cluster_;
  VoxelStepper stepper_;
  std::function<void(double)> watch_;
};

}  // namespace seccm::models
