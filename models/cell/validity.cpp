#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/cell/cell_model.hpp"
#include "models/material/diffusivity.hpp"
#include "models/particle/phase_field_thermodynamics.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double unit_cell_c = 0.951e-9;  // c axis of anatase, m

std::vector<std::string> phase_field_warnings(const CellSpec& cell) {
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
  return warnings;
}

}  // namespace

std::vector<std::string> validity_warnings(const CellSpec& spec, double scan_rate) {
  if (!spec.particles.empty() && spec.model != ParticleModel::fick) {
    return phase_field_warnings(spec);
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
  return warnings;
}

}  // namespace seccm::models
