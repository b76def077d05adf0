#include "models/cell/step_solver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/particle_kernels.hpp"
#include "sim/bracketed_root.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr int most_iterations = 60;
constexpr double longest_move = 0.1;  // V per iteration, four thermal voltages
// Where that does not settle: surfaces bracketed at every iterate, and of the move of each potential a share.
constexpr int most_careful_iterations = 300;
constexpr double smallest_share = 1e-5;
constexpr double longest_filling_move = 0.25;
// Newton converges quadratically: moves below 1e-8 leave an error of the order of 1e-16.
constexpr double settled_move = 1e-8;
// The slope on the wrong side of a kink sends a move astray however small it is, V: down to round-off.
constexpr double no_kink = 1e-13;
constexpr int most_at_kink = 10;  // a potential that rests lies on it
// Left over a resistance after bracketing, V: 4e-4 of a thermal voltage. A root held to its last bit leaves 1e-6 V over
// 1e13 Ohm.
constexpr double tolerated_drop = 1e-5;

}  // namespace

StepSolver::StepSolver(const CellSpec& spec, const CellLayout& layout)
    : spec_(&spec), layout_(&layout), water_(spec.water), wiring_(layout.wiring(spec)) {
  for (const auto& host : layout.hosts) hosts_.push_back(host->solver());
  if (spec.wiring && spec.wiring->joins_surfaces() && !hosts_.empty()) wiring_->attach(hosts_.front()->surface_port());
  share_.resize(layout.lanes());
  for (auto* values : {&potential_, &guess_, &current_, &conductance_, &dp0_, &dpphi_, &history_, &capacitance_}) {
    values->assign(layout.lanes(), 0.0);
  }
}

long StepSolver::eliminations() const {
  long sum = 0;
  for (const auto& host : hosts_) sum += host->eliminations();
  return sum;
}

ParticleLanes StepSolver::particles() {
  return {.lanes = potential_.size(),
          .contact = layout_->contact.data(),
          .capacitance = capacitance_.data(),
          .history = history_.data(),
          .now = context_.scheme.now,
          .p = potential_.data(),
          .current = current_.data(),
          .conductance = conductance_.data(),
          .dp0 = dp0_.data(),
          .dpphi = dpphi_.data()};
}

std::span<const double> StepSolver::filling() const {
  return hosts_.empty() ? std::span<const double>{} : hosts_.front()->surface();
}

void StepSolver::begin(CellState& state, double E, const StepContext& context, const Surroundings& surroundings,
                       const StepHistory* history) {
  const sim::StepScheme& scheme = context.scheme;
  context_ = context;
  E_ = E - surroundings.electrolyte_potential;
  series_resistance_ = surroundings.series_resistance;
  load_ = surroundings.load;
  context_.electrolyte_activity = surroundings.electrolyte_activity;
  potential_known_ = series_resistance_ == 0.0 && layout_->no_contact_resistance && wiring_->is_star();
  phi_last_ = state.electrode_potential;
  phi_history_ = scheme.last * state.electrode_potential + scheme.before * state.electrode_potential_before;
  reservoir_last_ = state.reservoir;
  reservoir_history_ = scheme.last * state.reservoir + scheme.before * state.reservoir_before;
  for (std::size_t l = 0; l < potential_.size(); ++l) {
    history_[l] = scheme.last * state.particle_potential[l] + scheme.before * state.particle_potential_before[l];
    capacitance_[l] = layout_->capacitance[l] / context.dt;
  }
  for (std::size_t k = 0; k < hosts_.size(); ++k) {
    if (history != nullptr) context_.predicted = history->predicted_filling(k);
    hosts_[k]->begin(state.hosts[k], context_);
  }
  guess(state, history);
}

void StepSolver::guess(const CellState& state, const StepHistory* history) {
  guess_potentials(state, history);
  std::copy(potential_.begin(), potential_.end(), guess_.begin());
  phi_guess_ = phi_;
}

void StepSolver::guess_potentials(const CellState& state, const StepHistory* history) {
  std::fill(dp0_.begin(), dp0_.end(), 0.0);
  phi_ = E_;
  if (potential_known_) {
    std::fill(potential_.begin(), potential_.end(), E_);
    return;
  }
  const double slope = context_.has_history() ? 1.0 : 0.0;
  const auto ahead = [slope](double now, double before) { return now + slope * (now - before); };
  if (series_resistance_ > 0.0) {
    phi_ = history != nullptr ? history->predicted_electrode_potential()
                              : ahead(state.electrode_potential, state.electrode_potential_before);
  }
  for (std::size_t l = 0; l < potential_.size(); ++l) {
    const bool on_metal = wiring_->is_star() && layout_->contact[l] == 0.0;
    if (on_metal) {
      potential_[l] = phi_;
    } else if (history != nullptr) {
      potential_[l] = history->predicted_potential()[l];
    } else {
      potential_[l] = ahead(state.particle_potential[l], state.particle_potential_before[l]);
    }
  }
}

NodeCurrent StepSolver::gold(double phi) const {
  const double c = layout_->gold_capacitance / context_.dt;
  return {c * (context_.scheme.now * phi + phi_history_), c * context_.scheme.now};
}

double StepSolver::reservoir(double phi) const {
  if (phi >= phi_last_) return reservoir_last_;
  return reservoir_last_ * water_.survival(phi) / water_.survival(phi_last_);
}

NodeCurrent StepSolver::water(double phi) const {
  if (layout_->water_charge == 0.0) return {};
  const double c = layout_->water_charge / context_.dt;
  const double slope =
      phi < phi_last_ ? reservoir_last_ * water_.survival_slope(phi) / water_.survival(phi_last_) : 0.0;
  return {c * (context_.scheme.now * reservoir(phi) + reservoir_history_), c * context_.scheme.now * slope};
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
  const NodeCurrent d = load_ != nullptr ? load_->at(phi) : NodeCurrent{};
  return {a.current + b.current + c.current + d.current, a.slope + b.slope + c.slope + d.slope};
}

StepSolver::Moves StepSolver::newton_step(bool careful) {
  std::fill(current_.begin(), current_.end(), 0.0);
  std::fill(conductance_.begin(), conductance_.end(), 0.0);
  wiring_->prepare(filling());
  for (const auto& host : hosts_) host->linearise(potential_, current_, conductance_);
  Moves moves{0.0, 0.0};
  if (!potential_known_) {
    const ParticleLanes lanes = particles();
    const double R = series_resistance_;
    const ArrowSums arrow = wiring_->eliminate(lanes, {.phi = phi_, .phi_fixed = R == 0.0});
    const NodeCurrent shared = node(phi_);
    const double wanted =
        (E_ - phi_ - R * (arrow.current + shared.current)) / (1.0 + R * (arrow.conductance + shared.slope));
    const double dphi = std::clamp(wanted, -longest_move, longest_move);
    const bool falls = phi_ < phi_last_;
    phi_ += dphi;
    // The reservoir of water is drawn on only by a potential that falls.
    moves.crosses_kink = layout_->water_charge > 0.0 && falls != (phi_ < phi_last_) && std::abs(dphi) > no_kink;
    moves.potential = std::max(std::abs(dphi), wiring_->update(lanes, dphi, longest_move));
    if (careful) take_shares(dphi);
  }
  for (const auto& host : hosts_) moves.filling = std::max(moves.filling, host->update(dp0_, longest_filling_move));
  return moves;
}

bool StepSolver::settled(const Moves& moves) const {
  return moves.potential * layout_->f < settled_move && moves.filling < settled_move;
}

int StepSolver::solve() {
  const bool one_step =
      potential_known_ && std::all_of(hosts_.begin(), hosts_.end(), [](const auto& host) { return host->one_pass(); });
  try {
    for (int i = 1; i <= most_iterations; ++i) {
      const Moves moves = newton_step(false);
      if (!(std::isfinite(moves.potential) && std::isfinite(moves.filling))) break;
      if (one_step || (settled(moves) && (!moves.crosses_kink || i >= most_at_kink))) return i;
    }
  } catch (const SolverError&) {
    // A wiring that can not be solved at an iterate far off: there is a second road.
  }
  ++fallbacks_;
  if (can_bracket()) {
    solve_by_bracketing();
    return most_iterations;
  }
  return most_iterations + solve_carefully();
}

/// A contact that conducts as its particle fills is held within an iteration, so that a potential answers its own move
/// by -G of it, thousands where the sharpest waves meet the steepest conduction. Aitken's secant finds the share
/// 1/(1 + G) of each from two moves.
double StepSolver::Share::of(double move) {
  if (tried && move != before) {
    const double secant = value * before / (before - move);
    value = secant > 0.0 ? std::clamp(secant, smallest_share, 1.0) : std::min(1.0, 2.0 * value);
  }
  before = move;
  tried = true;
  return value;
}

void StepSolver::take_shares(double dphi) {
  phi_ -= (1.0 - phi_share_.of(dphi)) * dphi;
  for (std::size_t l = 0; l < potential_.size(); ++l) {
    const double left = (1.0 - share_[l].of(dp0_[l])) * dp0_[l];
    potential_[l] -= left;
    dp0_[l] -= left;
  }
}

/// From the start of the step, with no more than the potentials and diffusion itself left to Newton's method.
int StepSolver::solve_carefully() {
  std::copy(guess_.begin(), guess_.end(), potential_.begin());
  phi_ = phi_guess_;
  for (const auto& host : hosts_) host->restart();
  Moves moves{0.0, 0.0};
  std::fill(share_.begin(), share_.end(), Share{});
  phi_share_ = {};
  for (int i = 1; i <= most_careful_iterations; ++i) {
    wiring_->prepare(filling());
    for (const auto& host : hosts_) host->settle_surface(potential_);
    moves = newton_step(true);
    if (!(std::isfinite(moves.potential) && std::isfinite(moves.filling))) break;
    if (settled(moves) && (!moves.crosses_kink || i >= most_at_kink)) return i;
  }
  throw SolverError(fmt::format(
      "cell: no solution of the step from t = {:.9g} s to E = {:.6g} V vs Li/Li+ in {:.4g} s: the last Newton moves "
      "are {:.3g} V of a potential and {:.3g} of a filling ({:.1g} is accepted of both, the first over RT/F): take a "
      "shorter potential_step",
      context_.time, E_, context_.dt, moves.potential, moves.filling, settled_move));
}

CellCurrents StepSolver::accept(CellState& state) {
  CellCurrents i;
  for (std::size_t k = 0; k < hosts_.size(); ++k) {
    const double current = hosts_[k]->accept(state.hosts[k]);
    (k < layout_->insertion_hosts ? i.intercalation : i.surface_redox) += current;
  }
  i.double_layer = capacitive_current(particles()) + gold(phi_).current;
  i.water = water(phi_).current;
  i.ferrocene = ferrocene(phi_).current;
  i.total = i.intercalation + i.double_layer + i.surface_redox + i.water + i.ferrocene;
  state.particle_potential_before.swap(state.particle_potential);
  std::copy(potential_.begin(), potential_.end(), state.particle_potential.begin());
  const double left = layout_->water_charge > 0.0 ? reservoir(phi_) : state.reservoir;
  state.reservoir_before = state.reservoir;
  state.reservoir = left;
  state.electrode_potential_before = state.electrode_potential;
  state.electrode_potential = phi_;
  return i;
}

bool StepSolver::can_bracket() const {
  return wiring_->is_star() &&
         std::all_of(hosts_.begin(), hosts_.end(), [](const auto& host) { return host->can_bracket(); });
}

double StepSolver::particle_current(std::size_t lane, double p) {
  double total = capacitance_[lane] * (context_.scheme.now * p + history_[lane]);
  for (const auto& host : hosts_) total += host->current_at(lane, p);
  return total;
}

double StepSolver::particle_current_behind_contact(std::size_t lane, double phi) {
  const double R = layout_->contact[lane];
  potential_[lane] = phi;
  if (R > 0.0) {
    const auto drop = [&](double p) { return phi - p - R * particle_current(lane, p); };
    potential_[lane] = sim::bracketed_root(drop, phi - 0.05, phi + 0.05, 1e-14);
    worst_drop_ = std::max(worst_drop_, std::abs(drop(potential_[lane])));
  }
  return particle_current(lane, potential_[lane]);
}

void StepSolver::solve_by_bracketing() {
  const auto total = [&](double phi) {
    worst_drop_ = 0.0;
    double sum = node(phi).current;
    for (std::size_t l = 0; l < potential_.size(); ++l) sum += particle_current_behind_contact(l, phi);
    return sum;
  };
  const double R = series_resistance_;
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
        context_.time, E_, context_.dt, rest, worst_drop_));
  }
}

}  // namespace seccm::models
