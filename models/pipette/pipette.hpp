// Resistance of a conical pipette and steady and transient diffusion in it. Coherent SI; angles in rad.
//
// Geometry: half cone angle θ, opening radius a. A spherical cap through the rim about the apex of the cone has radius
// ρ₁ = a/sin θ and solid angle Ω = 2π(1 - cos θ); between two such caps the field is purely radial, so that these
// results are exact for an interface of that cap shape:
//   R     = 1/(κ Ω) (1/ρ₁ - 1/ρ₂)            resistance;      ρ₂ -> ∞ : 1/(2π κ a tan(θ/2))
//   i_lim = n F D c Ω ρ₁ = 2π n F D c a tan(θ/2)               limiting current;  i_lim/(4nFDca) = (π/2) tan(θ/2)
//   i(t)  = i_lim [1 + ρ/√(π D t)]                              after a step to the limiting potential
// Validity: infinite cone (a pipette is one while ρ₂ >> ρ₁), no migration (excess salt), flat or capped interface
// within a. Sources: Anderson & Edwards, Anal. Chem. 2023, 10.1021/acs.analchem.3c00216; echemtips; Hall 1975; Shoup &
// Szabo 1982. Every function throws InputError for a non-positive or non-finite argument and for θ outside (0, π/2).
#pragma once

#include "models/pipette/pipette_parameters.hpp"

namespace seccm::models {

/// Ohm: 1/(2π κ a tan(θ/2)), infinite cone with a spherical-cap opening.
double cone_resistance(double conductivity, double radius, double half_angle);
/// Ohm: 1/(π κ a tan θ), the usual approximation by a stack of discs.
double cone_resistance_discs(double conductivity, double radius, double half_angle);
/// Ohm: a truncated cone between spherical caps, `length` along the axis.
double truncated_cone_resistance(double conductivity, double radius, double half_angle, double length);
/// Ohm: the stack of discs with ends r1 and r2: l/(π κ r1 r2).
double truncated_cone_resistance_discs(double conductivity, double r1, double r2, double length);
/// Ohm: 1/(4 κ a), a disc opening to a half space (Hall 1975).
double access_resistance(double conductivity, double radius);

/// Which radius the sphere through the opening gets (names of echemtips): i_lim = n F D c Ω ρ.
enum class ConeRadius {
  cap,             ///< R1: ρ = a/sin θ (exact)
  flat,            ///< R2: ρ = a/tan θ
  below_meniscus,  ///< R3: ρ = a/sin θ - h/cos θ, h the height of the meniscus
};
/// ρ in m. Throws InputError if h leaves no radius.
double cone_equivalent_radius(double radius, double half_angle, ConeRadius form = ConeRadius::cap,
                              double meniscus_height = 0.0);
/// A, magnitude for n = 1.
double cone_limiting_current(double diffusivity, double concentration, double radius, double half_angle,
                             ConeRadius form = ConeRadius::cap, double meniscus_height = 0.0);
/// A: i_lim [1 + ρ/√(π D t)].
double cone_step_current(double limiting_current, double equivalent_radius, double diffusivity, double time);
/// A: 4 F D c a.
double microdisc_limiting_current(double diffusivity, double concentration, double radius);
/// i/(4nFDca) at τ = 4 D t/a²: π/4 + √π/2 τ^-1/2 + (1 - π/4) exp(-0.7823 τ^-1/2) (Shoup & Szabo 1982, within 0.6 %).
double shoup_szabo(double tau);
/// A: limiting current of Li+ at the opening, 2π F D c a tan(θ/2)/(1 - t+).
double lithium_limiting_current(const PipetteParameters& pipette, const ElectrolyteParameters& electrolyte);
/// Ohm between the barrel and the surface: the truncated cone plus the cylinder of liquid of the meniscus height below
/// it.
double solution_resistance(const PipetteParameters& pipette, const ElectrolyteParameters& electrolyte,
                           double meniscus_height, double footprint_diameter);

}  // namespace seccm::models
