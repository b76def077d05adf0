// Area and volume of a cluster from the electron micrograph of its landing site.
//
// Everhart-Thornley image: grey grows with the thickness h of oxide, and saturates,
//   g = g_gold + (g_thick - g_gold)(1 - exp(-h/L)),        h = -L ln(1 - (g - g_gold)/(g_thick - g_gold)),
// with the calibration {g_gold, g_thick, L} that comes with the picture. Cluster: pixels of the smoothed picture above
// g_gold by 4 standard deviations of the gold and by 3 % of the range at least, specks below 6 pixels removed.
// In-lens image: the residue of the electrolyte has another grey than clean gold. Footprint: the circle whose inside
// differs most from the ring around it, pixels of the cluster left out, near the middle of the picture (the site is
// found to ~0.5 um); its radius is known to the last step of that search. Where none is seen, below and above are what
// a circle of the expected size would hold anywhere within 1.5 um of the middle. Only the part of the cluster inside
// the footprint counts: it alone had contact with electrolyte.
//
//   A = Σ a - P δ,   V = Σ h a   over those pixels, a = pixel area, P = perimeter (π/4 of the pixel edges, Cauchy).
//
// Outline. The threshold T lies below half of the grey g_i just inside the outline, so that a step smeared by the
// smoothing (standard deviation σ = 1.04 px, pixel included) is crossed outside of it, by δ = σ Φ⁻¹(1 - T/g_i). Grains
// differ by a fifth in g_i, which moves δ by 0.19 px, and the smoothing moves an outline of radius R by σ²/2R, 0.18 px
// for grains of 3 px (inwards; outwards in the gaps between them; uniform law: 0.10 px): 0.21 px all along, in common.
// Where the circle of the footprint cuts the cluster it is 1 px. Gaps narrower than two pixels count as covered: the
// area may be smaller by the 21 % of touching grains on a square lattice, a bound. A cluster that goes on outside of
// the circle, by more than the error, is said to.
//
// Edge brightness. A surface tilted by θ is brighter by `edge_gain` (1/cos θ - 1), at most 3 of it: over a sphere seen
// from above 0.75 on average, which is taken off the grey of every pixel. In a pile neighbours hide edges or show more
// of them: half of it to half more, a uniform law. Uncorrected, a monolayer of 50 nm spheres reads 20 % too much
// volume, a pile 7 %.
//
// Noise of the grey levels counts by itself. Pixels beyond 95 % of the range count with h(95 %) = 3 L:
// `saturated_share` of the area, a lower bound of V then.
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

/// What is known of the microscope beside the calibration that comes with its pictures.
struct MicroscopeKnowledge {
  double edge_gain = 0.0;
};

/// `expected_diameter`: of the pipette, m; footprints are sought from 0.8 to 1.7 of it. Never throws on content: an
/// empty, foreign or featureless picture gives unknown values with the reason.
MicrographFeatures read_micrograph(const files::MicrographRecord& picture, double expected_diameter,
                                   const MicroscopeKnowledge& microscope);

}  // namespace seccm::analysis
