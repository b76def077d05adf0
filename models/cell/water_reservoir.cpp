#include "models/cell/water_reservoir.hpp"

#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::models {

WaterReservoir::WaterReservoir(const WaterReductionParameters& parameters)
    : peak_(parameters.peak.si()),
      sigma_(parameters.width.si() / (2.0 * std::sqrt(2.0 * std::log(2.0)))),
      consumed_(1.0 - 1.0 / parameters.decay) {}

double WaterReservoir::survival(double E) const {
  return 1.0 - consumed_ * 0.5 * std::erfc((E - peak_) / (sigma_ * std::sqrt(2.0)));
}

double WaterReservoir::survival_slope(double E) const {
  const double u = (E - peak_) / sigma_;
  return consumed_ * std::exp(-0.5 * u * u) / (sigma_ * std::sqrt(2.0 * constants::pi));
}

}  // namespace seccm::models
