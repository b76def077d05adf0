// Independent voltammograms for the tests of analysis: planar semi-infinite diffusion with Butler-Volmer kinetics,
// solved as a Volterra equation (no mesh, nothing shared with the library's solvers).
//
//   p = Λ [e^{αξ}(1 - I) - e^{-(1-α)ξ} I],   I(τ) = (1/√π) ∫ p(u)/√(τ-u) du,   τ = Fvt/RT,  ξ = F(E0-E)/RT
//   i = -F A C √(Dσ) p  (cathodic first, anodic positive),   σ = Fv/RT,  Λ = k0/√(Dσ);  Λ = ∞: I = 1/(1+e^{-ξ})
// Product integration with piecewise-linear p: error O(h²).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "files/results_file.hpp"
#include "pipeline/analysis/point_analysis.hpp"

namespace seccm::analysis::test {

struct PlanarHost {
  double D = 3e-19;  ///< m²/s
  double k0 = 0.0;   ///< m/s; 0: reversible
  double alpha = 0.5;
  double area = 10e-12;          ///< m²
  double concentration = 2.4e4;  ///< mol/m³
  double E0 = 1.8;               ///< V vs Li
  double capacitance = 0.0;      ///< F, in parallel
  double offset = 0.0;           ///< A
};

struct Trace {
  std::vector<double> E{}, i{}, t{};  ///< one cycle, cathodic sweep first
  std::size_t turn = 0;               ///< first sample of the anodic sweep
};

/// One cycle E_high -> E_low -> E_high; `step` of the dimensionless potential.
Trace planar_cycle(const PlanarHost& host, double scan_rate, double E_high = 3.0, double E_low = 1.0,
                   double step = 0.04);

/// Standard deviation and correlation time of the frame noise added.
struct FrameNoise {
  double sigma = 0.0;        ///< A per frame
  double correlation = 0.0;  ///< of neighbouring frames, AR(1)
  std::uint64_t seed = 1;
};

/// The cycle as frames of 1.028 ms, split by sweep, `cycles` times the same (numbered from `first_cycle`).
std::vector<Voltammogram> frames_of(const Trace& trace, double scan_rate, int first_cycle, int cycles,
                                    const FrameNoise& noise);

/// A landed, complete target with the given voltammograms.
PointInput target(std::vector<Voltammogram> voltammograms, double image_area);
/// A point measured at several scan rates, one cycle each (numbered 2, 3, ...).
PointInput multi_rate(const PlanarHost& host, const std::vector<double>& scan_rates, const FrameNoise& noise = {});
inline const std::vector<double> paper_rates{0.02, 0.05, 0.1, 0.2, 0.5};

/// Nothing removed, wide windows.
AnalysisParameters plain_parameters();
Background no_background();

/// The only row of (estimator, quantity, direction, scan rate, cycle 0); fails the test if there is none or several.
files::Estimate row(const std::vector<files::Estimate>& rows, std::string_view estimator, std::string_view quantity,
                    int direction, double scan_rate = 0.0);
/// All rows of a point through the registry.
std::vector<files::Estimate> estimate_all(const PointAnalysis& point, const AnalysisParameters& parameters);
/// Columns of a reference table by number, header skipped.
std::vector<std::vector<double>> read_table(const std::string& name);

}  // namespace seccm::analysis::test
