// What flows without any particle: taken off before peaks are read.
//
//   none               0
//   stray_capacitance  i_offset + C_stray v direction          (both measured in air before the scan)
//   blank              the voltammogram of bare gold under the same meniscus at the same scan rate: stray and gold
//                      double layer, what is left of the reduction of trace water, leaks. Mean over the analysed
//                      cycles of a blank point, median over the blank points, smoothed over 25 mV.
// Without a blank at a scan rate, `blank` does what `stray_capacitance` does. A blank takes off the double layer of the
// whole footprint, also of the gold that a cluster covers: too much by the covered share. The double layer and the
// surface charge of the particles themselves stay in.
//
// Standard error of a blank as the background of another point: blanks differ (size of the footprint, zero of the
// amplifier wandering between points), and the point is one more draw. From the mean m over the sweep of each blank
// minus the curve, both directions together,
//   s² = Σ m²/ν,   ν = Σ over directions (n - 1),   σ = s √(1 + π/2n) t_ν/1.96     (π/2n: of a median of n)
// with t_ν Student's quantile, so that ±1.96 σ is a 95 % interval however few blanks there are. Blanks that
// differ by 15 times what is typical lie on a particle (which makes hundreds) and do not count in s. With one blank
// nothing is known of their scatter: σ is then the noise of the curve alone and `caveat` says so.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pipeline/analysis/analysis_parameters.hpp"
#include "pipeline/analysis/voltammogram.hpp"

namespace seccm::analysis {

/// Measured in air before the scan.
struct AirMeasurement {
  double current_offset = 0.0;     ///< A
  double stray_capacitance = 0.0;  ///< F
};

/// The sweeps of one blank point, nothing removed.
using BlankSweeps = std::vector<Sweep>;

class Background {
 public:
  Background(BackgroundMethod method, const AirMeasurement& air, std::span<const BlankSweeps> blanks);

  /// What `remove` takes off at this scan rate: `blank` falls back to `stray_capacitance`.
  [[nodiscard]] BackgroundMethod method_at(double scan_rate, int direction) const;
  /// What its standard error leaves out at this scan rate; "" when nothing.
  [[nodiscard]] std::string caveat(double scan_rate, int direction) const;
  /// Takes the background off `sweep.i` into `sweep.background` and sets `sweep.background_error` and
  /// `sweep.background_noise`.
  void remove(Sweep& sweep) const;

 private:
  struct Curve {
    double scan_rate = 0.0;
    int direction = 0;
    std::vector<double> E{}, i{};      // E rising
    std::vector<double> deviations{};  // A, of each blank point: mean over the sweep of it minus the curve
    double bin_noise = 0.0;            // A, of one bin of the unsmoothed mean
    double smoothed_noise = 0.0;       // A
  };
  [[nodiscard]] const Curve* curve(double scan_rate, int direction) const;
  void add_curve(std::span<const BlankSweeps> blanks, double scan_rate, int direction);
  [[nodiscard]] double standard_error(const Curve& curve) const;

  BackgroundMethod method_;
  AirMeasurement air_;
  std::vector<Curve> curves_;
};

/// Same scan rate to 0.1 %.
bool same_rate(double a, double b);
/// Linear interpolation on E in either order, held constant beyond the ends. Requires at least one point.
double interpolate(std::span<const double> E, std::span<const double> y, double at);

}  // namespace seccm::analysis
