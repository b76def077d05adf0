// A run that knows its error, and runs that are refined until it is small enough.
//
// Every run is followed by a second one of the same program, coarser in space and time by known factors; their
// difference is the error (models/cell/trace_error.hpp). Where nothing is pinned, the run is refined until the error
// meets numerics.tolerance, in its mesh or in its steps, whichever is worse (models/engine/refinement.hpp). Where that
// does not come about the run ends by name: no current is returned that is not as good as was asked for.
//
// Where numerics.tolerance is 0 the run asks 1e-4 of itself; 1e-3 of many particles (5000 unknowns on the mesh of the
// fast engine) and of voxels; 1e-2 of phase fields, contacts that ignite and liquids. Within some ten seconds of work
// a run: where the next one would take longer, the present one is returned if its error is below 1e-2, and says so.
//
// Pinned is what [numerics] states outright: step = "fixed", or the mesh by cells or grading. Such a run is returned as
// asked for, with the error that it has.
#pragma once

#include <functional>
#include <string>

#include "models/cell/cell_model.hpp"
#include "models/cell/trace.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"
#include "models/engine/engine_choice.hpp"
#include "models/reference/reference_simulate.hpp"
#include "models/voxels/voxel_cluster.hpp"
#include "sim/waveform.hpp"

namespace seccm::models {

struct MeasuredRun {
  Trace trace;             ///< with its errors
  EngineChoice engine;     ///< that ran it, and how its error was measured
  double error = 0.0;      ///< largest, relative to the largest current at its scan rate
  double tolerance = 0.0;  ///< that it meets: numerics.tolerance, or what a run chose
  /// numerics.sensitivities and di/dp of each at every row, of the reference engine.
  std::vector<std::string> parameters;
  std::vector<std::vector<double>> sensitivity;
};

/// Progress of all runs together; as everywhere, false stops with Cancelled.
using ProgressCallback = std::function<bool(double)>;

/// A cell. Throws InputError for what no engine describes, SolverError saying how far the error came down.
MeasuredRun simulate_measured(const CellSpec& spec, const sim::Waveform& program,
                              const ProgressCallback& progress = {});
/// The same under a liquid, whose mesh is made for the shortest step of a run.
MeasuredRun simulate_measured(const CellSpec& spec, const std::function<ElectrolyteSpec(double shortest_step)>& liquid,
                              const sim::Waveform& program, const ProgressCallback& progress = {});
/// A label image: its voxels are the sample's own, the error is that of the steps.
MeasuredRun simulate_measured(const VoxelCluster& cluster, const sim::Waveform& program,
                              const ProgressCallback& progress = {});

}  // namespace seccm::models
