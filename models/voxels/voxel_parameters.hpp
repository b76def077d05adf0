// Section [voxels]: a cluster resolved in three dimensions, in place of the particles of [cell].
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/cell/cell_scenario.hpp"
#include "models/voxels/voxel_spec.hpp"
#include "sim/parameter.hpp"

namespace seccm::models {

/// Where the label image comes from. packing: [cell] particles of the median radius [cell] radius, settled on gold.
/// polycrystal: as many grains in dense half a ball of the same volume. sphere: one of [cell] radius. box: fills its
/// image. file: a TIFF stack.
enum class VoxelSource { none, packing, polycrystal, sphere, box, file };
inline constexpr std::array<std::string_view, 6> voxel_source_names{"none",   "packing", "polycrystal",
                                                                    "sphere", "box",     "file"};

/// How the crystal axes of the grains lie. permuted: x, y, z of the crystal along a random order of the axes.
enum class GrainOrientation { aligned, permuted };
inline constexpr std::array<std::string_view, 2> grain_orientation_names{"aligned", "permuted"};

struct VoxelParameters {
  VoxelSource source = VoxelSource::none;
  std::string file;
  Length voxel = 1.0 * unit::nm;
  std::vector<Length> box{Length(10e-9), Length(10e-9), Length(25e-9)};
  double neck_ratio = 0.0;
  std::vector<Diffusivity> grain_D;
  double D_spread = 0.0;
  std::vector<Dimensionless> anisotropy{Dimensionless(1.0), Dimensionless(1.0), Dimensionless(1.0)};
  GrainOrientation orientation = GrainOrientation::aligned;
  Length boundary_width{0.0};
  Diffusivity boundary_D = 1e-13 * unit::cm2_per_s;
  ImageBorder border = ImageBorder::above_gold;
  bool enclosed_pores_dry = true;
  int gold_label = 0;

  static void visit(ParameterVisitor& v, VoxelParameters& p);
};

/// The cluster that the sections of a scenario describe. `stack` is the image of source = file. Throws InputError for
/// anything in the other sections that resolved voxels do not have.
VoxelSpec assemble_voxels(const VoxelParameters& voxels, const CellScenarioParameters& cell,
                          const CellSections& sections, const ProgramParameters& program, std::uint64_t seed,
                          std::optional<LabelImage> stack = {});

}  // namespace seccm::models
