#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/cell/cell_model.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double unit_cell_c = 0.951e-9;  // c axis of anatase, m

double slowest_diffusivity(const MaterialParameters& material) {
  if (material.diffusion == DiffusionKind::single) return material.D.si();
  return std::min(material.D_intercalation.si(), material.D_deintercalation.si());
}

}  // namespace

std::vector<std::string> validity_warnings(const CellSpec& spec, double scan_rate) {
  std::vector<std::string> warnings;
  if (!(scan_rate > 0.0) || spec.particles.empty()) return warnings;
  const double thermal = constants::gas * spec.temperature / constants::faraday;
  const double D = slowest_diffusivity(spec.material);
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
  const double step = spec.numerics.potential_step.si();
  const bool sharp = spec.material.law == IsothermKind::anatase_plateau ||
                     (spec.material.law == IsothermKind::frumkin && spec.material.g < -1.0);
  const double longest = sharp ? thermal / 20.0 : thermal / 8.0;
  if (step > longest) {
    warnings.push_back(
        fmt::format("the potential step of {:.3g} mV is long for a wave of RT/F = {:.3g} mV{}: {:.3g} mV or "
                    "less keeps peaks within 0.1 %",
                    step * 1e3, thermal * 1e3, sharp ? " with a sharp isotherm" : "", longest * 1e3));
  }
  return warnings;
}

}  // namespace seccm::models
