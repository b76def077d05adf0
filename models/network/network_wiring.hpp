// The contact network as the wiring of a cell: Kirchhoff's law in place of one resistance per particle, and lithium
// that passes between the surfaces of particles through necks.
//
// Implicit in everything: contact conductances and exchange are those at the end of the step.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/cell/wiring.hpp"
#include "models/network/kirchhoff.hpp"
#include "models/network/neck_exchange.hpp"

namespace seccm::models {

class NetworkWiring final : public Wiring {
 public:
  NetworkWiring(const NetworkSpec& network, double c_max, std::size_t particles, std::size_t lanes);

  void attach(SurfacePort* port) override { port_ = port; }
  void prepare(std::span<const double> filling) override;
  ArrowSums eliminate(const ParticleLanes& particles, const WiringContext& context) override;
  double update(const ParticleLanes& particles, double dphi, double limit) override;

  [[nodiscard]] const Kirchhoff& kirchhoff() const { return kirchhoff_; }

 private:
  NetworkSums eliminate_with_necks(NeckExchange& necks, const ParticleLanes& particles, const NetworkStep& step);

  Kirchhoff kirchhoff_;
  std::optional<NeckExchange> necks_;
  double charge_;  // F c_max
  SurfacePort* port_ = nullptr;
  std::size_t particles_;
  std::vector<double> current_, conductance_;  // with the double layers
  std::vector<double> by_filling_, by_potential_, unbalanced_, dy0_, dydphi_;
};

class NetworkWiringModel final : public WiringModel {
 public:
  /// c_max (mol/m³) of the particles that the necks join.
  NetworkWiringModel(NetworkSpec network, double c_max);

  [[nodiscard]] std::unique_ptr<Wiring> make(std::size_t particles, std::size_t lanes) const override;
  [[nodiscard]] bool joins_surfaces() const override { return !network_.necks.empty(); }
  [[nodiscard]] bool ignites() const override {
    return network_.conductivity.limited && network_.conductivity.lithiated > network_.conductivity.pristine;
  }
  [[nodiscard]] const NetworkSpec& network() const { return network_; }

 private:
  NetworkSpec network_;
  double c_max_;
};

}  // namespace seccm::models
