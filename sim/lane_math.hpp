// exp and log without branches or tables, so that a loop over particles turns into vector code at every instruction
// set. Relative error below 4e-16 for exp, absolute below 4e-16 (1 + |log x|) for log; checked in tests/sim.
#pragma once

#include <bit>
#include <cstdint>

#include "sim/multiversion.hpp"

namespace seccm::sim {

/// e^x, x clamped to [-700, 700]; NaN stays NaN.
SECCM_INLINE double lane_exp(double x) {
  constexpr double magic = 0x1.8p52;  // adding it leaves the nearest integer in the low bits
  constexpr double ln2_high = 0x1.62e42fefa38p-1;
  constexpr double ln2_low = 0x1.ef35793c7673p-45;
  x = x < -700.0 ? -700.0 : x;
  x = x > 700.0 ? 700.0 : x;
  const double shifted = x * 0x1.71547652b82fep0 + magic;
  const double n = shifted - magic;
  const double r = (x - n * ln2_high) - n * ln2_low;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  const auto exponent = std::bit_cast<std::uint64_t>(shifted) << 52U;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(p) + exponent);
}

/// Natural logarithm of a positive normal number.
SECCM_INLINE double lane_log(double x) {
  constexpr std::uint64_t sqrt_half_bits = 0x3fe6a09e667f3bcdULL;
  constexpr std::uint64_t one_bits = 0x3ff0000000000000ULL;
  constexpr double magic = 0x1p52;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  // Exponent of x relative to [sqrt(1/2), sqrt(2)), offset by 1023 to stay positive.
  const std::uint64_t biased = (bits - sqrt_half_bits + one_bits) >> 52U;
  const double e = (std::bit_cast<double>(biased | std::bit_cast<std::uint64_t>(magic)) - magic) - 1023.0;
  const double m = std::bit_cast<double>(bits - ((biased - 1023U) << 52U));
  const double s = (m - 1.0) / (m + 1.0);
  const double s2 = s * s;
  double p = 1.0 / 21.0;
  p = p * s2 + 1.0 / 19.0;
  p = p * s2 + 1.0 / 17.0;
  p = p * s2 + 1.0 / 15.0;
  p = p * s2 + 1.0 / 13.0;
  p = p * s2 + 1.0 / 11.0;
  p = p * s2 + 1.0 / 9.0;
  p = p * s2 + 1.0 / 7.0;
  p = p * s2 + 1.0 / 5.0;
  p = p * s2 + 1.0 / 3.0;
  return e * 0x1.62e42fefa39efp-1 + (2.0 * s + 2.0 * s * s2 * p);
}

}  // namespace seccm::sim
