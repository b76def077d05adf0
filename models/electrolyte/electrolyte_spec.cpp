#include "models/electrolyte/electrolyte_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/electrolyte/salt_properties.hpp"
#include "models/electrolyte/spreading_gold.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double largest_peclet = 20.0;
constexpr double largest_growth = 10.0;
constexpr double fit_from = 0.1e3;  // mol/m³, range of the measurement behind `landesfeind`
constexpr double fit_to = 3.0e3;

/// Péclet number (with D at the bulk) at which the steady enrichment without current reaches the solubility:
/// v c = D(c) dc/dx from the bulk to the tip gives Pe = ∫ D(c)/D(c0) dln c. Simpson's rule in ln c.
double precipitating_peclet(const ElectrolyteSpec& spec) {
  constexpr int panels = 200;
  const SaltProperties salt(spec.electrolyte, spec.temperature);
  const double bulk = spec.electrolyte.salt_concentration.si();
  const double step = std::log(spec.electrolyte.salt.solubility.si() / bulk) / panels;
  double sum = 0.0;
  for (int k = 0; k <= panels; ++k) {
    const double weight = k == 0 || k == panels ? 1.0 : (k % 2 == 1 ? 4.0 : 2.0);
    sum += weight * salt.diffusivity(bulk * std::exp(step * k));
  }
  return sum * step / 3.0 / salt.diffusivity(salt.reference());
}

}  // namespace

ElectrolyteSpec assemble_electrolyte(const ElectrolyteParameters& electrolyte, const PipetteParameters& pipette,
                                     const MeniscusParameters& meniscus, double temperature, double shortest_step) {
  ElectrolyteSpec spec;
  spec.electrolyte = electrolyte;
  spec.temperature = temperature;
  SaltGeometry& g = spec.geometry;
  g.radius = pipette.radius();
  g.half_angle = pipette.half_cone_angle;
  g.length = pipette.cone_length.si();
  g.cone_end = electrolyte.salt.cone_end;
  g.droplet_height = meniscus.height_fraction * g.radius;
  g.footprint_radius = meniscus.footprint_ratio * g.radius;
  g.cells = electrolyte.salt.cells;
  const double r1 = g.radius / std::sin(g.half_angle);
  const double layer = std::sqrt(electrolyte.salt_diffusivity.si() * shortest_step);
  g.first_cell = std::clamp(0.5 * layer / r1, 1e-3, 0.05);
  return spec;
}

double peclet_number(const ElectrolyteSpec& spec) {
  if (spec.electrolyte.salt.transport == SaltTransport::none) return 0.0;
  const SaltProperties salt(spec.electrolyte, spec.temperature);
  return spec.electrolyte.salt.evaporation * SaltColumn(spec.geometry).resistance() /
         salt.diffusivity(salt.reference());
}

double salt_limiting_current(const ElectrolyteSpec& spec) {
  const SaltProperties salt(spec.electrolyte, spec.temperature);
  const double c = salt.reference();
  return constants::faraday * salt.diffusivity(c) * c /
         ((1.0 - salt.transference(c)) * SaltColumn(spec.geometry).resistance());
}

void check_electrolyte(const ElectrolyteSpec& spec, double duration) {
  const SaltTransportParameters& salt = spec.electrolyte.salt;
  const double bulk = spec.electrolyte.salt_concentration.si();
  const double limit = salt.solubility.si();
  if (salt.transport != SaltTransport::none && bulk >= limit) {
    throw InputError(
        fmt::format("electrolyte.salt_concentration = {:.4g} mol/L: not below electrolyte.solubility = {:.4g} mol/L; "
                    "accepted is a solution that is not saturated",
                    bulk * 1e-3, limit * 1e-3));
  }
  const double Pe = peclet_number(spec);
  if (!(Pe <= largest_peclet)) {
    throw InputError(fmt::format(
        "electrolyte.evaporation = {:.4g} pL/s: a Peclet number of {:.3g} in this pipette, a steady enrichment by "
        "e^{:.3g}; accepted are at most {:.3g} pL/s (Pe = {}); salt stays dissolved below {:.3g} pL/s",
        salt.evaporation * 1e15, Pe, Pe, salt.evaporation * 1e15 * largest_peclet / Pe, largest_peclet,
        salt.evaporation * 1e15 * precipitating_peclet(spec) / Pe));
  }
  const double growth = spread_ratio(salt, duration);
  if (!(growth <= largest_growth)) {
    throw InputError(
        fmt::format("electrolyte.spreading: the footprint grows to {:.4g} times its first radius within {:.4g} s; "
                    "accepted is at most {}: raise spreading_time or lower spreading_exponent",
                    growth, duration, largest_growth));
  }
}

std::vector<std::string> electrolyte_warnings(const ElectrolyteSpec& spec, double duration) {
  std::vector<std::string> warnings;
  check_electrolyte(spec, duration);
  const SaltTransportParameters& salt = spec.electrolyte.salt;
  if (salt.transport == SaltTransport::none) return warnings;
  const double bulk = spec.electrolyte.salt_concentration.si();
  const double Pe = peclet_number(spec);
  const double enriched = bulk * std::exp(Pe);
  const double precipitating = precipitating_peclet(spec);
  if (Pe > precipitating) {
    warnings.push_back(fmt::format(
        "evaporation of {:.3g} pL/s has a Peclet number of {:.3g} in this pipette: the steady state is beyond "
        "the solubility of {:.3g} mol/L, reached from {:.3g} pL/s on; the run ends when the surface reaches it",
        salt.evaporation * 1e15, Pe, salt.solubility.si() * 1e-3, salt.evaporation * 1e15 * precipitating / Pe));
  }
  if (salt.properties == SaltLaw::landesfeind && (bulk < fit_from || std::max(bulk, enriched) > fit_to)) {
    warnings.push_back(
        fmt::format("electrolyte.properties = \"landesfeind\" is a fit from 0.1 to 3 mol/L; this run goes from {:.3g} "
                    "to {:.3g} mol/L",
                    bulk * 1e-3, std::min(std::max(bulk, enriched), salt.solubility.si()) * 1e-3));
  }
  return warnings;
}

}  // namespace seccm::models
