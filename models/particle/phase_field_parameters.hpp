// Parameters of the Cahn-Hilliard reaction model. Section [phase_field] of a scenario; transport, kinetics and plateau
// potentials are those of [material] (D, k0, alpha, E0 for the first lattice, second_* for the second).
//
// Size of the miscibility gap: the solubility of the lithium-poor phase rises as particles shrink (Wagemaker 2007). The
// law used here lets the interaction fall with the diameter d,
//   Ω(d) = Ω (1 - d0/d),  not below 0,
// with d0 = 3 nm: Ω/kT = 2.4 at 10 nm, 3.2 at 50 nm, no gap (Ω < 2 kT) below 7 nm. Grade R: it reproduces the trend,
// the measured numbers could not be read.
#pragma once

#include <array>
#include <string_view>

#include "sim/parameter.hpp"

namespace seccm::models {

using GradientEnergy = Quantity<Dimension{.length = -2, .time = 2, .potential = 2, .current = 2}>;  // J/m
using SurfaceEnergy = Quantity<Dimension{.length = -4, .time = 2, .potential = 2, .current = 2}>;   // J/m^2
using Pressure = Quantity<Dimension{.length = -6, .time = 2, .potential = 2, .current = 2}>;        // Pa

/// What the surface prefers. none: dy/dn = 0; energy: a constant dγ_s/dy; filling: pulled to wetting_filling.
enum class WettingKind { none, energy, filling };
inline constexpr std::array<std::string_view, 3> wetting_names{"none", "energy", "filling"};

struct PhaseFieldParameters {
  double omega = 3.45;  ///< Ω/kT of the first lattice at the cell's temperature, bulk; > 2 has a miscibility gap
  double omega_second = 3.45;  ///< the same of the second lattice
  double coupling = 0.0;       ///< Ω_c/kT: energy Ω_c y1 y2 per site
  bool size_dependent = false;
  Length size_length = 3.0 * unit::nm;  ///< d0
  GradientEnergy kappa{1.0e-10};
  Pressure coherency{0.0};  ///< B
  WettingKind wetting = WettingKind::none;
  SurfaceEnergy wetting_energy{0.0};  ///< dγ_s/dy; < 0: lithium-rich phase wets the surface
  double wetting_filling = 0.98;
  Length wetting_length = 0.05 * unit::nm;  ///< ℓ of dy/dn = (wetting_filling - y)/ℓ
  Length node_spacing{0.0};                 ///< 0: half the interface width of the most strongly separating particle
  double tolerance = 1e-4;                  ///< local error in y of one inner step

  static void visit(ParameterVisitor& v, PhaseFieldParameters& p);
};

/// Ω/kT of a particle of diameter d (m), lattice 0 or 1.
double interaction_of(const PhaseFieldParameters& p, int lattice, double diameter);

}  // namespace seccm::models
