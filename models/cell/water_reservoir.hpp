// Trace-water reduction on gold as a finite reservoir.
//
// A cathodic sweep from far above the peak leaves the share S(E) = 1 - (1 - 1/decay) Φ((E_peak - E)/σ) of the
// reservoir, Φ the normal distribution, σ = width/2.3548. Its current i = Q v dS/dE is a Gaussian with the given peak
// and width; a full sweep leaves 1/decay for the next one, at any scan rate. In general, with ρ the share that is left,
//
//   dρ/dt = ρ (dS/dE)/S min(dφ/dt, 0),        i = Q dρ/dt ≤ 0
//
// which integrates exactly: ρ falls in proportion to S(φ) on the way down and rests on the way up. An empirical
// description (passivation of gold by the products), not a mechanism.
#pragma once

#include "models/cell/cell_spec.hpp"

namespace seccm::models {

class WaterReservoir {
 public:
  explicit WaterReservoir(const WaterReductionParameters& parameters);

  /// S(E).
  [[nodiscard]] double survival(double E) const;
  /// dS/dE, 1/V.
  [[nodiscard]] double survival_slope(double E) const;

 private:
  double peak_, sigma_, consumed_;
};

}  // namespace seccm::models
