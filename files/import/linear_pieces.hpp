// The potential of a recording as straight pieces: ramps, rests and jumps, found in the samples.
//
// First it is cut where it turns, then every monotonic part where it bends: the part is divided at the sample that lies
// furthest from the chord between its ends until none lies further than the tolerance (U. Ramer, Comput. Graph. Image
// Process. 1 (1972) 244). So a rest before a ramp, a ramp that goes on at another rate, and a jump are found alike.
//   tolerance   what noise and steps do (potential_grain.hpp) + 1 % of the height of the part
//   ramp        at least 4 samples, at least 20 mV and 4 tolerances of the noise high, within the tolerance of a
//   straight
//               line; a rest at either end that is too short to show as a bend is taken off
#pragma once

#include <span>
#include <vector>

#include "files/import/potential_grain.hpp"

namespace seccm::files {

struct SampleRange {
  std::size_t begin = 0, end = 0;
  [[nodiscard]] std::size_t size() const { return end - begin; }
};

struct LinearPiece {
  SampleRange samples{};
  bool ramp = false;
  double rate = 0.0;              ///< V/s, signed, of a ramp
  double start = 0.0, end = 0.0;  ///< V, on the line of a ramp
};

/// Largest minus smallest value. At least one sample.
double span_of(std::span<const double> values, SampleRange r);

/// Least potential difference of a ramp, V.
double least_ramp(const PotentialGrain& grain, std::size_t samples);

/// Adjoining pieces that cover `r`, in order of time. At least one sample; time increases.
std::vector<LinearPiece> linear_pieces(const ForeignRecording& recording, SampleRange r, const PotentialGrain& grain);

}  // namespace seccm::files
