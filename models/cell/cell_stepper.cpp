#include "models/cell/cell_stepper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/cell/step_solver.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double same_step = 1e-9;  // relative difference of two step sizes that count as one
constexpr double corner = 1e-3;     // relative change of slope that counts as a corner
constexpr int pieces_per_split = 10;
constexpr int deepest_split = 3;
constexpr double smallest_kink = 1e-7;  // V per step: below it a change of slope is no corner

CellCurrents combined(const CellCurrents& a, double x, const CellCurrents& b, double y) {
  return {.total = x * a.total + y * b.total,
          .intercalation = x * a.intercalation + y * b.intercalation,
          .double_layer = x * a.double_layer + y * b.double_layer,
          .stray = x * a.stray + y * b.stray,
          .surface_redox = x * a.surface_redox + y * b.surface_redox,
          .water = x * a.water + y * b.water,
          .ferrocene = x * a.ferrocene + y * b.ferrocene};
}

}  // namespace

class CellStepper::Impl {
 public:
  Impl(const Cell& cell, CellState state)
      : cell_(&cell),
        state_(std::move(state)),
        solver_(cell.spec(), cell.layout()),
        surroundings_{.series_resistance = cell.spec().series_resistance} {
    require_own(state_);
  }

  void require_own(const CellState& state) const {
    const CellLayout& layout = cell_->layout();
    bool fits = state.hosts.size() == layout.hosts.size() && state.particle_potential.size() == layout.lanes();
    for (std::size_t k = 0; fits && k < layout.hosts.size(); ++k) fits = layout.hosts[k]->fits(state.hosts[k]);
    if (!fits) throw InputError("cell: the state belongs to another cell (its profiles do not fit this one)");
  }

  void surround(const Surroundings& surroundings) {
    const bool fine = std::isfinite(surroundings.series_resistance) && surroundings.series_resistance >= 0.0 &&
                      std::isfinite(surroundings.electrolyte_activity) && surroundings.electrolyte_activity > 0.0 &&
                      std::isfinite(surroundings.electrolyte_potential);
    if (!fine) {
      throw InputError(fmt::format(
          "cell: a series resistance of {} Ohm, an electrolyte activity of {} and a potential of {} V; finite "
          "values, the first from 0 on, the second above 0, are needed",
          surroundings.series_resistance, surroundings.electrolyte_activity, surroundings.electrolyte_potential));
    }
    surroundings_ = surroundings;
  }

  void advance(double E, double dt, int depth = 0) {
    check(E, dt);
    try {
      const bool second_order = state_.smooth && std::abs(dt - state_.last_step) <= same_step * dt && !is_corner(E, dt);
      step(E, dt, second_order ? sim::bdf2 : sim::backward_euler, nullptr);
    } catch (const SolverError&) {
      if (depth == deepest_split) throw;
      advance_in_pieces(E, dt, depth + 1);
    }
  }

  void advance(double E, double dt, StepHistory& history, int order) {
    check(E, dt);
    try {
      history.predict(order);
      step(E, dt, history.lay_behind(order, state_), &history);
    } catch (const SolverError&) {
      advance_in_pieces(E, dt, 1);
    }
  }

  void step(double E, double dt, const sim::StepScheme& scheme, const StepHistory* history) {
    const double slope = (E - state_.E_vs_Li) / dt;
    const StepContext context{
        .time = state_.time, .dt = dt, .scheme = scheme, .predicted = {}, .intercalating = state_.intercalating};
    state_.smooth = false;  // until the step has succeeded: it uses up what stands behind
    solver_.begin(state_, E, context, surroundings_, history);
    counts_.newton_iterations += solver_.solve();
    accept(E, slope, context);
  }

  /// Where the rate law folds within a step, shorter ones follow it through.
  void advance_in_pieces(double E, double dt, int depth) {
    const double from = state_.E_vs_Li;
    CellCurrents passed;
    for (int k = 1; k <= pieces_per_split; ++k) {
      advance(from + (E - from) * k / pieces_per_split, dt / pieces_per_split, depth);
      passed = combined(passed, 1.0, state_.step_charge, 1.0);
    }
    state_.step_charge = passed;
    state_.last_step = dt;
    state_.smooth = false;
  }

  void restore(const CellState& state) {
    require_own(state);
    state_ = state;
  }

  void jump(double E) {
    if (!std::isfinite(E)) throw InputError(fmt::format("cell: a jump to {} V; a finite potential is needed", E));
    const double charge = cell_->spec().stray_capacitance * (E - state_.E_vs_Li);
    state_.charge.stray += charge;
    state_.charge.total += charge;
    state_.E_vs_Li = E;
    state_.smooth = false;
  }

  [[nodiscard]] const CellState& state() const { return state_; }

  [[nodiscard]] CellCurrents mean_currents() const {
    return state_.last_step > 0.0 ? combined(state_.step_charge, 1.0 / state_.last_step, {}, 0.0) : CellCurrents{};
  }

  [[nodiscard]] Counts counts() const {
    Counts counts = counts_;
    counts.fallbacks = solver_.fallbacks();
    counts.eliminations = solver_.eliminations();
    return counts;
  }

 private:
  static void check(double E, double dt) {
    if (!std::isfinite(E)) throw InputError(fmt::format("cell: a step to {} V; a finite potential is needed", E));
    if (!(std::isfinite(dt) && dt > 0.0))
      throw InputError(fmt::format("cell: a step of {} s; a value above 0 is needed", dt));
  }

  [[nodiscard]] bool is_corner(double E, double dt) const {
    const double slope = (E - state_.E_vs_Li) / dt;
    const double change = std::abs(slope - state_.last_slope);
    return change * dt > smallest_kink && change > corner * std::max(std::abs(slope), std::abs(state_.last_slope));
  }

  void accept(double E, double slope, const StepContext& context) {
    const double dt = context.dt;
    CellCurrents i = solver_.accept(state_);
    i.stray = cell_->spec().stray_capacitance * (E - state_.E_vs_Li) / dt;
    i.total += i.stray;
    if (!std::isfinite(i.total)) {
      throw SolverError(
          fmt::format("cell: the current of the step from t = {:.9g} s to E = {:.6g} V vs Li/Li+ in "
                      "{:.4g} s is not finite",
                      context.time, E, dt));
    }
    state_.step_charge = combined(i, dt / context.scheme.now, state_.step_charge, context.scheme.carry);
    state_.charge = combined(state_.charge, 1.0, state_.step_charge, 1.0);
    state_.currents = i;
    state_.E_vs_Li = E;
    state_.time += dt;
    state_.last_step = dt;
    state_.last_slope = slope;
    state_.smooth = true;
    choose_direction(i.intercalation);
    ++counts_.steps;
  }

  /// The direction of `per_direction` follows the net flux; a change restarts the history, D jumps.
  void choose_direction(double current) {
    if (cell_->spec().material.diffusion != DiffusionKind::per_direction) return;
    const bool intercalating = current < 0.0;
    if (current == 0.0 || intercalating == state_.intercalating) return;
    state_.intercalating = intercalating;
    state_.smooth = false;
  }

  const Cell* cell_;
  CellState state_;
  StepSolver solver_;
  Surroundings surroundings_;
  Counts counts_;
};

CellStepper::CellStepper(const Cell& cell, CellState state) : impl_(std::make_unique<Impl>(cell, std::move(state))) {}
CellStepper::~CellStepper() = default;
CellStepper::CellStepper(CellStepper&&) noexcept = default;
CellStepper& CellStepper::operator=(CellStepper&&) noexcept = default;

void CellStepper::advance(double E_vs_Li_end, double dt) {
  impl_->advance(E_vs_Li_end, dt);
}
void CellStepper::advance(double E_vs_Li_end, double dt, StepHistory& history, int order) {
  impl_->advance(E_vs_Li_end, dt, history, order);
}
void CellStepper::restore(const CellState& state) {
  impl_->restore(state);
}
void CellStepper::surround(const Surroundings& surroundings) {
  impl_->surround(surroundings);
}
void CellStepper::jump(double E_vs_Li) {
  impl_->jump(E_vs_Li);
}
const CellState& CellStepper::state() const {
  return impl_->state();
}
CellCurrents CellStepper::currents() const {
  return impl_->state().currents;
}
CellCurrents CellStepper::mean_currents() const {
  return impl_->mean_currents();
}
CellStepper::Counts CellStepper::counts() const {
  return impl_->counts();
}

}  // namespace seccm::models
