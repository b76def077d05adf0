// The peak of one sweep: position and height with their uncertainties, its baseline, and the charge above it.
//
// Signs: everything here counts the current along the sweep, s = direction · i, so that a peak is a maximum of s for
// both sweeps; `Peak` returns signed currents (cathodic negative).
//
// Position. The highest point of the sweep smoothed over 25 mV inside the window starts a quartic least-squares fit
// about it, of half-width fit_width × (width at half height on the rising side); its maximum is the peak. The maximum
// of noisy DATA is biased upwards (and more so for slow scans: the exponent b comes out low by 0.02-0.05 at a
// signal-to-noise ratio of 30). The maximum of the FIT is biased by Var(s')/(2|s''|) only, which is subtracted:
//   E_p:  σ = σ(s')/|s''|,     i_p:  σ = σ(s(E_p)).
// Truncation: the fit leaves out the 6th order; on the exact reversible and irreversible waves the error of the height
// is < 5e-4 and that of the position < 0.6 mV at the default width (tested).
//
// Feet. Walking away from the peak, the current has come down where the smoothed current first falls below foot_level
// of the peak, or within the larger of foot_level of the peak and 4 standard errors of its lowest value on that side.
// The foot lies 20 mV further out, and its current is the mean over +-20 mV: taking the lowest value itself would pull
// the line down by the extremes of the noise (16 % more charge at a signal-to-noise ratio of 38). Baseline: see
// BaselineMethod. A diffusive tail has no foot: the line then runs to the end of the sweep and takes part of the wave
// with it; the reference measurement's dashed lines do the same.
//
// Other maxima of the smoothed sweep inside the window count where they stand out from the valley towards the peak by 3
// % of it (a background left in bends a sweep by less) and by 9 standard errors of the smoothed current, or of its slow
// wander where that is larger: of the n = 1100 overlapping means in a window of 1.6 V two differ by so much in less
// than n² Φ(-9/√2) = 1.2e-4 of the sweeps.
#pragma once

#include <string>
#include <vector>

#include "pipeline/analysis/analysis_parameters.hpp"
#include "pipeline/analysis/voltammogram.hpp"

namespace seccm::analysis {

struct PotentialWindow {
  double low = 0.0, high = 0.0;  ///< V vs Li
};
PotentialWindow peak_window(const AnalysisParameters& parameters, int direction);

struct Baseline {
  double E_before = 0.0, E_after = 0.0;  ///< feet, V vs Li, before and after the peak in time
  double i_before = 0.0, i_after = 0.0;  ///< A, signed, of the line at the feet
  double foot_error = 0.0;               ///< A, standard error of the current at a foot

  [[nodiscard]] double at(double E) const;
};

struct Peak {
  bool found = false;
  bool at_window_edge = false;
  std::string reason{};                       ///< why not found
  double E = 0.0, E_error = 0.0;              ///< V vs Li; noise only, without the reference potential
  double current = 0.0, current_error = 0.0;  ///< A, signed, from zero current
  double height = 0.0, height_error = 0.0;    ///< A, signed, above the baseline
  double half_width = 0.0;                    ///< V, peak to half height on the rising side
  std::vector<double> other_maxima{};         ///< V vs Li, inside the window, highest first
  Baseline baseline{};
};

Peak find_peak(const Sweep& sweep, const PotentialWindow& window, const AnalysisParameters& parameters);

}  // namespace seccm::analysis
