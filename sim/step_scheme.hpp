// The implicit formulas of the engine,
//   dy/dt ≈ (now y^(n+1) + last y^n + before p^n) / dt,      p^n what stands behind the last step,
// backward Euler for the first step behind a corner, BDF2 with p^n = y^(n-1) for all others. One Euler step with an
// error O(dt^2) keeps the whole sequence of second order, also behind a jump of the data. Steps that double from a
// short one keep the coefficients bounded: a sequence starts small behind a corner and grows.
//
// BDF of order 3 and 4 have more than one term behind the last step; their sum is p^n, with before = 1. All four are
// stable for decays of any rate; a response that rings needs an angle from the imaginary axis of 0, 0, 4 and 17
// degrees.
//
// `carry` turns the flux at the end of a step into the amount that passed during it,
//   ΔQ^(n+1) = (dt/now) i^(n+1) + carry s^n,     s^n = ΔQ^n, or with BDF of any order the sum of c_j (Q^n - Q^(n-j)),
// the same formula as the balance equation: the sum of ΔQ is the change of the inventory to round-off.
#pragma once

#include <array>
#include <bit>
#include <cstddef>

namespace seccm::sim {

struct StepScheme {
  double now = 1.0;
  double last = -1.0;
  double before = 0.0;
  double carry = 0.0;
};

inline constexpr StepScheme backward_euler{};
inline constexpr StepScheme bdf2{1.5, -2.0, 0.5, 1.0 / 3.0};

/// BDF2 where this step is `ratio` times as long as the last one (1: bdf2); zero-stable up to 1 + sqrt(2).
constexpr StepScheme bdf2_after(double ratio) {
  const double now = (1.0 + 2.0 * ratio) / (1.0 + ratio);
  const double before = ratio * ratio / (1.0 + ratio);
  return {now, -(1.0 + ratio), before, before / now};
}
inline constexpr double longest_bdf2_ratio = 2.0;

/// dt behind a corner or a jump, in steps that double: step(share of dt that is done at its end, its length). `since`:
/// what has passed between the corner and dt. Each step is dt over a power of two and at most `since` at its beginning
/// over per_doubling; the first is 2^-14 dt / per_doubling, for a grid of 20 ms shorter than any time constant of a
/// pipette. What decays as t^(-1/2) has no length of its own: only a larger per_doubling makes its steps shorter, a
/// shorter dt does not. With 1 it leaves below 1 % of such a current at the end of dt, and falls with the square of the
/// rows.
inline constexpr int start_doublings = 14;
template <class Step>
void in_growing_steps(double dt, Step&& step, double since = 0.0, int per_doubling = 1) {
  const auto rungs = start_doublings + std::bit_width(static_cast<unsigned>(per_doubling - 1));
  const long whole = 1L << rungs;
  const double behind = since / dt * static_cast<double>(whole) * (1.0 + 1e-9);
  for (long at = 0; at < whole;) {
    const double longest = (behind + static_cast<double>(at)) / per_doubling;
    long length = 1;
    while (static_cast<double>(2 * length) <= longest && at % (2 * length) == 0 && at + 2 * length <= whole)
      length *= 2;
    at += length;
    step(static_cast<double>(at) / static_cast<double>(whole),
         static_cast<double>(length) / static_cast<double>(whole) * dt);
  }
}
/// A step of dt may be taken whole.
constexpr bool is_grown(double since, double dt, int per_doubling) {
  return since >= (1.0 - 1e-9) * per_doubling * dt;
}

inline constexpr int highest_bdf_order = 4;

/// Backward differentiation in equal steps: `weight` of y^(n+1), y^n, ... y^(n+1-order); the local error is
/// `error` dt^(order+1) times the derivative of that order.
struct BdfFormula {
  std::array<double, highest_bdf_order + 1> weight;
  double error;
};
inline constexpr std::array<BdfFormula, highest_bdf_order> bdf_formulas{{
    {{1.0, -1.0}, 1.0 / 2.0},
    {{3.0 / 2.0, -2.0, 1.0 / 2.0}, 2.0 / 9.0},
    {{11.0 / 6.0, -3.0, 3.0 / 2.0, -1.0 / 3.0}, 3.0 / 22.0},
    {{25.0 / 12.0, -4.0, 3.0, -4.0 / 3.0, 1.0 / 4.0}, 12.0 / 125.0},
}};
constexpr const BdfFormula& bdf_of_order(int order) {
  return bdf_formulas[static_cast<std::size_t>(order - 1)];
}

}  // namespace seccm::sim
