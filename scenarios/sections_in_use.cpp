#include "scenarios/sections_in_use.hpp"

namespace seccm::scenarios {

bool has_voxels(const Scenario& scenario) {
  return scenario.voxels.source != models::VoxelSource::none;
}

bool has_electrolyte(const Scenario& scenario) {
  const auto& salt = scenario.twin.electrolyte.salt;
  return salt.transport != models::SaltTransport::none || salt.spreading != models::Spreading::none;
}

}  // namespace seccm::scenarios
