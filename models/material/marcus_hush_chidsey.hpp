// Marcus-Hush-Chidsey kinetics: electron transfer between a metal's band of states and one redox state, symmetric.
//
//   κ_out(z) = (1/K) ∫ exp(-(x - z + λ)²/(4λ)) / (1 + e^-x) dx,     κ_in(z) = κ_out(-z),     K: κ(0) = 1
//
// z = F(E-E0')/RT, λ the reorganisation energy over kT, x an electron energy over kT. Completing the square,
//
//   κ_out = e^(z/2) s(z),   κ_in = e^(-z/2) s(z),   s(z) = S(z)/S(0),   S(z) = ∫ exp(-(x-z)²/(4λ)) / (2 cosh(x/2)) dx,
//
// so the law is Butler-Volmer with α = 1/2 times an even factor s <= 1: detailed balance is exact by construction,
// λ → ∞ is Butler-Volmer at the same k0, and for |z| >> λ the rate constant saturates at (1/K) sqrt(4πλ) (no inverted
// region: the band supplies electrons of every energy).
//
// ln s is tabulated on 0 <= |z| <= `reach` and continued with its exact slope -1/2. The integral is a trapezoidal sum
// with a spacing that is exact to round-off (the integrand is analytic in a strip), the table a cubic between values
// and slopes 1/16 apart: the relative error of a rate constant is below 1e-8 for λ >= 1/4 (the cubic leaves
// h⁴/384 max|(ln s)''''| = 5e-9). The well known closed form of Zeng, Smith, Bai and Bazant (J. Electroanal. Chem. 735
// (2014) 77, recalled), sqrt(πλ)/(1 + e^-z) erfc((λ - sqrt(1 + sqrt(λ) + z²))/(2 sqrt(λ))), is within 9 % at
// λ = 4 and closer above: the table costs as much and is exact.
//
// C. E. D. Chidsey, Science 251 (1991) 919 (recalled).
#pragma once

#include <vector>

#include "models/material/rate_law.hpp"

namespace seccm::models {

/// A view into a `MarcusHushChidsey`, which must outlive it.
struct MarcusHushChidseyRate {
  static constexpr double bins_per_unit = 16.0;
  const double* coefficients = nullptr;  ///< four a bin: ln s = c0 + c1 t + c2 t² + c3 t³, t in [0, 1)
  double reach = 0.0;                    ///< largest |z| of the table

  SECCM_INLINE RateConstants at(double z) const {
    const double magnitude = z < 0.0 ? -z : z;
    const double inside = magnitude < reach ? magnitude : reach;  // also for a z that is no number
    const double position = inside * bins_per_unit;
    const int bin = static_cast<int>(position);
    const double t = position - bin;
    const double* c = coefficients + 4 * bin;
    const double value = c[0] + t * (c[1] + t * (c[2] + t * c[3])) - 0.5 * (magnitude - inside);
    const double slope_inside = bins_per_unit * (c[1] + t * (2.0 * c[2] + t * 3.0 * c[3]));
    const double slope = magnitude < reach ? slope_inside : -0.5;
    const double even = z < 0.0 ? -slope : slope;
    return {.out = sim::lane_exp(0.5 * z + value),
            .in = sim::lane_exp(-0.5 * z + value),
            .out_slope = 0.5 + even,
            .in_slope = even - 0.5};
  }
};
static_assert(RateLaw<MarcusHushChidseyRate>);

class MarcusHushChidsey {
 public:
  /// λ over kT. Throws InputError outside [0.25, 1000].
  explicit MarcusHushChidsey(double reorganisation);

  [[nodiscard]] MarcusHushChidseyRate rate() const { return {coefficients_.data(), reach_}; }
  [[nodiscard]] double reorganisation() const { return reorganisation_; }
  /// κ at |z| → ∞: the saturated rate constant over k0.
  [[nodiscard]] double limit() const { return limit_; }

 private:
  double reorganisation_;
  double reach_ = 0.0;
  double limit_ = 0.0;
  std::vector<double> coefficients_;
};

/// ln S(z) and its slope by the trapezoidal rule.
struct LogIntegral {
  double value;
  double slope;
};
LogIntegral marcus_integral(double reorganisation, double z);

}  // namespace seccm::models
