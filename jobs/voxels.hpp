// Job `simulate` with [voxels] source other than none.
#pragma once

#include "models/voxels/voxel_cluster.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::jobs {

/// The cluster that the scenario describes; reads the TIFF stack of source = file. Throws InputError.
models::VoxelCluster voxel_cluster(const scenarios::Scenario& scenario);

}  // namespace seccm::jobs
