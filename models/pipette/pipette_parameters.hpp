// The [pipette] and [electrolyte] sections.
#pragma once

#include "models/electrolyte/electrolyte_transport_parameters.hpp"
#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

/// A single-barrel pipette: a truncated cone of half angle θ that opens at a circular aperture.
struct PipetteParameters {
  Length diameter = 1.0 * unit::um;                      ///< inner diameter of the opening
  double half_cone_angle = 7.5 * constants::pi / 180.0;  ///< rad; "7.5 deg" in a scenario
  double wall_ratio = 1.4;                               ///< outer / inner diameter at the opening
  Length cone_length = 3.0e-3 * unit::m;                 ///< filled taper behind the opening

  [[nodiscard]] double radius() const { return 0.5 * diameter.si(); }          ///< a, m
  [[nodiscard]] double outer_radius() const { return radius() * wall_ratio; }  ///< m

  static void visit(ParameterVisitor& v, PipetteParameters& p);
};

/// 1 M LiPF6 in EC:EMC 1:1 by volume, with ferrocene as internal potential standard.
struct ElectrolyteParameters {
  Conductivity conductivity = 0.95 * unit::S_per_m;
  Concentration salt_concentration = 1.0 * unit::mol_per_L;
  Diffusivity salt_diffusivity = 2.5e-6 * unit::cm2_per_s;
  double transference_number = 0.25;  ///< t+ of Li+
  Concentration ferrocene_concentration = 3e-3 * unit::mol_per_L;
  Diffusivity ferrocene_diffusivity = 1.5e-6 * unit::cm2_per_s;
  Potential ferrocene_potential = 3.25 * unit::V;           ///< E0'(Fc/Fc+) vs Li/Li+
  Velocity ferrocene_rate_constant = 0.1 * unit::cm_per_s;  ///< k0
  double ferrocene_transfer_coefficient = 0.5;              ///< of the oxidation
  SaltTransportParameters salt;

  static void visit(ParameterVisitor& v, ElectrolyteParameters& p);
};

}  // namespace seccm::models
