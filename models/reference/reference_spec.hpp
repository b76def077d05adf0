// What the reference engine integrates: a cell, and the liquid above it where that changes; or a cluster resolved in
// voxels with the circuit and the material of a cell that has no particles.
#pragma once

#include <optional>

#include "models/cell/cell_spec.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"
#include "models/reference/resolved_cluster.hpp"

namespace seccm::models {

struct ReferenceSpec {
  CellSpec cell;
  std::optional<ElectrolyteSpec> liquid = {};  ///< none, or one that is `active`
  std::optional<ResolvedCluster> voxels = {};  ///< in place of particles, under no such liquid

  [[nodiscard]] bool moves_salt() const { return liquid && liquid->electrolyte.salt.transport != SaltTransport::none; }
};

/// Throws InputError for a cluster of more voxels than are accepted (resolved_cluster.hpp).
ReferenceSpec reference_spec(const VoxelCluster& cluster);

}  // namespace seccm::models
