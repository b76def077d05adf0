#include "models/particle/variable_diffusion.hpp"

#include <algorithm>
#include <cassert>

#include "sim/bracketed_root.hpp"
#include "sim/multiversion.hpp"

namespace seccm::models {
namespace {

constexpr double round_off = 4e-15;
constexpr double longest_film_move = 0.1;  // V per iteration, like that of every potential

/// a y + b x, kept within a cell's range: what lies beyond it only costs iterations, or makes Newton's method of a D(y)
/// that falls by decades circle. Where nothing lies beyond, as in the solution, nothing is changed.
SECCM_CLONES void extrapolate(std::size_t n, const double* now, double a, const double* x, double b, double* guess) {
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    const double ahead = a * now[i] + b * x[i];
    const double low = ahead < 0.0 ? 0.5 * now[i] : ahead;
    guess[i] = low > 1.0 ? 0.5 * (1.0 + now[i]) : low;
  }
}

}  // namespace

VariableDiffusionSolver::VariableDiffusionSolver(const sim::RadialLanes& lanes, const VariableDiffusionSpec& spec)
    : lanes_(&lanes),
      spec_(&spec),
      newton_(lanes),
      guess_(newton_.size()),
      start_(newton_.size()),
      from_(newton_.size()),
      D_(newton_.size()),
      integral_(newton_.size()),
      a_(lanes.lanes()),
      B_(lanes.lanes()),
      flux_(lanes.lanes()),
      dy0_(lanes.lanes()),
      dyp_(lanes.lanes()),
      whole_integral_(spec.diffusivity->at(1.0).integral) {
  assert(spec.rate.size() == lanes.lanes() && spec.current_per_flux.size() == lanes.lanes() &&
         spec.film.size() == lanes.lanes());
}

ExchangeLanes VariableDiffusionSolver::exchange() {
  return {.lanes = a_.size(),
          .a = a_.data(),
          .B = B_.data(),
          .k = spec_->rate.data(),
          .scale = spec_->current_per_flux.data(),
          .film = spec_->film.data(),
          .y = guess_.data() + lanes_->profile_size(),
          .dy0 = dy0_.data(),
          .dyp = dyp_.data(),
          .E0 = spec_->E0,
          .f = spec_->f,
          .electrolyte_activity = electrolyte_activity_,
          .last_bits = last_bits_};
}

void VariableDiffusionSolver::begin(std::span<const double> now, std::span<const double> before,
                                    std::span<const double> surface, double dt, sim::StepScheme scheme,
                                    double electrolyte_activity, std::span<const double> predicted) {
  newton_.begin(now, before, dt, scheme);
  careful_ = false;
  electrolyte_activity_ = electrolyte_activity;
  if (!predicted.empty()) {
    extrapolate(now.size(), now.data(), 0.0, predicted.data(), 1.0, guess_.data());
  } else if (scheme.before != 0.0) {
    extrapolate(now.size(), now.data(), 2.0, before.data(), -1.0, guess_.data());
  } else {
    std::copy(now.begin(), now.end(), guess_.begin());
  }
  std::copy(surface.begin(), surface.end(), guess_.begin() + static_cast<std::ptrdiff_t>(now.size()));
  std::copy(now.begin(), now.end(), start_.begin());
  std::copy(surface.begin(), surface.end(), start_.begin() + static_cast<std::ptrdiff_t>(now.size()));
}

void VariableDiffusionSolver::restart() {
  guess_ = start_;
}

void VariableDiffusionSolver::settle_surface(std::span<const double> p) {
  careful_ = true;
  spec_->diffusivity->evaluate(guess_, D_, integral_);
  newton_.eliminate(guess_, D_, integral_, a_, B_);
  for (std::size_t l = 0; l < a_.size(); ++l) bracket_lane(l, p[l]);
}

/// y = a + B q is linearised in y alone: Φ(y) = Φ(guess) + D (a - guess) + D B q is what the cells behind answer.
void VariableDiffusionSolver::bracket_lane(std::size_t lane, double p) {
  const std::size_t at = lanes_->profile_size() + lane;
  const double level = integral_[at] + D_[at] * (a_[lane] - guess_[at]);
  const double slope = D_[at] * B_[lane];
  const auto left = [&](double y) {
    const double q = (spec_->diffusivity->at(y).integral - level) / slope;
    const double reduced = spec_->f * (p - spec_->E0 - spec_->film[lane] * q);
    return q - spec_->reaction.flux(spec_->rate[lane], electrolyte_activity_, reduced, y);
  };
  guess_[at] = sim::bracketed_root(left, 0.0, 1.0, 1e-14);
}

void VariableDiffusionSolver::linearise(std::span<const double> p, std::span<double> current,
                                        std::span<double> conductance) {
  spec_->diffusivity->evaluate(guess_, D_, integral_);
  newton_.eliminate(guess_, D_, integral_, a_, B_);
  // A surface filling is a difference of Φ over the D there.
  const double smallest = *std::min_element(D_.end() - static_cast<std::ptrdiff_t>(a_.size()), D_.end());
  last_bits_ = round_off * std::max(1.0, whole_integral_ / smallest);
  spec_->reaction.linearise(exchange(), p.data(), current.data(), conductance.data());
}

double VariableDiffusionSolver::update(std::span<const double> dp, double limit) {
  const double at_surface = update_surface(exchange(), dp.data(), limit, longest_film_move);
  current_ = surface_fluxes(exchange(), flux_.data());
  if (careful_) from_ = guess_;
  const double within = newton_.substitute(flux_, D_, integral_, guess_);
  if (careful_) extrapolate(lanes_->profile_size(), from_.data(), 0.0, guess_.data(), 1.0, guess_.data());
  return std::max(at_surface, within);
}

}  // namespace seccm::models
