// Charges of one sweep, as magnitudes (C): the split of the reference measurement into intercalation, surface
// (pseudo-capacitive) and double layer, as far as ONE scan rate can tell.
//
//   Q_total        = (1/v) ∫ s dE around the peak while s > 0 (s = direction · current, background removed)
//   Q_intercalation = (1/v) ∫ (s - baseline) dE between the feet     "to exclude pseudo-capacitive charge storage"
//   Q_surface      = Q_total - Q_intercalation: surface redox and the double layer of the particles, together; at one
//                    rate they are not identifiable apart, nor from a diffusive tail that lies below the baseline
//   Q_double_layer = (1/v) ∫ background · direction dE over the sweep: stray and gold, as removed; a constant offset
//                    in it cancels in the mean of both sweeps
// Standard errors hold the noise of the sweep, that of the two feet, and that of the background.
#pragma once

#include "pipeline/analysis/peak.hpp"
#include "pipeline/analysis/voltammogram.hpp"

namespace seccm::analysis {

struct SweepCharge {
  double total = 0.0, total_error = 0.0;                  ///< C
  double intercalation = 0.0, intercalation_error = 0.0;  ///< C
  double double_layer = 0.0;                              ///< C
  double window = 0.0;                                    ///< V between the feet
};

/// Requires a peak that was found.
SweepCharge integrate(const Sweep& sweep, const Peak& peak);

}  // namespace seccm::analysis
