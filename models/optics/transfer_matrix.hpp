// Reflection and transmission of plane waves by a stack of plane layers between two half-spaces.
//
// Layer j has index n_j = n + ik and thickness d_j. q = n_0 sin θ_0 is the same in all layers; k_j = √(n_j² - q²), Im
// k_j >= 0. Admittance of the tangential fields: η_j = k_j (s, electric field normal to the plane of incidence), η_j =
// n_j²/k_j (p).
//   ρ_j = (η_j - η_{j+1})/(η_j + η_{j+1})
//   Γ_j = (ρ_j + Γ_{j+1} e^{2iδ_{j+1}})/(1 + ρ_j Γ_{j+1} e^{2iδ_{j+1}}),   δ_j = 2π k_j d_j/λ,   Γ_last = 0
//   r = Γ_0,  R = |r|²,  T = Re(η_last)/η_0 |t|²,  A_j = (flux into layer j - flux out of it),  R + T + Σ A_j = 1
// This is the transfer-matrix method in the form that multiplies by decaying exponentials only, so that thick absorbing
// layers can not overflow. r and t are ratios of tangential electric fields (for p polarisation some texts give r the
// other sign). Time dependence exp(-iωt).
//
// Limits: plane, parallel, homogeneous, isotropic, non-magnetic layers; full coherence. The first medium must be
// transparent. Source: Born and Wolf, Principles of Optics, section 1.6. Throws InputError for a stack or a direction
// that it can not take.
#pragma once

#include <complex>
#include <span>
#include <vector>

namespace seccm::models {

enum class Polarisation { s, p };

struct OpticalLayer {
  std::complex<double> index;
  double thickness = 0.0;  ///< m
};

struct OpticalStack {
  std::complex<double> incident;  ///< half-space of the light; real index
  std::vector<OpticalLayer> layers;
  std::complex<double> exit;  ///< half-space behind
};

/// A plane wave: vacuum wavelength in m, q = n_0 sin θ_0 in [0, n_0), polarisation.
struct PlaneWave {
  double wavelength = 0.0;
  double transverse_index = 0.0;
  Polarisation polarisation = Polarisation::s;
};

struct StackResponse {
  std::complex<double> reflection;    ///< r
  std::complex<double> transmission;  ///< t
  double reflectance = 0.0;           ///< R
  double transmittance = 0.0;         ///< T
  std::vector<double> absorptance;    ///< A_j per layer
};

/// √(n² - q²) with Im >= 0: the normal component of the wave vector over 2π/λ.
std::complex<double> normal_index(std::complex<double> index, double transverse_index);
/// η of one medium.
std::complex<double> admittance(std::complex<double> index, const PlaneWave& wave);

StackResponse stack_response(const OpticalStack& stack, const PlaneWave& wave);

/// Mean of s and p reflectance at normal incidence: |r|².
double normal_reflectance(const OpticalStack& stack, double wavelength);

}  // namespace seccm::models
