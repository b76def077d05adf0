#include "pipeline/scan/half_wave.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/quantity.hpp"

namespace seccm::scan {
namespace {

constexpr double bin_width = 2e-3;  // V
constexpr int parameters = 5;       // a, b, L, E½, w
using Vector = Eigen::Matrix<double, parameters, 1>;
using Matrix = Eigen::Matrix<double, parameters, parameters>;

struct Curve {
  std::vector<double> E, i, weight;  // in order of E; weight: samples in the bin
  double centre = 0.0;
};

Curve binned(std::span<const double> E, std::span<const double> i) {
  Curve out;
  if (E.empty()) return out;
  const auto [lowest, highest] = std::minmax_element(E.begin(), E.end());
  const auto bins = static_cast<std::size_t>((*highest - *lowest) / bin_width) + 1;
  std::vector<double> sum_E(bins, 0.0), sum_i(bins, 0.0), count(bins, 0.0);
  for (std::size_t k = 0; k < E.size(); ++k) {
    const auto bin = std::min(bins - 1, static_cast<std::size_t>((E[k] - *lowest) / bin_width));
    sum_E[bin] += E[k];
    sum_i[bin] += i[k];
    count[bin] += 1.0;
  }
  const double fullest = *std::max_element(count.begin(), count.end());
  for (std::size_t bin = 0; bin < bins; ++bin) {
    // Nearly empty bins sit at the ends of the sweep, where the current has not settled.
    if (count[bin] < 0.25 * fullest) continue;
    out.E.push_back(sum_E[bin] / count[bin]);
    out.i.push_back(sum_i[bin] / count[bin]);
    out.weight.push_back(count[bin] / fullest);
  }
  out.centre = 0.5 * (*lowest + *highest);
  return out;
}

double model(const Vector& p, double E, double centre, Vector* gradient) {
  const double s = 1.0 / (1.0 + std::exp(-(E - p(3)) / p(4)));
  if (gradient != nullptr) {
    const double slope = p(2) * s * (1.0 - s) / p(4);
    *gradient << 1.0, E - centre, s, -slope, -slope * (E - p(3)) / p(4);
  }
  return p(0) + p(1) * (E - centre) + p(2) * s;
}

Vector first_guess(const Curve& curve) {
  const std::size_t n = curve.i.size(), end = std::max<std::size_t>(1, n / 10);
  double low = 0.0, high = 0.0;
  for (std::size_t k = 0; k < end; ++k) {
    low += curve.i[k] / static_cast<double>(end);
    high += curve.i[n - 1 - k] / static_cast<double>(end);
  }
  // Where the running mean crosses the half level: noise crosses it in many places, the mean once.
  const std::size_t reach = std::max<std::size_t>(1, n / 40);
  double crossing = curve.centre;
  for (std::size_t k = reach; k + reach < n; ++k) {
    double mean = 0.0;
    for (std::size_t j = k - reach; j <= k + reach; ++j) mean += curve.i[j] / static_cast<double>(2 * reach + 1);
    if ((mean - 0.5 * (low + high)) * (high - low) >= 0.0) {
      crossing = curve.E[k];
      break;
    }
  }
  Vector p;
  p << low, 0.0, high - low, crossing, 0.026;
  return p;
}

struct Fit {
  Vector p;
  Matrix covariance;
  bool converged = false;
};

double cost_and_normal(const Curve& curve, const Vector& p, Matrix& normal, Vector& right) {
  normal.setZero();
  right.setZero();
  double cost = 0.0;
  Vector gradient;
  for (std::size_t k = 0; k < curve.E.size(); ++k) {
    const double residual = curve.i[k] - model(p, curve.E[k], curve.centre, &gradient);
    normal += curve.weight[k] * gradient * gradient.transpose();
    right += curve.weight[k] * residual * gradient;
    cost += curve.weight[k] * residual * residual;
  }
  return cost;
}

double residual_correlation(const Curve& curve, const Vector& p) {
  double product = 0.0, square = 0.0, previous = 0.0;
  for (std::size_t k = 0; k < curve.E.size(); ++k) {
    const double residual = curve.i[k] - model(p, curve.E[k], curve.centre, nullptr);
    if (k > 0) product += residual * previous;
    square += residual * residual;
    previous = residual;
  }
  return square > 0.0 ? std::clamp(product / square, 0.0, 0.95) : 0.0;
}

Fit levenberg_marquardt(const Curve& curve) {
  Fit fit;
  fit.p = first_guess(curve);
  Matrix normal, trial_normal;
  Vector right, trial_right;
  double cost = cost_and_normal(curve, fit.p, normal, right);
  double damping = 1e-3;
  for (int k = 0; k < 200; ++k) {
    Matrix damped = normal;
    damped.diagonal() *= 1.0 + damping;
    const Vector step = damped.ldlt().solve(right);
    if (!step.allFinite()) break;
    Vector trial = fit.p + step;
    trial(4) = std::clamp(trial(4), 1e-3, 0.5);
    const double trial_cost = cost_and_normal(curve, trial, trial_normal, trial_right);
    if (!(trial_cost <= cost)) {
      damping *= 10.0;
      if (damping > 1e12) break;
      continue;
    }
    const bool settled = cost - trial_cost <= 1e-12 * cost;
    fit.p = trial;
    normal = trial_normal;
    right = trial_right;
    cost = trial_cost;
    damping = std::max(1e-12, 0.1 * damping);
    if (settled) {
      fit.converged = true;
      break;
    }
  }
  const auto freedom = static_cast<double>(curve.E.size()) - parameters;
  const double correlation = residual_correlation(curve, fit.p);
  const double variance = cost / freedom * (1.0 + correlation) / (1.0 - correlation);
  fit.covariance = variance * normal.ldlt().solve(Matrix::Identity());
  fit.converged = fit.converged && fit.covariance.allFinite();
  return fit;
}

std::string objection(const HalfWave& wave, const Curve& curve) {
  if (!(wave.limiting_current > 5.0 * wave.limiting_current_error))
    return fmt::format("limiting current {:.3g} A is not 5 times its standard error of {:.3g} A", wave.limiting_current,
                       wave.limiting_current_error);
  if (!(wave.width > 0.015 && wave.width < 0.080))
    return fmt::format("width {:.3g} V of the wave; accepted: 0.015 to 0.080 V", wave.width);
  if (!(wave.E - 2.0 * wave.width > curve.E.front() && wave.E + 2.0 * wave.width < curve.E.back()))
    return fmt::format("half-wave potential {:.4g} V too near an end of the sweep ({:.4g} to {:.4g} V)", wave.E,
                       curve.E.front(), curve.E.back());
  return {};
}

}  // namespace

HalfWave fit_half_wave(std::span<const double> E, std::span<const double> i) {
  HalfWave wave;
  const Curve curve = binned(E, i);
  if (curve.E.size() < 50) {
    wave.reason = fmt::format("a sweep of {} bins of 2 mV; accepted: at least 50", curve.E.size());
    return wave;
  }
  // In units of the range: the normal equations would otherwise mix volts with picoamperes.
  Curve scaled = curve;
  const auto [lowest, highest] = std::minmax_element(curve.i.begin(), curve.i.end());
  const double unit = *highest > *lowest ? *highest - *lowest : 1.0;
  for (double& value : scaled.i) value /= unit;
  const Fit fit = levenberg_marquardt(scaled);
  if (!fit.converged) {
    wave.reason = "the fit of the wave did not converge";
    return wave;
  }
  wave.limiting_current = fit.p(2) * unit;
  wave.limiting_current_error = std::sqrt(fit.covariance(2, 2)) * unit;
  wave.E = fit.p(3);
  wave.standard_error = std::sqrt(fit.covariance(3, 3));
  wave.width = fit.p(4);
  wave.reason = objection(wave, curve);
  wave.valid = wave.reason.empty();
  return wave;
}

double kinetic_shift(const HalfWave& wave, double temperature) {
  const double reversible_width = constants::gas * temperature / constants::faraday;
  return 2.0 * std::max(0.0, wave.width - reversible_width);
}

HalfWave combine(const HalfWave& forward, const HalfWave& backward) {
  if (!forward.valid || !backward.valid) return forward.valid ? backward : forward;
  HalfWave out = forward;
  // Equal weights: only the plain mean cancels the lag.
  out.E = 0.5 * (forward.E + backward.E);
  const double half_difference = 0.5 * (forward.E - backward.E);
  out.standard_error =
      std::hypot(0.5 * forward.standard_error, 0.5 * backward.standard_error, half_difference / std::sqrt(3.0));
  out.limiting_current = 0.5 * (forward.limiting_current + backward.limiting_current);
  out.limiting_current_error = 0.5 * std::hypot(forward.limiting_current_error, backward.limiting_current_error);
  out.width = 0.5 * (forward.width + backward.width);
  return out;
}

}  // namespace seccm::scan
