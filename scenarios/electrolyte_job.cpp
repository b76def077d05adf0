#include "scenarios/electrolyte_job.hpp"

namespace seccm::scenarios {

models::ElectrolyteSpec electrolyte_of(const Scenario& scenario, double shortest_step) {
  const auto& twin = scenario.twin;
  return models::assemble_electrolyte(twin.electrolyte, twin.pipette, twin.meniscus, scenario.cell.temperature.si(),
                                      shortest_step);
}

bool has_electrolyte(const Scenario& scenario) {
  const auto& salt = scenario.twin.electrolyte.salt;
  return salt.transport != models::SaltTransport::none || salt.spreading != models::Spreading::none;
}

}  // namespace seccm::scenarios
