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
// maps exactly onto a soluble couple with equal diffusivities. The law itself is `ButlerVolmerRate`.
#pragma once

#include "models/material/rate_law.hpp"

namespace seccm::models {

template <OpenCircuitLaw Law>
SECCM_INLINE Rate butler_volmer(const Law& law, double k0, double alpha, double reduced_potential, double y) {
  return insertion_rate(law, ButlerVolmerRate{alpha}, k0, 1.0, reduced_potential, y);
}

}  // namespace seccm::models
