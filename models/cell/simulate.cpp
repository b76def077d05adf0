#include "models/cell/simulate.hpp"

#include <algorithm>
#include <optional>

#include "models/cell/cell_stepper.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

using sim::Segment;

void append(Trace& trace, const Cell& cell, const CellState& state, const CellCurrents& i, const Segment& segment) {
  trace.time.push_back(state.time);
  trace.E_vs_Li.push_back(state.E_vs_Li);
  trace.current.push_back(i.total);
  trace.scan_rate.push_back(segment.scan_rate);
  trace.cycle.push_back(segment.cycle);
  trace.components.push_back(i);
  trace.charge.push_back(state.charge.total);
  trace.lithium.push_back(cell.lithium(state));
}

void append(Trace& trace, const AdaptiveRow& row, const Segment& segment) {
  trace.time.push_back(row.time);
  trace.E_vs_Li.push_back(row.E_vs_Li);
  trace.current.push_back(row.currents.total);
  trace.scan_rate.push_back(segment.scan_rate);
  trace.cycle.push_back(segment.cycle);
  trace.components.push_back(row.currents);
  trace.charge.push_back(row.charge);
  trace.lithium.push_back(row.lithium);
}

/// Runs the steps of one segment and appends its rows.
class SegmentRunner {
 public:
  SegmentRunner(const Cell& cell, CellStepper& stepper, Trace& trace, const SurroundingsOf& surroundings)
      : cell_(cell), stepper_(stepper), trace_(trace), surroundings_(surroundings) {
    const NumericsParameters& numerics = cell.spec().numerics;
    if (numerics.step == StepKind::adaptive) adaptive_.emplace(cell, stepper, numerics.tolerance, surroundings);
  }

  void run(const Segment& segment, sim::SegmentSteps steps) {
    if (segment.kind == Segment::Kind::jump) {
      stepper_.jump(segment.E_end);
      return;
    }
    if (adaptive_ && !segment.tread) {
      adaptive_->run(segment.E_end, steps.dt, steps.count,
                     [&](const AdaptiveRow& row) { append(trace_, row, segment); });
      return;
    }
    const int window_start = segment.tread ? static_cast<int>(segment.sample_from * steps.count) : 0;
    CellCurrents at_start = stepper_.state().charge;
    for (int k = 1; k <= steps.count; ++k) {
      const double share = static_cast<double>(k) / steps.count;
      if (surroundings_) stepper_.surround(surroundings_(stepper_.state(), steps.dt));
      stepper_.advance(segment.E_start + share * (segment.E_end - segment.E_start), steps.dt);
      if (segment.tread && k == window_start) at_start = stepper_.state().charge;
      if (!segment.tread) append(trace_, cell_, stepper_.state(), stepper_.currents(), segment);
    }
    if (segment.tread) {
      const double window = (steps.count - window_start) * steps.dt;
      append(trace_, cell_, stepper_.state(), mean_between(at_start, stepper_.state().charge, window), segment);
    }
  }

 private:
  const Cell& cell_;
  CellStepper& stepper_;
  Trace& trace_;
  const SurroundingsOf& surroundings_;
  std::optional<AdaptiveSteps> adaptive_;
};

}  // namespace

void Trace::reserve(std::size_t rows) {
  for (auto* column : {&time, &E_vs_Li, &current, &scan_rate, &charge, &lithium}) column->reserve(rows);
  cycle.reserve(rows);
  components.reserve(rows);
}

Trace simulate(const Cell& cell, const sim::Waveform& program, const std::function<bool(double)>& progress,
               const SurroundingsOf& surroundings) {
  const NumericsParameters& numerics = cell.spec().numerics;
  const auto plan = sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si());
  const auto segments = program.segments();
  Trace trace;
  std::size_t rows = 1;
  for (const sim::SegmentSteps& steps : plan) rows += static_cast<std::size_t>(steps.count);
  trace.reserve(rows);
  CellStepper stepper(cell, cell.rest(program.start_potential()));
  append(trace, cell, stepper.state(), {}, segments.empty() ? Segment{} : segments.front());
  SegmentRunner runner(cell, stepper, trace, surroundings);
  for (std::size_t k = 0; k < segments.size(); ++k) {
    runner.run(segments[k], plan[k]);
    const double done = (segments[k].start_time + segments[k].duration) / std::max(program.duration(), 1e-300);
    if (progress && !progress(done)) throw Cancelled("simulation stopped on request");
  }
  trace.counts = stepper.counts();
  return trace;
}

}  // namespace seccm::models
