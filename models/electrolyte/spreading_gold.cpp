#include "models/electrolyte/spreading_gold.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::models {

double spread_ratio(const SaltTransportParameters& p, double time) {
  const double t = std::max(time, 0.0) / p.spreading_time.si();
  switch (p.spreading) {
    case Spreading::exponential:
      return 1.0 - (p.spreading_ratio - 1.0) * std::expm1(-t);
    case Spreading::power:
      return std::pow(1.0 + t, p.spreading_exponent);
    case Spreading::none:
      break;
  }
  return 1.0;
}

SpreadingGold::SpreadingGold(const SaltTransportParameters& parameters, const CellSpec& cell, double footprint)
    : parameters_(parameters),
      reservoir_(cell.water),
      footprint_(footprint),
      capacitance_(cell.double_layer.gold.si()),
      water_(cell.water.enabled ? cell.water.charge.si() : 0.0) {}

double SpreadingGold::area_at(double time) const {
  const double ratio = spread_ratio(parameters_, time);
  return constants::pi * footprint_ * footprint_ * (ratio - 1.0) * (ratio + 1.0);
}

double SpreadingGold::footprint() const {
  return footprint_ * spread_ratio(parameters_, now_.time);
}

const SpreadingGold::Currents& SpreadingGold::solve(double phi, double dt, const sim::StepScheme& scheme) {
  if (parameters_.spreading == Spreading::none) return currents_;
  trial_.time = now_.time + dt;
  trial_.phi = phi;
  trial_.area = area_at(trial_.time);
  trial_.layer_charge = capacitance_ * trial_.area * (phi - parameters_.gold_pzc.si());
  const bool cathodic = started_ && phi < now_.phi;
  const double survives = cathodic ? reservoir_.survival(phi) / reservoir_.survival(now_.phi) : 1.0;
  trial_.water = now_.water * survives + (trial_.area - now_.area) * reservoir_.survival(phi);
  trial_.water_charge = -water_ * (trial_.area - trial_.water);
  const auto rate = [&](double end, double last, double before) {
    return (scheme.now * end + scheme.last * last + scheme.before * before) / dt;
  };
  currents_.double_layer = rate(trial_.layer_charge, now_.layer_charge, before_.layer_charge);
  currents_.water = rate(trial_.water_charge, now_.water_charge, before_.water_charge);
  passed_.double_layer = trial_.layer_charge - now_.layer_charge;
  passed_.water = trial_.water_charge - now_.water_charge;
  return currents_;
}

void SpreadingGold::accept() {
  if (parameters_.spreading == Spreading::none) return;
  before_ = now_;
  now_ = trial_;
  started_ = true;
}

}  // namespace seccm::models
