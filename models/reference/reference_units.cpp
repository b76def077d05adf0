#include "models/reference/reference_units.hpp"

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/material/diffusivity.hpp"
#include "models/reference/salt_block.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

/// The D of the scale of a flux.
double typical_diffusivity(const MaterialParameters& material) {
  switch (material.diffusion) {
    case DiffusionKind::per_direction:
      return std::max(material.D_intercalation.si(), material.D_deintercalation.si());
    case DiffusionKind::table:
    case DiffusionKind::exponential:
    case DiffusionKind::thermodynamic:
      return VariableDiffusivity(material).at(0.5).value;
    case DiffusionKind::single:
      break;
  }
  return material.D.si();
}

}  // namespace

ReferenceUnits reference_units(const CellSpec& spec, double scan_rate) {
  return reference_units(ReferenceSpec{spec, std::nullopt}, scan_rate);
}

ReferenceUnits reference_units(const ReferenceSpec& whole, double scan_rate) {
  const CellSpec& spec = whole.cell;
  const double f = constants::faraday / (constants::gas * spec.temperature);
  const double sigma = f * std::max(scan_rate, 1e-12);
  const double m = sim::dimension_of(spec.geometry);
  const auto peak_flux = [&](double D, double R) {
    return std::min(0.45 * std::sqrt(D * sigma), 0.25 * R / m * sigma);  // semi-infinite, thin layer
  };
  ReferenceUnits units;
  units.scan_rate = std::max(scan_rate, 1e-12);
  double current = spec.ferrocene.i_lim + spec.double_layer.gold.si() * spec.gold_area * scan_rate;
  if (spec.water.enabled) current += spec.water.charge.si() * spec.gold_area * scan_rate / spec.water.width.si();
  for (const CellParticle& particle : spec.particles) {
    const double area = area_of(spec, particle.radius);
    units.flux.push_back(peak_flux(typical_diffusivity(spec.material), particle.radius));
    units.second_flux.push_back(peak_flux(spec.material.second_D.si(), particle.radius));
    if (particle.wetted_fraction == 0.0) continue;
    units.intercalation += constants::faraday * spec.material.c_max.si() * area * units.flux.back();
    current += spec.double_layer.titania.si() * area * particle.wetted_fraction * scan_rate;
  }
  if (const auto& voxels = whole.voxels) {
    double D = 0.0;
    for (const auto& grain : voxels->grain_D) D = std::max(D, *std::max_element(grain.begin(), grain.end()));
    const double area = voxels->grid->wetted_area();
    units.flux.push_back(peak_flux(D, m * voxels->grid->volume() / area));
    units.intercalation = constants::faraday * spec.material.c_max.si() * area * units.flux.back();
    current += spec.double_layer.titania.si() * area * scan_rate;
  }
  current += units.intercalation;
  units.resistance = whole.liquid && whole.moves_salt() ? resistance_at_rest(*whole.liquid, spec.series_resistance)
                                                        : spec.series_resistance;
  if (units.resistance > 0.0) current = std::min(current, 0.1 / units.resistance);  // V over it
  units.current = current > 0.0 ? current : 1e-18;
  if (units.intercalation == 0.0) units.intercalation = units.current;
  return units;
}

}  // namespace seccm::models
