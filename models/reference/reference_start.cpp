// Where the algebraic unknowns stand behind a corner, by nested bracketing: for the starts on which Newton's method for
// consistent values does not settle. The rate law is exponential in what a film or a resistance takes.
#include "models/reference/reference_system.hpp"
#include "sim/bracketed_root.hpp"

namespace seccm::models {
namespace {

constexpr double last_bits = 1e-14;

}  // namespace

/// Settles the surfaces at the potential p of a particle; returns its current, A, without that of capacitances.
double ReferenceSystem::settled_current(const Particle& particle, double p, const SurfaceActivity& a_e,
                                        std::span<double> u) const {
  double i = 0.0;
  for (const auto& host : particle.hosts) {
    host->settle_surface(around(particle, p, a_e), u);
    for (const HostBlock::Flux& flux : host->fluxes()) i += flux.current * u[flux.unknown];
  }
  if (!particle.coverage) return i;
  const FormalRate rate = coverage_rate(particle, p, u[*particle.coverage], a_e.log);
  return i + particle.surface_charge * (u[*particle.coverage] - rate.formal) / rate.lag;
}

/// Settles a particle under the potential phi of the metal; returns what it draws from that.
double ReferenceSystem::settled_branch(const Particle& particle, double E, double phi, const SurfaceActivity& a_e,
                                       std::span<double> u) const {
  if (!particle.drop) return settled_current(particle, phi, a_e, u);
  const bool p_is_known = network_ || differential()[*particle.drop] != 0;
  if (!p_is_known) {
    const auto left = [&](double p) { return phi - p - particle.contact * settled_current(particle, p, a_e, u); };
    u[*particle.drop] = E - sim::bracketed_root(left, phi - 0.05, phi + 0.05, last_bits);
  }
  const double p = E - u[*particle.drop];
  const double i = settled_current(particle, p, a_e, u);
  return p_is_known ? (phi - p) / particle.contact : i;
}

void ReferenceSystem::settle_surfaces(double t, std::span<double> u) const {
  const double E = ramp.at(t);
  const SurfaceActivity a_e = activity(u);
  const auto total = [&](double phi) {
    double sum = ferrocene(phi);
    for (const Particle& particle : particles_) sum += settled_branch(particle, E, phi, a_e, u);
    return sum;
  };
  double phi = E + metal_.slope * u[metal_.unknown];
  const bool phi_is_known = salt_ || network_ || metal_.slope == 0.0 || differential()[metal_.unknown] != 0;
  if (!phi_is_known) {
    const double R = spec_.series_resistance;
    phi = sim::bracketed_root([&](double at) { return E - at - R * total(at); }, E - 0.05, E + 0.05, last_bits);
  }
  const double sum = total(phi);
  if (differential()[current_] == 0) u[current_] = sum / units_.current;
}

}  // namespace seccm::models
