#include "models/particle/particle_parameters.hpp"

#include <cmath>

namespace seccm::models {
namespace {

/// Quantile of the normal distribution by bisection.
double normal_quantile(double share) {
  double low = -40.0;
  double high = 40.0;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < share ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

void ParticleParameters::visit(ParameterVisitor& v, ParticleParameters& p) {
  v({.key = "model",
     .source = "docs/physics-phase-field.md",
     .text = "Fickian diffusion, or phase separation on one or two sublattices (job simulate)"},
    particle_model_names, p.model);
  v({.key = "radius_spread",
     .low = 0,
     .high = 2,
     .source = "docs/physics-phase-field.md",
     .text = "Standard deviation of ln(radius) of the particles of [cell] (job simulate)"},
    p.radius_spread);
}

std::vector<double> radii_of(double radius, double spread, int n) {
  if (spread == 0.0) return std::vector<double>(static_cast<std::size_t>(n), radius);
  std::vector<double> radii;
  for (int k = 0; k < n; ++k) radii.push_back(radius * std::exp(spread * normal_quantile((k + 0.5) / n)));
  return radii;
}

}  // namespace seccm::models
