// What the current of an ensemble can be differentiated by.
//
//   ln_D, ln_k0        A          di/d ln D, di/d ln k0
//   ln_radius          A          with everything that follows the radius of a sphere: area, current, double layer
//   ln_area            A          the exchanging area alone (number of particles), at a fixed double layer
//   E0                 A/V
//   alpha, g           A
//   resistance         A/Ohm
//   capacitance        A/F
//
// The derivatives are those of the discrete recurrence, not of its limit: to round-off they are what differences of two
// runs on the same mesh and steps tend to.
#pragma once

#include <array>
#include <string_view>

#include "sim/radial_mesh.hpp"

namespace seccm::models {

enum class EnsembleParameter { ln_D, ln_k0, ln_radius, ln_area, E0, alpha, g, resistance, capacitance };
inline constexpr std::array<std::string_view, 9> ensemble_parameter_names{
    "ln_D", "ln_k0", "ln_radius", "ln_area", "E0", "alpha", "g", "resistance", "capacitance"};
inline constexpr std::array<std::string_view, 9> ensemble_slope_units{"A", "A", "A",     "A",  "A/V",
                                                                      "A", "A", "A/Ohm", "A/F"};

/// How a parameter enters the step: the derivatives of its coefficients.
struct TangentSeed {
  double ln_lambda = 0.0;         ///< of λ = R²/(D dt)
  double ln_flux_scale = 0.0;     ///< of R/D
  double ln_current_scale = 0.0;  ///< of F c_max A
  double ln_capacitance = 0.0;    ///< of the particles' double layer
  double capacitance = 0.0;       ///< of the whole one, F
  double resistance = 0.0;
  double ln_rate = 0.0;
  double E0 = 0.0;
  double alpha = 0.0;
  double g = 0.0;
};
TangentSeed seed_of(EnsembleParameter parameter, sim::Geometry geometry);

}  // namespace seccm::models
