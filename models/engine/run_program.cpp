#include "models/engine/run_program.hpp"

#include <utility>

#include "models/cell/progress.hpp"

namespace seccm::models {
namespace {

using sim::Segment;

class ProgramRun {
 public:
  ProgramRun(CellEngine& engine, bool all_rows) : engine_(engine), all_rows_(all_rows) {}

  void reserve(std::size_t rows) {
    trace_.reserve(rows);
    if (engine_.liquid()) trace_.liquid.reserve(rows);
  }

  void append(const CellReading& row, const Segment& segment) {
    trace_.time.push_back(row.time);
    trace_.E_vs_Li.push_back(row.E_vs_Li);
    trace_.current.push_back(row.currents.total);
    trace_.scan_rate.push_back(segment.scan_rate);
    trace_.cycle.push_back(segment.cycle);
    trace_.components.push_back(row.currents);
    trace_.charge.push_back(row.charge.total);
    trace_.lithium.push_back(row.lithium);
    if (const auto liquid = engine_.liquid()) trace_.liquid.push_back(*liquid);
  }

  void run(const Segment& segment, const sim::SegmentSteps& steps) {
    if (segment.kind == Segment::Kind::jump) {
      engine_.jump(segment.E_end);
      return;
    }
    engine_.corner();
    if (segment.tread) {
      run_tread(segment, steps);
    } else {
      engine_.follow(segment.E_start, segment.E_end, steps.dt, steps.count, all_rows_,
                     [&](const CellReading& row) { append(row, segment); });
    }
  }

  Trace finish() {
    find_peaks(trace_);
    engine_.refine_peaks(trace_);
    trace_.counts = engine_.counts();
    return std::move(trace_);
  }

 private:
  /// The current of a tread is its mean over the window, which is counted in rows.
  void run_tread(const Segment& segment, const sim::SegmentSteps& steps) {
    CellCurrents at_start = engine_.charge();
    int k = 0;
    engine_.follow(segment.E_start, segment.E_end, steps.dt, steps.count, true, [&](CellReading row) {
      if (++k == steps.window_start) at_start = row.charge;
      if (k < steps.count) return;
      row.currents = mean_between(at_start, row.charge, (steps.count - steps.window_start) * steps.dt);
      append(row, segment);
    });
  }

  CellEngine& engine_;
  bool all_rows_;
  Trace trace_;
};

/// The engine outlives the run that it tells.
class Watched {
 public:
  Watched(CellEngine& engine, Progress& told) : engine_(engine) {
    engine_.watch([&told](double time) { told.at(time); });
  }
  ~Watched() { engine_.watch({}); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  CellEngine& engine_;
};

}  // namespace

Trace run_program(CellEngine& engine, const sim::Waveform& program, const NumericsParameters& numerics,
                  const std::function<bool(double)>& progress) {
  const auto plan = sim::subdivided(sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si()),
                                    numerics.steps_per_row);
  const auto segments = program.segments();
  std::size_t rows = 1;
  for (const sim::SegmentSteps& steps : plan) rows += static_cast<std::size_t>(steps.count);
  Progress told(progress, program.duration());
  const Watched watched(engine, told);
  ProgramRun run(engine, numerics.all_rows);
  run.reserve(numerics.all_rows ? rows : rows / 4);
  run.append(engine.reading(), segments.empty() ? Segment{} : segments.front());
  for (std::size_t k = 0; k < segments.size(); ++k) run.run(segments[k], plan[k]);
  return run.finish();
}

}  // namespace seccm::models
