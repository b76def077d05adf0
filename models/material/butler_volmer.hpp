// Butler-Volmer kinetics of an insertion host with the exchange current of a lattice gas,
//
//   j = F c_max N,   N = k0 y^α (1-y)^(1-α) [ e^((1-α)F(E-U)/RT) - e^(-αF(E-U)/RT) ],
//
// in the mapped form that follows when U = E0 + (RT/F)[ln((1-y)/y) + w(y)] is put in,
//
//   N = k0 [ y e^((1-α)z) - (1-y) e^(-αz) ],     z = F(E-E0)/RT - w(y),
//
// which is regular at y = 0 and 1 and linear in y for the ideal host. N in m/s (flux over c_max), positive outwards:
// anodic, de-intercalation. α is the transfer coefficient of the reduction, k0 in m/s. With g = 0 and α = 1/2 the host
// maps exactly onto a soluble couple with equal diffusivities.
#pragma once

#include "models/material/open_circuit.hpp"
#include "sim/lane_math.hpp"
#include "sim/multiversion.hpp"

namespace seccm::models {

/// N and its derivatives.
struct Rate {
  double flux;
  double by_filling;    ///< dN/dy, m/s
  double by_potential;  ///< dN/d(F E/RT), m/s
};

template <OpenCircuitLaw Law>
SECCM_INLINE Rate butler_volmer(const Law& law, double k0, double alpha, double reduced_potential, double y) {
  const Excess w = law.excess(y);
  const double z = reduced_potential - w.value;
  const double out = k0 * sim::lane_exp((1.0 - alpha) * z);
  const double in = k0 * sim::lane_exp(-alpha * z);
  const double sensitivity = (1.0 - alpha) * y * out + alpha * (1.0 - y) * in;
  return {
      .flux = y * out - (1.0 - y) * in, .by_filling = out + in - w.slope * sensitivity, .by_potential = sensitivity};
}

}  // namespace seccm::models
