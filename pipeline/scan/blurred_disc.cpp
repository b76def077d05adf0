#include "pipeline/scan/blurred_disc.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::scan {
namespace {

/// exp(-x) I0(x) without overflow.
double scaled_bessel_i0(double x) {
  if (x < 50.0) return std::exp(-x) * std::cyl_bessel_i(0.0, x);
  const double u = 1.0 / (8.0 * x);
  return (1.0 + u * (1.0 + u * (4.5 + u * 37.5))) / std::sqrt(2.0 * M_PI * x);
}

/// f(r) in units of the blur; Simpson's rule over the part of [0, R] where the kernel is not negligible.
double blurred_profile(double r, double radius) {
  const double from = std::max(0.0, std::min(radius, r - 9.0)), to = std::min(radius, r + 9.0);
  if (to <= from) return 0.0;
  constexpr int intervals = 200;
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
  for (int k = 0; k < 60 && high - low > 1e-9 * high; ++k) {
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
