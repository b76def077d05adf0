#include "models/network/neck_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

// Of the terms of every row, what may be left: the error of a move is as small against it, and Newton's method squares
// what remains.
constexpr double tolerance = 1e-11;
constexpr double least_gain = 0.1;
constexpr int most_passes = 12;
constexpr double without_digits = 1e-290;  // terms that are products of numbers near the smallest one

int filling_of(int particle) {
  return 2 * particle;
}
int potential_of(int particle) {
  return 2 * particle + 1;
}

/// Filling and potential of every particle, then contacts between potentials, then necks between fillings.
std::vector<Coupling> couplings_of(const NetworkSpec& network, std::size_t particles) {
  check_network(network, particles);
  std::vector<Coupling> couplings;
  for (int k = 0; k < static_cast<int>(particles); ++k) couplings.push_back({filling_of(k), potential_of(k)});
  for (const NetworkContact& c : network.contacts) {
    if (c.second != on_gold) couplings.push_back({potential_of(c.first), potential_of(c.second)});
  }
  for (const Neck& neck : network.necks) couplings.push_back({filling_of(neck.first), filling_of(neck.second)});
  return couplings;
}

}  // namespace

NeckExchange::NeckExchange(const NetworkSpec& network, std::size_t particles, double c_max)
    : necks_(network.necks),
      particles_(particles),
      charge_(constants::faraday * c_max),
      couplings_(couplings_of(network, particles)),
      factor_(2 * particles, couplings_),
      diagonal_(2 * particles),
      ab_(couplings_.size()),
      ba_(couplings_.size()),
      right_(2 * particles),
      solution_(2 * particles),
      residual_(2 * particles),
      terms_(2 * particles) {
  for (std::size_t k = 0; k < network.contacts.size(); ++k) {
    if (network.contacts[k].second != on_gold) contact_.push_back(static_cast<int>(k));
  }
  first_neck_ = particles_ + contact_.size();
}

void NeckExchange::outflow(std::span<const double> y, std::span<double> into) const {
  std::fill(into.begin(), into.begin() + static_cast<std::ptrdiff_t>(particles_), 0.0);
  for (const Neck& neck : necks_) {
    const auto i = static_cast<std::size_t>(neck.first);
    const auto j = static_cast<std::size_t>(neck.second);
    const double passed = neck.exchange * (y[i] - y[j]);
    into[i] += passed;
    into[j] -= passed;
  }
}

void NeckExchange::fill_matrix(const Kirchhoff& kirchhoff, const NeckStep& step) {
  for (std::size_t k = 0; k < particles_; ++k) {
    const double c = step.scale[k];
    diagonal_[2 * k] = c * step.stiffness[k];
    diagonal_[2 * k + 1] = step.network.conductance[k] + c * step.by_potential[k] + kirchhoff.conductance_sum()[k];
    ab_[k] = c * step.by_potential[k];
    ba_[k] = c * step.by_filling[k];
  }
  for (std::size_t k = 0; k < contact_.size(); ++k) {
    ab_[particles_ + k] = ba_[particles_ + k] = -kirchhoff.conductance(static_cast<std::size_t>(contact_[k]));
  }
  for (std::size_t k = 0; k < necks_.size(); ++k) {
    const double exchange = charge_ * necks_[k].exchange;
    ab_[first_neck_ + k] = ba_[first_neck_ + k] = -exchange;
    diagonal_[2 * static_cast<std::size_t>(necks_[k].first)] += exchange;
    diagonal_[2 * static_cast<std::size_t>(necks_[k].second)] += exchange;
  }
}

/// residual_ = right - A x; returns the largest over the sum of the terms of its own row. Rows differ by tens of
/// decades (an empty particle far above E0 passes 1e-40 A), so that no row may be judged by the unknowns of another.
double NeckExchange::backward_error(std::span<const double> x) {
  for (std::size_t k = 0; k < diagonal_.size(); ++k) {
    const double own = diagonal_[k] * x[k];
    residual_[k] = right_[k] - own;
    terms_[k] = std::abs(right_[k]) + std::abs(own);
  }
  const auto take = [&](int row, double value) {
    residual_[static_cast<std::size_t>(row)] -= value;
    terms_[static_cast<std::size_t>(row)] += std::abs(value);
  };
  for (std::size_t k = 0; k < couplings_.size(); ++k) {
    take(couplings_[k].a, ab_[k] * x[static_cast<std::size_t>(couplings_[k].b)]);
    take(couplings_[k].b, ba_[k] * x[static_cast<std::size_t>(couplings_[k].a)]);
  }
  double largest = 0.0;
  for (std::size_t k = 0; k < residual_.size(); ++k) {
    if (!std::isfinite(residual_[k])) return std::numeric_limits<double>::infinity();
    if (terms_[k] > without_digits) largest = std::max(largest, std::abs(residual_[k]) / terms_[k]);
  }
  return largest;
}

/// False if the factor is too old to get there.
bool NeckExchange::refine(std::span<double> x) {
  std::fill(x.begin(), x.end(), 0.0);
  error_ = backward_error(x);
  for (int pass = 0; pass < most_passes && error_ > tolerance; ++pass) {
    factor_.solve(residual_);
    for (std::size_t k = 0; k < residual_.size(); ++k) x[k] += residual_[k];
    const double before = error_;
    error_ = backward_error(x);
    if (!(error_ <= least_gain * before)) break;
  }
  return error_ <= tolerance;
}

void NeckExchange::solve(std::span<double> x) {
  if (factored_ && refine(x)) return;
  ++factorisations_;
  factored_ = factor_.factor(diagonal_, ab_, ba_);
  if (factored_ && refine(x)) return;
  factored_ = false;
  throw SolverError(
      fmt::format("necks: fillings and potentials of {} particles were not found: of the "
                  "terms of a balance {:.3g} are left ({:.1g} is accepted)",
                  particles_, error_, tolerance));
}

NetworkSums NeckExchange::eliminate(Kirchhoff& kirchhoff, const NeckStep& step, const NeckMoves& moves) {
  const NetworkStep& network = step.network;
  fill_matrix(kirchhoff, step);
  kirchhoff.currents(network.p, network.phi, moves.dp0);
  for (std::size_t k = 0; k < particles_; ++k) {
    right_[2 * k] = step.scale[k] * step.unbalanced[k];
    right_[2 * k + 1] = moves.dp0[k] - network.current[k];
  }
  const auto keep = [&](std::span<double> fillings, std::span<double> potentials) {
    for (std::size_t k = 0; k < particles_; ++k) {
      fillings[k] = solution_[2 * k];
      potentials[k] = solution_[2 * k + 1];
    }
  };
  solve(solution_);
  keep(moves.dy0, moves.dp0);
  for (std::size_t k = 0; k < particles_; ++k) {
    right_[2 * k] = 0.0;
    right_[2 * k + 1] = kirchhoff.gold_conductance()[k];
  }
  if (network.phi_fixed) {
    std::fill(solution_.begin(), solution_.end(), 0.0);
  } else {
    solve(solution_);
  }
  keep(moves.dydphi, moves.dpdphi);
  NetworkSums sums;
  for (std::size_t k = 0; k < particles_; ++k) {
    const double c = step.scale[k];
    const double slope = network.conductance[k] + c * step.by_potential[k];
    sums.current += network.current[k] + slope * moves.dp0[k] + c * step.by_filling[k] * moves.dy0[k];
    sums.conductance += slope * moves.dpdphi[k] + c * step.by_filling[k] * moves.dydphi[k];
  }
  return sums;
}

}  // namespace seccm::models
