#include "models/pipette/pipette.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double kPi = constants::pi;
constexpr double kFaraday = constants::faraday;

void require_positive(const char* name, double value, const char* unit) {
  if (std::isfinite(value) && value > 0.0) return;
  throw InputError(fmt::format("pipette: {} = {} {}: accepted is a positive finite number", name, value, unit));
}

void require_angle(double half_angle) {
  if (std::isfinite(half_angle) && half_angle > 0.0 && half_angle < kPi / 2.0) return;
  throw InputError(fmt::format("pipette: half cone angle = {} deg: accepted is between 0 and 90 deg, exclusive",
                               half_angle * 180.0 / kPi));
}

double solid_angle(double half_angle) {
  const double s = std::sin(0.5 * half_angle);
  return 4.0 * kPi * s * s;  // 2π(1 - cos θ) without cancellation
}

}  // namespace

double cone_resistance(double conductivity, double radius, double half_angle) {
  require_positive("conductivity", conductivity, "S/m");
  require_positive("radius", radius, "m");
  require_angle(half_angle);
  return 1.0 / (2.0 * kPi * conductivity * radius * std::tan(0.5 * half_angle));
}

double cone_resistance_discs(double conductivity, double radius, double half_angle) {
  require_positive("conductivity", conductivity, "S/m");
  require_positive("radius", radius, "m");
  require_angle(half_angle);
  return 1.0 / (kPi * conductivity * radius * std::tan(half_angle));
}

double truncated_cone_resistance(double conductivity, double radius, double half_angle, double length) {
  require_positive("length", length, "m");
  const double far_radius = radius + length * std::tan(half_angle);
  return cone_resistance(conductivity, radius, half_angle) * (1.0 - radius / far_radius);
}

double truncated_cone_resistance_discs(double conductivity, double r1, double r2, double length) {
  require_positive("conductivity", conductivity, "S/m");
  require_positive("r1", r1, "m");
  require_positive("r2", r2, "m");
  require_positive("length", length, "m");
  return length / (kPi * conductivity * r1 * r2);
}

double access_resistance(double conductivity, double radius) {
  require_positive("conductivity", conductivity, "S/m");
  require_positive("radius", radius, "m");
  return 1.0 / (4.0 * conductivity * radius);
}

double cone_equivalent_radius(double radius, double half_angle, ConeRadius form, double meniscus_height) {
  require_positive("radius", radius, "m");
  require_angle(half_angle);
  const double cap = radius / std::sin(half_angle);
  if (form == ConeRadius::cap) return cap;
  if (form == ConeRadius::flat) return radius / std::tan(half_angle);
  const double below = cap - meniscus_height / std::cos(half_angle);
  if (std::isfinite(below) && meniscus_height >= 0.0 && below > 0.0) return below;
  throw InputError(
      fmt::format("pipette: meniscus height = {:g} um: accepted is 0 to below {:g} um, where the cone of "
                  "radius {:g} um ends",
                  meniscus_height * 1e6, cap * std::cos(half_angle) * 1e6, radius * 1e6));
}

double cone_limiting_current(double diffusivity, double concentration, double radius, double half_angle,
                             ConeRadius form, double meniscus_height) {
  require_positive("diffusivity", diffusivity, "m^2/s");
  if (!(std::isfinite(concentration) && concentration >= 0.0)) {
    throw InputError(
        fmt::format("pipette: concentration = {} mol/m^3: accepted is a finite number from 0", concentration));
  }
  const double rho = cone_equivalent_radius(radius, half_angle, form, meniscus_height);
  return kFaraday * diffusivity * concentration * solid_angle(half_angle) * rho;
}

double cone_step_current(double limiting_current, double equivalent_radius, double diffusivity, double time) {
  require_positive("equivalent radius", equivalent_radius, "m");
  require_positive("diffusivity", diffusivity, "m^2/s");
  require_positive("time", time, "s");
  return limiting_current * (1.0 + equivalent_radius / std::sqrt(kPi * diffusivity * time));
}

double microdisc_limiting_current(double diffusivity, double concentration, double radius) {
  require_positive("diffusivity", diffusivity, "m^2/s");
  require_positive("concentration", concentration, "mol/m^3");
  require_positive("radius", radius, "m");
  return 4.0 * kFaraday * diffusivity * concentration * radius;
}

double shoup_szabo(double tau) {
  require_positive("tau", tau, "");
  const double root = 1.0 / std::sqrt(tau);
  return kPi / 4.0 + std::sqrt(kPi) / 2.0 * root + (1.0 - kPi / 4.0) * std::exp(-0.7823 * root);
}

double lithium_limiting_current(const PipetteParameters& pipette, const ElectrolyteParameters& electrolyte) {
  return cone_limiting_current(electrolyte.salt_diffusivity.si(), electrolyte.salt_concentration.si(), pipette.radius(),
                               pipette.half_cone_angle) /
         (1.0 - electrolyte.transference_number);
}

double solution_resistance(const PipetteParameters& pipette, const ElectrolyteParameters& electrolyte,
                           double meniscus_height, double footprint_diameter) {
  const double kappa = electrolyte.conductivity.si();
  require_positive("footprint diameter", footprint_diameter, "m");
  const double cone =
      truncated_cone_resistance(kappa, pipette.radius(), pipette.half_cone_angle, pipette.cone_length.si());
  if (meniscus_height == 0.0) return cone;
  return cone + truncated_cone_resistance_discs(kappa, pipette.radius(), 0.5 * footprint_diameter, meniscus_height);
}

}  // namespace seccm::models
