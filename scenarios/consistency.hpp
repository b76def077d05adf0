// What no range of a single key can catch: combinations that can not be measured.
#pragma once

#include "scenarios/scenario.hpp"

namespace seccm::scenarios {

/// Throws InputError naming the keys, their values with units, and what would be accepted: devices
/// that do not go together, hardware that is not named; a tip larger than the field; an empty field; more points than
/// the field holds; potentials outside what interlock and converter allow with the quasi-reference at either end of its
/// spread; an array larger than the stage; and what scan::require_consistent and models::to_waveform refuse.
void require_consistent(const Scenario& scenario);

}  // namespace seccm::scenarios
