#include "models/electrolyte/salt_stepper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr int most_iterations = 60;
constexpr double settled = 1e-12;  // of c0, largest change of a concentration

/// P/(e^P - 1).
double bernoulli(double P) {
  return std::abs(P) < 1e-9 ? 1.0 - 0.5 * P : P / std::expm1(P);
}

}  // namespace

SaltStepper::SaltStepper(SaltColumn column, SaltProperties properties, double flow)
    : column_(std::move(column)), properties_(properties), flow_(flow), floor_(1e-6 * properties_.reference()) {
  if (!(std::isfinite(flow) && flow >= 0.0)) {
    throw InputError(fmt::format("electrolyte: evaporation = {} m^3/s: accepted is a number from 0", flow));
  }
  const std::size_t n = column_.cells();
  state_.excess.assign(n, 0.0);
  state_.excess_before = state_.excess;
  trial_ = state_.excess;
  for (auto* values : {&guess_, &near_, &far_, &drift_, &pivot_, &history_}) values->assign(n, 0.0);
  set_tip(0.0);
}

void SaltStepper::set_faces(double current) {
  const std::size_t n = trial_.size();
  for (std::size_t k = 0; k < n; ++k) {
    const double next = k + 1 < n ? trial_[k + 1] : 0.0;
    const double c = std::max(properties_.reference() + 0.5 * (trial_[k] + next), floor_);
    const double step = column_.step()[k];
    const double D = properties_.diffusivity(c);
    const double P = flow_ * step / D;
    near_[k] = D / step * bernoulli(P);
    far_[k] = near_[k] + flow_;  // B(-P) = B(P) + P
    drift_[k] = (1.0 - properties_.transference(c)) * current / constants::faraday;
  }
}

void SaltStepper::solve_rows(double dt, const sim::StepScheme& scheme) {
  // Columns of the matrix sum to now V/dt > 0: elimination without pivoting is stable.
  const std::size_t n = trial_.size();
  const auto& volume = column_.volume();
  double carried = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const double held = scheme.now * volume[k] / dt;
    const double inner_far = k > 0 ? far_[k - 1] : 0.0;
    const double inner_near = k > 0 ? near_[k - 1] : 0.0;
    const double diagonal = held + near_[k] + inner_far - (k > 0 ? inner_near * pivot_[k - 1] * inner_far : 0.0);
    // The flow carries Q c0 through every face but the surface.
    const double source = history_[k] + drift_[k] - (k > 0 ? drift_[k - 1] : -flow_ * properties_.reference());
    pivot_[k] = 1.0 / diagonal;
    carried = (source + inner_near * carried) * pivot_[k];
    trial_[k] = carried;
  }
  for (std::size_t k = n - 1; k-- > 0;) trial_[k] += pivot_[k] * far_[k] * trial_[k + 1];
}

const SaltTip& SaltStepper::solve(double current, double dt, const sim::StepScheme& scheme) {
  if (!(std::isfinite(current) && std::isfinite(dt) && dt > 0.0)) {
    throw InputError(fmt::format(
        "electrolyte: a step of {} s with {} A; a time above 0 and a finite current are needed", dt, current));
  }
  dt_ = dt;
  scheme_ = scheme;
  const std::size_t n = trial_.size();
  for (std::size_t k = 0; k < n; ++k) {
    history_[k] =
        -column_.volume()[k] / dt * (scheme.last * state_.excess[k] + scheme.before * state_.excess_before[k]);
    trial_[k] = state_.excess[k];
  }
  const bool linear = properties_.law() != SaltLaw::landesfeind;
  double change = 0.0;
  for (int i = 0; i < most_iterations; ++i) {
    std::copy(trial_.begin(), trial_.end(), guess_.begin());
    set_faces(current);
    solve_rows(dt, scheme);
    change = 0.0;
    for (std::size_t k = 0; k < n; ++k) change = std::max(change, std::abs(trial_[k] - guess_[k]));
    if (linear || change <= settled * properties_.reference()) {
      set_tip(current);
      return tip_;
    }
  }
  throw SolverError(
      fmt::format("electrolyte: the step from t = {:.9g} s of {:.4g} s with {:.4g} A does not settle: the salt at the "
                  "surface still "
                  "moves by {:.3g} mol/L (it is at {:.3g} mol/L): take a shorter potential_step",
                  state_.time, dt, current, change * 1e-3, (properties_.reference() + trial_.front()) * 1e-3));
}

double SaltStepper::resistivity(double a, double b) const {
  const double kappa_a = properties_.conductivity(std::max(a, floor_));
  const double kappa_b = properties_.conductivity(std::max(b, floor_));
  const double difference = kappa_b - kappa_a;
  const double mean = 0.5 * (kappa_a + kappa_b);
  const double x = difference / mean;
  if (std::abs(x) < 1e-3) return (1.0 + x * x / 12.0) / mean;  // of the logarithm; the next term is x⁴/80
  return std::log(kappa_b / kappa_a) / difference;
}

void SaltStepper::set_tip(double current) {
  // The anion's flux is zero at the surface: the exact profile of constant properties leads there.
  const double bulk = properties_.reference();
  const double first = bulk + trial_.front();
  const double s = column_.first_step();
  const double c0 = std::max(first, floor_);
  const double D = properties_.diffusivity(c0);
  const double drift = (1.0 - properties_.transference(c0)) * current / constants::faraday;
  const double P = flow_ * s / D;
  const double mean = std::abs(P) < 1e-9 ? 1.0 + 0.5 * P : std::expm1(P) / P;  // (e^P - 1)/P
  // What half the first cell takes up on the way: its flux grows linearly from zero at the surface.
  const double uptake = dt_ > 0.0 ? scheme_.now * column_.volume()[0] / dt_ * trial_[0] - history_[0] : 0.0;
  tip_.concentration = first + (flow_ * first + drift) * s / D * mean - 0.25 * uptake * s / D;
  const double surface = std::max(tip_.concentration, floor_);
  tip_.activity = std::exp(properties_.log_activity(surface));
  tip_.diffusion_potential = properties_.diffusion_potential(surface);
  double sum = s * resistivity(tip_.concentration, first);
  for (std::size_t k = 0; k < trial_.size(); ++k) {
    const double next = k + 1 < trial_.size() ? trial_[k + 1] : 0.0;
    sum += column_.step()[k] * resistivity(bulk + trial_[k], bulk + next);
  }
  tip_.resistance = sum;
}

void SaltStepper::accept() {
  const std::size_t last = trial_.size() - 1;
  const double flux = near_[last] * trial_[last] - flow_ * properties_.reference() - drift_[last];
  state_.step_left = dt_ / scheme_.now * flux + scheme_.carry * state_.step_left;
  state_.left += state_.step_left;
  state_.excess_before.swap(state_.excess);
  std::copy(trial_.begin(), trial_.end(), state_.excess.begin());
  state_.time += dt_;
}

double SaltStepper::excess() const {
  double sum = 0.0;
  for (std::size_t k = 0; k < state_.excess.size(); ++k) sum += column_.volume()[k] * state_.excess[k];
  return sum;
}

}  // namespace seccm::models
