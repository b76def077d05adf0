#include "scenarios/sections_in_use.hpp"

namespace seccm::scenarios {

bool has_voxels(const Scenario& scenario) {
  return scenario.voxels.source != models::VoxelSource::none;
}

bool has_electrolyte(const Scenario& scenario) {
  const auto& salt = scenario.twin.electrolyte.salt;
  return salt.transport != models::SaltTransport::none || salt.spreading != models::Spreading::none;
}

models::CellSections cell_sections(const Scenario& scenario) {
  const auto& twin = scenario.twin;
  return {.material = twin.material,
          .double_layer = twin.double_layer,
          .surface_redox = twin.surface_redox,
          .water_reduction = twin.water_reduction,
          .numerics = twin.numerics,
          .particle = twin.particle,
          .phase_field = twin.phase_field};
}

}  // namespace seccm::scenarios
