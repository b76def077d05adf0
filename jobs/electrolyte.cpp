#include "jobs/electrolyte.hpp"

namespace seccm::jobs {

models::ElectrolyteSpec electrolyte_of(const scenarios::Scenario& scenario, double shortest_step) {
  const auto& twin = scenario.twin;
  return models::assemble_electrolyte(twin.electrolyte, twin.pipette, twin.meniscus, scenario.cell.temperature.si(),
                                      shortest_step);
}

}  // namespace seccm::jobs
