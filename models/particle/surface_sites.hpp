// Sites on the wetted surface of every particle that take lithium up without diffusion (pseudocapacitance):
//
//   dθ/dt = k [a_e (1-θ) e^(-αz) - θ e^((1-α)z)],   z = F(p-E0)/RT + g(θ - 1/2)
//
// A host with the "profile" θ alone: y_s = a + B q with B = -dt/now. k = 0 stands for equilibrium at all times, an
// exchange of 1e12 coverages per step.
#pragma once

#include <memory>
#include <vector>

#include "models/material/exchange_lanes.hpp"
#include "models/particle/host.hpp"

namespace seccm::models {

struct SurfaceSitesSpec {
  SurfaceReaction reaction;
  double rate = 0.0;           ///< k, 1/s; 0: in equilibrium
  std::vector<double> charge;  ///< C per unit of θ, per lane
  double E0 = 0.0;             ///< V vs Li/Li+
  double f = 0.0;              ///< F/(RT), 1/V
};

class SurfaceSites final : public Host {
 public:
  explicit SurfaceSites(SurfaceSitesSpec spec) : spec_(std::move(spec)) {}

  [[nodiscard]] std::size_t lanes() const override { return spec_.charge.size(); }
  [[nodiscard]] HostState rest(std::span<const double> filling, double E_vs_Li) const override;
  [[nodiscard]] bool fits(const HostState& state) const override;
  [[nodiscard]] double mean(const HostState& state, std::size_t particle, int lattice) const override;
  [[nodiscard]] double surface(const HostState& state, std::size_t particle) const override;
  [[nodiscard]] std::vector<double> profile(const HostState& state, std::size_t particle) const override;
  [[nodiscard]] std::unique_ptr<HostSolver> solver() const override;
  [[nodiscard]] std::size_t stored_size() const override { return lanes(); }

 private:
  SurfaceSitesSpec spec_;
};

}  // namespace seccm::models
