// Straight lines and local polynomials by least squares, with the uncertainties that analysis reports.
//
// Lines: weights 1/σ², y = intercept + slope x. The standard errors are those propagated from σ, widened by
// √(χ²/ν) where the points scatter more than σ allows (ν = degrees of freedom): a fit never claims more than either.
// Polynomials: degree 4 about a centre, equal weights; any linear functional of the fit (value, slope) comes with its
// exact variance for first-order autoregressive noise.
#pragma once

#include <optional>
#include <span>

#include "pipeline/analysis/voltammogram.hpp"

namespace seccm::analysis {

struct LineFit {
  double slope = 0.0, slope_error = 0.0;
  double intercept = 0.0, intercept_error = 0.0;
  double chi2 = 0.0;
  int points = 0;
  int degrees_of_freedom = 0;
};

/// Nothing for fewer than 2 points, or when all x coincide. `sigma` > 0, same length.
std::optional<LineFit> fit_line(std::span<const double> x, std::span<const double> y, std::span<const double> sigma);
/// Line through the origin; nothing without a point at x != 0.
std::optional<LineFit> fit_through_origin(std::span<const double> x, std::span<const double> y,
                                          std::span<const double> sigma);

/// y = a x1 + b x2, weighted; nothing when the two columns are collinear or fewer than 2 points.
struct PlaneFit {
  double a = 0.0, a_error = 0.0;
  double b = 0.0, b_error = 0.0;
  double covariance = 0.0;
};
std::optional<PlaneFit> fit_two(std::span<const double> x1, std::span<const double> x2, std::span<const double> y,
                                std::span<const double> sigma);

/// A quartic fitted to neighbouring points: value, slope and curvature at x, and the standard errors of the first two.
struct LocalValue {
  double value = 0.0, value_error = 0.0;
  double slope = 0.0, slope_error = 0.0;
  double curvature = 0.0;
};

class LocalQuartic {
 public:
  /// Fits y over the points given (at least 6, distinct x). `noise` is that of y.
  LocalQuartic(std::span<const double> x, std::span<const double> y, const BinNoise& noise);
  [[nodiscard]] LocalValue at(double x) const;

 private:
  [[nodiscard]] double variance(std::span<const double> weights_of_terms) const;

  static constexpr int terms = 5;
  double centre_ = 0.0, half_ = 1.0;
  double coefficients_[terms] = {};
  double covariance_[terms][terms] = {};
};

}  // namespace seccm::analysis
