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
// A jump is a backward-Euler step too short for anything but ideal capacities without a resistance before them, s.
constexpr double no_time = 1e-15;
constexpr long iterations_of_failure = 360;  // what a step costs for which no solution is found
constexpr int event_iterations = 40;
constexpr double event_share = 1e-6;  // of a step: where D changes with the direction

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
        surroundings_{.series_resistance = cell.spec().series_resistance},
        directed_(cell.spec().material.diffusion == DiffusionKind::per_direction) {
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

  void advance(double E, double dt) {
    check(E, dt);
    begin_advance();
    if (!state_.smooth || is_corner(E, dt) || dt > (1.0 + same_step) * sim::longest_bdf2_ratio * state_.last_step) {
      start_small(E, dt);
    } else {
      follow(E, dt, 0);
    }
    end_advance();
  }

  /// Behind a corner: dt in steps that double.
  void start_small(double E, double dt) {
    const double from = state_.E_vs_Li;
    const double t_start = state_.time;
    state_.smooth = false;
    sim::in_growing_steps(
        dt, [&](double done, double length) { follow(done < 1.0 ? from + (E - from) * done : E, length, 0); });
    state_.time = t_start + dt;
  }

  /// One step with what history there is; where no solution is found, in pieces; where D changes with the direction, up
  /// to that time and on from there.
  void follow(double E, double dt, int depth) {
    try {
      if (directed_) {
        follow_direction(E, dt);
      } else {
        step(E, dt, scheme_for(dt), nullptr);
      }
    } catch (const SolverError&) {
      if (depth == deepest_split) throw;
      follow_in_pieces(E, dt, depth + 1);
    }
  }

  [[nodiscard]] sim::StepScheme scheme_for(double dt) const {
    if (!state_.smooth) return sim::backward_euler;
    const double ratio = dt / state_.last_step;
    if (std::abs(ratio - 1.0) <= same_step) return sim::bdf2;
    return ratio <= (1.0 + same_step) * sim::longest_bdf2_ratio ? sim::bdf2_after(ratio) : sim::backward_euler;
  }

  bool try_advance(double E, double dt, StepHistory& history, int order) {
    check(E, dt);
    begin_advance();
    try {
      history.predict(order);
      step(E, dt, history.lay_behind(order, state_), &history);
    } catch (const SolverError&) {
      return false;
    }
    end_advance();
    return true;
  }

  void advance_in_pieces(double E, double dt) {
    check(E, dt);
    begin_advance();
    follow_in_pieces(E, dt, deepest_split);
    end_advance();
  }

  void step(double E, double dt, const sim::StepScheme& scheme, const StepHistory* history) {
    const double slope = (E - state_.E_vs_Li) / dt;
    const StepContext context{
        .time = state_.time, .dt = dt, .scheme = scheme, .predicted = {}, .intercalating = state_.intercalating};
    state_.smooth = false;  // until the step has succeeded: it uses up what stands behind
    solver_.begin(state_, E, context, surroundings_, history);
    counts_.newton_iterations += iterations_of_failure;
    const int iterations = solver_.solve();
    counts_.newton_iterations += iterations - iterations_of_failure;
    accept(E, slope, context);
  }

  /// Where the rate law folds within a step, shorter ones follow it through.
  void follow_in_pieces(double E, double dt, int depth) {
    const double from = state_.E_vs_Li;
    state_.smooth = false;
    for (int k = 1; k <= pieces_per_split; ++k) {
      follow(from + (E - from) * k / pieces_per_split, dt / pieces_per_split, depth);
    }
    state_.smooth = false;
  }

  /// D of `per_direction` jumps where the net flux first changes its sign: the step is repeated up to there (regula
  /// falsi of the current in time), and what is left of it starts small.
  void follow_direction(double E, double dt) {
    before_event_ = state_;
    step(E, dt, scheme_for(dt), nullptr);
    if (state_.intercalating == before_event_.intercalating || located_) return;
    located_ = true;
    const double from = before_event_.E_vs_Li;
    double low = 0.0, high = 1.0;
    double i_low = before_event_.currents.intercalation, i_high = state_.currents.intercalation;
    for (int k = 0; k < event_iterations && high - low > event_share; ++k) {
      const bool bracketed = i_low * i_high < 0.0;
      const double secant = bracketed ? low + (high - low) * i_low / (i_low - i_high) : 0.5 * (low + high);
      // Past the crossing by a little, so that both ends close in on it.
      const double share = std::clamp(secant + (k % 2 == 0 ? 0.4 : -0.4) * event_share, low + 0.1 * event_share,
                                      high - 0.1 * event_share);
      state_ = before_event_;
      step(from + (E - from) * share, share * dt, scheme_for(share * dt), nullptr);
      const bool past = state_.intercalating != before_event_.intercalating;
      (past ? high : low) = share;
      (past ? i_high : i_low) = state_.currents.intercalation;
    }
    state_ = before_event_;
    step(from + (E - from) * high, high * dt, scheme_for(high * dt), nullptr);
    if (high < 1.0) start_small(E, (1.0 - high) * dt);
  }

  void restore(const CellState& state) {
    require_own(state);
    state_ = state;
  }

  void jump(double E) {
    if (!std::isfinite(E)) throw InputError(fmt::format("cell: a jump to {} V; a finite potential is needed", E));
    const CellState before = state_;
    state_.smooth = false;
    try {
      step(E, no_time, sim::backward_euler, nullptr);
    } catch (const SolverError&) {  // the short steps behind the jump take the charge instead
      state_ = before;
      const double charge = cell_->spec().stray_capacitance * (E - state_.E_vs_Li);
      state_.charge.stray += charge;
      state_.charge.total += charge;
      state_.E_vs_Li = E;
    }
    state_.time = before.time;
    state_.currents = before.currents;
    state_.smooth = false;
  }

  [[nodiscard]] const CellState& state() const { return state_; }

  [[nodiscard]] CellCurrents mean_currents() const {
    return advanced_ > 0.0 ? mean_between(charge_before_, state_.charge, advanced_) : CellCurrents{};
  }

  [[nodiscard]] Counts counts() const {
    Counts counts = counts_;
    counts.fallbacks = solver_.fallbacks();
    counts.eliminations = solver_.eliminations();
    return counts;
  }

 private:
  void begin_advance() {
    located_ = false;
    charge_before_ = state_.charge;
    time_before_ = state_.time;
  }
  void end_advance() { advanced_ = state_.time - time_before_; }

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
    if (!directed_) return;
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
  bool directed_;
  bool located_ = false;  // one event an advance: a current that hovers about zero would have no end of them
  CellState before_event_;
  CellCurrents charge_before_;
  double time_before_ = 0.0, advanced_ = 0.0;
};

CellStepper::CellStepper(const Cell& cell, CellState state) : impl_(std::make_unique<Impl>(cell, std::move(state))) {}
CellStepper::~CellStepper() = default;
CellStepper::CellStepper(CellStepper&&) noexcept = default;
CellStepper& CellStepper::operator=(CellStepper&&) noexcept = default;

void CellStepper::advance(double E_vs_Li_end, double dt) {
  impl_->advance(E_vs_Li_end, dt);
}
bool CellStepper::try_advance(double E_vs_Li_end, double dt, StepHistory& history, int order) {
  return impl_->try_advance(E_vs_Li_end, dt, history, order);
}
void CellStepper::advance_in_pieces(double E_vs_Li_end, double dt) {
  impl_->advance_in_pieces(E_vs_Li_end, dt);
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
