#include "models/cell/cell_scenario.hpp"

#include <algorithm>

#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

/// D of w = R^2 F v/(R_g T D).
double diffusivity_for(double w, double radius, double scan_rate, double temperature) {
  return radius * radius * constants::faraday * scan_rate / (constants::gas * temperature * w);
}

}  // namespace

void CellScenarioParameters::visit(ParameterVisitor& v, CellScenarioParameters& p) {
  v({.key = "geometry", .source = "docs/physics-cell.md", .text = "Shape of the particles"}, geometry_names,
    p.geometry);
  v({.key = "radius",
     .unit = "nm",
     .low = 0.1,
     .high = 1e7,
     .grade = Grade::paper,
     .source = "Tetteh 2023: ~50 nm",
     .text = "Radius of a sphere or cylinder, thickness of a slab"},
    p.radius);
  v({.key = "w",
     .low = 0,
     .high = 1e10,
     .source = "docs/physics-cell.md",
     .text = "R^2 F v/(R_g T D) at the first scan rate; above 0 it sets D in place of [material] D"},
    p.w);
  v({.key = "particles", .low = 1, .high = 100000, .source = "scenario", .text = "Number of particles, all alike"},
    p.particles);
  v({.key = "area",
     .unit = "um^2",
     .low = 1e-9,
     .high = 1e12,
     .source = "scenario",
     .text = "Face of each slab, side of each cylinder; a sphere has its own"},
    p.area);
  v({.key = "wetted_fraction",
     .low = 0,
     .high = 1,
     .source = "scenario",
     .text = "Share of each particle's surface that exchanges lithium"},
    p.wetted_fraction);
  v({.key = "initial_filling", .low = 0, .high = 1, .source = "scenario", .text = "y of all particles at the start"},
    p.initial_filling);
  v({.key = "series_resistance",
     .unit = "Ohm",
     .low = 0,
     .high = 1e18,
     .source = "scenario",
     .text = "Resistance of pipette and access"},
    p.series_resistance);
  v({.key = "contact_resistance",
     .unit = "Ohm",
     .low = 0,
     .high = 1e18,
     .grade = Grade::recalled,
     .source = "1e7-1e11",
     .text = "Resistance between each particle and the metal"},
    p.contact_resistance);
  v({.key = "gold_area",
     .unit = "um^2",
     .low = 0,
     .high = 1e12,
     .source = "scenario",
     .text = "Bare gold under the meniscus"},
    p.gold_area);
  v({.key = "stray_capacitance",
     .unit = "F",
     .low = 0,
     .high = 1,
     .grade = Grade::recalled,
     .source = "0.1-10 pF",
     .text = "Stray capacitance across the whole cell"},
    p.stray_capacitance);
  v({.key = "temperature", .unit = "K", .low = 200, .high = 400, .source = "laboratory", .text = "Temperature"},
    p.temperature);
}

void resolve_w(CellScenarioParameters& cell, const ProgramParameters& program, MaterialParameters& material) {
  if (!(cell.w > 0.0) || program.scan_rates.empty()) return;
  material.diffusion = DiffusionKind::single;
  material.D =
      Diffusivity(diffusivity_for(cell.w, cell.radius.si(), program.scan_rates.front().si(), cell.temperature.si()));
  cell.w = 0.0;
}

CellSpec assemble_cell(const CellScenarioParameters& cell, const CellSections& sections,
                       const ProgramParameters& program) {
  CellSpec spec;
  spec.material = sections.material;
  spec.model = sections.particle.model;
  spec.phase_field = sections.phase_field;
  spec.double_layer = sections.double_layer;
  spec.surface_redox = sections.surface_redox;
  spec.water = sections.water_reduction;
  spec.numerics = sections.numerics;
  spec.gold_area = cell.gold_area.si();
  spec.series_resistance = cell.series_resistance.si();
  spec.stray_capacitance = cell.stray_capacitance.si();
  spec.temperature = cell.temperature.si();
  spec.geometry = cell.geometry;
  spec.face_area = cell.area.si();
  spec.particles.assign(static_cast<std::size_t>(std::max(1, cell.particles)),
                        {.radius = cell.radius.si(),
                         .wetted_fraction = cell.wetted_fraction,
                         .contact_resistance = cell.contact_resistance.si(),
                         .initial_filling = cell.initial_filling});
  const std::vector<double> radii =
      radii_of(cell.radius.si(), sections.particle.radius_spread, static_cast<int>(spec.particles.size()));
  for (std::size_t i = 0; i < radii.size(); ++i) spec.particles[i].radius = radii[i];
  CellScenarioParameters of_w = cell;
  resolve_w(of_w, program, spec.material);
  if (program.kind != ProgramKind::hold && !program.scan_rates.empty()) {
    spec.numerics.fastest_scan_rate = *std::max_element(program.scan_rates.begin(), program.scan_rates.end());
  }
  return spec;
}

}  // namespace seccm::models
