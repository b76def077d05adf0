#include "models/particle/phase_field_thermodynamics.hpp"

#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::models {

double regular_solution_potential(double omega, double y) {
  return std::log(y / (1.0 - y)) + omega * (1.0 - 2.0 * y);
}

double interaction_for_solubility(double y_a) {
  return std::log((1.0 - y_a) / y_a) / (1.0 - 2.0 * y_a);
}

double binodal_filling(double omega) {
  if (omega <= 2.0) return 0.5;
  double low = 0.0;
  double high = spinodal_filling(omega);  // μ < 0 below y_a and > 0 between y_a and the spinodal
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    (regular_solution_potential(omega, middle) < 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double spinodal_filling(double omega) {
  return omega <= 2.0 ? 0.5 : 0.5 * (1.0 - std::sqrt(1.0 - 2.0 / omega));
}

double spinodal_barrier(double omega) {
  return omega <= 2.0 ? 0.0 : regular_solution_potential(omega, spinodal_filling(omega));
}

double interface_width(double kappa, double site_density, double omega, double temperature) {
  return std::sqrt(kappa / (site_density * omega * constants::boltzmann * temperature));
}

}  // namespace seccm::models
