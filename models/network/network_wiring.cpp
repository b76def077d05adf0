#include "models/network/network_wiring.hpp"

#include <algorithm>
#include <cmath>

#include "models/particle/host.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

NetworkWiring::NetworkWiring(const NetworkSpec& network, double c_max, std::size_t particles, std::size_t lanes)
    : kirchhoff_(network, particles), charge_(constants::faraday * c_max), particles_(particles) {
  for (auto* values : {&current_, &conductance_}) values->assign(lanes, 0.0);
  if (network.necks.empty()) return;
  necks_.emplace(network, particles, c_max);
  for (auto* values : {&by_filling_, &by_potential_, &unbalanced_, &dy0_, &dydphi_}) values->assign(particles, 0.0);
}

void NetworkWiring::prepare(std::span<const double> filling) {
  kirchhoff_.set_fillings(filling);
  if (!necks_ || port_ == nullptr) return;
  necks_->outflow(filling, port_->outflow);
  for (std::size_t k = 0; k < particles_; ++k) port_->outflow[k] *= charge_ / port_->scale[k];  // over the area
}

/// The host has eliminated its fillings at the outflow of the iterate; here that outflow is unknown too:
///   δi = -c (N_y/m) δs,   δs = m (dy0 + dyp δp - δy)     on top of   i + G δp.
NetworkSums NetworkWiring::eliminate_with_necks(NeckExchange& necks, const ParticleLanes& particles,
                                                const NetworkStep& step) {
  const SurfacePort& s = *port_;
  for (std::size_t k = 0; k < particles_; ++k) {
    by_filling_[k] = s.stiffness[k] + 1.0 / s.B[k];
    by_potential_[k] = -s.stiffness[k] * s.dyp[k];
    unbalanced_[k] = s.stiffness[k] * s.dy0[k];
    current_[k] -= s.scale[k] * by_filling_[k] * s.dy0[k];
    conductance_[k] -= s.scale[k] * s.dyp[k] / s.B[k];
  }
  return necks.eliminate(kirchhoff_, {s.scale, s.stiffness, by_filling_, by_potential_, unbalanced_, step},
                         {dy0_, dydphi_, {particles.dp0, particles_}, {particles.dpphi, particles_}});
}

ArrowSums NetworkWiring::eliminate(const ParticleLanes& particles, const WiringContext& context) {
  const ParticleLanes& s = particles;
  for (std::size_t l = 0; l < s.lanes; ++l) {
    current_[l] = s.current[l] + s.capacitance[l] * (s.now * s.p[l] + s.history[l]);
    // Below 0 only at an iterate whose filling is beyond 0 or 1: Kirchhoff's matrix stays positive definite.
    conductance_[l] = std::max(0.0, s.conductance[l]) + s.capacitance[l] * s.now;
  }
  for (std::size_t l = particles_; l < s.lanes; ++l) {
    s.dp0[l] = context.phi - s.p[l];
    s.dpphi[l] = 1.0;
  }
  const NetworkStep step{.p = {s.p, s.lanes},
                         .current = current_,
                         .conductance = conductance_,
                         .phi = context.phi,
                         .phi_fixed = context.phi_fixed};
  const NetworkSums sums = necks_ ? eliminate_with_necks(*necks_, particles, step)
                                  : kirchhoff_.eliminate(step, {s.dp0, s.lanes}, {s.dpphi, s.lanes});
  return {sums.current, sums.conductance};
}

double NetworkWiring::update(const ParticleLanes& particles, double dphi, double limit) {
  const ParticleLanes& s = particles;
  double largest = 0.0;
  for (std::size_t l = 0; l < s.lanes; ++l) {
    const double move = std::clamp(s.dp0[l] + s.dpphi[l] * dphi, -limit, limit);
    s.dp0[l] = move;
    s.p[l] += move;
    largest = std::max(largest, std::abs(move));
  }
  if (!necks_ || port_ == nullptr) return largest;
  // The host moves its filling by dy0 + dyp δp.
  for (std::size_t k = 0; k < particles_; ++k) port_->dy0[k] = dy0_[k] + dydphi_[k] * dphi - port_->dyp[k] * s.dp0[k];
  return largest;
}

NetworkWiringModel::NetworkWiringModel(NetworkSpec network, double c_max)
    : network_(std::move(network)), c_max_(c_max) {}

std::unique_ptr<Wiring> NetworkWiringModel::make(std::size_t particles, std::size_t lanes) const {
  return std::make_unique<NetworkWiring>(network_, c_max_, particles, lanes);
}

}  // namespace seccm::models
