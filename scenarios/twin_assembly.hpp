// What a scenario says of its twin, as the twin takes it.
#pragma once

#include "instrument/twin/twin_spec.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::scenarios {

/// The mesh of the particles has to resolve the fastest ramp that the programme of a point contains.
instrument::twin::TwinSpec twin_spec_of(const Scenario& scenario);

}  // namespace seccm::scenarios
