// Which probe of a laboratory a scenario names.
#pragma once

#include "scenarios/scenario.hpp"

namespace seccm::scenarios {

enum class HardwareProbe { fpga, host };

/// Which of the two the scenario names. Throws InputError if it names none or both, half of a host's instruments, or no
/// camera or lamps, or leaves open what the camera can not say of itself.
HardwareProbe require_hardware_named(const Scenario& scenario);

}  // namespace seccm::scenarios
