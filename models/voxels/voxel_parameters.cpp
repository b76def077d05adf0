#include "models/voxels/voxel_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/particle/particle_parameters.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

void visit_image(ParameterVisitor& v, VoxelParameters& p) {
  v({.key = "source",
     .source = "docs/physics-voxels.md",
     .text = "Job simulate: the label image that takes the place of the particles of [cell]: none; a packing of [cell] "
             "particles; a dense polycrystal of as many grains and the same volume; one sphere; a box; a TIFF stack"},
    voxel_source_names, p.source);
  v({.key = "file",
     .source = "scenario",
     .text = "TIFF stack of source = file: one page per plane from the gold upwards, 8 or 16 bit grey, 0 electrolyte, "
             "1.. grains"},
    p.file);
  v({.key = "voxel",
     .unit = "nm",
     .low = 1e-3,
     .high = 1e6,
     .grade = Grade::choice,
     .source = "four or more to the diffusion layer",
     .text = "Edge of a voxel"},
    p.voxel);
  v({.key = "box",
     .unit = "nm",
     .low = 1e-3,
     .high = 1e7,
     .source = "scenario",
     .text = "Edges x, y, z of source = box, rounded to whole voxels"},
    p.box);
  v({.key = "neck_ratio",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "0: particles that touch in points",
     .text = "Radius of the necks between touching particles of source = packing over that of the smaller one"},
    p.neck_ratio);
}

void visit_transport(ParameterVisitor& v, VoxelParameters& p) {
  v({.key = "grain_D",
     .unit = "cm^2/s",
     .source = "scenario",
     .text = "Diffusion coefficients of the grains of label 1, 2, ...; grains beyond the list have [material] D"},
    p.grain_D);
  v({.key = "D_spread",
     .low = 0,
     .high = 5,
     .grade = Grade::choice,
     .source = "0: all grains alike",
     .text = "Standard deviation of ln D over the grains without an entry in grain_D"},
    p.D_spread);
  v({.key = "anisotropy",
     .low = 1e-6,
     .high = 1e6,
     .grade = Grade::verified,
     .source = "Hengerer 2000: D along c 2 times that of (101)",
     .text = "Factors on D along the crystal axes a, b, c"},
    p.anisotropy);
  v({.key = "orientation",
     .source = "docs/physics-voxels.md",
     .text = "Crystal axes along x, y, z in every grain, or in a random order of the three in each"},
    grain_orientation_names, p.orientation);
  v({.key = "boundary_width",
     .unit = "nm",
     .low = 0,
     .high = 1e6,
     .grade = Grade::choice,
     .source = "0: no barrier; structural width of a grain boundary 0.5-1 nm",
     .text = "Width of the boundary between two grains, for its resistance width/boundary_D"},
    p.boundary_width);
  v({.key = "boundary_D",
     .unit = "cm^2/s",
     .low = 0,
     .high = 1e-4,
     .grade = Grade::recalled,
     .source = "no value known; crossing a boundary limits the macroscopic rate (Wagemaker 2001)",
     .text = "Diffusion coefficient across the boundary between two grains; 0 seals it (width above 0)"},
    p.boundary_D);
}

void visit_wetting(ParameterVisitor& v, VoxelParameters& p) {
  v({.key = "border",
     .source = "docs/physics-voxels.md",
     .text = "Outer faces of the image against electrolyte where a grain reaches them: none, the top, all but the gold "
             "plane z = 0, all"},
    image_border_names, p.border);
  v({.key = "enclosed_pores_dry",
     .source = "docs/physics-voxels.md",
     .text = "Pores that no path of voxels joins to the border of the image hold no electrolyte"},
    p.enclosed_pores_dry);
  v({.key = "gold_label",
     .low = 0,
     .high = 65535,
     .source = "scenario",
     .text = "Label that is gold: stores no lithium, wets nothing; 0: none"},
    p.gold_label);
}

[[noreturn]] void refuse(const std::string& what, const std::string& remedy) {
  throw InputError(fmt::format("voxels: {}: resolved voxels do not have it; {}", what, remedy));
}

/// Whatever would otherwise be left out in silence.
void require_resolvable(const CellScenarioParameters& cell, const CellSections& sections) {
  if (sections.particle.model != ParticleModel::fick)
    refuse("[particle] model other than \"fick\"", "accepted is \"fick\"");
  if (sections.surface_redox.enabled) refuse("[surface_redox] enabled", "accepted is false");
  if (sections.water_reduction.enabled && cell.gold_area.si() > 0.0)
    refuse("[water_reduction] enabled", "accepted is false, or [cell] gold_area = 0");
  if (cell.contact_resistance.si() > 0.0)
    refuse(fmt::format("[cell] contact_resistance = {} Ohm", cell.contact_resistance.si()),
           "all grains are at one potential; accepted is 0, with [cell] series_resistance for what they share");
  if (cell.wetted_fraction != 1.0)
    refuse(fmt::format("[cell] wetted_fraction = {}", cell.wetted_fraction),
           "the image says what is wetted; accepted is 1");
}

int whole(Length length, Length voxel) {
  const double n = std::round(length.si() / voxel.si());
  return static_cast<int>(std::clamp(n, 1.0, 1e6));
}

LabelImage image_of(const VoxelParameters& p, const CellScenarioParameters& cell, const CellSections& sections,
                    std::uint64_t seed, std::optional<LabelImage> stack) {
  const double h = p.voxel.si();
  const std::vector<double> radii = radii_of(cell.radius.si(), sections.particle.radius_spread, cell.particles);
  RandomStream random(seed, "resolved cluster");
  switch (p.source) {
    case VoxelSource::packing:
      return packing_image(deposit_pile(radii, {}, random), h,
                           {.neck_ratio = p.neck_ratio, .neck_gap = 1e-3 * cell.radius.si()});
    case VoxelSource::polycrystal: {
      double cubes = 0.0;
      for (const double r : radii) cubes += r * r * r;
      return polycrystal_image(std::cbrt(2.0 * cubes), cell.particles, h, random);
    }
    case VoxelSource::sphere:
      return sphere_image(cell.radius.si(), h);
    case VoxelSource::box: {
      if (p.box.size() != 3) {
        throw InputError(fmt::format("voxels.box has {} lengths; accepted are three, x, y, z", p.box.size()));
      }
      const std::array<int, 3> cells{whole(p.box[0], p.voxel), whole(p.box[1], p.voxel), whole(p.box[2], p.voxel)};
      check_image_size(cells[0], cells[1], cells[2]);
      return box_image(cells, h);
    }
    case VoxelSource::file:
      if (stack) {
        stack->edge = h;
        return std::move(*stack);
      }
      break;
    case VoxelSource::none:
      break;
  }
  throw InputError("voxels.source: there is no image");
}

std::vector<std::array<double, 3>> grains_of(const VoxelParameters& p, double D, std::size_t labels,
                                             std::uint64_t seed) {
  if (p.anisotropy.size() != 3)
    throw InputError(fmt::format("voxels.anisotropy has {} factors; accepted are three", p.anisotropy.size()));
  constexpr std::array<std::array<std::size_t, 3>, 6> orders{
      {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
  std::vector<std::array<double, 3>> grains(labels);
  for (std::size_t k = 0; k < labels; ++k) {
    RandomStream random(seed, "transport of a grain", k);
    const double own = k < p.grain_D.size() ? p.grain_D[k].si() : random.lognormal(D, p.D_spread);
    const auto& order = orders[p.orientation == GrainOrientation::permuted ? random.below(6) : 0];
    for (std::size_t a = 0; a < 3; ++a) grains[k][a] = own * p.anisotropy[order[a]].si();
  }
  return grains;
}

}  // namespace

void VoxelParameters::visit(ParameterVisitor& v, VoxelParameters& p) {
  visit_image(v, p);
  visit_transport(v, p);
  visit_wetting(v, p);
}

VoxelSpec assemble_voxels(const VoxelParameters& voxels, const CellScenarioParameters& cell,
                          const CellSections& sections, const ProgramParameters& program, std::uint64_t seed,
                          std::optional<LabelImage> stack) {
  require_resolvable(cell, sections);
  const CellSpec resolved = assemble_cell(cell, sections, program);
  VoxelSpec spec;
  spec.image = image_of(voxels, cell, sections, seed, std::move(stack));
  spec.grain_D = grains_of(voxels, resolved.material.D.si(), largest_label(spec.image), seed);
  if (voxels.boundary_width.si() > 0.0) spec.boundary_resistance = voxels.boundary_width.si() / voxels.boundary_D.si();
  spec.gold_label = voxels.gold_label;
  spec.border = voxels.border;
  spec.enclosed_pores_dry = voxels.enclosed_pores_dry;
  spec.material = resolved.material;
  spec.layer_capacitance = sections.double_layer.titania.si();
  spec.gold_capacitance = sections.double_layer.gold.si() * cell.gold_area.si();
  spec.series_resistance = resolved.series_resistance;
  spec.stray_capacitance = resolved.stray_capacitance;
  spec.initial_filling = cell.initial_filling;
  spec.temperature = resolved.temperature;
  spec.numerics = resolved.numerics;
  return spec;
}

}  // namespace seccm::models
