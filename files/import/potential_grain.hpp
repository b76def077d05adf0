// How finely a recording states its potential: noise and steps, measured in the recording itself.
//
//   noise    standard deviation σ of one sample about the line between its neighbours in time, corrected for theirs:
//            r_k = E_k - interpolation,  var r = σ² (1 + w² + (1-w)²),  w the share of the interval. σ is the 90 %
//            point of |r| over that of a normal distribution, so that what is noisy in a tenth of the recording counts
//            and single vertices do not.
//   step     median of the changes that are not zero: the stairs of a digital generator or, of a smooth ramp, what it
//            runs between two samples. A sample says no more than that of where a sweep turns.
//
// Of n samples the one furthest off lies about √(2 ln n) σ away; one σ more is hardly ever passed. `tolerance` is that
// and a step: two samples that differ by less say the same.
#pragma once

#include <cstddef>

#include "files/import/foreign_recording.hpp"

namespace seccm::files {

struct PotentialGrain {
  double noise = 0.0;  ///< V
  double step = 0.0;   ///< V
  /// V, of `samples` samples.
  [[nodiscard]] double tolerance(std::size_t samples) const;
};

/// Of the samples begin..end, at least one. `count`: one count of the digitisation, V.
PotentialGrain potential_grain(const ForeignRecording& recording, std::size_t begin, std::size_t end, double count);

}  // namespace seccm::files
