// Refractive index of a packing of spheres in a medium: the symmetric Bruggeman effective medium.
//
//   φ (ε_p - ε)/(ε_p + 2ε) + (1-φ) (ε_m - ε)/(ε_m + 2ε) = 0,   ε = n²
//
// φ: volume fraction of the particles in [0,1]. Exact limits: φ = 0 gives the medium, φ = 1 the particle; for small φ
// it is the polarisability of separate spheres, ε = ε_m + 3 φ ε_m (ε_p - ε_m)/(ε_p + 2ε_m).
// Limits: particles and pores far below the wavelength; isotropic; no scattering loss.
// Source: Bruggeman, Ann. Phys. 416, 636 (1935).
#pragma once

#include <complex>

namespace seccm::models {

/// The root with Re n >= 0 and Im n >= 0. φ is clamped to [0,1].
std::complex<double> bruggeman_index(std::complex<double> particle, std::complex<double> medium, double fraction);

}  // namespace seccm::models
