// A cluster resolved in voxels as the reference engine takes it: in place of the particles of a cell, whose material
// and circuit it has. Internal to models/reference.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "models/voxels/voxel_cluster.hpp"

namespace seccm::models {

struct ResolvedCluster {
  std::shared_ptr<const LabelImage> image;
  std::shared_ptr<const VoxelGrid> grid;       ///< which voxels are grains, which faces are wet
  std::vector<std::array<double, 3>> grain_D;  ///< m²/s along x, y, z, of labels 1, 2, ...
  double boundary_resistance = 0.0;            ///< s/m; infinite: nothing passes
  double initial_filling = 0.0;

  [[nodiscard]] double edge() const { return image->edge; }
  /// y of every voxel, q of every wetted face, current and charge.
  [[nodiscard]] std::size_t unknowns() const { return grid->voxels() + grid->faces().size() + 2; }
};

/// The most unknowns of a cluster. A direct factorisation in three dimensions fills up as their number to the power 4/3
/// and takes its square in time: at this number 0.6 s, 160 times a cycle.
inline constexpr std::size_t most_resolved_unknowns = 10000;

/// Throws InputError beyond `most_resolved_unknowns`.
ResolvedCluster resolved_cluster(const VoxelCluster& cluster);

}  // namespace seccm::models
