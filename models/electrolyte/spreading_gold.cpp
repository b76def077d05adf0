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

void SpreadingGold::begin(double dt, const sim::StepScheme& scheme) {
  dt_ = dt;
  scheme_ = scheme;
}

SpreadingGold::Point SpreadingGold::end_at(double phi) const {
  Point end{.time = now_.time + dt_, .phi = phi};
  end.area = area_at(end.time);
  end.layer_charge = capacitance_ * end.area * (phi - parameters_.gold_pzc.si());
  const double survives = consumes(phi) ? reservoir_.survival(phi) / reservoir_.survival(now_.phi) : 1.0;
  end.water = now_.water * survives + (end.area - now_.area) * reservoir_.survival(phi);
  end.water_charge = -water_ * (end.area - end.water);
  return end;
}

NodeCurrent SpreadingGold::at(double phi) const {
  if (!spreads()) return {};
  const Point end = end_at(phi);
  const double consumed = consumes(phi) ? now_.water / reservoir_.survival(now_.phi) : 0.0;
  const double by_phi =
      capacitance_ * end.area + water_ * (consumed + end.area - now_.area) * reservoir_.survival_slope(phi);
  return {rate(end.layer_charge, now_.layer_charge, before_.layer_charge) +
              rate(end.water_charge, now_.water_charge, before_.water_charge),
          scheme_.now / dt_ * by_phi};
}

const SpreadingGold::Currents& SpreadingGold::solve(double phi) {
  if (!spreads()) return currents_;
  trial_ = end_at(phi);
  currents_.double_layer = rate(trial_.layer_charge, now_.layer_charge, before_.layer_charge);
  currents_.water = rate(trial_.water_charge, now_.water_charge, before_.water_charge);
  passed_.double_layer = trial_.layer_charge - now_.layer_charge;
  passed_.water = trial_.water_charge - now_.water_charge;
  return currents_;
}

void SpreadingGold::accept() {
  if (!spreads()) return;
  before_ = now_;
  now_ = trial_;
  started_ = true;
}

}  // namespace seccm::models
