// Steady wave of ferrocene in a conical pipette: Fc -> Fc+ + e-, anodic current positive.
//
//   i/i_lim = e^{α ξ}/(m/k0 + e^{α ξ} + e^{-(1-α) ξ}),   ξ = F (E - E0')/(R T),   m = i_lim/(F π a_f² c)
//
// E, E0' in V vs Li/Li+; α of the oxidation; m mass transfer coefficient at the footprint of radius a_f (m/s); k0 in
// m/s; equal D of both forms. k0 -> ∞: the Nernstian wave 1/(1 + e^{-ξ}), E1/2 = E0'. Small k0: E1/2 = E0' + (RT/αF)
// ln(m/k0). Quasi-steady: exact while ρ²/D << RT/(F v); `cone_step_current` gives the transient that it leaves out.
// Throws InputError for parameters out of range.
#pragma once

#include "models/pipette/pipette_parameters.hpp"

namespace seccm::models {

class ConeFerroceneWave {
 public:
  ConeFerroceneWave(const PipetteParameters& pipette, const ElectrolyteParameters& electrolyte,
                    double footprint_diameter, double temperature);

  [[nodiscard]] double limiting_current() const { return limiting_current_; }        ///< A
  [[nodiscard]] double mass_transfer_coefficient() const { return mass_transfer_; }  ///< m, m/s
  [[nodiscard]] double equivalent_radius() const { return equivalent_radius_; }      ///< ρ, m
  [[nodiscard]] double response_time() const { return response_time_; }              ///< ρ²/D, s
  /// Steady current, A.
  [[nodiscard]] double current(double E_vs_Li) const;
  /// dI/dE, S (for implicit circuits).
  [[nodiscard]] double conductance(double E_vs_Li) const;
  /// Half-wave potential, V vs Li/Li+: i = i_lim/2 (for the reversible case E0').
  [[nodiscard]] double half_wave_potential() const;

 private:
  double limiting_current_;
  double mass_transfer_;
  double equivalent_radius_;
  double response_time_;
  double standard_potential_;
  double ratio_;  // m/k0
  double alpha_;
  double f_;  // F/RT
};

}  // namespace seccm::models
