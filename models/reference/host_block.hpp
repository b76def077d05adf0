// What a particle stores lithium in, as a part of the reference system: a lattice in which it diffuses
// (fick_block.hpp), one that separates into phases (phase_field_block.hpp), or a whole cluster resolved in voxels
// (voxel_block.hpp). Internal to models/reference.
//
// A host owns unknowns, among them fluxes q whose sum is its current. A new one: a block, and the line of
// `ReferenceSystem::lay_out` that makes it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/reference/jacobian_assembler.hpp"
#include "models/reference/reference_block.hpp"

namespace seccm::models {

/// What a host finds around it.
struct Around {
  double p = 0.0;  ///< V, of its particle
  UnknownColumn potential;
  SurfaceActivity activity;
  bool intercalating = true;  ///< which D of `per_direction` is in force
};

class HostBlock {
 public:
  /// A current that is the unknown times this, A.
  struct Flux {
    std::size_t unknown = 0;
    double current = 0.0;
  };

  HostBlock() = default;
  virtual ~HostBlock() = default;
  HostBlock(const HostBlock&) = delete;
  HostBlock& operator=(const HostBlock&) = delete;
  HostBlock(HostBlock&&) = delete;
  HostBlock& operator=(HostBlock&&) = delete;

  virtual void rows(const Around& around, std::span<const double> u, std::span<const double> du,
                    std::span<double> r) const = 0;
  virtual void entries(JacobianAssembler& jacobian, const Around& around, std::span<const double> u) const = 0;

  [[nodiscard]] std::span<const Flux> fluxes() const { return fluxes_; }
  /// Mean filling, summed over its lattices.
  [[nodiscard]] virtual double filling(std::span<const double> u) const = 0;
  /// Uniform at a filling; a second lattice is empty.
  virtual void rest(double filling, std::span<double> u) const = 0;
  /// Brackets filling and flux of the surface for the fillings behind it. Nothing where they are no algebraic unknowns.
  virtual void settle_surface(const Around& /*around*/, std::span<double> /*u*/) const {}
  /// Where they are not those of a filling.
  virtual void set_tolerances(double relative, std::span<double> all) const;
  [[nodiscard]] virtual std::optional<std::string> name(std::size_t unknown) const = 0;

  /// The unknown that is the filling at the surface; none where that is not one, as in voxels: no host of a network.
  [[nodiscard]] virtual std::optional<std::size_t> surface() const { return std::nullopt; }
  /// The rows of a further flux out of the surface, 1 m/s, beside that of the electrode: for necks. Empty if it has
  /// none.
  [[nodiscard]] virtual std::vector<UnknownColumn> outflow(bool /*intercalating*/) const { return {}; }

  /// A law with branches is followed on the one where the surface stands, beyond its end until an event says so.
  [[nodiscard]] virtual std::size_t events() const { return 0; }
  virtual void event(std::span<const double> u, std::span<double> g) const;
  virtual bool settle_branch(std::span<const double> u);
  virtual void free_branch() {}
  virtual void follow_branch(const HostBlock& other);

 protected:
  std::vector<Flux> fluxes_;
};

}  // namespace seccm::models
