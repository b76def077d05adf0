#include "models/material/open_circuit.hpp"

#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::models {

AnatasePlateauLaw AnatasePlateauLaw::with_solubility(double y_a) {
  return {.y_a = y_a, .omega = std::log((1.0 - y_a) / y_a) / (1.0 - 2.0 * y_a)};
}

double open_circuit_potential(const MaterialParameters& material, double y, double temperature) {
  const double thermal = constants::gas * temperature / constants::faraday;
  const double w = with_law(material, [y](const auto& law) { return law.excess(y).value; });
  return material.E0.si() + thermal * (std::log((1.0 - y) / y) + w);
}

double filling_at(const MaterialParameters& material, double E_vs_Li, double temperature) {
  // Bisection in s = ln(y/(1-y)), which keeps its relative precision at both ends.
  const double thermal = constants::gas * temperature / constants::faraday;
  const double target = (E_vs_Li - material.E0.si()) / thermal;
  return with_law(material, [target](const auto& law) {
    const auto y_of = [](double s) { return 1.0 / (1.0 + std::exp(-s)); };
    double low = -700.0;
    double high = 700.0;
    for (int i = 0; i < 200; ++i) {
      const double s = 0.5 * (low + high);
      (-s + law.excess(y_of(s)).value > target ? low : high) = s;
    }
    return y_of(0.5 * (low + high));
  });
}

}  // namespace seccm::models
