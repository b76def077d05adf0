#include "models/material/marcus_hush_chidsey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

/// ln(2 cosh(x/2)).
double log_two_cosh(double x) {
  const double magnitude = std::abs(x);
  return 0.5 * magnitude + std::log1p(std::exp(-magnitude));
}

/// Where the integrand of S(z) is largest: (x - z)/(2λ) + tanh(x/2)/2 = 0, which rises with x.
double mode_of(double reorganisation, double z) {
  double low = std::min(z, 0.0) - 1.0;
  double high = std::max(z, 0.0) + 1.0;
  for (int i = 0; i < 60; ++i) {
    const double x = 0.5 * (low + high);
    ((x - z) / reorganisation + std::tanh(0.5 * x) > 0.0 ? high : low) = x;
  }
  return 0.5 * (low + high);
}

}  // namespace

LogIntegral marcus_integral(double reorganisation, double z) {
  // Trapezoidal sums of a function analytic in the strip |Im x| < π converge like exp(-2π·π/h), those of the Gaussian
  // like exp(-2π² 2λ/h²): both below 1e-17 here. The integrand is log-concave: the sum ends where it is 1e-20 of its
  // largest value.
  const double h = std::min(0.45, 0.5 * std::sqrt(2.0 * reorganisation));
  const auto exponent = [&](double x) { return -(x - z) * (x - z) / (4.0 * reorganisation) - log_two_cosh(x); };
  const double mode = mode_of(reorganisation, z);
  const double largest = exponent(mode);
  double sum = 0.0;
  double moment = 0.0;
  for (const double direction : {1.0, -1.0}) {
    for (double x = direction > 0.0 ? mode : mode - h;; x += direction * h) {
      const double e = exponent(x) - largest;
      if (e < -46.0) break;
      const double weight = std::exp(e);
      sum += weight;
      moment += weight * (x - z);
    }
  }
  return {.value = largest + std::log(h * sum), .slope = moment / sum / (2.0 * reorganisation)};
}

MarcusHushChidsey::MarcusHushChidsey(double reorganisation) : reorganisation_(reorganisation) {
  if (!(reorganisation >= 0.25 && reorganisation <= 1000.0)) {
    throw InputError(
        fmt::format("Marcus-Hush-Chidsey kinetics: a reorganisation energy of {:.4g} kT; 0.25 to 1000 kT (6.4 meV to "
                    "25.7 eV at 298.15 K) is accepted, kinetics = \"butler_volmer\" is the limit of a large one",
                    reorganisation));
  }
  // The rate constant reaches its limit with the Gaussian's tail, Q((z-λ)/sqrt(2λ)), and with the band's, e^(2λ-z).
  const double tail = std::min(reorganisation, 6.2 * std::sqrt(2.0 * reorganisation));
  const int bins = static_cast<int>(std::ceil((reorganisation + tail + 21.0) * MarcusHushChidseyRate::bins_per_unit));
  reach_ = bins / MarcusHushChidseyRate::bins_per_unit;
  const double at_zero = marcus_integral(reorganisation, 0.0).value;
  limit_ = std::exp(0.5 * std::log(4.0 * constants::pi * reorganisation) + 0.25 * reorganisation - at_zero);
  constexpr double width = 1.0 / MarcusHushChidseyRate::bins_per_unit;
  LogIntegral left = marcus_integral(reorganisation, 0.0);
  coefficients_.reserve(4 * static_cast<std::size_t>(bins + 1));
  for (int k = 0; k <= bins; ++k) {
    const LogIntegral right = marcus_integral(reorganisation, (k + 1) * width);
    const double rise = right.value - left.value;
    const double from = width * left.slope;
    const double to = width * right.slope;
    coefficients_.insert(coefficients_.end(),
                         {left.value - at_zero, from, 3.0 * rise - 2.0 * from - to, from + to - 2.0 * rise});
    left = right;
  }
}

}  // namespace seccm::models
