// Plain data of one sweep of potential, before and after averaging. One sweep = one cycle, one scan rate, one
// direction.
//
// Sign: IUPAC, anodic current positive; direction +1 anodic (E rising), -1 cathodic. SI units. A sweep runs in the
// order of its direction: E rises where direction = +1 and falls where it is -1.
#pragma once

#include <vector>

namespace seccm::analysis {

/// Frames of one sweep as recorded, with the potential already against Li.
struct Voltammogram {
  std::vector<double> E_vs_Li{};  ///< V
  std::vector<double> i{};        ///< A
  std::vector<double> t{};        ///< s
  int cycle = 0;
  int cycle_at_rate = 0;  ///< the same, counted from the first at this scan rate; 0: as `cycle`
  int direction = 0;
  double scan_rate = 0.0;         ///< V/s, > 0
  double E_standard_error = 0.0;  ///< V, of the reference potential, common to the sweep
};

/// The noise of the averaged current: stationary, first-order autoregressive. Covariance of bins j, k:
/// σ² ρ^|j-k|.
struct BinNoise {
  double sigma = 0.0;  ///< A, standard error of one bin
  double rho = 0.0;    ///< correlation of neighbouring bins, in [0, 1)

  /// Variance of the mean of n neighbouring bins, A².
  [[nodiscard]] double variance_of_mean(std::size_t n) const;
};

/// One sweep averaged over bins of potential.
struct Sweep {
  std::vector<double> E_vs_Li{};     ///< V, means of the bins
  std::vector<double> i{};           ///< A, background removed
  std::vector<double> background{};  ///< A, what was removed: recorded current = i + background
  std::vector<double> t{};           ///< s
  BinNoise noise{};
  int cycle = 0;
  int cycle_at_rate = 0;
  int direction = 0;
  double scan_rate = 0.0;
  double E_standard_error = 0.0;
  double background_error = 0.0;  ///< A, standard error of what was removed, common to the sweep
  double background_noise = 0.0;  ///< A, standard error of one bin of what was removed

  [[nodiscard]] std::size_t size() const { return i.size(); }
};

}  // namespace seccm::analysis
