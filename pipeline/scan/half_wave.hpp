// Half-wave potential of a steady sigmoidal wave.
//
//   i(E) = a + b (E - Ē) + L/(1 + exp(-(E - E½)/w)),        anodic current positive, L > 0 for an oxidation
//
// a, b: offset and slope (stray current, leak); L limiting current; w = RT/F = 25.7 mV for a reversible one-electron
// wave, free here. One sweep at a time, averaged into bins of 2 mV, by Levenberg-Marquardt.
//
// Standard error: from the covariance of the fit with the residual variance, times √((1+ρ)/(1-ρ)) for the correlation ρ
// of neighbouring residuals. A forward and a backward sweep are averaged: capacitance and the lag of the current filter
// shift them by opposite amounts. What is left of the lag is bounded by half the difference Δ of the two: a uniform
// error of half width Δ/2 adds (Δ/2)²/3 to the variance.
//
// Not in it: the shift of a quasi-reversible wave against E0', (RT/F) m/k0 for small m/k0 and α = 1/2 (m mass transfer
// coefficient, k0 rate constant). It cannot be told from a steady wave's position, but it widens the wave: the slope at
// half height falls by 1 - m/(2 k0), so w = (RT/F)/(1 - m/(2 k0)), and the shift is about 2 (w - RT/F):
// `kinetic_shift`.
#pragma once

#include <span>
#include <string>

namespace seccm::scan {

struct HalfWave {
  bool valid = false;
  std::string reason;           ///< why not valid
  double E = 0.0;               ///< E½, V
  double standard_error = 0.0;  ///< V
  double limiting_current = 0.0;
  double limiting_current_error = 0.0;  ///< A
  double width = 0.0;                   ///< w, V
};

/// One sweep, in order of time. Valid when L exceeds 5 standard errors, 15 mV < w < 80 mV, and E½ lies inside the sweep
/// by 2 w.
HalfWave fit_half_wave(std::span<const double> E, std::span<const double> i);
/// How far E½ may lie beyond E0' for slow kinetics, from the width of the wave at a temperature (K); V, >= 0.
double kinetic_shift(const HalfWave& wave, double temperature);
/// Forward and backward sweep of one cycle.
HalfWave combine(const HalfWave& forward, const HalfWave& backward);

}  // namespace seccm::scan
