// Diffusion in a sphere and a slab behind a step of the surface value and under a constant flux, and what the
// estimators that are built on the two (PITT, GITT) make of them: tables g1, g2, l4 and l5 of tests/data.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "sim/radial_lanes.hpp"
#include "tests/models/cell_test_support.hpp"
#include "tests/verification/record.hpp"

namespace seccm::sim {
namespace {

using models::test::table;
using std::numbers::pi;
using verification::check;

constexpr int steps = 400;

/// One body with R = D = 1 from rest at y = 0. The surface cell is 1/300 of the layer sqrt(τ) that the run makes.
class Body {
 public:
  Body(Geometry geometry, double tau)
      : lanes_(RadialMesh(geometry, {.cells = 300, .grading = std::min(1.0, std::min(1.0, std::sqrt(tau)))}), {1.0}),
        dt_(tau / steps),
        first_(lanes_, 1.0, dt_, backward_euler),
        rest_(lanes_, 1.0, dt_, bdf2),
        now_(lanes_.profile_size(), 0.0),
        before_(now_) {}

  /// One step with k_ex (1 - y_s) = -q imposed; k_ex may be infinite. Returns the uptake -q.
  double exchange(double k_ex) {
    const RadialElimination& step = choose();
    step.forward(now_, before_, a_);
    const double B = step.slope()[0];
    flux_[0] = std::isinf(k_ex) ? (1.0 - a_[0]) / B : -(1.0 - a_[0]) / (1.0 / k_ex - B);
    finish(step);
    return -flux_[0];
  }
  /// One step with an uptake imposed; returns the surface value.
  double charge(double uptake) {
    const RadialElimination& step = choose();
    step.forward(now_, before_, a_);
    flux_[0] = -uptake;
    finish(step);
    return a_[0] + step.slope()[0] * flux_[0];
  }
  [[nodiscard]] double mean() const { return lanes_.mean(now_, 0); }
  [[nodiscard]] double centre() const { return now_[0]; }
  [[nodiscard]] double dt() const { return dt_; }

 private:
  const RadialElimination& choose() { return taken_++ == 0 ? first_ : rest_; }
  void finish(const RadialElimination& step) {
    step.backward(before_, flux_);
    std::swap(now_, before_);
  }

  RadialLanes lanes_;
  double dt_;
  RadialElimination first_, rest_;
  std::vector<double> now_, before_, a_{0.0}, flux_{0.0};
  int taken_ = 0;
};

const char* name_of(Geometry geometry) {
  return geometry == Geometry::sphere ? "sphere" : "slab";
}

constexpr double inf = std::numeric_limits<double>::infinity();

TEST(ExactTransient, StepOfTheSurfaceValue) {
  for (const auto& row : table("g1_potential_step.csv")) {
    const double tau = row[0];
    // BDF2 behind a jump started with one Euler step: relative error of t^(-1/2) about 1/n² = 6e-6; space 3e-6. The
    // late decay e^(-π² τ) multiplies its phase: (π² dt)² π² τ/3.
    const double late = std::pow(10.0 * tau, 3) / (3.0 * steps * steps);
    for (const auto& [geometry, c] : {std::pair{Geometry::sphere, 1U}, {Geometry::slab, 4U}}) {
      Body body(geometry, tau);
      double uptake = 0.0;
      for (int k = 0; k < steps; ++k) uptake = body.exchange(inf);
      const std::string name = fmt::format("{} behind a step, tau = {} (table g1)", name_of(geometry), tau);
      check({.name = name,
             .quantity = "flux",
             .exact = row[c],
             .computed = uptake,
             .bound = 1e-4 + 3.0 * late,
             .relative = true,
             .note = "400 steps, 300 cells"});
      check({.name = name,
             .quantity = "filling",
             .exact = row[c + 1],
             .computed = body.mean(),
             .bound = 2e-4,
             .relative = true});
      const double cottrell = uptake * std::sqrt(pi * tau);
      check({.name = name,
             .quantity = "current over Cottrell's",
             .exact = row[c + 2],
             .computed = cottrell,
             .bound = 1e-4 + 3.0 * late,
             .relative = true});
    }
  }
}

TEST(ExactTransient, ConstantFlux) {
  for (const auto& row : table("g2_constant_flux.csv")) {
    const double tau = row[0];
    for (const auto& [geometry, c] : {std::pair{Geometry::sphere, 1U}, {Geometry::slab, 4U}}) {
      Body body(geometry, tau);
      double y_s = 0.0;
      for (int k = 0; k < steps; ++k) y_s = body.charge(1.0);
      const std::string name = fmt::format("{} under a constant flux, tau = {} (table g2)", name_of(geometry), tau);
      check({.name = name,
             .quantity = "surface value",
             .exact = row[c],
             .computed = y_s,
             .bound = 1e-4,
             .relative = true});
      if (geometry == Geometry::sphere) {
        check({.name = name,
               .quantity = "value at the centre",
               .exact = row[2],
               .computed = body.centre(),
               .bound = 1e-4 * y_s,
               .note = "in units of the surface value"});
      }
      check({.name = name,
             .quantity = "inventory over flux and time",
             .exact = static_cast<double>(dimension_of(geometry)),
             .computed = body.mean() / tau,
             .bound = 1e-11,
             .relative = true,
             .note = "conserved to round-off"});
    }
  }
}

TEST(ExactTransient, BiasOfGittOnAFinitePulse) {
  // Weppner and Huggins take y_s ∝ sqrt(t) in the pulse for planar and the rest for dE: D_app/D is the square of
  // (equilibrium step / pulse step) with V/A = R/m. The pulse starts from rest; dy_eq = m τ.
  for (const auto& row : table("l5_gitt_bias.csv")) {
    const double tau = row[0];
    for (const auto& [geometry, c] : {std::pair{Geometry::sphere, 1U}, {Geometry::slab, 2U}}) {
      Body body(geometry, tau);
      double y_s = 0.0;
      for (int k = 0; k < steps; ++k) y_s = body.charge(1.0);
      const double m = dimension_of(geometry);
      const double equilibrium = m * tau;
      const double D_app = 4.0 / (pi * tau) / (m * m) * std::pow(equilibrium / y_s, 2);
      check({.name = fmt::format("GITT on a {}, tau = {} (table l5)", name_of(geometry), tau),
             .quantity = "log10 of D_app/D",
             .exact = row[c],
             .computed = std::log10(D_app),
             .bound = 1e-3,
             .note = "the accuracy of the table; computed 2 x 1e-4/ln(10)"});
    }
  }
}

/// Time at which the first mode of decay λ has fallen to e^-8; the second, with at least four times its rate, to e^-32.
double late_time(double lambda) {
  return 8.0 / (lambda * lambda);
}

/// λ1² of an exchange k_ex (1 - y_s) with Bi = k_ex R/D, from the late decay of the run itself, e^(-λ1² τ).
double decay_rate(Geometry geometry, double Bi, double end) {
  Body body(geometry, end);
  double before = 0.0;
  double uptake = 0.0;
  for (int k = 0; k < steps; ++k) {
    before = uptake;
    uptake = body.exchange(Bi);
  }
  return std::log(before / uptake) / body.dt();
}

TEST(ExactTransient, BiasOfPittWithSlowExchange) {
  // The late slope of ln i is read as that of infinitely fast exchange: D_app/D = (λ1/λ1(∞))², λ1(∞) = π/2 or π.
  for (const auto& row : table("l4_pitt_biot_bias.csv")) {
    const double Bi = row[0];
    for (const auto& [geometry, c] : {std::pair{Geometry::slab, 1U}, {Geometry::sphere, 3U}}) {
      const double rate = decay_rate(geometry, Bi, late_time(row[c]));
      const double fast = geometry == Geometry::sphere ? pi : pi / 2.0;
      // BDF2 on e^(-λ² t): λ² is off by (λ² dt)²/3 = (8/400)²/3 = 1.3e-4 of itself, λ by half of that; space 1e-5.
      const double bound = 2e-4;
      const std::string name = fmt::format("PITT on a {}, Bi = {} (table l4)", name_of(geometry), Bi);
      check({.name = name,
             .quantity = "lambda_1",
             .exact = row[c],
             .computed = std::sqrt(rate),
             .bound = bound,
             .relative = true,
             .note = "late decay e^(-lambda² tau)"});
      check({.name = name,
             .quantity = "log10 of D_app/D",
             .exact = row[c + 1],
             .computed = std::log10(rate / (fast * fast)),
             .bound = 2.0 * bound / std::numbers::ln10 + 1e-3});
    }
  }
}

}  // namespace
}  // namespace seccm::sim
