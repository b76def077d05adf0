// A whole potential program on a cell and the liquid above it.
#pragma once

#include <functional>

#include "models/cell/simulate.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"

namespace seccm::models {

/// By the fast engine, as models::simulate, with the rows of Trace::liquid filled. Fixed steps: throws InputError for
/// step = adaptive. Throws InputError as check_electrolyte does, SolverError as SurroundedCell does.
Trace simulate_in_electrolyte(const Cell& cell, const ElectrolyteSpec& electrolyte, const sim::Waveform& program,
                              const std::function<bool(double)>& progress = {});

/// The shortest step of a program with the step sizes of [numerics], s.
double shortest_step(const NumericsParameters& numerics, const sim::Waveform& program);

}  // namespace seccm::models
