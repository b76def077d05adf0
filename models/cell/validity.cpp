#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/cell/cell_model.hpp"
#include "models/cell/engine_choice.hpp"
#include "models/cell/wiring.hpp"
#include "models/material/diffusivity.hpp"
#include "models/particle/phase_field_thermodynamics.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double unit_cell_c = 0.951e-9;  // c axis of anatase, m

void add_step_warning(const CellSpec& spec, EngineKind engine, std::vector<std::string>& warnings) {
  if (spec.numerics.step == StepKind::adaptive || engine == EngineKind::reference) return;
  const double thermal = constants::gas * spec.temperature / constants::faraday;
  const double step = spec.numerics.potential_step.si();
  const double longest = longest_potential_step(spec);
  if (step <= longest) return;
  if (spec.wiring && spec.wiring->ignites()) {
    warnings.push_back(fmt::format(
        "contacts that conduct as their particles fill let single particles ignite within a potential step of {:.3g} "
        "mV: "
        "rows of the wave may be off by tens of percent; [numerics] step = \"adaptive\" with a tolerance of 1e-6 "
        "follows them",
        step * 1e3));
    return;
  }
  warnings.push_back(
      fmt::format("the potential step of {:.3g} mV is long for a wave of RT/F = {:.3g} mV{}: {:.3g} mV or less keeps "
                  "peaks within 0.1 %, as does [numerics] step = \"adaptive\"",
                  step * 1e3, thermal * 1e3, longest < thermal / 10.0 ? " with a sharp isotherm" : "", longest * 1e3));
}

std::vector<std::string> phase_field_warnings(const CellSpec& cell, double scan_rate, EngineKind engine) {
  const PhaseFieldModel model(phase_field_of(cell));
  const PhaseFieldSpec& spec = model.spec();
  std::vector<std::string> warnings;
  double strongest = 0.0;
  double largest = 0.0;
  for (std::size_t i = 0; i < model.particles(); ++i) {
    largest = std::max(largest, spec.particles[i].radius);
    for (int k = 0; k < spec.lattices; ++k) strongest = std::max(strongest, model.interaction(i, k));
  }
  if (strongest > 2.0) {
    const double density = spec.c_max * constants::faraday / constants::elementary_charge;
    const double width = interface_width(spec.parameters.kappa.si(), density, strongest, spec.temperature);
    if (width < unit_cell_c) {
      warnings.push_back(
          fmt::format("the phase boundary is {:.2f} nm wide, less than one unit cell of anatase ({:.2f} nm): a "
                      "continuum model is at "
                      "its limit there",
                      width * 1e9, unit_cell_c * 1e9));
    }
    if (largest < 5.0 * width) {
      warnings.push_back(fmt::format(
          "a radius of {:.3g} nm is less than five widths of the phase boundary ({:.2f} nm): such a particle "
          "fills uniformly, without two phases",
          largest * 1e9, width * 1e9));
    }
  }
  const double thermal = constants::gas * spec.temperature / constants::faraday;
  const double layer = scan_rate > 0.0 ? std::sqrt(spec.lattice[0].D * thermal / scan_rate) : largest;
  const double spacing = largest / (model.nodes() - 1);
  if (layer < 2.0 * spacing) {
    warnings.push_back(fmt::format(
        "the diffusion layer sqrt(D RT/(F v)) is {:.3g} nm at {:.4g} mV/s and the nodes are {:.3g} nm apart: currents "
        "may be off; lower [phase_field] node_spacing",
        layer * 1e9, scan_rate * 1e3, spacing * 1e9));
  }
  add_step_warning(cell, engine, warnings);
  return warnings;
}

}  // namespace

std::vector<std::string> validity_warnings(const CellSpec& spec, double scan_rate, EngineKind engine) {
  if (!spec.particles.empty() && spec.model != ParticleModel::fick) {
    return phase_field_warnings(spec, scan_rate, engine);
  }
  std::vector<std::string> warnings;
  if (!(scan_rate > 0.0) || spec.particles.empty()) return warnings;
  const double thermal = constants::gas * spec.temperature / constants::faraday;
  const double D = smallest_diffusivity(spec.material);
  const double layer = std::sqrt(D * thermal / scan_rate);
  if (spec.geometry != sim::Geometry::slab && layer < unit_cell_c) {
    warnings.push_back(fmt::format(
        "the diffusion layer sqrt(D RT/(F v)) is {:.3g} nm at D = {:.3g} cm^2/s and {:.4g} mV/s, below one unit cell "
        "of "
        "anatase ({:.2f} nm): a continuum model is at its limit and the D that it returns is an apparent one",
        layer * 1e9, D * 1e4, scan_rate * 1e3, unit_cell_c * 1e9));
  }
  const sim::RadialMesh mesh(spec.geometry, mesh_for(spec));
  double largest = 0.0;
  for (const CellParticle& particle : spec.particles) largest = std::max(largest, particle.radius);
  const double cell = mesh.surface_cell() * largest;
  if (cell > layer / 8.0) {
    warnings.push_back(
        fmt::format("the surface cell of the mesh is {:.3g} nm and the diffusion layer {:.3g} nm at {:.4g} mV/s: peaks "
                    "may be off by "
                    "more than 0.3 %; raise [numerics] cells, lower grading, or leave both at 0",
                    cell * 1e9, layer * 1e9, scan_rate * 1e3));
  }
  add_step_warning(spec, engine, warnings);
  return warnings;
}

}  // namespace seccm::models
