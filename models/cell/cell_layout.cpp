#include "models/cell/cell_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

void require(double value, double low, double high, std::string_view what, std::string_view unit) {
  if (!(value >= low && value <= high)) {
    throw InputError(
        fmt::format("cell: {} = {:.6g} {}; {:.6g} to {:.6g} {} is accepted", what, value, unit, low, high, unit));
  }
}

void check_material(const MaterialParameters& material) {
  if (material.law == IsothermKind::frumkin && material.g <= -4.0) {
    throw InputError(
        fmt::format("[material] g = {}: at g <= -4 the isotherm separates phases and the chemical diffusivity is "
                    "negative inside the spinodal, which Fickian diffusion can not describe; accepted are "
                    "g > -4, or law = \"anatase_plateau\" for a two-phase host",
                    material.g));
  }
  require(material.plateau_solubility, 1e-4, 0.4, "plateau_solubility", "1");
  require(material.alpha, 0.05, 0.95, "alpha", "1");
  for (const Diffusivity D : {material.D, material.D_intercalation, material.D_deintercalation, material.second_D}) {
    require(D.si(), 1e-40, 1.0, "diffusion coefficient", "m^2/s");
  }
  require(material.k0.si(), 0.0, 1e12, "k0", "m/s");
  require(material.second_k0.si(), 0.0, 1e12, "second_k0", "m/s");
  require(material.c_max.si(), 1e-6, 1e9, "c_max", "mol/m^3");
  require(material.E0.si(), -20.0, 20.0, "E0", "V");
}

void check_particle(const CellParticle& particle) {
  require(particle.radius, 1e-11, 1e3, "radius of a particle", "m");
  require(particle.wetted_fraction, 0.0, 1.0, "wetted fraction of a particle", "1");
  require(particle.contact_resistance, 0.0, 1e30, "contact resistance of a particle", "Ohm");
  require(particle.initial_filling, 0.0, 1.0, "initial filling of a particle", "1");
}

double largest_radius(const CellSpec& spec) {
  return std::max_element(spec.particles.begin(), spec.particles.end(),
                          [](const CellParticle& a, const CellParticle& b) { return a.radius < b.radius; })
      ->radius;
}

double smallest_diffusivity(const MaterialParameters& material) {
  if (material.diffusion == DiffusionKind::single) return material.D.si();
  return std::min(material.D_intercalation.si(), material.D_deintercalation.si());
}

/// How much narrower than an ideal host's the diffusion layer is: an attractive isotherm has a wave narrower by 1 +
/// g/4.
double sharpness_of(const MaterialParameters& material) {
  if (material.law == IsothermKind::anatase_plateau) return 0.25;
  if (material.law == IsothermKind::frumkin && material.g < 0.0)
    return std::sqrt(std::max(0.05, 1.0 + material.g / 4.0));
  return 1.0;
}

std::vector<double> radii_of(const CellSpec& spec) {
  std::vector<double> radii;
  for (const CellParticle& particle : spec.particles) radii.push_back(particle.radius);
  return radii;
}

sim::RadialLanes lanes_for(const CellSpec& spec) {
  check_spec(spec);
  return {sim::RadialMesh(spec.geometry, mesh_for(spec)), radii_of(spec)};
}

}  // namespace

void check_spec(const CellSpec& spec) {
  if (spec.particles.empty()) throw InputError("cell: no particle; at least one is needed");
  check_material(spec.material);
  for (const CellParticle& particle : spec.particles) check_particle(particle);
  require(spec.gold_area, 0.0, 1e6, "gold area", "m^2");
  require(spec.series_resistance, 0.0, 1e30, "series resistance", "Ohm");
  require(spec.stray_capacitance, 0.0, 1e6, "stray capacitance", "F");
  require(spec.temperature, 1.0, 5000.0, "temperature", "K");
  require(spec.face_area, 1e-30, 1e12, "face area", "m^2");
  require(spec.ferrocene.i_lim, 0.0, 1e3, "limiting current of ferrocene", "A");
  require(spec.ferrocene.m_over_k0, 0.0, 1e30, "m/k0 of ferrocene", "1");
  require(spec.ferrocene.alpha, 0.0, 1.0, "alpha of ferrocene", "1");
  require(spec.double_layer.titania.si(), 0.0, 1e6, "double layer of titania", "F/m^2");
  require(spec.double_layer.gold.si(), 0.0, 1e6, "double layer of gold", "F/m^2");
  require(spec.surface_redox.g, -3.999, 1e3, "g of the surface redox", "1");
  require(spec.surface_redox.alpha, 0.05, 0.95, "alpha of the surface redox", "1");
  require(spec.surface_redox.charge.si(), 0.0, 1e6, "charge of the surface redox", "C/m^2");
  require(spec.surface_redox.rate.si(), 0.0, 1e30, "rate of the surface redox", "1/s");
  require(spec.water.charge.si(), 0.0, 1e6, "charge of the water reduction", "C/m^2");
  require(spec.water.width.si(), 1e-6, 1e3, "width of the water reduction", "V");
  require(spec.water.decay, 1.0, 1e12, "decay of the water reduction", "1");
}

sim::MeshParameters mesh_for(const CellSpec& spec) {
  const double thermal = constants::gas * spec.temperature / constants::faraday;
  const double v = std::max(1e-12, spec.numerics.fastest_scan_rate.si());
  const double layer = std::sqrt(smallest_diffusivity(spec.material) * thermal / v) / largest_radius(spec);
  sim::MeshParameters mesh = sim::mesh_for_layer(layer * sharpness_of(spec.material));
  if (spec.numerics.cells > 0) mesh.cells = spec.numerics.cells;
  if (spec.numerics.grading > 0.0) mesh.grading = spec.numerics.grading;
  return mesh;
}

CellLayout::CellLayout(const CellSpec& spec) : radial(lanes_for(spec)) {
  f = constants::faraday / (constants::gas * spec.temperature);
  has_second = spec.material.second_process;
  has_surface_redox = spec.surface_redox.enabled && spec.surface_redox.charge.si() > 0.0;
  potential_known = spec.series_resistance == 0.0;
  const double m = sim::dimension_of(spec.geometry);
  for (const CellParticle& particle : spec.particles) {
    const double r = particle.radius;
    const double area = spec.geometry == sim::Geometry::sphere ? 4.0 * constants::pi * r * r : spec.face_area;
    const double wet = area * particle.wetted_fraction;
    current_per_flux.push_back(constants::faraday * spec.material.c_max.si() * area);
    wetted_fraction.push_back(particle.wetted_fraction);
    contact.push_back(particle.contact_resistance);
    capacitance.push_back(spec.double_layer.titania.si() * wet);
    surface_charge.push_back(has_surface_redox ? spec.surface_redox.charge.si() * wet : 0.0);
    volume.push_back(area * r / m);
    potential_known = potential_known && particle.contact_resistance == 0.0;
  }
  for (auto* values : {&current_per_flux, &wetted_fraction, &contact, &capacitance, &surface_charge, &volume}) {
    values->resize(lanes(), 0.0);
  }
  gold_capacitance = spec.double_layer.gold.si() * spec.gold_area;
  water_charge = spec.water.enabled ? spec.water.charge.si() * spec.gold_area : 0.0;
}

}  // namespace seccm::models
