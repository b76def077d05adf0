// Job `simulate` with [voxels] source other than none.
#pragma once

#include "models/voxels/voxel_cluster.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::scenarios {

/// The cluster that the scenario describes; reads the TIFF stack of source = file. Throws InputError.
models::VoxelCluster voxel_cluster(const Scenario& scenario);

bool has_voxels(const Scenario& scenario);

}  // namespace seccm::scenarios
