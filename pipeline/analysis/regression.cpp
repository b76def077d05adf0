#include "pipeline/analysis/regression.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace seccm::analysis {

double BinNoise::variance_of_mean(std::size_t n) const {
  if (n == 0) return 0.0;
  double sum = 1.0, power = 1.0;
  const auto count = static_cast<double>(n);
  for (std::size_t lag = 1; lag < n && power > 1e-6; ++lag) {
    power *= rho;
    sum += 2.0 * (1.0 - static_cast<double>(lag) / count) * power;
  }
  return sigma * sigma * sum / count;
}

namespace {

// Propagated errors hold if σ is right; scatter beyond σ widens them.
double scatter_factor(double chi2, int degrees_of_freedom) {
  return degrees_of_freedom > 0 ? std::sqrt(std::max(1.0, chi2 / degrees_of_freedom)) : 1.0;
}

}  // namespace

std::optional<LineFit> fit_line(std::span<const double> x, std::span<const double> y, std::span<const double> sigma) {
  if (x.size() < 2) return std::nullopt;
  double w_sum = 0, x_mean = 0, y_mean = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 1.0 / (sigma[k] * sigma[k]);
    w_sum += w;
    x_mean += w * x[k];
    y_mean += w * y[k];
  }
  x_mean /= w_sum;
  y_mean /= w_sum;
  double sxx = 0, sxy = 0, spread = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 1.0 / (sigma[k] * sigma[k]);
    sxx += w * (x[k] - x_mean) * (x[k] - x_mean);
    sxy += w * (x[k] - x_mean) * (y[k] - y_mean);
    spread += w * x[k] * x[k];
  }
  if (!(sxx > 1e-20 * spread)) return std::nullopt;
  LineFit fit;
  fit.slope = sxy / sxx;
  fit.intercept = y_mean - fit.slope * x_mean;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double r = (y[k] - fit.intercept - fit.slope * x[k]) / sigma[k];
    fit.chi2 += r * r;
  }
  fit.points = static_cast<int>(x.size());
  fit.degrees_of_freedom = fit.points - 2;
  const double factor = scatter_factor(fit.chi2, fit.degrees_of_freedom);
  fit.slope_error = factor / std::sqrt(sxx);
  fit.intercept_error = factor * std::sqrt(1.0 / w_sum + x_mean * x_mean / sxx);
  return fit;
}

std::optional<LineFit> fit_through_origin(std::span<const double> x, std::span<const double> y,
                                          std::span<const double> sigma) {
  double sxx = 0, sxy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 1.0 / (sigma[k] * sigma[k]);
    sxx += w * x[k] * x[k];
    sxy += w * x[k] * y[k];
  }
  if (!(sxx > 0.0)) return std::nullopt;
  LineFit fit;
  fit.slope = sxy / sxx;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double r = (y[k] - fit.slope * x[k]) / sigma[k];
    fit.chi2 += r * r;
  }
  fit.points = static_cast<int>(x.size());
  fit.degrees_of_freedom = fit.points - 1;
  fit.slope_error = scatter_factor(fit.chi2, fit.degrees_of_freedom) / std::sqrt(sxx);
  return fit;
}

std::optional<PlaneFit> fit_two(std::span<const double> x1, std::span<const double> x2, std::span<const double> y,
                                std::span<const double> sigma) {
  if (y.size() < 2) return std::nullopt;
  double s11 = 0, s12 = 0, s22 = 0, s1y = 0, s2y = 0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    const double w = 1.0 / (sigma[k] * sigma[k]);
    s11 += w * x1[k] * x1[k];
    s12 += w * x1[k] * x2[k];
    s22 += w * x2[k] * x2[k];
    s1y += w * x1[k] * y[k];
    s2y += w * x2[k] * y[k];
  }
  const double determinant = s11 * s22 - s12 * s12;
  if (!(determinant > 1e-12 * s11 * s22)) return std::nullopt;
  PlaneFit fit;
  fit.a = (s22 * s1y - s12 * s2y) / determinant;
  fit.b = (s11 * s2y - s12 * s1y) / determinant;
  double chi2 = 0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    const double r = (y[k] - fit.a * x1[k] - fit.b * x2[k]) / sigma[k];
    chi2 += r * r;
  }
  const double factor = scatter_factor(chi2, static_cast<int>(y.size()) - 2);
  fit.a_error = factor * std::sqrt(s22 / determinant);
  fit.b_error = factor * std::sqrt(s11 / determinant);
  fit.covariance = -factor * factor * s12 / determinant;
  return fit;
}

namespace {

// Legendre polynomials 0..4 and their first two derivatives: nearly orthogonal on evenly spread points.
struct Basis {
  Eigen::Matrix<double, 5, 1> value, slope, curvature;
};
Basis legendre(double u) {
  const double u2 = u * u, u3 = u2 * u, u4 = u2 * u2;
  Basis b;
  b.value << 1, u, 1.5 * u2 - 0.5, 2.5 * u3 - 1.5 * u, (35 * u4 - 30 * u2 + 3) / 8;
  b.slope << 0, 1, 3 * u, 7.5 * u2 - 1.5, (140 * u3 - 60 * u) / 8;
  b.curvature << 0, 0, 3, 15 * u, (420 * u2 - 60) / 8;
  return b;
}

}  // namespace

LocalQuartic::LocalQuartic(std::span<const double> x, std::span<const double> y, const BinNoise& noise) {
  using Matrix5 = Eigen::Matrix<double, terms, terms>;
  using Rows5 = Eigen::Matrix<double, terms, Eigen::Dynamic>;
  const auto n = static_cast<Eigen::Index>(x.size());
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  centre_ = 0.5 * (*low + *high);
  half_ = std::max(0.5 * (*high - *low), 1e-12);
  Rows5 design(terms, n);
  for (Eigen::Index k = 0; k < n; ++k)
    design.col(k) = legendre((x[static_cast<std::size_t>(k)] - centre_) / half_).value;
  const Matrix5 inverse = (design * design.transpose()).ldlt().solve(Matrix5::Identity());
  const Rows5 weights = inverse * design;  // coefficient = weights · y
  const Eigen::Map<const Eigen::VectorXd> values(y.data(), n);
  Eigen::Map<Eigen::Matrix<double, terms, 1>> coefficients(coefficients_);
  coefficients = weights * values;

  // W C Wᵀ with C = σ² ρ^|j-k| in O(n): the forward recursion s_k = w_k + ρ s_{k-1} carries the correlated past.
  Matrix5 covariance = Matrix5::Zero();
  Eigen::Matrix<double, terms, 1> past = Eigen::Matrix<double, terms, 1>::Zero();
  for (Eigen::Index k = 0; k < n; ++k) {
    const Eigen::Matrix<double, terms, 1> w = weights.col(k);
    covariance += w * w.transpose() + noise.rho * (w * past.transpose() + past * w.transpose());
    past = w + noise.rho * past;
  }
  Eigen::Map<Eigen::Matrix<double, terms, terms, Eigen::RowMajor>> stored(&covariance_[0][0]);
  stored = noise.sigma * noise.sigma * covariance;
}

double LocalQuartic::variance(std::span<const double> weights_of_terms) const {
  double sum = 0.0;
  for (int j = 0; j < terms; ++j) {
    for (int k = 0; k < terms; ++k) {
      sum += weights_of_terms[static_cast<std::size_t>(j)] * covariance_[j][k] *
             weights_of_terms[static_cast<std::size_t>(k)];
    }
  }
  return std::max(sum, 0.0);
}

LocalValue LocalQuartic::at(double x) const {
  const Basis basis = legendre((x - centre_) / half_);
  const Eigen::Map<const Eigen::Matrix<double, terms, 1>> coefficients(coefficients_);
  LocalValue result;
  result.value = coefficients.dot(basis.value);
  result.slope = coefficients.dot(basis.slope) / half_;
  result.curvature = coefficients.dot(basis.curvature) / (half_ * half_);
  result.value_error = std::sqrt(variance({basis.value.data(), terms}));
  result.slope_error = std::sqrt(variance({basis.slope.data(), terms})) / half_;
  return result;
}

}  // namespace seccm::analysis
