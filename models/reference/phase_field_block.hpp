// A particle that separates into phases, on one or two sublattices i: models/particle/phase_field_model.hpp in time,
// written anew on the nodes k of the same mesh. Internal to models/reference.
//
// Unknowns: y_(i,k) from the centre to the surface, node by node, and the flux q_i of each sublattice (over q0).
//
//   V_k y_k' = (D/R²)(F_(k-1/2) - F_(k+1/2)),      F of the surface = (R/D) q
//   F = -G [B(Δ)(y_(k+1) - y_k) + Δ y_(k+1)(1 - y_k)],     Δ = ex_(k+1) - ex_k,  B(Δ) = Δ/(e^Δ - 1)
//   ex_k = (b - 2Ω) y_k + Ω_c y_(j,k) - κ lap_k + wetting of the surface
//   y_s = σ(ln a_e - Z) + q h(Z) e^(-α μ),         Z = F(p - E_p)/RT + μ,   μ = ex_s + Ω - b <y>
//
// b, κ coherency and gradient energy over ρ_s kT (and R²); the rate law is that of the model solved for y_s, regular at
// y = 0 and 1. μ is the excess potential of the surface node, without its logarithm.
#pragma once

#include <array>
#include <memory>

#include "models/cell/cell_spec.hpp"
#include "models/particle/phase_field_model.hpp"
#include "models/reference/host_block.hpp"

namespace seccm::models {

/// What all particles of a cell share.
struct PhaseFieldLaws {
  /// `nodes` of every particle; 0: as many as the interface needs. Throws InputError as PhaseFieldModel does.
  PhaseFieldLaws(const CellSpec& cell, int nodes);
  PhaseFieldSpec spec;
  std::size_t nodes;
  double f;                                 ///< F/RT, 1/V
  double site_energy;                       ///< ρ_s kT, J/m³
  std::vector<double> volume, conductance;  ///< V_k; G between k and k+1
};

class PhaseFieldBlock final : public HostBlock {
 public:
  /// Of particle number `particle` with its whole area (m²) and q0 (m/s) of each sublattice.
  PhaseFieldBlock(std::shared_ptr<const PhaseFieldLaws> laws, std::size_t particle, double area,
                  std::array<double, 2> units, Unknowns& unknowns);

  void rows(const Around& around, std::span<const double> u, std::span<const double> du,
            std::span<double> r) const override;
  void entries(JacobianAssembler& jacobian, const Around& around, std::span<const double> u) const override;
  [[nodiscard]] double filling(std::span<const double> u) const override;
  void rest(double filling, std::span<double> u) const override;
  [[nodiscard]] std::optional<std::string> name(std::size_t unknown) const override;
  [[nodiscard]] std::optional<std::size_t> surface() const override { return at(nodes() - 1, 0); }

 private:
  /// Slopes of ex_k by y of the node below, its own, and above.
  struct ExcessSlopes {
    double below = 0.0, own = 0.0, above = 0.0;
  };
  struct Face {
    double flux = 0.0;
    double by_first = 0.0, by_second = 0.0, by_drop = 0.0;
  };
  [[nodiscard]] std::size_t nodes() const { return laws_->nodes; }
  [[nodiscard]] std::size_t at(std::size_t node, std::size_t lattice) const {
    return first_ + node * lattices_ + lattice;
  }
  [[nodiscard]] double excess(std::span<const double> u, std::size_t node, std::size_t lattice) const;
  [[nodiscard]] ExcessSlopes slopes(std::size_t node, std::size_t lattice) const;
  [[nodiscard]] Face face(std::span<const double> u, std::size_t node, std::size_t lattice) const;
  void face_entries(JacobianAssembler& jacobian, std::span<const double> u, std::size_t node,
                    std::size_t lattice) const;
  void reaction_entries(JacobianAssembler& jacobian, const Around& around, std::span<const double> u,
                        std::size_t lattice) const;
  [[nodiscard]] double surface_excess(std::span<const double> u, std::size_t lattice) const;
  [[nodiscard]] double mean(std::span<const double> u, std::size_t lattice) const;
  /// D/(R² V_k), 1/s.
  [[nodiscard]] double rate_of(std::size_t node, std::size_t lattice) const;

  std::shared_ptr<const PhaseFieldLaws> laws_;
  std::size_t particle_;
  double radius_, wetted_;
  std::array<double, 2> units_;
  std::array<double, 2> omega_{};
  double kappa_ = 0.0, coherency_ = 0.0, coupling_ = 0.0;
  double wetting_ = 0.0, wetting_slope_ = 0.0;
  std::size_t lattices_;
  std::size_t first_ = 0, flux_ = 0;
};

}  // namespace seccm::models
