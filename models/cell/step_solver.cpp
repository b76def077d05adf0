#include "models/cell/step_solver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/material/butler_volmer.hpp"
#include "sim/bracketed_root.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr int most_iterations = 60;
constexpr double longest_move = 0.1;  // V per iteration, four thermal voltages
constexpr double longest_filling_move = 0.25;
// Newton converges quadratically: moves below 1e-8 leave an error of the order of 1e-16.
constexpr double settled = 1e-8;
// "In equilibrium at all times": the exchange per step is this many times the capacity.
constexpr double fast_exchange = 1e12;
// Left over a resistance after bracketing, V: 4e-4 of a thermal voltage. A root held to its last bit leaves 1e-6 V over
// 1e13 Ohm.
constexpr double tolerated_drop = 1e-5;

}  // namespace

StepSolver::StepSolver(const CellSpec& spec, const CellLayout& layout)
    : spec_(&spec), layout_(&layout), water_(spec.water) {
  const std::size_t n = layout.lanes();
  for (auto* values : {&a_first, &y, &potential, &k_first_, &dy0_, &dyp_, &current_, &conductance_, &dp0_, &dpphi_,
                       &history_, &capacitance_}) {
    values->assign(n, 0.0);
  }
  for (std::size_t l = 0; l < spec.particles.size(); ++l)
    k_first_[l] = spec.material.k0.si() * layout.wetted_fraction[l];
  if (layout.has_second) {
    for (auto* values : {&a_second, &y_second, &k_second_, &dy0_second_, &dyp_second_}) values->assign(n, 0.0);
    for (std::size_t l = 0; l < spec.particles.size(); ++l) {
      k_second_[l] = spec.material.second_k0.si() * layout.wetted_fraction[l];
    }
  }
  if (layout.has_surface_redox) {
    for (auto* values : {&coverage, &k_surface_, &a_surface_, &B_surface_, &dy0_surface_, &dyp_surface_}) {
      values->assign(n, 0.0);
    }
  }
}

HostLanes StepSolver::first() {
  return {.lanes = y.size(),
          .a = a_first.data(),
          .B = B_first_,
          .k = k_first_.data(),
          .scale = layout_->current_per_flux.data(),
          .y = y.data(),
          .dy0 = dy0_.data(),
          .dyp = dyp_.data(),
          .E0 = spec_->material.E0.si(),
          .alpha = spec_->material.alpha,
          .f = layout_->f};
}
HostLanes StepSolver::second() {
  return {.lanes = y.size(),
          .a = a_second.data(),
          .B = B_second_,
          .k = k_second_.data(),
          .scale = layout_->current_per_flux.data(),
          .y = y_second.data(),
          .dy0 = dy0_second_.data(),
          .dyp = dyp_second_.data(),
          .E0 = spec_->material.second_E0.si(),
          .alpha = spec_->material.alpha,
          .f = layout_->f};
}
HostLanes StepSolver::surface() {
  return {.lanes = y.size(),
          .a = a_surface_.data(),
          .B = B_surface_.data(),
          .k = k_surface_.data(),
          .scale = layout_->surface_charge.data(),
          .y = coverage.data(),
          .dy0 = dy0_surface_.data(),
          .dyp = dyp_surface_.data(),
          .E0 = spec_->surface_redox.E0.si(),
          .alpha = spec_->surface_redox.alpha,
          .f = layout_->f};
}
ParticleLanes StepSolver::particles() {
  return {.lanes = y.size(),
          .contact = layout_->contact.data(),
          .capacitance = capacitance_.data(),
          .history = history_.data(),
          .now = scheme_.now,
          .p = potential.data(),
          .current = current_.data(),
          .conductance = conductance_.data(),
          .dp0 = dp0_.data(),
          .dpphi = dpphi_.data()};
}

void StepSolver::begin(const CellState& state, double E, double dt, sim::StepScheme scheme, const double* B_first,
                       const double* B_second) {
  E_ = E;
  dt_ = dt;
  scheme_ = scheme;
  time_ = state.time;
  B_first_ = B_first;
  B_second_ = B_second;
  phi_last_ = state.electrode_potential;
  phi_history_ = scheme.last * state.electrode_potential + scheme.before * state.electrode_potential_before;
  reservoir_last_ = state.reservoir;
  reservoir_history_ = scheme.last * state.reservoir + scheme.before * state.reservoir_before;
  const std::size_t n = y.size();
  for (std::size_t l = 0; l < n; ++l) {
    history_[l] = scheme.last * state.particle_potential[l] + scheme.before * state.particle_potential_before[l];
    capacitance_[l] = layout_->capacitance[l] / dt;
  }
  if (layout_->has_surface_redox) {
    const double rate = spec_->surface_redox.rate.si();
    const double k = rate > 0.0 ? rate : fast_exchange * scheme.now / dt;
    for (std::size_t l = 0; l < n; ++l) {
      a_surface_[l] = -(scheme.last * state.coverage[l] + scheme.before * state.coverage_before[l]) / scheme.now;
      B_surface_[l] = -dt / scheme.now;
      k_surface_[l] = k;
    }
  }
  guess(state);
}

void StepSolver::guess(const CellState& state) {
  y = state.surface_filling;
  if (layout_->has_second) y_second = state.second_surface_filling;
  if (layout_->has_surface_redox) coverage = state.coverage;
  if (layout_->potential_known) {
    phi_ = E_;
    std::fill(potential.begin(), potential.end(), E_);
    return;
  }
  const bool has_history = scheme_.before != 0.0;
  const double slope = has_history ? 1.0 : 0.0;
  phi_ = spec_->series_resistance > 0.0
             ? state.electrode_potential + slope * (state.electrode_potential - state.electrode_potential_before)
             : E_;
  for (std::size_t l = 0; l < potential.size(); ++l) {
    potential[l] =
        state.particle_potential[l] + slope * (state.particle_potential[l] - state.particle_potential_before[l]);
  }
}

NodeCurrent StepSolver::gold(double phi) const {
  const double c = layout_->gold_capacitance / dt_;
  return {c * (scheme_.now * phi + phi_history_), c * scheme_.now};
}

double StepSolver::reservoir(double phi) const {
  if (phi >= phi_last_) return reservoir_last_;
  return reservoir_last_ * water_.survival(phi) / water_.survival(phi_last_);
}

NodeCurrent StepSolver::water(double phi) const {
  if (layout_->water_charge == 0.0) return {};
  const double c = layout_->water_charge / dt_;
  const double slope =
      phi < phi_last_ ? reservoir_last_ * water_.survival_slope(phi) / water_.survival(phi_last_) : 0.0;
  return {c * (scheme_.now * reservoir(phi) + reservoir_history_), c * scheme_.now * slope};
}

NodeCurrent StepSolver::ferrocene(double phi) const {
  const FerroceneWave& wave = spec_->ferrocene;
  if (wave.i_lim == 0.0) return {};
  const double s = layout_->f * (phi - wave.E0_vs_Li);
  // The wave divided through by its largest exponential stays finite on both sides.
  const double kinetic = wave.m_over_k0 * std::exp(std::clamp(-wave.alpha * s, -700.0, 700.0));
  const double back = std::exp(std::clamp(-s, -700.0, 700.0));
  const double i = wave.i_lim / (kinetic + 1.0 + back);
  return {i, i / (kinetic + 1.0 + back) * layout_->f * (wave.alpha * kinetic + back)};
}

NodeCurrent StepSolver::node(double phi) const {
  const NodeCurrent a = gold(phi);
  const NodeCurrent b = water(phi);
  const NodeCurrent c = ferrocene(phi);
  return {a.current + b.current + c.current, a.slope + b.slope + c.slope};
}

void StepSolver::linearise_hosts() {
  std::fill(current_.begin(), current_.end(), 0.0);
  std::fill(conductance_.begin(), conductance_.end(), 0.0);
  with_law(spec_->material, [this](const auto& law) {
    linearise(law, first(), potential.data(), current_.data(), conductance_.data());
  });
  if (layout_->has_second) linearise(IdealLaw{}, second(), potential.data(), current_.data(), conductance_.data());
  if (layout_->has_surface_redox) {
    linearise(FrumkinLaw{spec_->surface_redox.g}, surface(), potential.data(), current_.data(), conductance_.data());
  }
}

StepSolver::Moves StepSolver::newton_step() {
  linearise_hosts();
  Moves moves{0.0, 0.0};
  if (!layout_->potential_known) {
    const ParticleLanes lanes = particles();
    const ArrowSums arrow = eliminate_particles(lanes, phi_);
    const NodeCurrent shared = node(phi_);
    const double R = spec_->series_resistance;
    const double wanted =
        (E_ - phi_ - R * (arrow.current + shared.current)) / (1.0 + R * (arrow.conductance + shared.slope));
    const double dphi = std::clamp(wanted, -longest_move, longest_move);
    phi_ += dphi;
    moves.potential = std::max(std::abs(dphi), update_potentials(lanes, dphi, longest_move));
  }
  const bool linear = spec_->material.law == IsothermKind::ideal;
  moves.filling = update_fillings(first(), dp0_.data(), linear ? 1e300 : longest_filling_move);
  if (layout_->has_second) moves.filling = std::max(moves.filling, update_fillings(second(), dp0_.data(), 1e300));
  if (layout_->has_surface_redox) {
    moves.filling = std::max(moves.filling, update_fillings(surface(), dp0_.data(), longest_filling_move));
  }
  return moves;
}

int StepSolver::solve() {
  // With every potential known the ideal host is linear in its surface filling: one step is the solution.
  const bool one_step =
      layout_->potential_known && !layout_->has_surface_redox && spec_->material.law == IsothermKind::ideal;
  for (int i = 1; i <= most_iterations; ++i) {
    const Moves moves = newton_step();
    if (!(std::isfinite(moves.potential) && std::isfinite(moves.filling))) break;
    if (one_step || (moves.potential * layout_->f < settled && moves.filling < settled)) return i;
  }
  ++fallbacks_;
  solve_by_bracketing();
  return most_iterations;
}

double StepSolver::particle_current(std::size_t lane, double p) {
  const double u = layout_->f;
  double total = capacitance_[lane] * (scheme_.now * p + history_[lane]);
  const auto add = [&](const auto& law, const HostLanes& h) {
    const double reduced = u * (p - h.E0);
    const auto residual = [&](double y_s) {
      return (y_s - h.a[lane]) / h.B[lane] - butler_volmer(law, h.k[lane], h.alpha, reduced, y_s).flux;
    };
    h.y[lane] = sim::bracketed_root(residual, 0.0, 1.0, 1e-14);
    total += h.scale[lane] * (h.y[lane] - h.a[lane]) / h.B[lane];
  };
  with_law(spec_->material, [&](const auto& law) { add(law, first()); });
  if (layout_->has_second) add(IdealLaw{}, second());
  if (layout_->has_surface_redox) add(FrumkinLaw{spec_->surface_redox.g}, surface());
  return total;
}

double StepSolver::particle_current_behind_contact(std::size_t lane, double phi) {
  const double R = layout_->contact[lane];
  potential[lane] = phi;
  if (R > 0.0) {
    const auto drop = [&](double p) { return phi - p - R * particle_current(lane, p); };
    potential[lane] = sim::bracketed_root(drop, phi - 0.05, phi + 0.05, 1e-14);
    worst_drop_ = std::max(worst_drop_, std::abs(drop(potential[lane])));
  }
  return particle_current(lane, potential[lane]);
}

void StepSolver::solve_by_bracketing() {
  const auto total = [&](double phi) {
    worst_drop_ = 0.0;
    double sum = node(phi).current;
    for (std::size_t l = 0; l < y.size(); ++l) sum += particle_current_behind_contact(l, phi);
    return sum;
  };
  const double R = spec_->series_resistance;
  const auto drop = [&](double phi) { return E_ - phi - R * total(phi); };
  phi_ = R > 0.0 ? sim::bracketed_root(drop, E_ - 0.05, E_ + 0.05, 1e-14) : E_;
  const double rest = std::abs(drop(phi_));
  // The rate is continuous in the surface filling, so that bracket always holds a root. Over the resistances the
  // current can jump where the rate law folds: then the bracket closes around the jump and a drop remains.
  if (!(rest < tolerated_drop && worst_drop_ < tolerated_drop)) {
    throw SolverError(fmt::format(
        "cell: no solution of the step from t = {:.9g} s to E = {:.6g} V vs Li/Li+ in {:.4g} s: {:.3g} V "
        "remain over the series resistance and {:.3g} V over a contact. The rate law folds within this step: "
        "take a shorter potential_step",
        time_, E_, dt_, rest, worst_drop_));
  }
}

}  // namespace seccm::models
