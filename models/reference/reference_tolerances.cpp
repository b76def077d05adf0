// What the error test of the reference engine holds each unknown to.
#include <algorithm>
#include <cmath>

#include "models/reference/reference_system.hpp"

namespace seccm::models {
namespace {

constexpr double share_of_filling = 0.1;  // its tolerance, of the relative one

}  // namespace

std::vector<double> ReferenceSystem::tolerances(double relative) const {
  const double of_potential = potential_tolerance(relative);
  std::vector<double> all(unknowns_.size(), share_of_filling * relative);
  for (const Particle& particle : particles_) {
    for (const auto& host : particle.hosts) host->set_tolerances(relative, all);
    if (particle.drop) all[*particle.drop] = of_potential;
  }
  all[current_] = relative;
  all[charge_] = 10.0 * relative;  // I0 times 10 s
  if (salt_) salt_->set_tolerances(relative, all);
  if (metal_is_potential(relative)) all[metal_.unknown] = of_potential / std::abs(metal_.slope);
  return all;
}

/// V. A potential moves the filling of a surface by up to F/RT 1/(4 + g), that of the sharpest isotherm around.
double ReferenceSystem::potential_tolerance(double relative) const {
  constexpr double round_off = 2e-13;  // V: what Newton's method can still tell of the volts that a resistance takes
  double g = 0.0;
  if (spec_.material.law == IsothermKind::frumkin) g = std::min(g, spec_.material.g);
  if (spec_.surface_redox.enabled) g = std::min(g, spec_.surface_redox.g);
  return std::max(share_of_filling * relative * (4.0 + g) / f_, round_off);
}

/// The unknown behind the metal's potential is judged as one: where its own tolerance, that of a current, is looser.
bool ReferenceSystem::metal_is_potential(double relative) const {
  return potential_tolerance(relative) < relative * std::abs(metal_.slope);
}

std::vector<char> ReferenceSystem::judged_by_size(double relative) const {
  std::vector<char> all(unknowns_.size(), 1);
  for (const Particle& particle : particles_) {
    if (particle.drop) all[*particle.drop] = 0;
  }
  if (metal_is_potential(relative)) all[metal_.unknown] = 0;
  return all;
}

}  // namespace seccm::models
