// Frames -> bins of potential, with the noise of a bin measured from the sweep itself.
//
// Bins: equal steps of potential of about `bin_width` between the first and the last frame; each bin holds the means of
// E, i, t over its frames. (A frame lasts 1.028 ms: 29 frames in 1.5 mV at 50 mV/s, 3 at 500 mV/s.)
//
// Noise: residuals r of the bins about a moving quartic (half-width 12 bins) lose the signal, whose features are wider
// than that, and keep the noise. Their covariances at lags 0 and 1 are those of the noise seen through a known filter
// f:
//   E<r_k r_{k+l}> = Σ_m q_m c(l-m),   q = autocorrelation of f,   c(j) = σ² ρ^|j|,
// solved for σ and ρ. So σ holds the correlation between the frames of a bin (filters, hum) and ρ that between bins.
// Bins of frames that are themselves first-order correlated are not quite of that form: σ then comes out up to 8 % and
// ρ up to 0.1 too large, on the safe side. The scatter is the median over blocks of the sweep, so that a step or a
// sharp peak does not count as noise. Noise slower than the window (drift, 1/f) is not seen here; the scatter between
// cycles holds it.
#pragma once

#include <optional>
#include <span>

#include "pipeline/analysis/voltammogram.hpp"

namespace seccm::analysis {

/// Noise of evenly spaced values; zero when there are fewer than 60.
BinNoise measure_noise(std::span<const double> values);

/// Nothing when the sweep has fewer than 30 bins, non-finite values or no span of potential. Bins without frames are
/// left out. `background` is zero: nothing removed yet.
std::optional<Sweep> average(const Voltammogram& frames, double bin_width);

/// Centred moving mean over 2 half + 1 values (fewer at the ends).
std::vector<double> moving_mean(std::span<const double> values, std::size_t half);

}  // namespace seccm::analysis
