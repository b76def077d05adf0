#include "models/electrolyte/electrolyte_simulate.hpp"

#include <algorithm>
#include <cmath>

#include "models/cell/progress.hpp"
#include "models/electrolyte/surrounded_cell.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

using sim::Segment;

void append(Trace& trace, const Cell& cell, const SurroundedCell& run, const CellCurrents& i, const Segment& segment) {
  const CellState& state = run.cell_state();
  trace.time.push_back(state.time);
  trace.E_vs_Li.push_back(state.E_vs_Li);
  trace.current.push_back(i.total);
  trace.scan_rate.push_back(segment.scan_rate);
  trace.cycle.push_back(segment.cycle);
  trace.components.push_back(i);
  trace.charge.push_back(run.charge().total);
  trace.lithium.push_back(cell.lithium(state));
  const SaltTip& tip = run.tip();
  const double thermal = constants::gas * cell.spec().temperature / constants::faraday;
  trace.liquid.push_back({.concentration = tip.concentration,
                          .activity = tip.activity,
                          .nernst_potential = thermal * std::log(tip.activity),
                          .diffusion_potential = tip.diffusion_potential,
                          .series_resistance = run.series_resistance(),
                          .footprint_radius = run.gold().footprint()});
}

void run_segment(SurroundedCell& run, const Cell& cell, const Segment& segment, sim::SegmentSteps steps, Trace& trace,
                 Progress& progress) {
  if (segment.kind == Segment::Kind::jump) {
    run.jump(segment.E_end);
    return;
  }
  run.corner();
  CellCurrents at_start = run.charge();
  for (int k = 1; k <= steps.count; ++k) {
    const double share = static_cast<double>(k) / steps.count;
    run.advance(segment.E_start + share * (segment.E_end - segment.E_start), steps.dt);
    if (segment.tread && k == steps.window_start) at_start = run.charge();
    if (!segment.tread) append(trace, cell, run, run.currents(), segment);
    progress.at(run.cell_state().time);
  }
  if (segment.tread) {
    const double window = (steps.count - steps.window_start) * steps.dt;
    append(trace, cell, run, mean_between(at_start, run.charge(), window), segment);
  }
}

void check_numerics(const NumericsParameters& numerics) {
  if (numerics.step == StepKind::adaptive) {
    throw InputError(
        "numerics.step = \"adaptive\" with electrolyte.transport or electrolyte.spreading: the loop of cell and liquid "
        "takes fixed steps; accepted are \"auto\" and \"fixed\"");
  }
}

}  // namespace

double shortest_step(const NumericsParameters& numerics, const sim::Waveform& program) {
  double shortest = std::max(program.duration(), 1e-9);
  for (const sim::SegmentSteps& steps :
       sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si())) {
    if (steps.dt > 0.0) shortest = std::min(shortest, steps.dt / numerics.steps_per_row);
  }
  return shortest;
}

Trace simulate_in_electrolyte(const Cell& cell, const ElectrolyteSpec& electrolyte, const sim::Waveform& program,
                              const std::function<bool(double)>& progress) {
  check_electrolyte(electrolyte, program.duration());
  check_numerics(cell.spec().numerics);
  const NumericsParameters& numerics = cell.spec().numerics;
  const auto plan = sim::subdivided(sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si()),
                                    numerics.steps_per_row);
  const auto segments = program.segments();
  Trace trace;
  std::size_t rows = 1;
  for (const sim::SegmentSteps& steps : plan) rows += static_cast<std::size_t>(steps.count);
  trace.reserve(rows);
  trace.liquid.reserve(rows);
  SurroundedCell run(cell, electrolyte, program.start_potential());
  append(trace, cell, run, {}, segments.empty() ? Segment{} : segments.front());
  Progress told(progress, program.duration());
  for (std::size_t k = 0; k < segments.size(); ++k) run_segment(run, cell, segments[k], plan[k], trace, told);
  return trace;
}

}  // namespace seccm::models
