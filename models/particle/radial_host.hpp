// One lattice of every particle with radial Fickian diffusion, the insertion reaction at its surface and a film in
// series with it.
//
//   dy/dt = r^(1-m) d/dr (r^(m-1) D dy/dr),   -D dy/dr = q,   q = N(y_s, p - ρ q)       (exchange_lanes.hpp)
//
// With a constant D each step size is eliminated once, y_s = a + B q with B constant, and the reaction alone is
// iterated: the exact discrete Schur complement. With D(y) the profile takes part in Newton's method
// (variable_diffusion.hpp).
#pragma once

#include <memory>
#include <vector>

#include "models/particle/host.hpp"
#include "models/particle/variable_diffusion.hpp"
#include "sim/radial_lanes.hpp"

namespace seccm::models {

struct RadialHostSpec {
  VariableDiffusionSpec insertion;  ///< its diffusivity is null where D is constant
  double D_intercalation = 0.0;     ///< m^2/s, by the direction of the cell's net lithium flux
  double D_deintercalation = 0.0;
};

class RadialHost final : public Host {
 public:
  RadialHost(std::shared_ptr<const sim::RadialLanes> lanes, RadialHostSpec spec);

  [[nodiscard]] std::size_t lanes() const override { return lanes_->lanes(); }
  [[nodiscard]] HostState rest(std::span<const double> filling, double E_vs_Li) const override;
  [[nodiscard]] bool fits(const HostState& state) const override;
  [[nodiscard]] double mean(const HostState& state, std::size_t particle, int lattice) const override;
  [[nodiscard]] double surface(const HostState& state, std::size_t particle) const override;
  [[nodiscard]] std::vector<double> profile(const HostState& state, std::size_t particle) const override;
  [[nodiscard]] std::unique_ptr<HostSolver> solver() const override;
  [[nodiscard]] std::size_t stored_size() const override { return lanes_->profile_size(); }
  [[nodiscard]] bool iterates_filling() const override { return spec_.insertion.diffusivity != nullptr; }
  /// With a constant D and no film.
  [[nodiscard]] bool can_join() const override;

  [[nodiscard]] const sim::RadialLanes& radial() const { return *lanes_; }

 private:
  std::shared_ptr<const sim::RadialLanes> lanes_;
  RadialHostSpec spec_;
};

}  // namespace seccm::models
