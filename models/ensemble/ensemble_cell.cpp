#include "models/ensemble/ensemble_cell.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

void refuse(bool wrong, std::string_view what, std::string_view remedy) {
  if (wrong) throw InputError(fmt::format("ensemble: {} is not part of the batched path; {}", what, remedy));
}

void require_branch(const CellSpec& spec) {
  const MaterialParameters& m = spec.material;
  refuse(spec.particles.empty(), "a cell without particles", "accepted is at least one");
  refuse(spec.wiring != nullptr, "[cluster] wiring other than the star", "accepted is \"star\"");
  refuse(spec.model != ParticleModel::fick,
         fmt::format("[particle] model = \"{}\"", particle_model_names[static_cast<std::size_t>(spec.model)]),
         "accepted is \"fick\"");
  refuse(m.second_process, "[material] second_process = true", "accepted is false");
  refuse(m.diffusion != DiffusionKind::single,
         fmt::format("[material] diffusion = \"{}\"", diffusion_names[static_cast<std::size_t>(m.diffusion)]),
         "accepted is \"single\"");
  refuse(m.kinetics != KineticsKind::butler_volmer,
         fmt::format("[material] kinetics = \"{}\"", kinetics_names[static_cast<std::size_t>(m.kinetics)]),
         "accepted is \"butler_volmer\"");
  refuse(m.film_resistance.si() != 0.0,
         fmt::format("[material] film_resistance = {:.4g} Ohm m^2", m.film_resistance.si()),
         "accepted is 0, or a contact_resistance in its place");
  refuse(spec.surface_redox.enabled && spec.surface_redox.charge.si() > 0.0, "[surface_redox] enabled = true",
         "accepted is false");
  refuse(spec.ferrocene.i_lim != 0.0, "ferrocene in the pipette", "accepted is none");
  const bool water = spec.water.enabled && spec.water.charge.si() > 0.0;
  refuse(spec.gold_area > 0.0 && water, fmt::format("[water_reduction] on a gold_area of {:.4g} m^2", spec.gold_area),
         "accepted is [water_reduction] enabled = false, or no gold");
  const bool metal = spec.gold_area * spec.double_layer.gold.si() > 0.0;
  refuse(metal && spec.particles.front().contact_resistance > 0.0,
         fmt::format("a double layer of gold beside particles with contact_resistance = {:.4g} Ohm",
                     spec.particles.front().contact_resistance),
         "accepted is [double_layer] gold = 0, or the resistance as series_resistance");
  for (const CellParticle& p : spec.particles) {
    const CellParticle& first = spec.particles.front();
    refuse(p.radius != first.radius || p.wetted_fraction != first.wetted_fraction ||
               p.contact_resistance != first.contact_resistance || p.initial_filling != first.initial_filling,
           "a cell of unlike particles", "accepted are particles that are all alike");
  }
}

}  // namespace

EnsembleCell ensemble_cell(const CellSpec& spec) {
  check_spec(spec);
  require_branch(spec);
  const CellParticle& particle = spec.particles.front();
  const auto n = static_cast<double>(spec.particles.size());
  const double r = particle.radius;
  const double area = n * (spec.geometry == sim::Geometry::sphere ? 4.0 * constants::pi * r * r : spec.face_area);
  return {.radius = r,
          .D = spec.material.D.si(),
          .k0 = spec.material.k0.si() * particle.wetted_fraction,
          .alpha = spec.material.alpha,
          .E0 = spec.material.E0.si(),
          .g = spec.material.law == IsothermKind::frumkin ? spec.material.g : 0.0,
          .current_per_flux = constants::faraday * spec.material.c_max.si() * area,
          .resistance = spec.series_resistance + particle.contact_resistance / n,
          .capacitance = spec.double_layer.titania.si() * area * particle.wetted_fraction,
          .fixed_capacitance = spec.double_layer.gold.si() * spec.gold_area,
          .stray_capacitance = spec.stray_capacitance,
          .initial_filling = particle.initial_filling};
}

EnsembleFrame ensemble_frame(const CellSpec& spec) {
  check_spec(spec);
  return {.geometry = spec.geometry,
          .mesh = mesh_for(spec),
          .law = spec.material.law,
          .plateau_solubility = spec.material.plateau_solubility,
          .temperature = spec.temperature};
}

void check_member(const EnsembleCell& cell, const EnsembleFrame& frame, std::size_t index) {
  const auto require = [index](double value, double low, double high, std::string_view what, std::string_view unit) {
    if (value >= low && value <= high) return;
    throw InputError(fmt::format("ensemble: {} of cell {} = {:.6g} {}; {:.6g} to {:.6g} {} is accepted", what, index,
                                 value, unit, low, high, unit));
  };
  require(cell.radius, 1e-11, 1e3, "radius", "m");
  require(cell.D, 1e-40, 1.0, "D", "m^2/s");
  require(cell.k0, 0.0, 1e12, "k0", "m/s");
  require(cell.alpha, 0.05, 0.95, "alpha", "1");
  require(cell.E0, -20.0, 20.0, "E0", "V");
  if (frame.law == IsothermKind::frumkin) require(cell.g, -3.999999, 1e3, "g", "1");
  require(cell.current_per_flux, 0.0, 1e30, "current per flux", "A s/m");
  require(cell.resistance, 0.0, 1e30, "resistance", "Ohm");
  require(cell.capacitance, 0.0, 1e6, "capacitance", "F");
  require(cell.fixed_capacitance, 0.0, 1e6, "capacitance of the metal", "F");
  require(cell.stray_capacitance, 0.0, 1e6, "stray capacitance", "F");
  require(cell.initial_filling, 0.0, 1.0, "initial filling", "1");
  require(cell.time_scale, 1e-12, 1e12, "time scale", "1");
}

}  // namespace seccm::models
