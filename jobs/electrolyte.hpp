// Job `simulate` with the liquid of [electrolyte] above the cell.
#pragma once

#include "models/electrolyte/electrolyte_spec.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::jobs {

/// The liquid of a scenario, its mesh made for the shortest step of the run, s.
models::ElectrolyteSpec electrolyte_of(const scenarios::Scenario& scenario, double shortest_step);

}  // namespace seccm::jobs
