#include "models/reference/resolved_cluster.hpp"

#include <fmt/format.h>

#include "sim/error.hpp"

namespace seccm::models {

ResolvedCluster resolved_cluster(const VoxelCluster& cluster) {
  const VoxelSpec& spec = cluster.spec();
  const std::size_t voxels = cluster.grid().voxels();
  const std::size_t faces = cluster.grid().faces().size();
  const std::size_t unknowns = voxels + faces + 2;
  if (unknowns > most_resolved_unknowns) {
    throw InputError(
        fmt::format("reference engine: {} unknowns of a cluster in voxels ({} voxels of {:.3g} nm in grains, {} wetted "
                    "faces, current and charge): its matrix is factorised as a whole; accepted are up to {}; make the "
                    "voxels larger ([voxels] voxel) or the cluster smaller, or take [numerics] engine = \"fast\"",
                    unknowns, voxels, spec.image.edge * 1e9, faces, most_resolved_unknowns));
  }
  return {.image = std::make_shared<const LabelImage>(spec.image),
          .grid = std::make_shared<const VoxelGrid>(cluster.grid()),
          .grain_D = spec.grain_D,
          .boundary_resistance = spec.boundary_resistance,
          .initial_filling = spec.initial_filling};
}

}  // namespace seccm::models
