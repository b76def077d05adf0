#include "models/particle/particle_parameters.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/error.hpp"

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

/// ln of the mean of exp(s z).
double log_mean(const std::vector<double>& z, double s) {
  double sum = 0.0;
  for (const double value : z) sum += std::exp(s * (value - z.back()));
  return s * z.back() + std::log(sum / static_cast<double>(z.size()));
}

void require_room_for(double spread, int n) {
  const double widest = std::sqrt(std::log(static_cast<double>(n)) / 3.0);
  if (spread < widest) return;
  throw InputError(fmt::format(
      "particle.radius_spread = {} with {} particle{}: no {} radii have both area and volume of this distribution, "
      "whose volume is that of e^(3 spread^2) equal particles of the same area or more; accepted is below {:.4g}, or "
      "at "
      "least {:.0f} particles (cell.particles)",
      spread, n, n == 1 ? "" : "s", n, widest, std::floor(std::exp(3.0 * spread * spread)) + 1.0));
}

/// b of r_k ~ exp(b z_k): ln of (mean r^3)^(1/3) over (mean r^2)^(1/2) is
/// spread^2/2. It rises with b, from 0 to ln(n)/6.
double widening(const std::vector<double>& z, double spread) {
  const auto excess = [&](double b) {
    return log_mean(z, 3.0 * b) / 3.0 - log_mean(z, 2.0 * b) / 2.0 - 0.5 * spread * spread;
  };
  double low = 0.0, high = 2.0;
  while (excess(high) < 0.0) high *= 2.0;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (excess(middle) < 0.0 ? low : high) = middle;
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
  require_room_for(spread, n);
  std::vector<double> normal;
  for (int k = 0; k < n; ++k) normal.push_back(spread * normal_quantile((k + 0.5) / n));
  const double widened = widening(normal, spread);
  const double shift = spread * spread - 0.5 * log_mean(normal, 2.0 * widened);
  std::vector<double> radii;
  for (const double z : normal) radii.push_back(radius * std::exp(shift + widened * z));
  return radii;
}

}  // namespace seccm::models
