#include "models/pipette/ferrocene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/pipette/pipette.hpp"
#include "models/sample/parameter_check.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

void require_positive_ferrocene(const char* name, double value, const char* unit) {
  if (std::isfinite(value) && value > 0.0) return;
  throw InputError(fmt::format("ferrocene: {} = {} {}: accepted is a positive finite number", name, value, unit));
}

}  // namespace

ConeFerroceneWave::ConeFerroceneWave(const PipetteParameters& pipette, const ElectrolyteParameters& electrolyte,
                                     double footprint_diameter, double temperature) {
  check_parameters("pipette", pipette);
  check_parameters("electrolyte", electrolyte);
  require_positive_ferrocene("footprint diameter", footprint_diameter, "m");
  require_positive_ferrocene("temperature", temperature, "K");
  const double diffusivity = electrolyte.ferrocene_diffusivity.si();
  const double area = 0.25 * constants::pi * footprint_diameter * footprint_diameter;
  // Per unit concentration, so that m is defined without any ferrocene.
  const double unit_current = cone_limiting_current(diffusivity, 1.0, pipette.radius(), pipette.half_cone_angle);
  limiting_current_ = unit_current * electrolyte.ferrocene_concentration.si();
  mass_transfer_ = unit_current / (constants::faraday * area);
  equivalent_radius_ = cone_equivalent_radius(pipette.radius(), pipette.half_cone_angle);
  response_time_ = equivalent_radius_ * equivalent_radius_ / diffusivity;
  standard_potential_ = electrolyte.ferrocene_potential.si();
  ratio_ = mass_transfer_ / electrolyte.ferrocene_rate_constant.si();
  alpha_ = electrolyte.ferrocene_transfer_coefficient;
  f_ = constants::faraday / (constants::gas * temperature);
}

double ConeFerroceneWave::current(double E_vs_Li) const {
  // Divided by e^{αξ}, which overflows far up the wave: 1/((m/k0) e^{-αξ} + 1 + e^{-ξ}); far down it is inf, i = 0.
  const double xi = f_ * (E_vs_Li - standard_potential_);
  return limiting_current_ / (1.0 + ratio_ * std::exp(-alpha_ * xi) + std::exp(-xi));
}

double ConeFerroceneWave::conductance(double E_vs_Li) const {
  const double xi = f_ * (E_vs_Li - standard_potential_);
  if (xi < -300.0) return 0.0;  // below 1e-130 of the limit
  const double kinetic = ratio_ * std::exp(-alpha_ * xi);
  const double nernst = std::exp(-xi);
  const double denominator = 1.0 + kinetic + nernst;
  return limiting_current_ * f_ * (alpha_ * kinetic + nernst) / (denominator * denominator);
}

double ConeFerroceneWave::half_wave_potential() const {
  // (m/k0) e^{-αξ} + e^{-ξ} = 1; the left side falls with ξ, so bisection between bounds that follow from each term
  // alone.
  double low = 0.0;
  double high = std::log(2.0) + std::max(0.0, std::log(2.0 * ratio_) / alpha_);
  for (int k = 0; k < 200 && high - low > 1e-14 * (1.0 + high); ++k) {
    const double xi = 0.5 * (low + high);
    (ratio_ * std::exp(-alpha_ * xi) + std::exp(-xi) > 1.0 ? low : high) = xi;
  }
  return standard_potential_ + 0.5 * (low + high) / f_;
}

}  // namespace seccm::models
