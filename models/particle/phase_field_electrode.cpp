#include "models/particle/phase_field_electrode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr int most_iterations = 40;
constexpr double longest_move = 0.1;  // V
constexpr double settled = 1e-8;      // thermal voltages
constexpr double same_step = 1e-9;
constexpr double corner = 1e-3;
constexpr double smallest_kink = 1e-7;  // V per step
constexpr int pieces_per_split = 10;
constexpr int deepest_split = 3;

double area_of(const CellSpec& cell, const CellParticle& particle) {
  return cell.geometry == sim::Geometry::sphere ? 4.0 * constants::pi * particle.radius * particle.radius
                                                : cell.face_area;
}

std::vector<double> areas_of(const CellSpec& cell) {
  std::vector<double> areas;
  for (const CellParticle& particle : cell.particles) areas.push_back(area_of(cell, particle));
  return areas;
}

void require(double value, double low, double high, std::string_view what, std::string_view unit) {
  if (!(value >= low && value <= high)) {
    throw InputError(fmt::format("phase-field electrode: {} = {:.6g} {}; {:.6g} to {:.6g} {} is accepted", what, value,
                                 unit, low, high, unit));
  }
}

void check(const CellSpec& cell) {
  const auto refuse = [](std::string_view what, std::string_view remedy) {
    throw InputError(fmt::format("[particle] model = \"cahn_hilliard\" does not combine with {}: {}", what, remedy));
  };
  if (cell.surface_redox.enabled) refuse("surface_redox.enabled = true", "turn it off, or take model = \"fick\"");
  if (cell.water.enabled && cell.gold_area > 0.0 && cell.water.charge.si() > 0.0) {
    refuse("trace water on gold (water_reduction.enabled = true with cell.gold_area > 0)", "turn one of them off");
  }
  if (cell.material.diffusion != DiffusionKind::single) {
    refuse("material.diffusion other than \"single\"", "the phases set how diffusivity changes; set material.D alone");
  }
  if (cell.material.law != IsothermKind::ideal) {
    refuse("material.law other than \"ideal\"", "its isotherm follows from phase_field.omega");
  }
  require(cell.series_resistance, 0.0, 1e30, "series resistance", "Ohm");
  require(cell.stray_capacitance, 0.0, 1e6, "stray capacitance", "F");
  require(cell.gold_area, 0.0, 1e6, "gold area", "m^2");
  require(cell.face_area, 1e-30, 1e12, "face area", "m^2");
  for (const CellParticle& particle : cell.particles) {
    require(particle.contact_resistance, 0.0, 1e30, "contact resistance of a particle", "Ohm");
    if (particle.initial_filling != cell.particles.front().initial_filling) {
      refuse("initial fillings that differ between particles", "give all the same");
    }
  }
}

PhaseFieldSpec spec_of(const CellSpec& cell, const PhaseFieldParameters& parameters, int lattices) {
  check(cell);
  const MaterialParameters& material = cell.material;
  PhaseFieldSpec spec;
  spec.parameters = parameters;
  spec.lattices = lattices;
  spec.lattice = {
      SublatticeConstants{.D = material.D.si(), .k0 = material.k0.si(), .E_p = material.E0.si()},
      SublatticeConstants{.D = material.second_D.si(), .k0 = material.second_k0.si(), .E_p = material.second_E0.si()}};
  spec.alpha = material.alpha;
  spec.c_max = material.c_max.si();
  spec.temperature = cell.temperature;
  spec.geometry = cell.geometry;
  for (const CellParticle& particle : cell.particles) {
    spec.particles.push_back({.radius = particle.radius, .wetted_fraction = particle.wetted_fraction});
  }
  return spec;
}

CellCurrents combined(const CellCurrents& a, double x, const CellCurrents& b, double y) {
  return {.total = x * a.total + y * b.total,
          .intercalation = x * a.intercalation + y * b.intercalation,
          .double_layer = x * a.double_layer + y * b.double_layer,
          .stray = x * a.stray + y * b.stray};
}

}  // namespace

PhaseFieldElectrode::PhaseFieldElectrode(const CellSpec& cell, const PhaseFieldParameters& parameters, int lattices)
    : host_(spec_of(cell, parameters, lattices), areas_of(cell)),
      series_resistance_(cell.series_resistance),
      stray_capacitance_(cell.stray_capacitance),
      gold_capacitance_(cell.double_layer.gold.si() * cell.gold_area),
      filling_(cell.particles.front().initial_filling),
      f_(constants::faraday / (constants::gas * cell.temperature)) {
  contact_.assign(host_.model().lanes(), 0.0);
  capacitance_.assign(host_.model().lanes(), 0.0);
  for (std::size_t i = 0; i < cell.particles.size(); ++i) {
    const CellParticle& particle = cell.particles[i];
    contact_[i] = particle.contact_resistance;
    capacitance_[i] = cell.double_layer.titania.si() * area_of(cell, particle) * particle.wetted_fraction;
  }
}

PhaseFieldElectrodeState PhaseFieldElectrode::rest(double E_vs_Li) const {
  if (!std::isfinite(E_vs_Li)) {
    throw InputError(fmt::format("phase-field electrode: rest at {} V; a finite potential is needed", E_vs_Li));
  }
  PhaseFieldElectrodeState state;
  state.E_vs_Li = state.electrode_potential = state.electrode_potential_before = E_vs_Li;
  state.host = host_.rest(filling_, E_vs_Li);
  state.potential.assign(host_.model().lanes(), E_vs_Li);
  state.potential_before = state.potential;
  return state;
}

double PhaseFieldElectrode::lithium(const PhaseFieldElectrodeState& state) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < host_.model().particles(); ++i) sum += host_.lithium(state.host, i);
  return sum;
}

PhaseFieldElectrodeStepper::PhaseFieldElectrodeStepper(const PhaseFieldElectrode& electrode,
                                                       PhaseFieldElectrodeState state)
    : electrode_(&electrode), state_(std::move(state)), host_(electrode.host()) {
  if (state_.potential.size() != electrode.host().model().lanes()) {
    throw InputError("phase-field electrode: the state belongs to another electrode");
  }
  p_ = state_.potential;
  for (auto* values : {&history_, &current_, &conductance_, &dp0_, &dpphi_}) values->assign(p_.size(), 0.0);
}

void PhaseFieldElectrodeStepper::advance(double E, double dt, int depth) {
  if (!std::isfinite(E) || !(std::isfinite(dt) && dt > 0.0)) {
    throw InputError(fmt::format(
        "phase-field electrode: a step to {} V in {} s; a finite potential and a time above 0 are needed", E, dt));
  }
  try {
    step(E, dt);
    return;
  } catch (const SolverError&) {
    if (depth == deepest_split) throw;
  }
  const double from = state_.E_vs_Li;
  state_.smooth = false;
  CellCurrents passed;
  for (int k = 1; k <= pieces_per_split; ++k) {
    advance(from + (E - from) * k / pieces_per_split, dt / pieces_per_split, depth + 1);
    passed = combined(passed, 1.0, state_.step_charge, 1.0);
  }
  state_.step_charge = passed;
  state_.last_step = dt;
  state_.smooth = false;
}

void PhaseFieldElectrodeStepper::jump(double E) {
  if (!std::isfinite(E)) throw InputError(fmt::format("phase-field electrode: a jump to {} V", E));
  const double charge = electrode_->stray_capacitance_ * (E - state_.E_vs_Li);
  state_.charge.stray += charge;
  state_.charge.total += charge;
  state_.E_vs_Li = E;
  state_.smooth = false;
}

void PhaseFieldElectrodeStepper::step(double E, double dt) {
  const double slope = (E - state_.E_vs_Li) / dt;
  const double change = std::abs(slope - state_.last_slope);
  const bool kink =
      change * dt > smallest_kink && change > corner * std::max(std::abs(slope), std::abs(state_.last_slope));
  const bool second_order = state_.smooth && !kink && std::abs(dt - state_.last_step) <= same_step * dt;
  const sim::StepScheme scheme = second_order ? sim::bdf2 : sim::backward_euler;
  solve(E, dt, scheme);
  accept(E, dt, scheme);
  state_.last_slope = slope;
}

void PhaseFieldElectrodeStepper::solve(double E, double dt, const sim::StepScheme& scheme) {
  dt_ = dt;
  now_per_dt_ = scheme.now / dt;
  const double trend = scheme.before != 0.0 ? 1.0 : 0.0;
  phi_history_ = (scheme.last * state_.electrode_potential + scheme.before * state_.electrode_potential_before) / dt;
  phi_ = electrode_->series_resistance_ > 0.0
             ? state_.electrode_potential + trend * (state_.electrode_potential - state_.electrode_potential_before)
             : E;
  for (std::size_t l = 0; l < p_.size(); ++l) {
    history_[l] = (scheme.last * state_.potential[l] + scheme.before * state_.potential_before[l]) / dt;
    const bool stiff = electrode_->contact_[l] > 0.0;
    p_[l] = stiff ? state_.potential[l] + trend * (state_.potential[l] - state_.potential_before[l]) : phi_;
  }
  host_.begin(state_.host, {.time = state_.time, .dt = dt, .scheme = scheme});
  double move = 0.0;
  for (int i = 0; i < most_iterations; ++i) {
    move = newton_step(E);
    ++iterations_;
    if (!std::isfinite(move)) break;
    if (move * electrode_->f_ < settled) return;
  }
  throw SolverError(fmt::format(
      "phase-field electrode: no solution of the step from t = {:.9g} s to E = {:.6g} V vs Li/Li+ in {:.4g} "
      "s: the last Newton move is {:.3g} V (accepted {:.1g} V); take a shorter potential_step",
      state_.time, E, dt, move, settled / electrode_->f_));
}

/// One iteration over particles and metal; returns the largest move of a potential, V.
double PhaseFieldElectrodeStepper::newton_step(double E) {
  std::fill(current_.begin(), current_.end(), 0.0);
  std::fill(conductance_.begin(), conductance_.end(), 0.0);
  host_.linearise(p_, current_, conductance_);
  double current = electrode_->gold_capacitance_ * (now_per_dt_ * phi_ + phi_history_);
  double conductance = electrode_->gold_capacitance_ * now_per_dt_;
  for (std::size_t l = 0; l < p_.size(); ++l) {
    const double C = electrode_->capacitance_[l];
    const double i = current_[l] + C * (now_per_dt_ * p_[l] + history_[l]);
    const double g = conductance_[l] + C * now_per_dt_;
    const double R = electrode_->contact_[l];
    dpphi_[l] = 1.0 / (1.0 + R * g);
    dp0_[l] = (phi_ - p_[l] - R * i) * dpphi_[l];
    current += i + g * dp0_[l];
    conductance += g * dpphi_[l];
  }
  const double R = electrode_->series_resistance_;
  const double dphi = std::clamp((E - phi_ - R * current) / (1.0 + R * conductance), -longest_move, longest_move);
  phi_ += dphi;
  double largest = std::abs(dphi);
  for (std::size_t l = 0; l < p_.size(); ++l) {
    const double wanted = dp0_[l] + dpphi_[l] * dphi;
    dp0_[l] = std::clamp(wanted, -longest_move, longest_move);
    p_[l] += dp0_[l];
    largest = std::max(largest, std::abs(wanted));
  }
  host_.update(dp0_);
  return largest;
}

void PhaseFieldElectrodeStepper::accept(double E, double dt, const sim::StepScheme& scheme) {
  CellCurrents i;
  i.double_layer = electrode_->gold_capacitance_ * (now_per_dt_ * phi_ + phi_history_);
  for (std::size_t l = 0; l < p_.size(); ++l) {
    i.double_layer += electrode_->capacitance_[l] * (now_per_dt_ * p_[l] + history_[l]);
  }
  i.intercalation = host_.accept(state_.host);
  i.stray = electrode_->stray_capacitance_ * (E - state_.E_vs_Li) / dt;
  i.total = i.intercalation + i.double_layer + i.stray;
  state_.step_charge = combined(i, dt / scheme.now, state_.step_charge, scheme.carry);
  // A stray current is constant within the step: it is booked as it passes, not by the formula of the others.
  const double passed = i.stray * dt;
  state_.step_charge.total += passed - state_.step_charge.stray;
  state_.step_charge.stray = passed;
  state_.charge = combined(state_.charge, 1.0, state_.step_charge, 1.0);
  state_.currents = i;
  state_.electrode_potential_before = state_.electrode_potential;
  state_.electrode_potential = phi_;
  std::swap(state_.potential_before, state_.potential);
  std::copy(p_.begin(), p_.end(), state_.potential.begin());
  state_.E_vs_Li = E;
  state_.time += dt;
  state_.last_step = dt;
  state_.smooth = true;
  ++steps_;
}

}  // namespace seccm::models
