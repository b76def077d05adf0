// Job `simulate` with the liquid of [electrolyte] above the cell.
#pragma once

#include "models/electrolyte/electrolyte_spec.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::scenarios {

/// The liquid of a scenario, its mesh made for the shortest step of the run, s.
models::ElectrolyteSpec electrolyte_of(const Scenario& scenario, double shortest_step);

/// Whether a run has to be made with it: transport or spreading is not "none".
bool has_electrolyte(const Scenario& scenario);

}  // namespace seccm::scenarios
