// The two implicit formulas of the engine,
//   dy/dt ≈ (now y^(n+1) + last y^n + before y^(n-1)) / dt,
// backward Euler for the first step behind a corner, BDF2 for all others. One Euler step with an error O(dt^2) keeps
// the whole sequence of second order, also behind a jump of the data.
//
// Where the step changes by the ratio r = dt/dt_last, BDF2 has now = (1+2r)/(1+r), before = r²/(1+r); stable for
// r <= 1 + sqrt(2).
//
// `carry` turns the flux at the end of a step into the amount that passed during it,
//   ΔQ^(n+1) = (dt/now) i^(n+1) + carry ΔQ^n,
// the same formula as the balance equation: the sum of ΔQ is the change of the inventory to round-off.
#pragma once

namespace seccm::sim {

struct StepScheme {
  double now = 1.0;
  double last = -1.0;
  double before = 0.0;
  double carry = 0.0;
};

inline constexpr StepScheme backward_euler{};
inline constexpr StepScheme bdf2{1.5, -2.0, 0.5, 1.0 / 3.0};

/// BDF2 at the step ratio r = dt/dt_last.
constexpr StepScheme bdf2_at(double r) {
  const double now = (1.0 + 2.0 * r) / (1.0 + r);
  const double before = r * r / (1.0 + r);
  return {now, -now - before, before, before / now};
}

}  // namespace seccm::sim
