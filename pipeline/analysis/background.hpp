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
#pragma once

#include <span>
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
  /// Takes the background off `sweep.i` into `sweep.background` and sets `sweep.background_error`.
  void remove(Sweep& sweep) const;

 private:
  struct Curve {
    double scan_rate = 0.0;
    int direction = 0;
    std::vector<double> E{}, i{};  // E rising
    double standard_error = 0.0;
  };
  [[nodiscard]] const Curve* curve(double scan_rate, int direction) const;
  void add_curve(std::span<const BlankSweeps> blanks, double scan_rate, int direction);

  BackgroundMethod method_;
  AirMeasurement air_;
  std::vector<Curve> curves_;
};

/// Same scan rate to 0.1 %.
bool same_rate(double a, double b);
/// Linear interpolation on E in either order, held constant beyond the ends. Requires at least one point.
double interpolate(std::span<const double> E, std::span<const double> y, double at);

}  // namespace seccm::analysis
