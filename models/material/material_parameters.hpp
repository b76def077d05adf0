// The host material, LixTiO2: thermodynamics, transport and interfacial kinetics. Section [material] of a scenario.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "sim/parameter.hpp"

namespace seccm::models {

/// Open-circuit potential laws, see models/material/open_circuit.hpp.
enum class IsothermKind { ideal, frumkin, anatase_plateau };
inline constexpr std::array<std::string_view, 3> isotherm_names{"ideal", "frumkin", "anatase_plateau"};

/// One D; one for each direction of the cluster's net lithium flux; or a D(y), see models/material/diffusivity.hpp.
enum class DiffusionKind { single, per_direction, table, exponential, thermodynamic };
inline constexpr std::array<std::string_view, 5> diffusion_names{"single", "per_direction", "table", "exponential",
                                                                 "thermodynamic"};

/// Rate laws of the insertion, see models/material/rate_law.hpp.
enum class KineticsKind { butler_volmer, marcus_hush_chidsey };
inline constexpr std::array<std::string_view, 2> kinetics_names{"butler_volmer", "marcus_hush_chidsey"};

/// kg = V A s^3 m^-2 in the base units of sim/quantity.hpp.
using Density = Quantity<Dimension{.length = -10, .time = 6, .potential = 2, .current = 2}>;
using Energy = Quantity<Dimension{.time = 2, .potential = 2, .current = 2}>;
using ArealResistance = Quantity<Dimension{.length = 4, .potential = 2, .current = -2}>;
using MolarMass = Quantity<Dimension{.amount = -2, .length = -4, .time = 6, .potential = 2, .current = 2}>;

struct MaterialParameters {
  IsothermKind law = IsothermKind::ideal;
  Potential E0{1.80};                ///< vs Li/Li+, half filling or plateau
  double g = 0.0;                    ///< Frumkin interaction; > 0 repulsive, > -4
  double plateau_solubility = 0.04;  ///< y at the lithium-poor end of the plateau
  Concentration c_max{2.4e4};        ///< lithium at y = 1
  double x_max = 0.5;                ///< x in LixTiO2 at y = 1
  DiffusionKind diffusion = DiffusionKind::single;
  Diffusivity D = 1e-13 * unit::cm2_per_s;
  Diffusivity D_intercalation = 2e-14 * unit::cm2_per_s;
  Diffusivity D_deintercalation = 3e-15 * unit::cm2_per_s;
  double D_exponent = 1.017;             ///< k of D(y) = D e^(k y)
  std::vector<Dimensionless> D_table_y;  ///< fillings of the table, rising
  std::vector<Diffusivity> D_table;      ///< D at those fillings
  KineticsKind kinetics = KineticsKind::butler_volmer;
  Velocity k0 = 2e-9 * unit::cm_per_s;
  double alpha = 0.5;                                                  ///< transfer coefficient of the reduction
  Energy reorganisation_energy{0.213 * constants::elementary_charge};  ///< λ of marcus_hush_chidsey
  ArealResistance film_resistance{0.0};                                ///< per wetted area
  bool second_process = false;                                         ///< sites between Li0.5 and Li1
  Potential second_E0{1.54};
  Diffusivity second_D = 1e-17 * unit::cm2_per_s;
  Velocity second_k0 = 3.5e-10 * unit::cm_per_s;

  static void visit(ParameterVisitor& v, MaterialParameters& p);
};

/// Named sets of true transport and kinetic constants.
///   reconciled     one D of 1e-13 cm^2/s (single-crystal decade) with k0 = 2e-9 cm/s: of the range 3.5e-10 .. 2e-9 the
///   end
///                  that puts the cathodic peak at 50 mV/s to 1.50 V, where the reference measurement has it
///   paper_literal  D_in 2e-14, D_out 3e-15 cm^2/s, per direction, k0 = 3.5e-10 cm/s
/// Throws InputError for another name.
void apply_truth_set(std::string_view name, MaterialParameters& material);
std::span<const std::string_view> truth_set_names();

}  // namespace seccm::models
