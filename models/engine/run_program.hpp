// A whole potential program on whatever answers it: the one loop over segments, rows and treads.
//
// The rows are those of sim::plan_steps with the steps of [numerics], each divided by steps_per_row. A staircase
// reports the mean current over the sampling window of each tread. Peaks of the trace are found at the end.
#pragma once

#include <functional>

#include "models/cell/cell_spec.hpp"
#include "models/engine/cell_engine.hpp"
#include "sim/waveform.hpp"

namespace seccm::models {

/// The engine stands at rest at the program's start potential. `progress` is told after every step of the engine with
/// the fraction done; returning false stops the run with Cancelled.
Trace run_program(CellEngine& engine, const sim::Waveform& program, const NumericsParameters& numerics,
                  const std::function<bool(double)>& progress = {});

}  // namespace seccm::models
