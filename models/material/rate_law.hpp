// Rate laws of the insertion reaction  Li+ + e- + vacancy <-> Li(host)  as pointwise structs.
//
//   N = k0 [ y κ_out(z) - a_e (1-y) κ_in(z) ],     z = F(E-E0)/RT - w(y)
//
// N in m/s (flux over c_max), positive outwards: anodic, de-intercalation. κ_out and κ_in are the two rate constants
// over k0 at the overpotential z against the host's formal potential E0 + (RT/F) w(y) at this filling (κ(0) = 1); y the
// lithium that can leave, 1 - y the vacancies, w the excess of the open-circuit law, a_e the activity of the salt at
// the surface over that of the bulk: it multiplies the cathodic branch alone. Every law obeys detailed balance,
//
//   κ_out(z)/κ_in(z) = e^z,
//
// so N vanishes exactly where E = U(y) + (RT/F) ln a_e, whatever the law, and the exchange rate follows from the
// lattice gas by itself: N0 = k0 y κ_out(z_eq), z_eq = ln(a_e (1-y)/y). Butler-Volmer gives k0 y^α (1-y)^(1-α)
// a_e^(1-α).
//
// A new law: one struct that satisfies the concept, one name in KineticsKind, one line where `with_reaction` tells the
// kinds apart (models/material/exchange_lanes.cpp).
#pragma once

#include <concepts>

#include "models/material/open_circuit.hpp"
#include "sim/lane_math.hpp"
#include "sim/multiversion.hpp"

namespace seccm::models {

/// κ_out, κ_in and d ln κ/dz of each.
struct RateConstants {
  double out;
  double in;
  double out_slope;
  double in_slope;
};

template <class Kinetics>
concept RateLaw = requires(const Kinetics& kinetics, double z) {
  { kinetics.at(z) } -> std::same_as<RateConstants>;
};

/// Butler-Volmer: κ_out = e^((1-α)z), κ_in = e^(-αz); α is the transfer coefficient of the reduction.
struct ButlerVolmerRate {
  double alpha = 0.5;
  SECCM_INLINE RateConstants at(double z) const {
    return {.out = sim::lane_exp((1.0 - alpha) * z),
            .in = sim::lane_exp(-alpha * z),
            .out_slope = 1.0 - alpha,
            .in_slope = -alpha};
  }
};
static_assert(RateLaw<ButlerVolmerRate>);

/// N and its derivatives.
struct Rate {
  double flux;
  double by_filling;    ///< dN/dy, m/s
  double by_potential;  ///< dN/d(F E/RT), m/s
};

/// N at the filling y of the surface and at u = F(E - E0)/RT.
template <OpenCircuitLaw Law, RateLaw Kinetics>
SECCM_INLINE Rate insertion_rate(const Law& law, const Kinetics& kinetics, double k0, double electrolyte_activity,
                                 double reduced_potential, double y) {
  const Excess w = law.excess(y);
  const RateConstants k = kinetics.at(reduced_potential - w.value);
  const double out = k0 * k.out;
  const double in = k0 * electrolyte_activity * k.in;
  const double by_potential = y * out * k.out_slope - (1.0 - y) * in * k.in_slope;
  return {
      .flux = y * out - (1.0 - y) * in, .by_filling = out + in - w.slope * by_potential, .by_potential = by_potential};
}

}  // namespace seccm::models
