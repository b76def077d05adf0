// A root of a function that changes sign from + to - : bracketing with regula falsi (Illinois) and bisection, for the
// places where Newton's method is not safe. Widens the bracket by itself.
#pragma once

#include <cmath>

namespace seccm::sim {

/// Root of f, which must be positive far to the left and negative far to the right. Starts from [low, high] and widens
/// it up to 60 doublings. Ends at a width below `tolerance` (1 + |x|), or at the last midpoint of 200 steps.
template <class Function>
double bracketed_root(Function&& f, double low, double high, double tolerance) {
  double width = high - low;
  double f_low = f(low);
  for (int i = 0; i < 60 && f_low < 0.0; ++i) f_low = f(low -= width *= 2.0);
  width = high - low;
  double f_high = f(high);
  for (int i = 0; i < 60 && f_high > 0.0; ++i) f_high = f(high += width *= 2.0);
  int same_side = 0;
  for (int i = 0; i < 200 && high - low > tolerance * (1.0 + std::abs(low)); ++i) {
    double x = low + (high - low) * f_low / (f_low - f_high);
    const bool bisect = i % 3 == 2 || !(x > low && x < high);
    if (bisect) x = 0.5 * (low + high);
    const double f_x = f(x);
    if (f_x == 0.0) return x;
    if (f_x > 0.0) {
      low = x;
      f_low = f_x;
      if (same_side > 0) f_high *= 0.5;
      same_side = 1;
    } else {
      high = x;
      f_high = f_x;
      if (same_side < 0) f_low *= 0.5;
      same_side = -1;
    }
  }
  return 0.5 * (low + high);
}

}  // namespace seccm::sim
