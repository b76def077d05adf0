// A run that knows its error, and runs that are refined until it is small enough.
//
// Every run is followed by a second one of the same program, coarser in space and time by known factors; their
// difference is the error (models/cell/trace_error.hpp). Where nothing is pinned, the run is refined until the error
// meets numerics.tolerance: twice the cells and half the steps (by the local tolerance where they follow the solution),
// the finer run before being the coarser one of the next pair. Where that does not come about the run ends by name: no
// current is returned that is not as good as was asked for.
//
// A row states its measured error, or the tolerance that was asked for where that is larger.
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
  double tolerance = 0.0;  ///< that was asked of it, numerics.tolerance or what stands for its 0
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
