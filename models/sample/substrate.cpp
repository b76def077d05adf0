#include "models/sample/substrate.hpp"

#include <cmath>

#include "models/sample/parameter_check.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::models {

Substrate::Substrate(const SubstrateParameters& parameters, double x0, double y0, std::uint64_t seed)
    : x0_(x0),
      y0_(y0),
      tilt_x_(parameters.tilt_x),
      tilt_y_(parameters.tilt_y),
      amplitude_(parameters.roughness.si() * std::sqrt(2.0 / modes)) {
  check_parameters("sample.substrate", parameters);
  RandomStream random(seed, "roughness of the gold");
  for (Mode& mode : modes_) {
    mode.kx = random.normal() / parameters.correlation_length.si();
    mode.ky = random.normal() / parameters.correlation_length.si();
    mode.phase = 2.0 * constants::pi * random.uniform();
  }
}

double Substrate::height(double x, double y) const {
  double sum = 0.0;
  if (amplitude_ > 0.0) {
    for (const Mode& mode : modes_) sum += std::cos(mode.kx * x + mode.ky * y + mode.phase);
  }
  return tilt_x_ * (x - x0_) + tilt_y_ * (y - y0_) + amplitude_ * sum;
}

}  // namespace seccm::models
