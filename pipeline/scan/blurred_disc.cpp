#include "pipeline/scan/blurred_disc.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::scan {
namespace {

/// exp(-x) I0(x) for x >= 0 to 2e-7 (Abramowitz and Stegun 9.8.1, 9.8.2).
double scaled_bessel_i0(double x) {
  if (x < 3.75) {
    const double t = (x / 3.75) * (x / 3.75);
    return std::exp(-x) *
           (1.0 +
            t * (3.5156229 + t * (3.0899424 + t * (1.2067492 + t * (0.2659732 + t * (0.0360768 + t * 0.0045813))))));
  }
  const double t = 3.75 / x;
  return (0.39894228 +
          t * (0.01328592 +
               t * (0.00225319 +
                    t * (-0.00157565 +
                         t * (0.00916281 +
                              t * (-0.02057706 + t * (0.02635537 + t * (-0.01647633 + t * 0.00392377)))))))) /
         std::sqrt(x);
}

/// f(r) in units of the blur; Simpson's rule over the part of [0, R] where the kernel is not negligible.
double blurred_profile(double r, double radius) {
  const double from = std::max(0.0, std::min(radius, r - 7.0)), to = std::min(radius, r + 7.0);
  if (to <= from) return 0.0;
  constexpr int intervals = 96;
  const double h = (to - from) / intervals;
  double sum = 0.0;
  for (int k = 0; k <= intervals; ++k) {
    const double t = from + h * k;
    const double weight = k == 0 || k == intervals ? 1.0 : (k % 2 == 1 ? 4.0 : 2.0);
    sum += weight * t * std::exp(-0.5 * (r - t) * (r - t)) * scaled_bessel_i0(r * t);
  }
  return sum * h / 3.0;
}

/// Root of a monotone function in [low, high].
template <class F>
double bisect(F&& increasing, double low, double high) {
  for (int k = 0; k < 60 && high - low > 1e-8 * high; ++k) {
    const double middle = 0.5 * (low + high);
    (increasing(middle) < 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

double outline_radius(double disc_radius, double blur, double level) {
  const double radius = disc_radius / blur;
  const double smallest = std::sqrt(-2.0 * std::log(level));
  if (radius < 1e-3) return smallest * blur;
  const double target = level * -std::expm1(-0.5 * radius * radius);
  return blur * bisect([&](double r) { return target - blurred_profile(r, radius); }, 0.0, radius + smallest + 4.0);
}

double disc_radius(double outline, double blur, double level) {
  const double smallest = 0.5 * blur;
  if (outline <= outline_radius(smallest, blur, level)) return smallest;
  return bisect([&](double radius) { return outline_radius(radius, blur, level) - outline; }, smallest,
                2.0 * outline + 4.0 * blur);
}

}  // namespace seccm::scan
