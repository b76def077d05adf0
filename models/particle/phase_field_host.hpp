// Cahn-Hilliard particles as one host of an electrode: what takes lithium up behind the potentials p_k of its
// particles.
//
// A host tells, for trial potentials at the end of a step, its current per particle and the slope dI/dp; the circuit
// around it finds the potentials, and `accept` books the step. The current is the derivative of the lithium by the
// formula of the step (sim/step_scheme.hpp),
//   I = -F c_max V (now ΔY - before ΔY_last)/dt,    ΔY change of the mean filling, summed over the lattices,
// so that the charge booked with the same formula is -F ΔN to round-off, whatever inner steps the particles take.
// Anodic positive; A, V, s, mol.
#pragma once

#include <span>
#include <vector>

#include "models/particle/phase_field_integrator.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::models {

class PhaseFieldHost {
 public:
  struct State {
    PhaseFieldState particles;
    std::vector<double> exchange;  ///< per lane: ΔY of the last step
  };
  struct Step {
    double time = 0.0, dt = 0.0;
    sim::StepScheme scheme;             ///< backward Euler: behind a corner or a jump
    double electrolyte_activity = 1.0;  ///< a_e
  };

  /// area (m²) of each particle's whole surface. Throws InputError as PhaseFieldModel does.
  PhaseFieldHost(PhaseFieldSpec spec, std::span<const double> area);

  [[nodiscard]] const PhaseFieldModel& model() const { return model_; }
  [[nodiscard]] State rest(double filling, double E_vs_Li) const;
  [[nodiscard]] double lithium(const State& state, std::size_t particle) const;
  [[nodiscard]] double capacity(std::size_t particle) const;
  /// C per unit of ΔY: F c_max V.
  [[nodiscard]] std::span<const double> full_charge() const { return full_charge_; }

 private:
  PhaseFieldModel model_;
  std::vector<double> full_charge_;  // per lane
};

/// The work space of a step. Spans are as long as there are lanes; lanes beyond the particles carry nothing.
class PhaseFieldHostSolver {
 public:
  /// Keeps a reference to the host.
  explicit PhaseFieldHostSolver(const PhaseFieldHost& host);

  /// `state` must stay as it is until `accept`.
  void begin(const PhaseFieldHost::State& state, const PhaseFieldHost::Step& step);
  /// Adds current and slope at the potentials p.
  void linearise(std::span<const double> p, std::span<double> current, std::span<double> conductance);
  /// The potentials moved by dp.
  void update(std::span<const double> dp) { integrator_.move(dp); }
  /// Books the step and returns the summed current.
  double accept(PhaseFieldHost::State& state);

  [[nodiscard]] const PhaseFieldIntegrator& integrator() const { return integrator_; }

 private:
  [[nodiscard]] double current_of(std::size_t lane) const;

  const PhaseFieldHost* host_;
  PhaseFieldIntegrator integrator_;
  const PhaseFieldHost::State* from_ = nullptr;
  PhaseFieldHost::Step step_;
};

}  // namespace seccm::models
