// Cahn-Hilliard particles as a host of a cell (host.hpp).
//
// The current is the derivative of the lithium by the formula of the step (sim/step_scheme.hpp),
//   I = -F c_max V dY/dt,    Y change of the mean filling since rest, summed over the lattices,
// so that the charge booked with the same formula is -F ΔN to round-off, whatever inner steps the particles take. The
// response to the potential at the end of the step is exact, a tangent of the inner steps; inside the spinodal it can
// be that of a negative resistance, and the cell then splits its step.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/particle/host.hpp"

namespace seccm::models {

class PhaseFieldHost final : public Host {
 public:
  /// area (m²) of each particle's whole surface. Throws InputError as PhaseFieldModel does.
  PhaseFieldHost(PhaseFieldSpec spec, std::span<const double> area);

  [[nodiscard]] const PhaseFieldModel& model() const { return model_; }
  /// C per unit of ΔY: F c_max V.
  [[nodiscard]] std::span<const double> full_charge() const { return full_charge_; }

  [[nodiscard]] std::size_t lanes() const override { return model_.lanes(); }
  [[nodiscard]] int lattices() const override { return model_.spec().lattices; }
  /// The second lattice is empty.
  [[nodiscard]] HostState rest(std::span<const double> filling, double E_vs_Li) const override;
  [[nodiscard]] bool fits(const HostState& state) const override;
  [[nodiscard]] double mean(const HostState& state, std::size_t particle, int lattice) const override;
  [[nodiscard]] double surface(const HostState& state, std::size_t particle) const override;
  [[nodiscard]] std::vector<double> profile(const HostState& state, std::size_t particle) const override;
  [[nodiscard]] std::unique_ptr<HostSolver> solver() const override;
  [[nodiscard]] std::size_t stored_size() const override { return model_.lanes(); }
  /// The inner steps are of second order.
  [[nodiscard]] int highest_order() const override { return 2; }

 private:
  PhaseFieldModel model_;
  std::vector<double> full_charge_;  // per lane
};

}  // namespace seccm::models
