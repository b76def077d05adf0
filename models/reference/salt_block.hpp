// The salt between the surface and the bulk of the pipette as a part of the reference system: the equations of
// models/electrolyte/salt_stepper.hpp in time, written anew. Shared with the fast engine are the geometry of the
// finite volumes (`SaltColumn`) and the laws of the salt (`SaltProperties`). Internal to models/reference.
//
// Unknowns: x_k = c_k/c0 - 1 of each cell from the surface to the bulk, x_s of the surface, the drop d = E - φ between
// the reference electrode and the metal (over I0 R0, R0 = R_series + s/κ(c0)), the salt L that left into the bulk (over
// I0/F × 1 s). I is the ionic current, the unknown of the system. Equations:
//
//   V_k x_k' = m_(k-1) - m_k,        m_0 = 0 at the surface, x_(n+1) = 0                    m = M/c0, flux of the anion
//   m_k = (D/Δs)[B(P) x_k - B(-P) x_(k+1)] - Q - (1 - t+) I/(F c0),     P = Q Δs/D, B(P) = P/(e^P - 1)
//   x_s = x_1 + [Q (1 + x_1) + (1 - t+) I/(F c0)] (s_1/D)(e^P - 1)/P + m_1 s_1/(4 D)
//   d = E_d(c_s) + (R_series + Σ Δs <1/κ>) I,       <1/κ> = ln(κ_b/κ_a)/(κ_b - κ_a) between two neighbours
//   L' = M_n
//
// The rows of x_k and L add up to zero: F Δ(salt) is what the current brought, as precise as Newton's method is. The
// last term of x_s is what half the first cell takes up, by its own balance. Properties are held below 1e-6 c0, where a
// run ends (`event`), as it does at the solubility. E_d, κ, t+ as in models/electrolyte/salt_properties.hpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/electrolyte/electrolyte_spec.hpp"
#include "models/electrolyte/salt_column.hpp"
#include "models/electrolyte/salt_properties.hpp"
#include "models/reference/jacobian_assembler.hpp"
#include "models/reference/reference_block.hpp"

namespace seccm::models {

class SaltBlock {
 public:
  /// The current unit I0 (A) and the resistance unit R0 (Ohm) scale the unknowns.
  SaltBlock(const ElectrolyteSpec& spec, double series_resistance, double current_unit, double resistance_unit);

  /// The drop is differential where a capacitance hangs on it.
  void lay_out(Unknowns& unknowns, bool drop_is_differential);
  /// The index of I.
  void set_current(std::size_t current) { current_ = current; }

  void rows(std::span<const double> u, std::span<const double> du, std::span<double> r) const;
  void entries(JacobianAssembler& jacobian, std::span<const double> u) const;

  /// φ = E + slope u.
  [[nodiscard]] UnknownColumn metal() const { return {drop_, -drop_unit_}; }
  [[nodiscard]] SurfaceActivity activity(std::span<const double> u) const;

  [[nodiscard]] double surface_concentration(std::span<const double> u) const;  ///< mol/m³
  [[nodiscard]] double diffusion_potential(std::span<const double> u) const;    ///< V
  [[nodiscard]] double resistance(std::span<const double> u) const;             ///< with R_series, Ohm
  [[nodiscard]] double excess(std::span<const double> u) const;                 ///< salt beyond that at c0, mol
  [[nodiscard]] double left(std::span<const double> u) const;                   ///< into the bulk since the start, mol

  static constexpr std::size_t events = 2;
  /// Zero where the surface precipitates, and where it is used up.
  void event(std::span<const double> u, std::span<double> g) const;
  /// Why a run ends here; empty if it does not.
  [[nodiscard]] std::string exhausted(std::span<const double> u) const;

  void set_tolerances(double relative, std::span<double> all) const;
  [[nodiscard]] std::optional<std::string> name(std::size_t unknown) const;

 private:
  /// m of a face and its derivatives by x_k, x_(k+1) and the unknown of I.
  struct Face {
    double flux = 0.0;
    double by_here = 0.0, by_next = 0.0, by_current = 0.0;
  };
  /// x_s and its derivatives by x_1, x_2 and the unknown of I.
  struct Tip {
    double x = 0.0;
    double by_first = 0.0, by_second = 0.0, by_current = 0.0;
  };
  /// <1/κ> between two concentrations and its derivatives by their x.
  struct Resistivity {
    double value = 0.0, by_a = 0.0, by_b = 0.0;
  };
  [[nodiscard]] double cell(std::span<const double> u, std::size_t k) const { return k < cells_ ? u[first_ + k] : 0.0; }
  /// Concentration where properties are taken, and its slope in x.
  [[nodiscard]] double held(double x) const;
  [[nodiscard]] double held_slope(double x) const;
  [[nodiscard]] Face face(std::span<const double> u, std::size_t k) const;
  [[nodiscard]] Tip tip(std::span<const double> u) const;
  [[nodiscard]] Resistivity resistivity(double x_a, double x_b) const;

  ElectrolyteSpec spec_;
  SaltColumn column_;
  SaltProperties properties_;
  double series_resistance_;
  double current_unit_, drop_unit_;
  double bulk_, floor_, flow_;
  double carried_;  ///< I0/(F c0), m³/s
  std::size_t cells_;
  std::size_t first_ = 0, surface_ = 0, drop_ = 0, left_ = 0, current_ = 0;
};

/// R_series + s/κ(c0), Ohm.
double resistance_at_rest(const ElectrolyteSpec& spec, double series_resistance);

}  // namespace seccm::models
