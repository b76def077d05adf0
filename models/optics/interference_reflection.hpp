// Interference reflection of a coverslip: what the microscope sees of one column glass / adhesion metal / Au / TiO2
// layer / Ar, or of the same column under electrolyte.
//
// The local TiO2 layer has height h and packing fraction φ; its index is Bruggeman's with Ar (dry) or electrolyte
// (immersed) in the pores (effective_medium.hpp). R(h, φ) comes from the stack (transfer_matrix.hpp), averaged over the
// LED spectrum (Gaussian) and over the illumination aperture (uniform in the pupil, unpolarised):
//   R = ∫ dλ g(λ) 1/NA² ∫_0^{NA²} d(q²) (R_s + R_p)/2,   5 Gauss-Hermite x 4 Gauss-Legendre points.
// A residue of thickness t is a film of electrolyte index on the gold between the particles, which stick out of it:
//   R = R_dry(h, φ) + (1 - c)(R_film(t) - R_0),   c = min(3φ/2, 1)  the share of the gold below particles
// (c = 3φ/2 for separate spheres). Immersion replaces Ar by a half-space of electrolyte.
// Transmittance is for the oblique lamp at q = sin(tilt), from above; it is computed from below by reciprocity.
//
// The tables are made once: h in steps of 2.5 nm to 2 um, 129 packing fractions, t in steps of 1 nm to 200 nm; linear
// between the nodes. Heights above 2 um are taken as 2 um.
//
// Contrast against bare dry gold with the stray reflectance s:  C = (R + s)/(R_0 + s) - 1.
//
// Limits: layers plane over a cell of the map (about λ/8NA): no lateral scattering, no scattering loss of thick
// clusters, no waveguiding. For a single particle far below the wavelength Bruggeman at small φ is its polarisability,
// so that the integrated contrast follows the interference term of scattering theory. The wings of a spectrum that
// reach beyond the index table (470-660 nm) use the index at its end.
#pragma once

#include <span>
#include <vector>

#include "models/optics/optics_parameters.hpp"
#include "models/optics/transfer_matrix.hpp"

namespace seccm::models {

/// State of one column.
struct LocalLayer {
  double height = 0.0;    ///< h, m
  double packing = 0.0;   ///< φ, 0..1
  double residue = 0.0;   ///< t, m; 0..200 nm
  bool immersed = false;  ///< under electrolyte: the residue does not count then
};

/// A direction and colour of the illumination with its weight; the weights sum to 1.
struct IlluminationPoint {
  PlaneWave wave;
  double weight = 0.0;
};
/// The reflected-light illumination with the given numbers of Gauss points (1..5 colours, 1..8 directions).
std::vector<IlluminationPoint> reflection_illumination(const OpticsParameters& optics, int colours = 5,
                                                       int directions = 4);
/// The transmission lamp as seen through the coverslip.
std::vector<IlluminationPoint> lamp_illumination(const OpticsParameters& optics);

/// The column without residue as a stack, seen from the glass; layer 2 is the TiO2.
OpticalStack column_stack(const OpticsParameters& optics, const LocalLayer& layer, double wavelength);
/// Bare gold under a residue; layer 2 is the residue.
OpticalStack residue_stack(const OpticsParameters& optics, double thickness, double wavelength);
/// 1 - c: the share of the gold that shows between the particles.
double open_gold(double packing);

/// R (or, for the lamp, T) of a column by direct summation over the illumination: slow, for checks.
double direct_reflectance(const OpticsParameters& optics, const LocalLayer& layer,
                          std::span<const IlluminationPoint> light);
double direct_transmittance(const OpticsParameters& optics, const LocalLayer& layer,
                            std::span<const IlluminationPoint> light);

/// The largest residue that the table holds, m.
inline constexpr double max_residue_thickness = 200e-9;

class InterferenceReflection {
 public:
  /// Throws InputError when an aperture is larger than the media allow or the lamp misses the objective.
  explicit InterferenceReflection(const OpticsParameters& optics);

  [[nodiscard]] double reflectance(const LocalLayer& layer) const { return lookup(reflectance_, layer); }
  [[nodiscard]] double transmittance(const LocalLayer& layer) const { return lookup(transmittance_, layer); }
  [[nodiscard]] double bare_reflectance() const { return reflectance_.bare; }      ///< dry gold
  [[nodiscard]] double bare_transmittance() const { return transmittance_.bare; }  ///< dry gold, lamp
  /// (R + s)/(R_0 + s) - 1.
  [[nodiscard]] double contrast(const LocalLayer& layer) const;

 private:
  /// One quantity over [dry, immersed][φ][h] and over the residue thickness on bare gold.
  struct Table {
    std::vector<float> columns;
    std::vector<float> residue;
    double bare = 0.0;
  };
  static Table build(const OpticsParameters& optics, std::span<const IlluminationPoint> light, bool reflected);
  static double lookup(const Table& table, const LocalLayer& layer);

  double stray_;
  Table reflectance_;
  Table transmittance_;
};

}  // namespace seccm::models
