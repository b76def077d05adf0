// An electrode of Cahn-Hilliard particles on one metal: each behind its contact resistance, all behind one series
// resistance, with double layers and a stray capacitance. Anodic positive; potentials against Li/Li+.
//
//   E - φ   = R_series (Σ_k i_k + C_gold dφ/dt)
//   φ - p_k = R_contact,k i_k,     i_k = I_k(p_k) + C_k dp_k/dt
//   i       = (E - φ)/R_series + C_stray dE/dt
//
// Steps of BDF2, one of backward Euler behind a corner or a jump; the particles take inner steps of their own
// (phase_field_integrator.hpp). The circuit is an arrowhead: Newton's method with moves limited to 0.1 V, and where
// it does not settle the step is split into ten, three times over. Then SolverError with time and residual.
#pragma once

#include <memory>
#include <vector>

#include "models/cell/cell_spec.hpp"
#include "models/cell/cell_state.hpp"
#include "models/particle/phase_field_host.hpp"

namespace seccm::models {

/// A copyable value.
struct PhaseFieldElectrodeState {
  double time = 0.0, E_vs_Li = 0.0, electrode_potential = 0.0, electrode_potential_before = 0.0;
  CellCurrents currents;     ///< at `time`
  CellCurrents charge;       ///< since rest; charge.intercalation = -F ΔN to round-off
  CellCurrents step_charge;  ///< of the last step
  PhaseFieldHost::State host;
  std::vector<double> potential, potential_before;  ///< of the particles, per lane
  double last_step = 0.0, last_slope = 0.0;
  bool smooth = false;  ///< the last step can serve as history
};

class PhaseFieldElectrode {
 public:
  /// The circuit, the particles, [material] and [double_layer] of `cell` with the phases of `parameters`.
  /// Throws InputError for what it can not combine with: surface redox, trace water on gold, a diffusivity per
  /// direction, another isotherm than the model's own.
  PhaseFieldElectrode(const CellSpec& cell, const PhaseFieldParameters& parameters, int lattices);

  [[nodiscard]] const PhaseFieldHost& host() const { return host_; }
  [[nodiscard]] PhaseFieldElectrodeState rest(double E_vs_Li) const;
  /// mol in all particles.
  [[nodiscard]] double lithium(const PhaseFieldElectrodeState& state) const;

 private:
  friend class PhaseFieldElectrodeStepper;
  PhaseFieldHost host_;
  double series_resistance_, stray_capacitance_, gold_capacitance_, filling_;
  double f_;                                   // F/(RT)
  std::vector<double> contact_, capacitance_;  // per lane
};

class PhaseFieldElectrodeStepper {
 public:
  /// Keeps a reference to the electrode.
  PhaseFieldElectrodeStepper(const PhaseFieldElectrode& electrode, PhaseFieldElectrodeState state);

  /// To E in dt, linear in between. Throws InputError for values that are not finite, SolverError.
  void advance(double E_vs_Li, double dt) { advance(E_vs_Li, dt, 0); }
  /// The applied potential jumps; no time passes.
  void jump(double E_vs_Li);

  [[nodiscard]] const PhaseFieldElectrodeState& state() const { return state_; }
  [[nodiscard]] long newton_iterations() const { return iterations_; }
  [[nodiscard]] long steps() const { return steps_; }
  [[nodiscard]] const PhaseFieldIntegrator& integrator() const { return host_.integrator(); }

 private:
  void advance(double E, double dt, int depth);
  void step(double E, double dt);
  void solve(double E, double dt, const sim::StepScheme& scheme);
  double newton_step(double E);
  void accept(double E, double dt, const sim::StepScheme& scheme);

  const PhaseFieldElectrode* electrode_;
  PhaseFieldElectrodeState state_;
  PhaseFieldHostSolver host_;
  double phi_ = 0.0, phi_history_ = 0.0, now_per_dt_ = 0.0, dt_ = 0.0;
  std::vector<double> p_, history_, current_, conductance_, dp0_, dpphi_;
  long iterations_ = 0, steps_ = 0;
};

}  // namespace seccm::models
