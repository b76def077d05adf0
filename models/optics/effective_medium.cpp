#include "models/optics/effective_medium.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::models {

std::complex<double> bruggeman_index(std::complex<double> particle, std::complex<double> medium, double fraction) {
  const double phi = std::clamp(fraction, 0.0, 1.0);
  const std::complex<double> e_p = particle * particle;
  const std::complex<double> e_m = medium * medium;
  const std::complex<double> b = (3.0 * phi - 1.0) * e_p + (2.0 - 3.0 * phi) * e_m;
  // Of the two roots of 2ε² - bε - ε_p ε_m = 0 the one with the plus sign is the physical one for Re ε_p, ε_m > 0.
  const std::complex<double> n = std::sqrt(0.25 * (b + std::sqrt(b * b + 8.0 * e_p * e_m)));
  return {n.real(), std::max(n.imag(), 0.0)};
}

}  // namespace seccm::models
