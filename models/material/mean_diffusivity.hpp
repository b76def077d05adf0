// One number per direction that stands for a D which depends on the filling: what a method that gives one D can be held
// against.
//
//   single, per_direction   the material's own
//   D(y)                    Crank's means for a layer that starts empty (full) and whose surface is kept full (empty):
//                             uptake   (5/3)  ∫ y^(2/3) D(y) dy
//                             release  1.85   ∫ (1 - y)^0.85 D(y) dy,      0 <= y <= 1
//                           the constant D with the same initial rate of uptake or release: to 1 % for D that rises
//                           tenfold over the range, 2 % for one that falls e-fold, 6 % for one that falls tenfold.
//   phase field             D0 of the mobility in front of grad μ; the chemical diffusivity is negative between phases
//
// J. Crank, The Mathematics of Diffusion, 2nd ed. (1975), section 10.6.
#pragma once

#include <string_view>

#include "models/material/material_parameters.hpp"

namespace seccm::models {

struct MeanDiffusivity {
  double uptake = 0.0, release = 0.0;  ///< m^2/s
  std::string_view meaning;            ///< for people
};

/// `separates`: the particles are phase fields.
MeanDiffusivity mean_diffusivity(const MaterialParameters& material, bool separates);

}  // namespace seccm::models
