// Diffusivities that depend on the filling, as pointwise laws: D(y) and Kirchhoff's transform Φ(y) = ∫ D dy from 0.
//
//   exponential     D = D0 e^(k y)
//   thermodynamic   D = D0 Γ(y),  Γ = y(1-y) d(μ/kT)/dy = 1 - y(1-y) w'(y): the chemical diffusivity of the flux
//                   -(D0 c_max/kT) y(1-y) grad μ. 1 for the ideal lattice gas, 1 + g y(1-y) for the Frumkin isotherm.
//   table           ln D monotone cubic between the given fillings (Fritsch and Carlson 1980), so that D has no
//                   overshoot and stays positive; evaluated through 512 equal bins of y, a cubic in D each: 1e-8 of D
//                   where the table is smooth, some per cent within the bin that holds a kink of a table that falls
//                   by decades within a hundredth of y.
//
// Outside [0, 1], where only a Newton step may go, D is held at its end value. y = c/c_max, D in m^2/s.
//
// D <= 0 is not diffusion: inside the spinodal of an attractive isotherm (g <= -4), and on the plateau of a Maxwell
// construction (Γ = 0), concentration differences grow or do not level out. `check_diffusivity` refuses that.
#pragma once

#include <concepts>
#include <span>
#include <vector>

#include "models/material/material_parameters.hpp"
#include "sim/lane_math.hpp"
#include "sim/multiversion.hpp"

namespace seccm::models {

struct Diffusion {
  double value;     ///< D, m^2/s
  double integral;  ///< Φ, m^2/s
};

template <class Law>
concept DiffusivityLaw = requires(const Law& law, double y) {
  { law.at(y) } -> std::same_as<Diffusion>;
};

SECCM_INLINE double within_unit(double y) {
  const double low = y > 0.0 ? y : 0.0;
  return low < 1.0 ? low : 1.0;
}

struct ConstantDiffusivity {
  double D = 0.0;
  SECCM_INLINE Diffusion at(double y) const { return {D, D * y}; }
};
static_assert(DiffusivityLaw<ConstantDiffusivity>);

struct ExponentialDiffusivity {
  double D0 = 0.0;
  double k = 0.0;
  SECCM_INLINE Diffusion at(double y) const {
    const double inside = within_unit(y);
    const double t = k * inside;
    const double growth = sim::lane_exp(t);
    // (e^t - 1)/t: its series where the difference would cancel, 1e-17 at |t| = 0.3.
    double series = 1.0 / 39916800.0;
    series = series * t + 1.0 / 3628800.0;
    series = series * t + 1.0 / 362880.0;
    series = series * t + 1.0 / 40320.0;
    series = series * t + 1.0 / 5040.0;
    series = series * t + 1.0 / 720.0;
    series = series * t + 1.0 / 120.0;
    series = series * t + 1.0 / 24.0;
    series = series * t + 1.0 / 6.0;
    series = series * t + 0.5;
    series = series * t + 1.0;
    const bool small = t < 0.3 && t > -0.3;
    const double mean = small ? series : (growth - 1.0) / (small ? 1.0 : t);
    const double D = D0 * growth;
    return {D, D0 * inside * mean + D * (y - inside)};
  }
};
static_assert(DiffusivityLaw<ExponentialDiffusivity>);

/// D0 (1 + g y(1-y)); g = 0 is the ideal lattice gas.
struct RegularSolutionDiffusivity {
  double D0 = 0.0;
  double g = 0.0;
  SECCM_INLINE Diffusion at(double y) const {
    const double inside = within_unit(y);
    const double integral = inside + g * inside * inside * (0.5 - inside / 3.0);
    return {D0 * (1.0 + g * inside * (1.0 - inside)), D0 * (integral + (y - inside))};
  }
};
static_assert(DiffusivityLaw<RegularSolutionDiffusivity>);

/// A view into a `DiffusivityTable`, which must outlive it.
struct TableDiffusivity {
  static constexpr int bins = 512;
  static constexpr int stride = 8;
  const double* coefficients = nullptr;  ///< eight a bin: Φ at its start, then D = c1 + c2 t + c3 t² + c4 t³
  SECCM_INLINE Diffusion at(double y) const {
    const double inside = within_unit(y);
    const double position = inside * bins;
    const int bin = static_cast<int>(position);
    const double t = position - bin;
    const double* c = coefficients + stride * bin;
    const double D = c[1] + t * (c[2] + t * (c[3] + t * c[4]));
    const double passed = t * (c[1] + t * (c[2] * (1.0 / 2.0) + t * (c[3] * (1.0 / 3.0) + t * (c[4] * (1.0 / 4.0)))));
    return {D, c[0] + passed * (1.0 / bins) + D * (y - inside)};
  }
};
static_assert(DiffusivityLaw<TableDiffusivity>);

class DiffusivityTable {
 public:
  DiffusivityTable() = default;
  /// Throws InputError unless y rises within [0, 1], has at least two values, and every D is finite and above 0.
  DiffusivityTable(std::span<const double> y, std::span<const double> D);
  [[nodiscard]] TableDiffusivity law() const { return {coefficients_.data()}; }

 private:
  std::vector<double> coefficients_;
};

/// True of the kinds that `VariableDiffusivity` holds.
bool depends_on_filling(DiffusionKind kind);

/// The D(y) that a material names, with the table where there is one. Immutable.
class VariableDiffusivity {
 public:
  /// Any kind; `single` is a constant. Throws InputError as `check_diffusivity` does, and for `per_direction`.
  explicit VariableDiffusivity(const MaterialParameters& material);

  [[nodiscard]] Diffusion at(double y) const;
  /// D and Φ at many fillings, in vector code.
  void evaluate(std::span<const double> y, std::span<double> value, std::span<double> integral) const;

 private:
  DiffusionKind kind_;
  double D_ = 0.0;
  double parameter_ = 0.0;  ///< k or g
  DiffusivityTable table_;
};

/// Throws InputError naming y, D and the remedy for a D(y) that is not above 0 everywhere, and for a table that is
/// none.
void check_diffusivity(const MaterialParameters& material);
/// Smallest D for 0 <= y <= 1, m^2/s, of every kind.
double smallest_diffusivity(const MaterialParameters& material);

}  // namespace seccm::models
