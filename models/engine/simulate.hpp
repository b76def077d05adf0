// A whole potential program from rest at its start potential, by the fast engine with the steps of [numerics].
#pragma once

#include <functional>

#include "models/cell/adaptive_steps.hpp"
#include "models/cell/cell_model.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"
#include "models/engine/run_program.hpp"
#include "models/voxels/voxel_cluster.hpp"

namespace seccm::models {

/// `progress` as in run_program; `surroundings` is asked before every step.
Trace simulate(const Cell& cell, const sim::Waveform& program, const std::function<bool(double)>& progress = {},
               const SurroundingsOf& surroundings = {});

/// Under a liquid, `Trace::liquid` has its rows. Throws InputError for a liquid that can not be, SolverError where the
/// salt at the surface precipitates or is used up.
Trace simulate(const Cell& cell, const ElectrolyteSpec& liquid, const sim::Waveform& program,
               const std::function<bool(double)>& progress = {});

Trace simulate(const VoxelCluster& cluster, const sim::Waveform& program,
               const std::function<bool(double)>& progress = {});

/// Of a run of the program under a liquid, s.
double shortest_step(const NumericsParameters& numerics, const sim::Waveform& program);

}  // namespace seccm::models
