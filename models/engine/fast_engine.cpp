#include "models/engine/fast_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double tolerance_of_following = 1e-4;

}  // namespace

FastEngine::FastEngine(const Cell& cell, double E_vs_Li, SurroundingsOf surroundings)
    : cell_(&cell), surroundings_(std::move(surroundings)), stepper_(cell, cell.rest(E_vs_Li)) {
  prepare_adaptive();
}

FastEngine::FastEngine(std::unique_ptr<const Cell> cell, double E_vs_Li, double water_left)
    : owned_(std::move(cell)), cell_(owned_.get()), stepper_(*cell_, cell_->rest(E_vs_Li, water_left)) {
  prepare_adaptive();
}

void FastEngine::prepare_adaptive() {
  const NumericsParameters& numerics = cell_->spec().numerics;
  if (numerics.step != StepKind::adaptive) return;
  adaptive_.emplace(*cell_, stepper_, numerics.tolerance > 0.0 ? numerics.tolerance : tolerance_of_following,
                    surroundings_);
  adaptive_->watch([this, most = numerics.most_iterations](double time) {
    if (watch_) watch_(time);
    if (most > 0 && stepper_.counts().newton_iterations > most) {
      throw SolverError(
          fmt::format("cell: {} iterations of steps that follow the solution end at t = {:.6g} s of the program, "
                      "without its end",
                      most, time));
    }
  });
}

void FastEngine::watch(std::function<void(double)> watch) {
  watch_ = std::move(watch);
}

void FastEngine::advance(double E_end, double dt) {
  if (surroundings_) stepper_.surround(surroundings_(stepper_.state(), dt));
  stepper_.advance(E_end, dt);
  if (watch_) watch_(time());
}

void FastEngine::follow(double E_start, double E_end, double dt, int count, bool all_rows, const RowSink& row) {
  if (adaptive_) {
    adaptive_->run(E_end, dt, count, row, all_rows);
  } else {
    CellEngine::follow(E_start, E_end, dt, count, all_rows, row);
  }
}

void FastEngine::refine_peaks(Trace& trace) const {
  if (!adaptive_ || trace.size() == 0) return;
  const auto [low, high] = std::minmax_element(trace.current.begin(), trace.current.end());
  if (!cell_->spec().numerics.all_rows) {  // no parabola goes through rows that are not equally far apart
    trace.highest = {.current = *high};
    trace.lowest = {.current = *low};
  }
  if (adaptive_->highest().current > *high) trace.highest = adaptive_->highest();
  if (adaptive_->lowest().current < *low) trace.lowest = adaptive_->lowest();
}

}  // namespace seccm::models
