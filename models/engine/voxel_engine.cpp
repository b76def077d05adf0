#include "models/engine/voxel_engine.hpp"

#include <utility>

namespace seccm::models {

VoxelEngine::VoxelEngine(const VoxelCluster& cluster, double E_vs_Li)
    : cluster_(&cluster), stepper_(cluster, E_vs_Li) {}

void VoxelEngine::advance(double E_end, double dt) {
  stepper_.advance(E_end, dt);
  if (watch_) watch_(time());
}

void VoxelEngine::watch(std::function<void(double)> watch) {
  watch_ = std::move(watch);
  stepper_.watch(watch_ ? std::function<void()>([this] { watch_(time()); }) : std::function<void()>());
}

}  // namespace seccm::models
