#include "models/engine/simulate.hpp"

#include <algorithm>

#include "models/engine/fast_engine.hpp"
#include "models/engine/liquid_engine.hpp"
#include "models/engine/voxel_engine.hpp"

namespace seccm::models {

Trace simulate(const Cell& cell, const sim::Waveform& program, const std::function<bool(double)>& progress,
               const SurroundingsOf& surroundings) {
  FastEngine engine(cell, program.start_potential(), surroundings);
  return run_program(engine, program, cell.spec().numerics, progress);
}

Trace simulate(const Cell& cell, const ElectrolyteSpec& liquid, const sim::Waveform& program,
               const std::function<bool(double)>& progress) {
  check_electrolyte(liquid, program.duration());
  LiquidEngine engine(cell, liquid, program.start_potential());
  return run_program(engine, program, cell.spec().numerics, progress);
}

Trace simulate(const VoxelCluster& cluster, const sim::Waveform& program, const std::function<bool(double)>& progress) {
  VoxelEngine engine(cluster, program.start_potential());
  return run_program(engine, program, cluster.spec().numerics, progress);
}

double shortest_step(const NumericsParameters& numerics, const sim::Waveform& program) {
  double shortest = std::max(program.duration(), 1e-9);
  for (const sim::SegmentSteps& steps :
       sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si())) {
    if (steps.dt > 0.0) shortest = std::min(shortest, steps.dt / numerics.steps_per_row);
  }
  return shortest;
}

}  // namespace seccm::models
