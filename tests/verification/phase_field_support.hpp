// Single Cahn-Hilliard particles under a given potential, without a cell around them.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "models/particle/phase_field_integrator.hpp"
#include "models/particle/phase_field_thermodynamics.hpp"
#include "sim/quantity.hpp"

namespace seccm::models::test {

inline constexpr double kT = constants::boltzmann * 298.15;
inline constexpr double site_density = 2.4e4 * constants::faraday / constants::elementary_charge;
inline constexpr double volts_per_kT = constants::gas * 298.15 / constants::faraday;
inline constexpr double one_step = std::numeric_limits<double>::infinity();  ///< tolerance: every interval is one step

struct Particle {
  sim::Geometry geometry = sim::Geometry::slab;
  double radius = 20e-9;
  int nodes = 0;
  double omega = 3.45;
  double kappa = 1e-10;
  double D = 1e-16;
  double k0 = 0.0;  ///< 0: closed

  [[nodiscard]] PhaseFieldSpec spec() const {
    PhaseFieldSpec spec;
    spec.geometry = geometry;
    spec.nodes = nodes;
    spec.parameters.omega = omega;
    spec.parameters.kappa = GradientEnergy(kappa);
    spec.lattice[0] = {.D = D, .k0 = k0, .E_p = 1.84};
    spec.particles = {{.radius = radius, .wetted_fraction = k0 > 0.0 ? 1.0 : 0.0}};
    return spec;
  }
};

/// A model, its state and an integrator.
class Course {
 public:
  Course(const PhaseFieldSpec& spec, double filling, double p, double tolerance)
      : owned(std::make_unique<PhaseFieldModel>(spec)),
        model(*owned),
        integrator(model, tolerance),
        state(model.rest(filling, filling, p)),
        potential(model.lanes(), p) {}

  void advance(double dt, double p, bool jump = false) {
    potential.assign(model.lanes(), p);
    integrator.begin(state, time, dt, 1.0, jump);
    integrator.run(potential);
    time += dt;
    filled += integrator.filled()[0];
    reacted += integrator.reacted()[0];
    integrator.accept(state);
  }
  /// Closed, until the chemical potential is uniform to `flatness` kT.
  void relax(double dt, double flatness) {
    for (int k = 0; k < 2000; ++k) {
      advance(dt, potential[0]);
      const std::vector<double> mu = model.chemical_potential(state, 0, 0);
      double low = mu[0];
      double high = mu[0];
      for (const double value : mu) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
      if (high - low < flatness) return;
      dt = std::min(2.0 * dt, 1e6);
    }
  }
  [[nodiscard]] double mean(int lattice = 0) const { return model.mean(state, 0, lattice); }

  std::unique_ptr<PhaseFieldModel> owned;  // where it stays when a course is handed on
  PhaseFieldModel& model;
  PhaseFieldIntegrator integrator;
  PhaseFieldState state;
  std::vector<double> potential;
  double time = 0.0;
  double filled = 0.0, reacted = 0.0;
};

/// d<y>/dt over a ramp, one value per step; the potential is that of the middle of the step.
struct Ramp {
  std::vector<double> E, rate;
};
inline Ramp ramp(Course& run, double from, double to, double scan_rate, int steps) {
  Ramp out;
  const double dt = std::abs(to - from) / scan_rate / steps;
  for (int k = 1; k <= steps; ++k) {
    run.advance(dt, from + (to - from) * k / steps);
    out.E.push_back(from + (to - from) * (k - 0.5) / steps);
    out.rate.push_back(run.integrator.filled()[0] / dt);
  }
  return out;
}

/// ∫ f from a to b, Gauss-Legendre with five points on n pieces.
inline double integral(const std::function<double(double)>& f, double a, double b, int n) {
  constexpr double x1 = 0.5384693101056831, x2 = 0.9061798459386640;
  constexpr double w0 = 0.5688888888888889, w1 = 0.4786286704993665, w2 = 0.2369268850561891;
  double sum = 0.0;
  const double h = (b - a) / n;
  for (int k = 0; k < n; ++k) {
    const double m = a + (k + 0.5) * h;
    const double r = 0.5 * h;
    sum += r * (w0 * f(m) + w1 * (f(m - r * x1) + f(m + r * x1)) + w2 * (f(m - r * x2) + f(m + r * x2)));
  }
  return sum;
}

/// g(y)/kT of the regular solution.
inline double mixing_energy(double omega, double y) {
  return y * std::log(y) + (1.0 - y) * std::log1p(-y) + omega * y * (1.0 - y);
}

}  // namespace seccm::models::test
