// Properties of a binary lithium salt against its concentration c.
//
//   constant      D, κ, t+, Γ as given
//   dilute        D, t+ as given, κ = κ0 c/c0, Γ = 1: the Nernst-Planck limit with the measured κ0 at c0
//   landesfeind   LiPF6 in EC:EMC 3:7 by mass, fits in c (mol/L) and T (K) of Landesfeind and Gasteiger, J.
//   Electrochem.
//                 Soc. 166 (2019) A3079, measured from about 0.1 to 3 mol/L:
//     κ  = p1 (1 + T - p2) c [1 + p3 √c + p4 (1 + p5 e^(1000/T)) c]/[1 + p6 c⁴ e^(1000/T)]       mS/cm
//     D  = p1 e^(p2 c) e^(p3/T) e^(p4 c/T) 1e-10                                                 m²/s
//     t+, Γ = p1 + p2 c + p3 T + p4 c² + p5 c T + p6 T² + p7 c³ + p8 c² T + p9 c T²
//
// κ conductivity (S/m), D salt diffusivity (m²/s), t+ cation transference number, Γ = 1 + dln f±/dln c thermodynamic
// factor. Relative to the reference concentration c0 (where the quasi-reference electrode sits):
//
//   ln a = ∫ Γ dln c                                   mean activity, from c0 to c
//   E_d  = (RT/F) ∫ (1 - 2 t+) Γ dln c                 diffusion potential, V: the solution at c against that at c0
//
// An electrode that exchanges Li+ at c against one at c0 shows (RT/F) ln a + E_d = (2RT/F) ∫ (1 - t+) Γ dln c.
// Both integrals are closed forms. Throws InputError for properties out of range.
#pragma once

#include <array>

#include "models/electrolyte/electrolyte_transport_parameters.hpp"
#include "models/pipette/pipette_parameters.hpp"

namespace seccm::models {

class SaltProperties {
 public:
  SaltProperties(const ElectrolyteParameters& electrolyte, double temperature);

  [[nodiscard]] double diffusivity(double c) const;   ///< m²/s; c in mol/m³
  [[nodiscard]] double conductivity(double c) const;  ///< S/m
  [[nodiscard]] double transference(double c) const;
  [[nodiscard]] double thermodynamic_factor(double c) const;
  /// d/dc of the first three, per mol/m³.
  [[nodiscard]] double diffusivity_slope(double c) const;
  [[nodiscard]] double conductivity_slope(double c) const;
  [[nodiscard]] double transference_slope(double c) const;
  /// ln of the mean activity at c over that at the reference concentration; c > 0.
  [[nodiscard]] double log_activity(double c) const;
  /// Diffusion potential of the solution at c against the reference concentration, V; c > 0.
  [[nodiscard]] double diffusion_potential(double c) const;

  [[nodiscard]] double reference() const { return reference_; }  ///< c0, mol/m³
  [[nodiscard]] SaltLaw law() const { return law_; }

 private:
  static constexpr std::size_t terms = 7;
  using Polynomial = std::array<double, terms>;  ///< in c, mol/L

  [[nodiscard]] static double value(const Polynomial& p, double c);
  [[nodiscard]] static double slope(const Polynomial& p, double c);
  /// ∫ p(c) dln c from the reference to c.
  [[nodiscard]] double integral(const Polynomial& p, double c) const;

  SaltLaw law_;
  double temperature_;
  double reference_;
  double D_, kappa_;
  Polynomial transference_{}, factor_{}, junction_{};  ///< t+, Γ, (1 - 2t+) Γ
};

}  // namespace seccm::models
