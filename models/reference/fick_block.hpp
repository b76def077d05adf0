// One lattice of a particle in which lithium diffuses: the first three equations of reference_system.hpp. Internal to
// models/reference.
#pragma once

#include <memory>

#include "models/cell/cell_spec.hpp"
#include "models/material/diffusivity.hpp"
#include "models/material/marcus_hush_chidsey.hpp"
#include "models/reference/branched_isotherm.hpp"
#include "models/reference/formal_rate.hpp"
#include "models/reference/host_block.hpp"
#include "sim/radial_mesh.hpp"

namespace seccm::models {

/// What all lattices of a cell share.
struct FickLaws {
  FickLaws(const CellSpec& spec, const sim::RadialMesh& mesh);
  MaterialParameters material;
  sim::RadialMesh mesh;
  double dimension;  ///< m
  double f;          ///< F/RT, 1/V
  std::unique_ptr<const VariableDiffusivity> diffusivity;
  std::unique_ptr<const MarcusHushChidsey> marcus;
};

struct FickLattice {
  std::size_t particle = 0;  ///< its number, from 0
  bool second = false;
  double radius = 0.0;           ///< m
  double area = 0.0;             ///< m²
  double wetted_fraction = 0.0;  ///< of the area
  double unit = 1.0;             ///< q0, m/s
};

class FickBlock final : public HostBlock {
 public:
  FickBlock(std::shared_ptr<const FickLaws> laws, const FickLattice& lattice, Unknowns& unknowns);

  void rows(const Around& around, std::span<const double> u, std::span<const double> du,
            std::span<double> r) const override;
  void entries(JacobianAssembler& jacobian, const Around& around, std::span<const double> u) const override;
  [[nodiscard]] double filling(std::span<const double> u) const override;
  void rest(double filling, std::span<double> u) const override;
  void settle_surface(const Around& around, std::span<double> u) const override;
  [[nodiscard]] std::optional<std::string> name(std::size_t unknown) const override;
  [[nodiscard]] std::optional<std::size_t> surface() const override { return surface_; }
  [[nodiscard]] std::vector<UnknownColumn> outflow(bool intercalating) const override;
  [[nodiscard]] std::size_t events() const override { return isotherm_.events(); }
  void event(std::span<const double> u, std::span<double> g) const override;
  bool settle_branch(std::span<const double> u) override;
  void free_branch() override { isotherm_.free(); }
  void follow_branch(const HostBlock& other) override;

 private:
  [[nodiscard]] Diffusion diffusion(double y, bool intercalating) const;
  [[nodiscard]] FormalRate rate(double z, double log_activity) const;
  [[nodiscard]] double overpotential(double p, double q, double w) const;
  /// Of the row of y_s: one over D at y = 1/2.
  [[nodiscard]] double surface_scale(bool intercalating) const { return 1.0 / diffusion(0.5, intercalating).value; }

  std::shared_ptr<const FickLaws> laws_;
  FickLattice lattice_;
  BranchedIsotherm isotherm_;
  std::size_t cells_;
  std::size_t first_ = 0, surface_ = 0, flux_ = 0;
  double k_ = 0.0;     ///< k0 times the wetted fraction, m/s
  double film_ = 0.0;  ///< V per (m/s)
};

}  // namespace seccm::models
