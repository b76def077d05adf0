// A whole potential program on one cell.
#pragma once

#include <functional>
#include <vector>

#include "models/cell/adaptive_steps.hpp"
#include "models/cell/cell_model.hpp"
#include "models/cell/trace.hpp"
#include "sim/waveform.hpp"

namespace seccm::models {

/// Runs the program from rest at its start potential, by fixed steps or, where numerics.step says so, by adaptive
/// ones. `progress` is called now and then with the fraction done; returning false stops the run with
/// Cancelled. `surroundings` is asked before every step.
Trace simulate(const Cell& cell, const sim::Waveform& program, const std::function<bool(double)>& progress = {},
               const SurroundingsOf& surroundings = {});

}  // namespace seccm::models
