#include "models/reference/network_block.hpp"

#include <cmath>

namespace seccm::models {

NetworkBlock::Conductance NetworkBlock::conductance(const NetworkContact& contact, double y_first,
                                                    double y_second) const {
  const ConductivityLaw& law = network_.conductivity;
  const double fixed = contact.interface_resistance;
  if (!law.limited) return {.value = 1.0 / fixed};
  const double growth = std::log(law.lithiated / law.pristine) / law.full_filling;
  const auto rises = [&](double y) { return y > 0.0 && y < law.full_filling; };
  const double first = 1.0 / (4.0 * contact.radius * law.at(y_first));
  const double second = contact.second == on_gold ? 0.0 : 1.0 / (4.0 * contact.radius * law.at(y_second));
  const double g = 1.0 / (fixed + first + second);
  return {.value = g,
          .by_first = rises(y_first) ? g * g * first * growth : 0.0,
          .by_second = rises(y_second) ? g * g * second * growth : 0.0};
}

std::vector<double> NetworkBlock::resistances(std::span<const double> filling) const {
  std::vector<double> all(filling.size(), 0.0);
  for (const NetworkContact& c : network_.contacts) {
    const auto first = static_cast<std::size_t>(c.first);
    const double y_second = c.second == on_gold ? 0.0 : filling[static_cast<std::size_t>(c.second)];
    const double g = conductance(c, filling[first], y_second).value;
    all[first] += g;
    if (c.second != on_gold) all[static_cast<std::size_t>(c.second)] += g;
  }
  for (double& value : all) value = 1.0 / value;
  return all;
}

void NetworkBlock::rows(UnknownColumn metal, bool intercalating, std::span<const double> u, std::span<double> r) const {
  for (const Node& n : nodes_) r[n.drop] = 0.0;
  for (const NetworkContact& c : network_.contacts) {
    const Node& a = node(c.first);
    const bool gold = c.second == on_gold;
    const double y_second = gold ? 0.0 : u[node(c.second).surface];
    const double other = gold ? -metal.slope * u[metal.unknown] : u[node(c.second).drop];
    const double i = conductance(c, u[a.surface], y_second).value * (u[a.drop] - other);
    r[a.drop] += a.resistance * i;
    if (!gold) r[node(c.second).drop] -= node(c.second).resistance * i;
  }
  for (const Neck& neck : network_.necks) {
    const Node& a = node(neck.first);
    const Node& b = node(neck.second);
    const double passed = neck.exchange * (u[a.surface] - u[b.surface]);  // m³/s
    for (const UnknownColumn& row : a.host->outflow(intercalating)) r[row.unknown] += row.slope * passed / a.area;
    for (const UnknownColumn& row : b.host->outflow(intercalating)) r[row.unknown] -= row.slope * passed / b.area;
  }
}

void NetworkBlock::entries(JacobianAssembler& jacobian, UnknownColumn metal, bool intercalating,
                           std::span<const double> u) const {
  for (const NetworkContact& c : network_.contacts) {
    const Node& a = node(c.first);
    const bool gold = c.second == on_gold;
    const double y_second = gold ? 0.0 : u[node(c.second).surface];
    const double other = gold ? -metal.slope * u[metal.unknown] : u[node(c.second).drop];
    const Conductance g = conductance(c, u[a.surface], y_second);
    const double difference = u[a.drop] - other;
    const auto add = [&](std::size_t row, double scale) {
      jacobian.add(row, a.drop, scale * g.value);
      jacobian.add(row, gold ? metal.unknown : node(c.second).drop, scale * g.value * (gold ? metal.slope : -1.0));
      jacobian.add(row, a.surface, scale * g.by_first * difference);
      if (!gold) jacobian.add(row, node(c.second).surface, scale * g.by_second * difference);
    };
    add(a.drop, a.resistance);
    if (!gold) add(node(c.second).drop, -node(c.second).resistance);
  }
  for (const Neck& neck : network_.necks) {
    const Node& a = node(neck.first);
    const Node& b = node(neck.second);
    const auto add = [&](const Node& n, double sign) {
      for (const UnknownColumn& row : n.host->outflow(intercalating)) {
        const double slope = sign * row.slope * neck.exchange / n.area;
        jacobian.add(row.unknown, a.surface, slope);
        jacobian.add(row.unknown, b.surface, -slope);
      }
    };
    add(a, 1.0);
    add(b, -1.0);
  }
}

}  // namespace seccm::models
