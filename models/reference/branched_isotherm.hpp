// w(y) at a surface, and the branch of the plateau law on which it is followed. Internal to models/reference.
//
// The plateau law has kinks at y_a and 1 - y_a. A surface is followed on the branch where it stands, beyond its end
// until an event says so: then every branch is smooth. Before the first `settle`, and after `free`, the law is taken as
// it stands.
#pragma once

#include <cstddef>
#include <span>

#include "models/material/material_parameters.hpp"
#include "models/material/open_circuit.hpp"

namespace seccm::models {

class BranchedIsotherm {
 public:
  /// The ideal lattice gas.
  BranchedIsotherm() = default;
  explicit BranchedIsotherm(const MaterialParameters& material);

  [[nodiscard]] Excess excess(double y) const;

  /// Zero at the two ends of the plateau: how many functions a surface at y hands to `event`.
  [[nodiscard]] std::size_t events() const { return law_ == IsothermKind::anatase_plateau ? 2 : 0; }
  void event(double y, std::span<double> g) const;
  /// Whether the branch changed.
  bool settle(double y);
  void free() { branch_ = Branch::as_it_stands; }
  void follow(const BranchedIsotherm& other) { branch_ = other.branch_; }

 private:
  enum class Branch { as_it_stands, poor, plateau, rich };

  IsothermKind law_ = IsothermKind::ideal;
  double g_ = 0.0;
  AnatasePlateauLaw plateau_;
  Branch branch_ = Branch::as_it_stands;
};

}  // namespace seccm::models
