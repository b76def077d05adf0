// How far apart two recordings are put whose distance nobody states: so far that nothing takes the second for the
// continuation of the first, neither the charge that flows on behind a sweep nor the count of cycles. A tenth of the
// longer one, in which its potential would run a tenth of its way, and 1 s at least.
#pragma once

#include <algorithm>
#include <string_view>

namespace seccm::files {

/// s, of the lengths of both in s.
[[nodiscard]] inline double series_gap(double before, double behind) {
  return std::max(1.0, 0.1 * std::max(before, behind));
}

inline constexpr std::string_view series_gap_in_words = "a tenth of the longer neighbour apart (1 s at least)";

}  // namespace seccm::files
