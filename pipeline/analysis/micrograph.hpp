// Area and volume of a cluster from the electron micrograph of its landing site.
//
// Everhart-Thornley image: grey grows with the thickness h of oxide, and saturates,
//   g = g_gold + (g_thick - g_gold)(1 - exp(-h/L)),        h = -L ln(1 - (g - g_gold)/(g_thick - g_gold)),
// with the calibration {g_gold, g_thick, L} that comes with the picture. Cluster: pixels of the smoothed picture above
// g_gold by 4 standard deviations of the gold and by 3 % of the range at least, specks below 6 pixels removed.
// In-lens image: the residue of the electrolyte has another grey than clean gold. Footprint: the circle whose inside
// differs most from the ring around it, pixels of the cluster left out, near the middle of the picture (the site is
// found to ~0.5 um). Only the part of the cluster inside the footprint counts: it alone had contact with electrolyte.
//
//   A = Σ a,   V = Σ h a   over those pixels, a = pixel area.
//
// Standard errors: outline (half a pixel along the perimeter) and noise of the grey levels. Pixels beyond 95 % of the
// range count with h(95 %) = 3 L: `saturated_share` of the area, a lower bound of V then.
#pragma once

#include "files/records.hpp"
#include "pipeline/analysis/measured.hpp"

namespace seccm::analysis {

struct MicrographFeatures {
  Measured cluster_area{};    ///< m², projected, inside the footprint
  Measured volume{};          ///< m³, inside the footprint
  Measured footprint_area{};  ///< m²
  double saturated_share = 0.0;
};

/// `expected_diameter`: of the pipette, m; footprints are sought from 0.8 to 1.7 of it. Never throws on content: an
/// empty, foreign or featureless picture gives unknown values with the reason.
MicrographFeatures read_micrograph(const files::MicrographRecord& picture, double expected_diameter);

}  // namespace seccm::analysis
