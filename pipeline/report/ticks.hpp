// Where an axis is marked and how its numbers are written.
#pragma once

#include <string>
#include <vector>

namespace seccm::report {

struct Tick {
  double value = 0.0;
  std::string label;
};

/// Multiples of 1, 2 or 5 times a power of ten inside [low, high], about `count` of them, each with as many digits as
/// its neighbours need.
std::vector<Tick> linear_ticks(double low, double high, int count);
/// Powers of ten inside [low, high]; with fewer than three of them also their 2- and 5-fold, with fewer than three of
/// those those of `linear_ticks`. No two labels are equal.
std::vector<Tick> logarithmic_ticks(double low, double high, int count);

/// A number as it is printed: a minus sign, not a hyphen; powers of ten with raised exponents.
std::string minus_signed(std::string text);
std::string power_of_ten(int exponent);

}  // namespace seccm::report
