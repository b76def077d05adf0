// Open-circuit potential laws of a lithium host, in y = c/c_max:
//
//   U(y) = E0 + (RT/F) [ ln((1-y)/y) + w(y) ]          V vs Li/Li+
//
// A law is its excess w(y) alone; the ideal lattice gas has w = 0. So the rate law needs no logarithm at all
// (models/material/butler_volmer.hpp), and every law is defined a little beyond 0 and 1, where a Newton step may try
// it. U must not rise with y: Fickian diffusion inside a spinodal is not a model.
//
// A new law: one struct that satisfies the concept, one name in IsothermKind, one line in `with_law`.
#pragma once

#include <algorithm>
#include <concepts>

#include "models/material/material_parameters.hpp"
#include "sim/lane_math.hpp"

namespace seccm::models {

/// w(y) and dw/dy.
struct Excess {
  double value;
  double slope;
};

template <class Law>
concept OpenCircuitLaw = requires(const Law& law, double y) {
  { law.excess(y) } -> std::same_as<Excess>;
  { Law::linear } -> std::convertible_to<bool>;  // w = 0: the flux is linear in y at a given potential
};

/// Ideal lattice gas (Langmuir).
struct IdealLaw {
  static constexpr bool linear = true;
  [[nodiscard]] Excess excess(double /*y*/) const { return {0.0, 0.0}; }
};
static_assert(OpenCircuitLaw<IdealLaw>);

/// Frumkin isotherm, the regular solution: F(E0-E)/RT = ln(y/(1-y)) + g(y - 1/2). g > 0 repulsive; g = -2Ω/kT.
struct FrumkinLaw {
  static constexpr bool linear = false;
  double g = 0.0;
  [[nodiscard]] Excess excess(double y) const { return {-g * (y - 0.5), -g}; }
};
static_assert(OpenCircuitLaw<FrumkinLaw>);

/// Anatase: a two-phase plateau at E0 between solid-solution ends (Maxwell construction of a regular solution with
/// Ω/kT = ln((1-y_a)/y_a)/(1-2y_a), so that U is continuous at y_a and 1-y_a).
struct AnatasePlateauLaw {
  static constexpr bool linear = false;
  double y_a = 0.04;
  double omega = 3.4544;

  static AnatasePlateauLaw with_solubility(double y_a);

  [[nodiscard]] Excess excess(double y) const {
    double inside = y < y_a ? y_a : y;
    inside = inside > 1.0 - y_a ? 1.0 - y_a : inside;
    const double on_plateau = -sim::lane_log((1.0 - inside) / inside);
    const double at_end = -omega * (1.0 - 2.0 * y);
    const double plateau_slope = 1.0 / (inside * (1.0 - inside));
    const double end_slope = 2.0 * omega;
    const bool two_phase = inside == y;
    return {two_phase ? on_plateau : at_end, two_phase ? plateau_slope : end_slope};
  }
};
static_assert(OpenCircuitLaw<AnatasePlateauLaw>);

/// Calls f with the law that the parameters name.
template <class Function>
auto with_law(const MaterialParameters& material, Function&& f) {
  switch (material.law) {
    case IsothermKind::frumkin:
      return f(FrumkinLaw{material.g});
    case IsothermKind::anatase_plateau:
      return f(AnatasePlateauLaw::with_solubility(material.plateau_solubility));
    case IsothermKind::ideal:
      break;
  }
  return f(IdealLaw{});
}

/// U(y) of the material's first lattice, V vs Li/Li+; y in (0,1).
double open_circuit_potential(const MaterialParameters& material, double y, double temperature);
/// The inverse: y at E. On a plateau, its middle.
double filling_at(const MaterialParameters& material, double E_vs_Li, double temperature);

}  // namespace seccm::models
