// One implicit step of particles whose diffusivity depends on the filling, D(y), for a surface reaction at given
// particle potentials. The numerics of `VariableDiffusionHost`, usable without a cell.
//
//   dy/dt = r^(1-m) d/dr (r^(m-1) D(y) dy/dr),   -D dy/dr = q at the surface,   q = N(y_s, p - ρ q)
//
// Newton's method on all unknowns of a particle at once (its cells, its surface filling, its flux), eliminated towards
// the surface in every iteration (`sim/radial_newton.hpp`); what remains per particle is a current that is linear in
// its potential. The first guess extrapolates the last profiles, so that one or two iterations settle a step. The
// flux that is booked is the one of the last linear system: inventory and charge agree to round-off at any tolerance.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/material/diffusivity.hpp"
#include "models/material/exchange_lanes.hpp"
#include "sim/radial_lanes.hpp"
#include "sim/radial_newton.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::models {

/// What the particles of one host have in common, and one value per lane (padding: 0).
struct VariableDiffusionSpec {
  std::shared_ptr<const VariableDiffusivity> diffusivity;
  SurfaceReaction reaction;
  std::vector<double> rate;              ///< k0 times the wetted fraction, m/s
  std::vector<double> current_per_flux;  ///< F c_max A, A per (m/s)
  std::vector<double> film;              ///< V per (m/s), see ExchangeLanes
  double E0 = 0.0;                       ///< V vs Li/Li+
  double f = 0.0;                        ///< F/(RT), 1/V
};

class VariableDiffusionSolver {
 public:
  /// Keeps references to both.
  VariableDiffusionSolver(const sim::RadialLanes& lanes, const VariableDiffusionSpec& spec);

  /// Prepares a step from the profile `now` and what stands behind it (sim/step_scheme.hpp); `surface` is y_s at its
  /// start. The first guess is `predicted`, or where that is empty, `now` and the profile one step `before`
  /// extrapolated.
  void begin(std::span<const double> now, std::span<const double> before, std::span<const double> surface, double dt,
             sim::StepScheme scheme, double electrolyte_activity, std::span<const double> predicted = {});
  /// ADDS the linearised current (A) and its slope (A/V) at the particle potentials p.
  void linearise(std::span<const double> p, std::span<double> current, std::span<double> conductance);
  /// Moves profile, surface and flux for the moves dp of the potentials, the surface by at most `limit`. Returns the
  /// largest move of a filling or of F/RT times a film's voltage.
  double update(std::span<const double> dp, double limit);

  /// Back to the profile at the start of the step.
  void restart();
  /// Brackets the surface fillings at the potentials p, diffusion linearised at the present guess; and keeps fillings
  /// within their range until the step ends.
  void settle_surface(std::span<const double> p);

  /// After the last `update`: y^(n+1), y_s, q (m/s) and the summed current (A).
  [[nodiscard]] std::span<const double> profile() const { return {guess_.data(), lanes_->profile_size()}; }
  [[nodiscard]] std::span<const double> surface() const {
    return {guess_.data() + lanes_->profile_size(), lanes_->lanes()};
  }
  [[nodiscard]] std::span<const double> flux() const { return flux_; }
  [[nodiscard]] double current() const { return current_; }

 private:
  [[nodiscard]] ExchangeLanes exchange();
  void bracket_lane(std::size_t lane, double p);

  const sim::RadialLanes* lanes_;
  const VariableDiffusionSpec* spec_;
  sim::RadialNewton newton_;
  double electrolyte_activity_ = 1.0;
  double current_ = 0.0;
  bool careful_ = false;                                     ///< in the step at hand: fillings stay within their range
  std::vector<double> guess_, start_, from_, D_, integral_;  // a profile, then the surface values
  std::vector<double> a_, B_, flux_, dy0_, dyp_;
  double whole_integral_;  ///< Φ(1)
  double last_bits_ = 0.0;
};

}  // namespace seccm::models
