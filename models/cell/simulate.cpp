#include "models/cell/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "models/cell/cell_stepper.hpp"
#include "models/cell/progress.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

using sim::Segment;

void append(Trace& trace, const AdaptiveRow& row, const Segment& segment) {
  trace.time.push_back(row.time);
  trace.E_vs_Li.push_back(row.E_vs_Li);
  trace.current.push_back(row.currents.total);
  trace.scan_rate.push_back(segment.scan_rate);
  trace.cycle.push_back(segment.cycle);
  trace.components.push_back(row.currents);
  trace.charge.push_back(row.charge.total);
  trace.lithium.push_back(row.lithium);
}

constexpr double chosen_tolerance = 1e-4;

/// Runs the steps of one segment and appends its rows.
class SegmentRunner {
 public:
  SegmentRunner(const Cell& cell, CellStepper& stepper, Trace& trace, const SurroundingsOf& surroundings,
                Progress& progress)
      : cell_(cell), stepper_(stepper), trace_(trace), surroundings_(surroundings), progress_(progress) {
    const NumericsParameters& numerics = cell.spec().numerics;
    if (numerics.step == StepKind::adaptive) {
      adaptive_.emplace(cell, stepper, numerics.tolerance > 0.0 ? numerics.tolerance : chosen_tolerance, surroundings);
      adaptive_->watch([this, most = numerics.most_iterations](double time) {
        progress_.at(time);
        if (most > 0 && stepper_.counts().newton_iterations > most) {
          throw SolverError(
              fmt::format("cell: {} iterations of steps that follow the solution end at t = {:.6g} s of the program, "
                          "without its end",
                          most, time));
        }
      });
    }
  }

  void run(const Segment& segment, sim::SegmentSteps steps) {
    if (segment.kind == Segment::Kind::jump) {
      stepper_.jump(segment.E_end);
    } else if (segment.tread) {
      run_tread(segment, steps);
    } else {
      follow(segment, steps, [&](const AdaptiveRow& row) { append(trace_, row, segment); });
    }
  }

  /// Peaks between rows, as far as the steps know them.
  void finish() {
    find_peaks(trace_);
    if (!adaptive_) return;
    const auto [low, high] = std::minmax_element(trace_.current.begin(), trace_.current.end());
    if (adaptive_->highest().current > *high) trace_.highest = adaptive_->highest();
    if (adaptive_->lowest().current < *low) trace_.lowest = adaptive_->lowest();
  }

 private:
  /// The current of a tread is its mean over the window.
  void run_tread(const Segment& segment, sim::SegmentSteps steps) {
    const int window = steps.window_start;
    CellCurrents at_start = stepper_.state().charge;
    int k = 0;
    follow(segment, steps, [&](AdaptiveRow row) {
      if (++k == window) at_start = row.charge;
      if (k < steps.count) return;
      row.currents = mean_between(at_start, row.charge, (steps.count - window) * steps.dt);
      append(trace_, row, segment);
    });
  }

  void follow(const Segment& segment, sim::SegmentSteps steps, const AdaptiveSteps::RowSink& row) {
    if (adaptive_) {
      adaptive_->run(segment.E_end, steps.dt, steps.count, row);
      return;
    }
    for (int k = 1; k <= steps.count; ++k) {
      const double share = static_cast<double>(k) / steps.count;
      if (surroundings_) stepper_.surround(surroundings_(stepper_.state(), steps.dt));
      stepper_.advance(segment.E_start + share * (segment.E_end - segment.E_start), steps.dt);
      const CellState& state = stepper_.state();
      row({state.time, state.E_vs_Li, stepper_.currents(), state.charge, cell_.lithium(state)});
      progress_.at(state.time);
    }
  }

  const Cell& cell_;
  CellStepper& stepper_;
  Trace& trace_;
  const SurroundingsOf& surroundings_;
  Progress& progress_;
  std::optional<AdaptiveSteps> adaptive_;
};

}  // namespace

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
  append(trace,
         {.time = 0.0,
          .E_vs_Li = program.start_potential(),
          .currents = {},
          .charge = {},
          .lithium = cell.lithium(stepper.state())},
         segments.empty() ? Segment{} : segments.front());
  Progress told(progress, program.duration());
  SegmentRunner runner(cell, stepper, trace, surroundings, told);
  for (std::size_t k = 0; k < segments.size(); ++k) runner.run(segments[k], plan[k]);
  runner.finish();
  trace.counts = stepper.counts();
  return trace;
}

}  // namespace seccm::models
