#include "models/electrolyte/salt_properties.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double per_litre = 1e-3;  // mol/L per mol/m³

/// The nine coefficients of the fits of t+ and Γ at a temperature, as a cubic in c.
std::array<double, 4> cubic_at(const std::array<double, 9>& p, double T) {
  return {p[0] + p[2] * T + p[5] * T * T, p[1] + p[4] * T + p[8] * T * T, p[3] + p[7] * T, p[6]};
}

constexpr std::array<double, 9> landesfeind_transference{-12.8,    -6.12,   8.21e-2,  0.904,   3.18e-2,
                                                         -1.27e-4, 1.75e-2, -3.12e-3, -3.96e-5};
constexpr std::array<double, 9> landesfeind_factor{25.7,    -45.1, -0.177,   1.94,    0.295,
                                                   3.08e-4, 0.259, -9.46e-3, -4.54e-4};

double landesfeind_conductivity(double c, double T) {
  const double boltzmann = std::exp(1000.0 / T);
  const double numerator = 1.0 - 1.06 * std::sqrt(c) + 0.353 * (1.0 - 3.59e-3 * boltzmann) * c;
  const double scale = 0.521 * (1.0 + T - 228.0) * c;
  return 0.1 * scale * numerator / (1.0 + 1.48e-3 * boltzmann * c * c * c * c);  // 1 mS/cm = 0.1 S/m
}

/// Per mol/L.
double landesfeind_conductivity_slope(double c, double T) {
  const double boltzmann = std::exp(1000.0 / T);
  const double linear = 0.353 * (1.0 - 3.59e-3 * boltzmann);
  const double numerator = 1.0 - 1.06 * std::sqrt(c) + linear * c;
  const double numerator_slope = -0.53 / std::sqrt(c) + linear;
  const double denominator = 1.0 + 1.48e-3 * boltzmann * c * c * c * c;
  const double denominator_slope = 4.0 * 1.48e-3 * boltzmann * c * c * c;
  const double scale = 0.1 * 0.521 * (1.0 + T - 228.0) / denominator;
  return scale * (numerator + c * numerator_slope - c * numerator * denominator_slope / denominator);
}

double landesfeind_diffusivity(double c, double T) {
  return 1.01e-7 * std::exp(1.01 * c - 1560.0 / T - 487.0 * c / T);
}

}  // namespace

SaltProperties::SaltProperties(const ElectrolyteParameters& electrolyte, double temperature)
    : law_(electrolyte.salt.properties),
      temperature_(temperature),
      reference_(electrolyte.salt_concentration.si()),
      D_(electrolyte.salt_diffusivity.si()),
      kappa_(electrolyte.conductivity.si()) {
  if (law_ == SaltLaw::landesfeind) {
    // -10 to 50 °C is the range of the measurement.
    if (!(temperature >= 263.0 && temperature <= 323.5)) {
      throw InputError(
          fmt::format("electrolyte.properties = \"landesfeind\" at {:.6g} K: the fit holds from 263 to 323 K; take "
                      "electrolyte.properties = \"constant\" with values of that temperature",
                      temperature));
    }
    const auto t = cubic_at(landesfeind_transference, temperature);
    const auto g = cubic_at(landesfeind_factor, temperature);
    for (std::size_t i = 0; i < 4; ++i) {
      transference_[i] = t[i];
      factor_[i] = g[i];
    }
  } else {
    transference_[0] = electrolyte.transference_number;
    factor_[0] = law_ == SaltLaw::dilute ? 1.0 : electrolyte.salt.thermodynamic_factor;
  }
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t k = 0; k < 4; ++k) {
      const double blocked = (i == 0 ? 1.0 : 0.0) - 2.0 * transference_[i];
      junction_[i + k] += blocked * factor_[k];
    }
  }
}

double SaltProperties::value(const Polynomial& p, double c) {
  double sum = 0.0;
  for (std::size_t i = terms; i-- > 0;) sum = sum * c + p[i];
  return sum;
}

double SaltProperties::slope(const Polynomial& p, double c) {
  double sum = 0.0;
  for (std::size_t i = terms; i-- > 1;) sum = sum * c + static_cast<double>(i) * p[i];
  return sum;
}

double SaltProperties::integral(const Polynomial& p, double c) const {
  const double to = c * per_litre;
  const double from = reference_ * per_litre;
  double sum = p[0] * std::log(to / from);
  double high = 1.0;
  double low = 1.0;
  for (std::size_t i = 1; i < terms; ++i) {
    high *= to;
    low *= from;
    sum += p[i] * (high - low) / static_cast<double>(i);
  }
  return sum;
}

double SaltProperties::diffusivity(double c) const {
  return law_ == SaltLaw::landesfeind ? landesfeind_diffusivity(c * per_litre, temperature_) : D_;
}

double SaltProperties::conductivity(double c) const {
  switch (law_) {
    case SaltLaw::landesfeind:
      return landesfeind_conductivity(c * per_litre, temperature_);
    case SaltLaw::dilute:
      return kappa_ * c / reference_;
    case SaltLaw::constant:
      break;
  }
  return kappa_;
}

double SaltProperties::diffusivity_slope(double c) const {
  return law_ == SaltLaw::landesfeind ? (1.01 - 487.0 / temperature_) * per_litre * diffusivity(c) : 0.0;
}

double SaltProperties::conductivity_slope(double c) const {
  switch (law_) {
    case SaltLaw::landesfeind:
      return landesfeind_conductivity_slope(c * per_litre, temperature_) * per_litre;
    case SaltLaw::dilute:
      return kappa_ / reference_;
    case SaltLaw::constant:
      break;
  }
  return 0.0;
}

double SaltProperties::transference_slope(double c) const {
  return slope(transference_, c * per_litre) * per_litre;
}

double SaltProperties::transference(double c) const {
  return value(transference_, c * per_litre);
}
double SaltProperties::thermodynamic_factor(double c) const {
  return value(factor_, c * per_litre);
}
double SaltProperties::log_activity(double c) const {
  return integral(factor_, c);
}
double SaltProperties::diffusion_potential(double c) const {
  return constants::gas * temperature_ / constants::faraday * integral(junction_, c);
}

}  // namespace seccm::models
