// A cluster of particles resolved in voxels, with lithium that moves in three dimensions. Plain values; `VoxelGrid` and
// `VoxelCluster` check them.
//
//   ∂y/∂t = ∇·(D ∇y)                       in each grain, D diagonal in the axes of the image, one per grain
//   N     = P (y_a - y_b)                   across the boundary of two grains (P = D_boundary/width; infinite: none)
//   N     = k0 [ y_s κ_out - (1-y_s) κ_in ] on wetted faces, outwards positive (models/material/rate_law.hpp)
//   E - φ = R_series i_φ,  i_φ = F c_max ∫ N dA + C_dl dφ/dt,  i = i_φ + C_stray dE/dt
//
// y = c/c_max. All grains are at the one potential φ. Anodic current positive.
#pragma once

#include <array>
#include <limits>
#include <string_view>
#include <vector>

#include "models/cell/cell_spec.hpp"
#include "models/voxels/label_image.hpp"

namespace seccm::models {

/// Which outer faces of the image lie against electrolyte; the others are closed (mirror planes).
enum class ImageBorder { closed, top, above_gold, all };
inline constexpr std::array<std::string_view, 4> image_border_names{"closed", "top", "above_gold", "all"};

struct VoxelSpec {
  LabelImage image;
  std::vector<std::array<double, 3>> grain_D;  ///< m^2/s along x, y, z, of labels 1, 2, ...
  double boundary_resistance = 0.0;            ///< 1/P, s/m; infinite: nothing passes
  int gold_label = 0;                          ///< label that stores nothing and is dry; 0: none
  ImageBorder border = ImageBorder::above_gold;
  bool enclosed_pores_dry = true;  ///< electrolyte that no path of voxels joins to the border of the image is none

  MaterialParameters material;     ///< isotherm, k0, alpha, c_max; its D is not used
  double layer_capacitance = 0.0;  ///< F/m^2 of wetted area
  double gold_capacitance = 0.0;   ///< F, beside the grains
  double series_resistance = 0.0;  ///< Ohm
  double stray_capacitance = 0.0;  ///< F
  double initial_filling = 0.0;
  double temperature = 298.15;
  NumericsParameters numerics;
};

}  // namespace seccm::models
