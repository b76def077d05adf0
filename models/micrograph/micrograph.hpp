// Electron micrographs of a place of the sample: what the Everhart-Thornley detector sees at 20 kV and the in-lens
// detector at 1 kV.
//
// Everhart-Thornley: m(x,y) = Σ 2 √(r² - ρ²) is the TiO2 along the beam (m of dense solid), θ the tilt of the top
// surface,
//   g = g_gold + (g_thick - g_gold) [ 1 - exp(-m/λ) + e_ET (min(1/cos θ, limit) - 1) ]
// Monotone in m. An analyst who knows the calibration {g_gold, g_thick, λ} reads back, for g below g_thick,
//   m = -λ ln(1 - (g - g_gold)/(g_thick - g_gold)),   volume = Σ m a²,   projected area = a² x (pixels above a
//   threshold).
// The route errs by the edge brightness (too much, about 2 e_ET λ/(4r/3) e.g. for one sphere without the limit), by
// saturation and clipping above m ~ 2λ (too little, noisy), and by whatever lies outside the cropped outline.
// tests/models/ micrograph_volume_test.cpp states the error from true particle lists.
//
// In-lens: the surface only,
//   g = [ g_gold or g_TiO2 (1 + e_IL (min(1/cos θ, limit) - 1)) ] then towards g_residue by 1 - exp(-t/t_0), t: residue
//   on it.
//
// Both are blurred by a Gaussian beam, get shot noise (Poisson of electrons_per_grey x g) and are rounded to 8 bits.
// Pixel (column, row): x = centre_x + (column - (w-1)/2) a, y = centre_y - (row - (h-1)/2) a, so y points up in the
// image.
//
// Limits: brightness laws are monotone stand-ins, not Monte Carlo; no shadowing between neighbours, charging,
// astigmatism or drift; the residue is a uniform disc. Grades are in MicrographParameters. Same seed and id: same bytes
// for any number of threads. Throws InputError for a particle, footprint or field out of range.
#pragma once

#include <cstdint>
#include <span>

#include "models/micrograph/micrograph_parameters.hpp"
#include "models/optics/image.hpp"
#include "models/optics/scene.hpp"

namespace seccm::models {

struct Micrograph {
  Image8 everhart_thornley;
  Image8 in_lens;
  double pixel_size = 0.0;  ///< a, m
  double centre_x = 0.0;    ///< stage position of the middle of the image, m
  double centre_y = 0.0;
  double grey_gold = 0.0;        ///< calibration of the Everhart-Thornley image
  double grey_thick = 0.0;       ///< calibration
  double thickness_scale = 0.0;  ///< λ, m; calibration
};

/// A square image of side `field` (m; 16 to 8192 pixels) about (centre_x, centre_y). Particles outside it are ignored.
Micrograph render_micrograph(const MicrographParameters& parameters, std::span<const SceneParticle> particles,
                             std::span<const SceneFootprint> footprints, double centre_x, double centre_y, double field,
                             std::uint64_t seed, std::uint64_t id);

/// The noise-free Everhart-Thornley grey of a level surface over m metres of dense TiO2.
double everhart_thornley_grey(const MicrographParameters& parameters, double thickness);

}  // namespace seccm::models
