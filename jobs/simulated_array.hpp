// A regular array laid over the sample of a scenario on the twin, without a voltammogram: what it would land on.
#pragma once

#include "pipeline/validation/scan_economy.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::jobs {

/// The array of [validation], centred on the field: at each node a landing with the scenario's pipette and meniscus.
validation::SimulatedArray simulated_array(const scenarios::Scenario& scenario);

/// Whether both scans do the same at every contact: programme and pipette. Only then is a voltammogram of one as much
/// information as one of the other.
bool same_measurement(const scenarios::Scenario& a, const scenarios::Scenario& b);

}  // namespace seccm::jobs
