// Which scan rates are one: a rate that was fitted to samples is known to some 1 %, two that a programme sets apart
// differ by more.
#pragma once

#include <algorithm>
#include <cmath>

namespace seccm::files {

inline constexpr double rate_tolerance = 0.02;

/// Both > 0, V/s.
[[nodiscard]] inline bool one_rate(double a, double b) {
  return std::abs(a - b) <= rate_tolerance * std::max(a, b);
}

}  // namespace seccm::files
