// Whether the data bear out what eq. 3 and the reversible law take for granted: one couple, semi-infinite diffusion in
// a continuum, one kinetic regime. Each check returns "" or one sentence with its number.
//
// Finite size: w = R² Fv/(R_gT D) at the slowest scan rate, with the estimated D and the analyst's R. A sphere's peak
//   falls short of the semi-infinite one and D comes out low by 0.05 decades at w = 1000, 0.16 at 100, 0.56 at 10.
// Regime: by the separation of the peaks, at 298 K (Nicholson's problem, α = 1/2,
// tests/data/c_quasireversible_nicholson):
//   up to 83 mV (ψ >= 1) the reversible law is within 0.05 decades of D, from 180 mV (ψ <= 0.14) the irreversible one;
//   both limits go with T. Planar diffusion separates the peaks by 57 mV at least: closer ones are those of a thin
//   layer.
// Couples: another maximum inside the peak window (peak.hpp) in every analysed cycle; or a peak that moves from one
// scan rate to the next by more
//   than its half-width and RT/(2αF) per e-fold of the rate: the highest maximum was another couple's. A peak
//   whose opposite sweep shows two couples may be of both.
#pragma once

#include <string>

#include "pipeline/analysis/point_analysis.hpp"
#include "pipeline/analysis/randles_sevcik.hpp"

namespace seccm::analysis {

/// R² Fv/(R_gT D).
double finite_size_group(double D, double scan_rate, const AnalysisParameters& parameters);

/// "" where particle_radius is not known.
/// R: the radius that the user states, else that of the parameters. With its error R is taken 1.96 sigma smaller, so
/// that what can be finite is said to be.
std::string finite_size_caveat(double D, double slowest_rate, const AnalysisParameters& parameters,
                               const Measured& stated_radius = {});
std::string continuum_caveat(double D, double fastest_rate, const AnalysisParameters& parameters);
std::string regime_caveat(WaveLaw law, const PointAnalysis& point, const AnalysisParameters& parameters);
/// Why the peaks of a direction may not be those of one couple.
std::string several_couples(const PointAnalysis& point, int direction, const AnalysisParameters& parameters);

}  // namespace seccm::analysis
