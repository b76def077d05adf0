#include "models/reference/gold_block.hpp"

#include <algorithm>
#include <cmath>

#include "models/electrolyte/spreading_gold.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

GoldBlock::GoldBlock(const CellSpec& cell, const ElectrolyteSpec* liquid)
    : reduction_(cell.water),
      water_(cell.water),
      capacitance_(cell.double_layer.gold.si() * cell.gold_area),
      areal_capacitance_(cell.double_layer.gold.si()),
      water_charge_(cell.water.enabled ? cell.water.charge.si() * cell.gold_area : 0.0),
      areal_water_(cell.water.enabled ? cell.water.charge.si() : 0.0) {
  if (liquid == nullptr) return;
  salt_ = liquid->electrolyte.salt;
  footprint_ = liquid->footprint_radius();
  first_area_ = constants::pi * footprint_ * footprint_;
}

void GoldBlock::lay_out(Unknowns& unknowns) {
  if (water_charge_ > 0.0) reservoir_ = unknowns.append(1, true);
  if (areal_water_ > 0.0 && spreads()) ring_ = unknowns.append(1, true);
}

GoldBlock::Grown GoldBlock::grown(double t) const {
  if (!spreads()) return {};
  const double ratio = spread_ratio(salt_, t);
  const double x = std::max(t, 0.0) / salt_.spreading_time.si();
  const double by_x = salt_.spreading == Spreading::exponential
                          ? (salt_.spreading_ratio - 1.0) * std::exp(-x)
                          : salt_.spreading_exponent * std::pow(1.0 + x, salt_.spreading_exponent - 1.0);
  return {.area = first_area_ * (ratio - 1.0) * (ratio + 1.0),
          .rate = 2.0 * first_area_ * ratio * by_x / salt_.spreading_time.si()};
}

GoldBlock::Consumption GoldBlock::consumption(double phi) const {
  const double rate = water_.survival_slope(phi) / water_.survival(phi);
  const double sigma = reduction_.width.si() / (2.0 * std::sqrt(2.0 * std::log(2.0)));
  return {.rate = rate, .slope = -(phi - reduction_.peak.si()) / (sigma * sigma) * rate - rate * rate};
}

void GoldBlock::rows(double t, PotentialRate phi, std::span<const double> u, std::span<const double> du,
                     std::span<double> r) const {
  if (!reservoir_ && !ring_) return;
  const double falls = consumption(phi.p).rate * std::min(phi.rate, 0.0);
  if (reservoir_) r[*reservoir_] = du[*reservoir_] - u[*reservoir_] * falls;
  if (ring_) r[*ring_] = du[*ring_] - u[*ring_] * falls - water_.survival(phi.p) * grown(t).rate / first_area_;
}

void GoldBlock::entries(JacobianAssembler& jacobian, std::size_t row, double factor, double t, PotentialRate phi,
                        UnknownColumn metal, std::span<const double> u) const {
  const Grown ring = grown(t);
  jacobian.add(row, metal.unknown, factor * metal.slope * areal_capacitance_ * ring.rate,
               factor * metal.slope * (capacitance_ + areal_capacitance_ * ring.area));
  if (!reservoir_ && !ring_) return;
  const Consumption water = consumption(phi.p);
  const double falling = phi.rate < 0.0 ? 1.0 : 0.0;
  const auto reserve = [&](std::size_t own, double growth) {
    jacobian.add(own, own, -water.rate * falling * phi.rate, 1.0);
    jacobian.add(own, metal.unknown, -metal.slope * (u[own] * water.slope * falling * phi.rate + growth),
                 -metal.slope * u[own] * water.rate * falling);
  };
  if (reservoir_) {
    reserve(*reservoir_, 0.0);
    jacobian.add(row, *reservoir_, 0.0, factor * water_charge_);
  }
  if (ring_) {
    reserve(*ring_, water_.survival_slope(phi.p) * ring.rate / first_area_);
    jacobian.add(row, *ring_, 0.0, factor * areal_water_ * first_area_);
  }
}

GoldBlock::Parts GoldBlock::currents(double t, PotentialRate phi, std::span<const double> du) const {
  const Grown ring = grown(t);
  Parts i;
  i.double_layer = (capacitance_ + areal_capacitance_ * ring.area) * phi.rate +
                   areal_capacitance_ * ring.rate * (phi.p - salt_.gold_pzc.si());
  if (reservoir_) i.water = water_charge_ * du[*reservoir_];
  if (ring_) i.water += areal_water_ * (first_area_ * du[*ring_] - ring.rate);
  return i;
}

GoldBlock::Parts GoldBlock::charges(double t, double phi, double phi_rest, std::span<const double> u) const {
  const Grown ring = grown(t);
  Parts q;
  q.double_layer = capacitance_ * (phi - phi_rest) + areal_capacitance_ * ring.area * (phi - salt_.gold_pzc.si());
  if (reservoir_) q.water = water_charge_ * (u[*reservoir_] - 1.0);
  if (ring_) q.water += areal_water_ * (first_area_ * u[*ring_] - ring.area);
  return q;
}

void GoldBlock::rest(std::span<double> u) const {
  if (reservoir_) u[*reservoir_] = 1.0;
}

double GoldBlock::jump(double t, double before, double after, std::span<double> u) const {
  double passed = (capacitance_ + areal_capacitance_ * grown(t).area) * (after - before);
  if (after >= before) return passed;
  const double survives = water_.survival(after) / water_.survival(before);
  const auto consume = [&](std::size_t own, double charge) {
    const double left = u[own] * survives;
    passed += charge * (left - u[own]);
    u[own] = left;
  };
  if (reservoir_) consume(*reservoir_, water_charge_);
  if (ring_) consume(*ring_, areal_water_ * first_area_);
  return passed;
}

double GoldBlock::footprint(double t) const {
  return footprint_ * spread_ratio(salt_, t);
}

std::optional<std::string> GoldBlock::name(std::size_t unknown) const {
  if (reservoir_ && unknown == *reservoir_) return "the water reservoir";
  if (ring_ && unknown == *ring_) return "the water on the grown gold";
  return std::nullopt;
}

}  // namespace seccm::models
