#include "scenarios/electrolyte_job.hpp"

#include "models/electrolyte/electrolyte_simulate.hpp"
#include "scenarios/simulate_job.hpp"

namespace seccm::scenarios {

models::ElectrolyteSpec electrolyte_of(const Scenario& scenario) {
  const auto& twin = scenario.twin;
  const double step = models::shortest_step(twin.numerics, program_of(scenario));
  return models::assemble_electrolyte(twin.electrolyte, twin.pipette, twin.meniscus, scenario.cell.temperature.si(),
                                      step);
}

bool has_electrolyte(const Scenario& scenario) {
  const auto& salt = scenario.twin.electrolyte.salt;
  return salt.transport != models::SaltTransport::none || salt.spreading != models::Spreading::none;
}

}  // namespace seccm::scenarios
