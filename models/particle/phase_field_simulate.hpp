// A whole potential program on an electrode of Cahn-Hilliard particles.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/cell/simulate.hpp"
#include "models/particle/phase_field_electrode.hpp"

namespace seccm::models {

/// As `simulate` for a Cell: one row per step end (per tread of a staircase), the start included. Throws Cancelled when
/// `progress` returns false.
Trace simulate(const PhaseFieldElectrode& electrode, const sim::Waveform& program, const NumericsParameters& numerics,
               const std::function<bool(double)>& progress = {});

/// What to know before a sweep at this rate is believed: each sentence carries its numbers. Empty if nothing is wrong.
std::vector<std::string> phase_field_warnings(const PhaseFieldModel& model, double scan_rate);

}  // namespace seccm::models
