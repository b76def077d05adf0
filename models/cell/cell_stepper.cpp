#include "models/cell/cell_stepper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "models/cell/cell_layout.hpp"
#include "models/cell/step_solver.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr std::size_t cached_eliminations = 16;
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

/// The eliminations of one step size, scheme and direction.
struct CachedStep {
  double dt;
  bool second_order;
  bool intercalating;
  sim::RadialElimination first;
  std::optional<sim::RadialElimination> second;
};

}  // namespace

class CellStepper::Impl {
 public:
  Impl(const Cell& cell, CellState state)
      : cell_(&cell), state_(std::move(state)), solver_(cell.spec(), cell.layout()), flux_(cell.layout().lanes()) {
    const CellLayout& layout = cell.layout();
    const bool fits = state_.filling.size() == layout.radial.profile_size() &&
                      state_.filling_before.size() == layout.radial.profile_size() &&
                      state_.particle_potential.size() == layout.lanes() &&
                      state_.second.empty() != layout.has_second && state_.coverage.empty() != layout.has_surface_redox;
    if (!fits) throw InputError("cell: the state belongs to another cell (its profiles do not fit this one)");
    cache_.reserve(cached_eliminations);
  }

  void advance(double E, double dt, int depth = 0) {
    check(E, dt);
    try {
      step(E, dt);
    } catch (const SolverError&) {
      if (depth == deepest_split) throw;
      advance_in_pieces(E, dt, depth + 1);
    }
  }

  void step(double E, double dt) {
    const double slope = (E - state_.E_vs_Li) / dt;
    const bool second_order = state_.smooth && is_same_step(dt, state_.last_step) && !is_corner(slope, dt);
    const CachedStep& step = cached(dt, second_order);
    const sim::StepScheme scheme = second_order ? sim::bdf2 : sim::backward_euler;
    state_.smooth = false;  // until the step has succeeded: the eliminated right-hand side replaces the history
    step.first.forward(state_.filling, state_.filling_before, solver_.a_first);
    if (step.second) step.second->forward(state_.second, state_.second_before, solver_.a_second);
    solver_.begin(state_, E, step.dt, scheme, step.first.slope().data(),
                  step.second ? step.second->slope().data() : nullptr);
    counts_.newton_iterations += solver_.solve();
    accept(E, dt, slope, step, scheme);
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
    return counts;
  }

 private:
  static void check(double E, double dt) {
    if (!std::isfinite(E)) throw InputError(fmt::format("cell: a step to {} V; a finite potential is needed", E));
    if (!(std::isfinite(dt) && dt > 0.0))
      throw InputError(fmt::format("cell: a step of {} s; a value above 0 is needed", dt));
  }
  static bool is_same_step(double dt, double other) { return std::abs(dt - other) <= same_step * dt; }

  [[nodiscard]] bool is_corner(double slope, double dt) const {
    const double change = std::abs(slope - state_.last_slope);
    return change * dt > smallest_kink && change > corner * std::max(std::abs(slope), std::abs(state_.last_slope));
  }

  const CachedStep& cached(double dt, bool second_order) {
    const MaterialParameters& material = cell_->spec().material;
    const bool one_D = material.diffusion == DiffusionKind::single;
    for (const CachedStep& step : cache_) {
      if (is_same_step(dt, step.dt) && step.second_order == second_order &&
          (one_D || step.intercalating == state_.intercalating)) {
        return step;
      }
    }
    const sim::RadialLanes& lanes = cell_->layout().radial;
    const sim::StepScheme scheme = second_order ? sim::bdf2 : sim::backward_euler;
    const Diffusivity directed = state_.intercalating ? material.D_intercalation : material.D_deintercalation;
    const double D = (one_D ? material.D : directed).si();
    CachedStep made{dt, second_order, state_.intercalating, sim::RadialElimination(lanes, D, dt, scheme), std::nullopt};
    if (cell_->layout().has_second) made.second.emplace(lanes, material.second_D.si(), dt, scheme);
    ++counts_.eliminations;
    if (cache_.size() < cached_eliminations) return cache_.emplace_back(std::move(made));
    oldest_ = (oldest_ + 1) % cached_eliminations;
    return cache_[oldest_] = std::move(made);
  }

  void accept(double E, double dt, double slope, const CachedStep& step, sim::StepScheme scheme) {
    const CellLayout& layout = cell_->layout();
    const CellCurrents i = currents_after(E, step);
    state_.step_charge = combined(i, step.dt / scheme.now, state_.step_charge, scheme.carry);
    state_.charge = combined(state_.charge, 1.0, state_.step_charge, 1.0);
    state_.currents = i;
    std::swap(state_.filling, state_.filling_before);
    state_.surface_filling.swap(solver_.y);
    if (layout.has_second) {
      std::swap(state_.second, state_.second_before);
      state_.second_surface_filling.swap(solver_.y_second);
    }
    if (layout.has_surface_redox) rotate(state_.coverage_before, state_.coverage, solver_.coverage);
    rotate(state_.particle_potential_before, state_.particle_potential, solver_.potential);
    const double reservoir = layout.water_charge > 0.0 ? solver_.reservoir(solver_.phi()) : state_.reservoir;
    state_.reservoir_before = state_.reservoir;
    state_.reservoir = reservoir;
    state_.electrode_potential_before = state_.electrode_potential;
    state_.electrode_potential = solver_.phi();
    state_.E_vs_Li = E;
    state_.time += dt;
    state_.last_step = dt;
    state_.last_slope = slope;
    state_.smooth = true;
    choose_direction(i.intercalation);
    ++counts_.steps;
  }

  /// Back-substitutes the profiles and sums the currents.
  CellCurrents currents_after(double E, const CachedStep& step) {
    const CellLayout& layout = cell_->layout();
    CellCurrents i;
    i.intercalation = fluxes(solver_.first(), flux_.data());
    step.first.backward(state_.filling_before, flux_);
    if (layout.has_second) {
      i.intercalation += fluxes(solver_.second(), flux_.data());
      if (step.second) step.second->backward(state_.second_before, flux_);
    }
    if (layout.has_surface_redox) i.surface_redox = fluxes(solver_.surface(), flux_.data());
    const double phi = solver_.phi();
    i.double_layer = capacitive_current(solver_.particles()) + solver_.gold(phi).current;
    i.water = solver_.water(phi).current;
    i.ferrocene = solver_.ferrocene(phi).current;
    i.stray = cell_->spec().stray_capacitance * (E - state_.E_vs_Li) / step.dt;
    i.total = i.intercalation + i.double_layer + i.stray + i.surface_redox + i.water + i.ferrocene;
    return i;
  }

  static void rotate(std::vector<double>& before, std::vector<double>& now, std::vector<double>& next) {
    before.swap(now);
    now.swap(next);
  }

  /// The direction of `per_direction` follows the net flux; a change restarts the history, D jumps.
  void choose_direction(double current) {
    if (cell_->spec().material.diffusion == DiffusionKind::single) return;
    const bool intercalating = current < 0.0;
    if (current == 0.0 || intercalating == state_.intercalating) return;
    state_.intercalating = intercalating;
    state_.smooth = false;
  }

  const Cell* cell_;
  CellState state_;
  StepSolver solver_;
  std::vector<double> flux_;
  std::vector<CachedStep> cache_;
  std::size_t oldest_ = 0;
  Counts counts_;
};

CellStepper::CellStepper(const Cell& cell, CellState state) : impl_(std::make_unique<Impl>(cell, std::move(state))) {}
CellStepper::~CellStepper() = default;
CellStepper::CellStepper(CellStepper&&) noexcept = default;
CellStepper& CellStepper::operator=(CellStepper&&) noexcept = default;

void CellStepper::advance(double E_vs_Li_end, double dt) {
  impl_->advance(E_vs_Li_end, dt);
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
