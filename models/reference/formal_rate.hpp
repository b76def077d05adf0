// The rate law of an insertion solved for the filling of the surface: of order one from irreversible to reversible.
// Internal to models/reference.
//
//   q = k [y κ_out(z) - a_e (1 - y) κ_in(z)]        is        y = σ(ln a_e - z) + q h,    h = 1/(k (κ_out + a_e κ_in))
//
// σ(x) = 1/(1 + e^-x); κ_out/κ_in = e^z; q in m/s (or 1/s of a coverage, as k), positive outwards.
#pragma once

#include <algorithm>
#include <cmath>

#include "models/material/marcus_hush_chidsey.hpp"

namespace seccm::models {

struct FormalRate {
  double formal = 0.0;        ///< σ(ln a_e - z)
  double formal_slope = 0.0;  ///< d/dz = -d/dln a_e
  double lag = 0.0;           ///< h
  double lag_slope = 0.0;     ///< d/dz
  double lag_by_salt = 0.0;   ///< d/dln a_e

  /// y - formal - q lag: its slopes in z and in ln a_e.
  [[nodiscard]] double by_z(double q) const { return -formal_slope - q * lag_slope; }
  [[nodiscard]] double by_salt(double q) const { return formal_slope - q * lag_by_salt; }
};

inline double logistic(double x) {
  const double e = std::exp(-std::abs(x));
  return x < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
}

inline constexpr double largest_exponent = 600.0;
inline double safe_exp(double x) {
  return std::exp(std::clamp(x, -largest_exponent, largest_exponent));
}

/// Butler and Volmer: κ_out = e^((1-α)z), κ_in = e^(-αz).
inline FormalRate butler_volmer_rate(double k, double alpha, double z, double log_activity) {
  const double formal = logistic(log_activity - z);
  const double h = 1.0 / (k * (safe_exp((1.0 - alpha) * z) + safe_exp(log_activity - alpha * z)));
  return {.formal = formal,
          .formal_slope = -formal * (1.0 - formal),
          .lag = h,
          .lag_slope = -h * ((1.0 - alpha) * (1.0 - formal) - alpha * formal),
          .lag_by_salt = -h * formal};
}

inline FormalRate marcus_rate(const MarcusHushChidsey& law, double k, double z, double log_activity) {
  const RateConstants rate = law.rate().at(std::clamp(z, -largest_exponent, largest_exponent));
  const double formal = logistic(log_activity - z);
  const double h = 1.0 / (k * (rate.out + std::exp(log_activity) * rate.in));
  return {.formal = formal,
          .formal_slope = -formal * (1.0 - formal),
          .lag = h,
          .lag_slope = -h * (rate.out_slope * (1.0 - formal) + rate.in_slope * formal),
          .lag_by_salt = -h * formal};
}

}  // namespace seccm::models
