#include "models/cell/cell_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/material/diffusivity.hpp"
#include "models/particle/phase_field_host.hpp"
#include "models/particle/radial_host.hpp"
#include "models/particle/surface_sites.hpp"
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

/// How much narrower than an ideal host's the diffusion layer is: an attractive isotherm has a wave narrower by 1 +
/// g/4.
double sharpness_of(const MaterialParameters& material) {
  if (material.law == IsothermKind::anatase_plateau) return 0.25;
  if (material.law == IsothermKind::frumkin && material.g < 0.0)
    return std::sqrt(std::max(0.05, 1.0 + material.g / 4.0));
  return 1.0;
}

bool separates(const CellSpec& spec) {
  return spec.model != ParticleModel::fick;
}

/// A phase field has an isotherm, a transport law and a rate of its own.
void check_phase_field(const CellSpec& spec) {
  const auto refuse = [&](std::string_view what, std::string_view remedy) {
    throw InputError(fmt::format("[particle] model = \"{}\" does not combine with {}: {}",
                                 particle_model_names[static_cast<std::size_t>(spec.model)], what, remedy));
  };
  const MaterialParameters& material = spec.material;
  if (material.diffusion != DiffusionKind::single) {
    refuse("material.diffusion other than \"single\"", "the phases set how diffusivity changes; set material.D alone");
  }
  if (material.law != IsothermKind::ideal) {
    refuse("material.law other than \"ideal\"", "its isotherm follows from phase_field.omega");
  }
  if (material.kinetics != KineticsKind::butler_volmer) {
    refuse("material.kinetics other than \"butler_volmer\"", "take butler_volmer, or model = \"fick\"");
  }
  if (material.film_resistance.si() > 0.0) {
    refuse("material.film_resistance > 0",
           "give each particle the film as a contact resistance, or take model = \"fick\"");
  }
  if (material.second_process) {
    refuse("material.second_process = true", "take model = \"cahn_hilliard_two_lattices\"");
  }
}

std::shared_ptr<const Host> phase_field_host(const CellSpec& spec) {
  std::vector<double> area;
  for (const CellParticle& particle : spec.particles) area.push_back(area_of(spec, particle.radius));
  return std::make_shared<const PhaseFieldHost>(phase_field_of(spec), area);
}

/// Lattice 0 or 1 of Fick particles.
std::shared_ptr<const Host> radial_host(const CellSpec& spec, const std::shared_ptr<const sim::RadialLanes>& lanes,
                                        int lattice) {
  MaterialParameters material = spec.material;
  if (lattice == 1) {
    material.law = IsothermKind::ideal;
    material.diffusion = DiffusionKind::single;
    material.E0 = material.second_E0;
    material.D = material.second_D;
    material.k0 = material.second_k0;
  }
  const bool directed = material.diffusion == DiffusionKind::per_direction;
  RadialHostSpec host{.insertion = {.diffusivity = nullptr,
                                    .reaction = SurfaceReaction(material, spec.temperature),
                                    .rate = std::vector<double>(lanes->lanes(), 0.0),
                                    .current_per_flux = std::vector<double>(lanes->lanes(), 0.0),
                                    .film = std::vector<double>(lanes->lanes(), 0.0),
                                    .E0 = material.E0.si(),
                                    .f = constants::faraday / (constants::gas * spec.temperature)},
                      .D_intercalation = directed ? material.D_intercalation.si() : material.D.si(),
                      .D_deintercalation = directed ? material.D_deintercalation.si() : material.D.si()};
  if (depends_on_filling(material.diffusion)) {
    host.insertion.diffusivity = std::make_shared<const VariableDiffusivity>(material);
  }
  for (std::size_t i = 0; i < spec.particles.size(); ++i) {
    const CellParticle& particle = spec.particles[i];
    host.insertion.rate[i] = material.k0.si() * particle.wetted_fraction;
    host.insertion.current_per_flux[i] = constants::faraday * material.c_max.si() * area_of(spec, particle.radius);
    host.insertion.film[i] = film_of(material, particle.wetted_fraction);
  }
  return std::make_shared<const RadialHost>(lanes, std::move(host));
}

std::shared_ptr<const Host> surface_host(const CellSpec& spec, std::size_t lanes) {
  const SurfaceRedoxParameters& redox = spec.surface_redox;
  std::vector<double> charge(lanes, 0.0);
  for (std::size_t i = 0; i < spec.particles.size(); ++i) {
    const CellParticle& particle = spec.particles[i];
    charge[i] = redox.charge.si() * area_of(spec, particle.radius) * particle.wetted_fraction;
  }
  return std::make_shared<const SurfaceSites>(
      SurfaceSitesSpec{.reaction = SurfaceReaction(IsothermKind::frumkin, redox.g, redox.alpha),
                       .rate = redox.rate.si(),
                       .charge = std::move(charge),
                       .E0 = redox.E0.si(),
                       .f = constants::faraday / (constants::gas * spec.temperature)});
}

std::vector<std::shared_ptr<const Host>> insertion_hosts_of(const CellSpec& spec) {
  if (spec.particles.empty()) return {};
  if (separates(spec)) return {phase_field_host(spec)};
  std::vector<double> radii;
  for (const CellParticle& particle : spec.particles) radii.push_back(particle.radius);
  const auto lanes =
      std::make_shared<const sim::RadialLanes>(sim::RadialMesh(spec.geometry, mesh_for(spec)), std::move(radii));
  std::vector<std::shared_ptr<const Host>> hosts{radial_host(spec, lanes, 0)};
  if (spec.material.second_process) hosts.push_back(radial_host(spec, lanes, 1));
  return hosts;
}

/// Necks join surfaces that answer y = a + B Q.
void check_necks(const CellSpec& spec, const std::vector<std::shared_ptr<const Host>>& hosts) {
  if (!spec.wiring || !spec.wiring->joins_surfaces() || hosts.empty() || hosts.front()->can_join()) return;
  const auto refuse = [](std::string_view what, std::string_view remedy) {
    throw InputError(
        fmt::format("necks between particles (cluster.neck_share > 0) do not combine with {}: {}; or "
                    "accepted is cluster.neck_share = 0",
                    what, remedy));
  };
  if (separates(spec)) {
    refuse(fmt::format("particle.model = \"{}\"", particle_model_names[static_cast<std::size_t>(spec.model)]),
           "take model = \"fick\"");
  }
  if (depends_on_filling(spec.material.diffusion)) {
    refuse(
        fmt::format("material.diffusion = \"{}\"", diffusion_names[static_cast<std::size_t>(spec.material.diffusion)]),
        "take a constant D, diffusion = \"single\" or \"per_direction\"");
  }
  refuse("material.film_resistance > 0", "take the film as part of the contacts");
}

}  // namespace

PhaseFieldSpec phase_field_of(const CellSpec& spec) {
  const MaterialParameters& material = spec.material;
  PhaseFieldSpec field;
  field.parameters = spec.phase_field;
  field.lattices = spec.model == ParticleModel::cahn_hilliard_two_lattices ? 2 : 1;
  field.lattice = {
      SublatticeConstants{.D = material.D.si(), .k0 = material.k0.si(), .E_p = material.E0.si()},
      SublatticeConstants{.D = material.second_D.si(), .k0 = material.second_k0.si(), .E_p = material.second_E0.si()}};
  field.alpha = material.alpha;
  field.c_max = material.c_max.si();
  field.temperature = spec.temperature;
  field.geometry = spec.geometry;
  for (const CellParticle& particle : spec.particles) {
    field.particles.push_back({.radius = particle.radius, .wetted_fraction = particle.wetted_fraction});
  }
  return field;
}

double area_of(const CellSpec& spec, double radius) {
  return spec.geometry == sim::Geometry::sphere ? 4.0 * constants::pi * radius * radius : spec.face_area;
}

void check_spec(const CellSpec& spec) {
  check_material(spec.material);
  if (separates(spec)) check_phase_field(spec);
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

CellLayout::CellLayout(const CellSpec& spec) {
  check_spec(spec);
  f = constants::faraday / (constants::gas * spec.temperature);
  hosts = insertion_hosts_of(spec);
  insertion_hosts = hosts.size();
  const std::size_t lanes = hosts.empty() ? 0 : hosts.front()->lanes();
  if (lanes > 0 && spec.surface_redox.enabled && spec.surface_redox.charge.si() > 0.0) {
    hosts.push_back(surface_host(spec, lanes));
  }
  const double m = sim::dimension_of(spec.geometry);
  for (const CellParticle& particle : spec.particles) {
    const double area = area_of(spec, particle.radius);
    contact.push_back(particle.contact_resistance);
    capacitance.push_back(spec.double_layer.titania.si() * area * particle.wetted_fraction);
    volume.push_back(area * particle.radius / m);
    no_contact_resistance = no_contact_resistance && particle.contact_resistance == 0.0;
  }
  for (auto* values : {&contact, &capacitance, &volume}) values->resize(lanes, 0.0);
  gold_capacitance = spec.double_layer.gold.si() * spec.gold_area;
  water_charge = spec.water.enabled ? spec.water.charge.si() * spec.gold_area : 0.0;
  (void)wiring(spec);  // refuses a wiring that does not fit
  check_necks(spec, hosts);
}

std::unique_ptr<Wiring> CellLayout::wiring(const CellSpec& spec) const {
  if (spec.wiring && !spec.particles.empty()) return spec.wiring->make(spec.particles.size(), lanes());
  return std::make_unique<StarWiring>();
}

}  // namespace seccm::models
