#include "models/network/kirchhoff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/error.hpp"
#include "sim/multiversion.hpp"

namespace seccm::models {
namespace {

constexpr std::size_t most_iterations = 40;
constexpr double least_share = 1e-12;  // row sum over diagonal of a particle that takes no current

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

std::vector<Coupling> pairs_of(std::span<const NetworkContact> contacts) {
  std::vector<Coupling> pairs;
  for (const NetworkContact& c : contacts) {
    if (c.second != on_gold) pairs.push_back({c.first, c.second});
  }
  return pairs;
}

const NetworkSpec& checked(const NetworkSpec& network, std::size_t particles) {
  check_network(network, particles);
  return network;
}

SECCM_CLONES double dot(const double* a, const double* b, std::size_t n) {
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t k = 0; k < n; ++k) sum += a[k] * b[k];
  return sum;
}

/// max |r|/s, s > 0.
SECCM_CLONES double largest_ratio(const double* r, const double* s, std::size_t n) {
  double largest = 0.0;
#pragma omp simd reduction(max : largest)
  for (std::size_t k = 0; k < n; ++k) {
    const double ratio = std::abs(r[k]) / s[k];
    largest = ratio > largest ? ratio : largest;
  }
  return largest;
}

SECCM_CLONES double largest_of(const double* a, std::size_t n) {
  double largest = 0.0;
#pragma omp simd reduction(max : largest)
  for (std::size_t k = 0; k < n; ++k) largest = std::abs(a[k]) > largest ? std::abs(a[k]) : largest;
  return largest;
}

SECCM_CLONES void add_scaled(double* a, double x, const double* b, std::size_t n) {
#pragma omp simd
  for (std::size_t k = 0; k < n; ++k) a[k] += x * b[k];
}

}  // namespace

Kirchhoff::Kirchhoff(const NetworkSpec& network, std::size_t particles)
    : contacts_(checked(network, particles).contacts),
      law_(network.conductivity),
      spreading_(particles, 0.0),
      contact_conductance_(contacts_.size()),
      pairs_(pairs_of(contacts_)),
      off_(pairs_.size()),
      gold_(particles, 0.0),
      sum_(particles, 0.0),
      factor_(particles, pairs_) {
  for (std::size_t k = 0; k < contacts_.size(); ++k) {
    if (contacts_[k].second != on_gold) pair_contact_.push_back(static_cast<int>(k));
  }
  std::vector<std::vector<Link>> links(particles);
  for (std::size_t k = 0; k < pairs_.size(); ++k) {
    links[at(pairs_[k].a)].push_back({pairs_[k].b, static_cast<int>(k)});
    links[at(pairs_[k].b)].push_back({pairs_[k].a, static_cast<int>(k)});
  }
  link_start_.assign(1, 0);
  for (const auto& of_particle : links) {
    links_.insert(links_.end(), of_particle.begin(), of_particle.end());
    link_start_.push_back(links_.size());
  }
  link_conductance_.assign(links_.size(), 0.0);
  for (auto* values : {&diagonal_, &row_sum_, &right_, &residual_, &z_, &direction_, &image_, &screening_}) {
    values->assign(particles, 0.0);
  }
  factor_cost_ = factor_.cost_in_solutions();
  const std::vector<double> empty(particles, 0.0);
  for (std::size_t k = 0; k < contacts_.size(); ++k) contact_conductance_[k] = 1.0 / contacts_[k].interface_resistance;
  sum_conductances();
  if (law_.limited) set_fillings(empty);
}

void Kirchhoff::set_fillings(std::span<const double> y) {
  if (!law_.limited) return;
  const double exponent = std::log(law_.lithiated / law_.pristine);
  for (std::size_t k = 0; k < gold_.size(); ++k) {
    const double s = std::clamp(y[k] / law_.full_filling, 0.0, 1.0);
    spreading_[k] = 0.25 / law_.pristine * std::exp(-exponent * s);
  }
  for (std::size_t k = 0; k < contacts_.size(); ++k) {
    const NetworkContact& c = contacts_[k];
    const double other = c.second == on_gold ? 0.0 : spreading_[at(c.second)];
    contact_conductance_[k] = 1.0 / (c.interface_resistance + (spreading_[at(c.first)] + other) / c.radius);
  }
  sum_conductances();
}

void Kirchhoff::sum_conductances() {
  std::fill(gold_.begin(), gold_.end(), 0.0);
  for (std::size_t k = 0; k < contacts_.size(); ++k) {
    if (contacts_[k].second == on_gold) gold_[at(contacts_[k].first)] += contact_conductance_[k];
  }
  for (std::size_t k = 0; k < pairs_.size(); ++k) off_[k] = -contact_conductance_[at(pair_contact_[k])];
  for (std::size_t k = 0; k < gold_.size(); ++k) {
    double sum = gold_[k];
    for (std::size_t l = link_start_[k]; l < link_start_[k + 1]; ++l) {
      link_conductance_[l] = -off_[at(links_[l].pair)];
      sum += link_conductance_[l];
    }
    sum_[k] = sum;
  }
}

double Kirchhoff::contact_current(std::size_t contact, std::span<const double> p, double phi) const {
  const NetworkContact& c = contacts_[contact];
  const double other = c.second == on_gold ? phi : p[at(c.second)];
  return contact_conductance_[contact] * (other - p[at(c.first)]);
}

void Kirchhoff::currents(std::span<const double> p, double phi, std::span<double> into) const {
  for (std::size_t k = 0; k < gold_.size(); ++k) {
    double sum = gold_[k] * (phi - p[k]);
    for (std::size_t l = link_start_[k]; l < link_start_[k + 1]; ++l)
      sum += link_conductance_[l] * (p[at(links_[l].other)] - p[k]);
    into[k] = sum;
  }
}

void Kirchhoff::refactor(std::span<const double> conductance) {
  ++counts_.factorisations;
  wasted_ = 0.0;
  factored_ = factor_.factor(diagonal_, off_);
  if (factored_) return;
  const auto worst = std::min_element(conductance.begin(), conductance.end());
  throw SolverError(
      fmt::format("contact network: Kirchhoff's matrix of {} particles is not positive definite; the smallest slope "
                  "di/dp of a particle is {:.3g} A/V (number {})",
                  gold_.size(), *worst, worst - conductance.begin()));
}

void Kirchhoff::multiply(std::span<const double> x, std::span<double> result) const {
  for (std::size_t k = 0; k < gold_.size(); ++k) {
    double sum = diagonal_[k] * x[k];
    for (std::size_t l = link_start_[k]; l < link_start_[k + 1]; ++l)
      sum -= link_conductance_[l] * x[at(links_[l].other)];
    result[k] = sum;
  }
}

/// From the x and its residual that are in place; false if the factor is too old to get there.
bool Kirchhoff::conjugate_gradients(std::span<double> x, Accuracy wanted, std::size_t& iterations) {
  const std::size_t n = gold_.size();
  double rho_before = 0.0;
  for (iterations = 0; iterations < most_iterations;) {
    const double error = largest_ratio(residual_.data(), row_sum_.data(), n);
    if (error <= std::max(wanted.of_largest * largest_of(x.data(), n), wanted.absolute)) return true;
    z_ = residual_;
    factor_.solve(z_);
    const double rho = dot(residual_.data(), z_.data(), n);
    const double beta = iterations == 0 ? 0.0 : rho / rho_before;
    for (std::size_t k = 0; k < n; ++k) direction_[k] = z_[k] + beta * direction_[k];
    multiply(direction_, image_);
    const double alpha = rho / dot(direction_.data(), image_.data(), n);
    if (!std::isfinite(alpha)) return false;
    add_scaled(x.data(), alpha, direction_.data(), n);
    add_scaled(residual_.data(), -alpha, image_.data(), n);
    rho_before = rho;
    ++iterations;
  }
  return false;
}

void Kirchhoff::solve(std::span<const double> right, std::span<double> x, Accuracy wanted,
                      std::span<const double> conductance) {
  const std::size_t n = gold_.size();
  ++counts_.solves;
  for (int attempt = 0; attempt < 2; ++attempt) {
    multiply(x, image_);
    for (std::size_t k = 0; k < n; ++k) residual_[k] = right[k] - image_[k];
    if (!factored_) refactor(conductance);
    std::size_t iterations = 0;
    const bool solved = conjugate_gradients(x, wanted, iterations);
    counts_.iterations += static_cast<long>(iterations);
    wasted_ += static_cast<double>(iterations) - 1.0;
    if (solved) return;
    factored_ = false;
    std::fill(x.begin(), x.end(), 0.0);
  }
  throw SolverError(
      fmt::format("contact network: the potentials of {} particles were not found in {} iterations; "
                  "residual {:.3g} A",
                  n, most_iterations, largest_of(residual_.data(), n)));
}

NetworkSums Kirchhoff::eliminate(const NetworkStep& step, std::span<double> dp0, std::span<double> dpdphi) {
  const std::size_t n = gold_.size();
  assert(step.p.size() >= n && dp0.size() >= n && dpdphi.size() >= n);
  const std::span<const double> G = step.conductance.first(n);
  for (std::size_t k = 0; k < n; ++k) {
    diagonal_[k] = sum_[k] + G[k];
    row_sum_[k] = std::max(gold_[k] + G[k], least_share * diagonal_[k]);
  }
  if (wasted_ > factor_cost_) factored_ = false;
  currents(step.p, step.phi, right_);
  for (std::size_t k = 0; k < n; ++k) right_[k] -= step.current[k];
  std::fill(dp0.begin(), dp0.begin() + static_cast<std::ptrdiff_t>(n), 0.0);
  solve(right_, dp0.first(n), {.of_largest = 1e-2, .absolute = 1e-13}, G);
  if (step.phi_fixed) {
    std::fill(dpdphi.begin(), dpdphi.begin() + static_cast<std::ptrdiff_t>(n), 0.0);
  } else {
    solve(G, screening_, {.of_largest = 0.0, .absolute = 1e-2}, G);
    for (std::size_t k = 0; k < n; ++k) dpdphi[k] = 1.0 - screening_[k];
  }
  NetworkSums sums;
  for (std::size_t k = 0; k < n; ++k) {
    sums.current += step.current[k] + G[k] * dp0[k];
    sums.conductance += G[k] * dpdphi[k];
  }
  return sums;
}

}  // namespace seccm::models
