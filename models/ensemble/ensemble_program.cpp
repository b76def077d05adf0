#include "models/ensemble/ensemble_program.hpp"

#include <algorithm>
#include <cmath>

#include "sim/step_scheme.hpp"

namespace seccm::models {
namespace {

// What counts as a corner for `CellStepper`: there the history is dropped.
constexpr double same_step = 1e-9;
constexpr double corner = 1e-3;
constexpr double smallest_kink = 1e-7;  // V per step

bool is_corner(double slope, double last_slope, double dt) {
  const double change = std::abs(slope - last_slope);
  return change * dt > smallest_kink && change > corner * std::max(std::abs(slope), std::abs(last_slope));
}

/// The history that a run finds.
struct History {
  bool smooth = false;
  double dt = 0.0;
  double slope = 0.0;

  /// Of the next step over the last one; 0 where that serves nothing.
  [[nodiscard]] double ratio(double next_dt, double next_slope) const {
    if (!smooth || is_corner(next_slope, slope, next_dt)) return 0.0;
    const double r = next_dt / dt;
    if (std::abs(r - 1.0) <= same_step) return 1.0;
    return r <= (1.0 + same_step) * sim::longest_bdf2_ratio ? r : 0.0;
  }
};

}  // namespace

EnsembleProgram::EnsembleProgram(const sim::Waveform& waveform, double potential_step, double hold_step)
    : start_(waveform.start_potential()), E_{start_}, time_{0.0} {
  const auto plan = sim::plan_steps(waveform, potential_step, hold_step);
  const auto segments = waveform.segments();
  scan_rate_.push_back(segments.empty() ? 0.0 : segments.front().scan_rate);
  cycle_.push_back(segments.empty() ? 0 : segments.front().cycle);
  History history;
  for (std::size_t k = 0; k < segments.size(); ++k) {
    const sim::Segment& segment = segments[k];
    EnsembleRun run{.E_start = segment.E_start, .E_end = segment.E_end};
    if (segment.kind == sim::Segment::Kind::jump) {
      history.smooth = false;
      runs_.push_back(run);
      continue;
    }
    run.count = plan[k].count;
    run.dt = plan[k].dt;
    run.tread = segment.tread;
    run.window_start = plan[k].window_start;
    run.scan_rate = segment.scan_rate;
    run.cycle = segment.cycle;
    const double slope = (segment.E_end - segment.E_start) / (run.count * run.dt);
    run.ratio = history.ratio(run.dt, slope);
    // What starts small ends its first step with one of half the length.
    const bool half = run.ratio == 0.0 && run.count == 1;
    history = {.smooth = true, .dt = half ? 0.5 * run.dt : run.dt, .slope = slope};
    steps_ += static_cast<std::size_t>(run.count);
    add_rows(run, segment.start_time);
    runs_.push_back(run);
  }
}

EnsembleProgram::EnsembleProgram(const sim::Waveform& waveform, const NumericsParameters& numerics)
    : EnsembleProgram(waveform, numerics.potential_step.si(), numerics.hold_step.si()) {}

void EnsembleProgram::add_rows(const EnsembleRun& run, double start_time) {
  for (int step = run.tread ? run.count : 1; step <= run.count; ++step) {
    E_.push_back(run.potential(static_cast<double>(step)));
    time_.push_back(start_time + step * run.dt);
    scan_rate_.push_back(run.scan_rate);
    cycle_.push_back(run.cycle);
  }
}

}  // namespace seccm::models
