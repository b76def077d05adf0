// A whole potential program on a cell whose unknowns are all differential (models/reference/particle_ode.hpp), by
// CVODES. Internal to models/reference: `run_reference` takes it where it can.
#pragma once

#include <functional>

#include "models/reference/reference_simulate.hpp"

namespace seccm::models {

/// Whether `run_ordinary` describes the run: `is_ordinary`, no staircase, no sensitivities.
bool runs_ordinary(const Cell& cell, const sim::Waveform& program, const ReferenceOptions& options);

/// As `run_reference`, with the same rows and the same absolute tolerances.
ReferenceRun run_ordinary(const Cell& cell, const sim::Waveform& program, const ReferenceOptions& options,
                          const std::function<bool(double)>& progress);

}  // namespace seccm::models
