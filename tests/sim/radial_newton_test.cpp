// Diffusion with D(y) alone: the constant case against the linear path, steady fluxes, balances, orders, lanes.
#include "sim/radial_newton.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include "sim/error.hpp"

namespace seccm::sim {
namespace {

struct Law {
  std::function<double(double)> D;
  std::function<double(double)> integral;
};

Law constant(double D) {
  return {[D](double) { return D; }, [D](double y) { return D * y; }};
}
Law exponential(double D, double k) {
  return {[D, k](double y) { return D * std::exp(k * y); }, [D, k](double y) { return D * std::expm1(k * y) / k; }};
}

/// Bodies under given fluxes or surface fillings.
struct Bodies {
  RadialLanes lanes;
  Law law;
  RadialNewton newton;
  std::vector<double> now, before, y, D, integral, a, B, flux;
  int iterations = 40;

  Bodies(RadialMesh mesh, std::vector<double> radius, Law diffusivity)
      : lanes(std::move(mesh), std::move(radius)),
        law(std::move(diffusivity)),
        newton(lanes),
        now(lanes.profile_size()),
        before(now),
        y(newton.size()),
        D(y),
        integral(y),
        a(lanes.lanes()),
        B(a),
        flux(a) {}
  Bodies(const Bodies&) = delete;
  Bodies& operator=(const Bodies&) = delete;

  double& surface(std::size_t lane) { return y[lanes.profile_size() + lane]; }

  void begin(double dt, StepScheme scheme) {
    newton.begin(now, before, dt, scheme);
    std::copy(now.begin(), now.end(), y.begin());
  }
  void evaluate() {
    for (std::size_t i = 0; i < y.size(); ++i) {
      D[i] = law.D(y[i]);
      integral[i] = law.integral(y[i]);
    }
    newton.eliminate(y, D, integral, a, B);
  }
  void accept() {
    before = now;
    std::copy(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(now.size()), now.begin());
  }

  void step_with_flux(double dt, StepScheme scheme, double q) {
    begin(dt, scheme);
    std::fill(flux.begin(), flux.end(), q);
    for (int i = 0; i < iterations; ++i) {
      evaluate();
      for (std::size_t l = 0; l < a.size(); ++l) surface(l) = a[l] + B[l] * q;
      if (newton.substitute(flux, D, integral, y) < 1e-14) break;
    }
    accept();
  }
  double step_with_surface(double dt, StepScheme scheme, double y_s) {
    begin(dt, scheme);
    for (std::size_t l = 0; l < a.size(); ++l) surface(l) = y_s;
    for (int i = 0; i < iterations; ++i) {
      evaluate();
      for (std::size_t l = 0; l < a.size(); ++l) flux[l] = (y_s - a[l]) / B[l];
      if (newton.substitute(flux, D, integral, y) < 1e-14) break;
    }
    accept();
    return flux[0];
  }
};

constexpr MeshParameters graded{.cells = 50, .grading = 0.05};

TEST(RadialNewton, ConstantDiffusivityIsTheLinearPath) {
  // Both solve the same equations by different eliminations: they differ by round-off, a few ulp per cell and step.
  for (const Geometry geometry : {Geometry::slab, Geometry::cylinder, Geometry::sphere}) {
    for (const std::size_t bodies : {1U, 5U, 20U}) {
      std::vector<double> radius(bodies);
      for (std::size_t i = 0; i < bodies; ++i) radius[i] = 25e-9 * (1.0 + 0.1 * static_cast<double>(i));
      Bodies newton(RadialMesh(geometry, graded), radius, constant(3e-19));
      RadialLanes lanes(RadialMesh(geometry, graded), radius);
      std::vector<double> now(lanes.profile_size()), before(now), a(lanes.lanes()), flux(lanes.lanes(), -2e-11);
      for (int k = 0; k < 50; ++k) {
        const StepScheme scheme = k == 0 ? backward_euler : bdf2;
        newton.step_with_flux(0.02, scheme, -2e-11);
        const RadialElimination linear(lanes, 3e-19, 0.02, scheme);
        linear.forward(now, before, a);
        linear.backward(before, flux);
        std::swap(now, before);
        for (std::size_t l = 0; l < a.size(); ++l) {
          EXPECT_NEAR(newton.surface(l), a[l] + linear.slope()[l] * flux[l], 1e-13);
        }
      }
      for (std::size_t i = 0; i < now.size(); ++i) ASSERT_NEAR(newton.now[i], now[i], 1e-13) << i;
    }
  }
}

TEST(RadialNewton, SteadyFluxThroughASlabIsKirchhoffs) {
  // The innermost cell alone gives what passes the surface, for as long as we like: its history is set so that it
  // loses V (D0/R²)·dt-units of lithium, that of the others so that they lose none. Then Φ is linear in r, the
  // discrete fluxes are exact, and the centroid values are those of the exact solution, to round-off.
  const double D0 = 1e-18, k = 5.0, R = 25e-9, dt = 1.0;
  Bodies slab(RadialMesh(Geometry::slab, graded), {R}, exponential(D0, k));
  const double centre = 0.9;
  const double q = 0.5 * slab.law.integral(centre) / R;
  const auto exact = [&](double r) { return std::log1p(k / D0 * (slab.law.integral(centre) - q * R * r)) / k; };
  const RadialMesh& mesh = slab.lanes.mesh();
  for (std::size_t c = 0; c < slab.now.size(); ++c) slab.now[c] = exact(mesh.centroid()[c]);
  slab.now[0] += q * dt / (R * mesh.volume()[0]);
  slab.newton.begin(slab.now, slab.now, dt, backward_euler);
  std::fill(slab.y.begin(), slab.y.end(), 0.3);
  slab.flux[0] = q;
  for (int i = 0; i < 60; ++i) {
    slab.evaluate();
    slab.surface(0) = slab.a[0] + slab.B[0] * q;
    slab.newton.substitute(slab.flux, slab.D, slab.integral, slab.y);
  }
  for (std::size_t c = 0; c < slab.now.size(); ++c) EXPECT_NEAR(slab.y[c], exact(mesh.centroid()[c]), 1e-11) << c;
  EXPECT_NEAR(slab.surface(0), exact(1.0), 1e-11);
}

enum class Surface { flux, gradient };

/// Lithium created or lost in three cycles at constant current, over the lithium that each half cycle moves. `gradient`
/// is the boundary condition dy/dr = -q R/D(y_s) of a solver that turns it into a flux with the D of its outermost
/// cell.
double imbalance(Geometry geometry, const Law& law, Surface form) {
  Bodies body(RadialMesh(geometry, {.cells = 20, .grading = 0.2}), {25e-9}, law);
  std::fill(body.now.begin(), body.now.end(), 0.5);
  body.before = body.now;
  body.surface(0) = 0.5;
  constexpr double dt = 0.5;
  constexpr int steps_per_half = 200;
  double passed = 0.0;
  double step = 0.0;
  double worst = 0.0;
  for (int k = 0; k < 6 * steps_per_half; ++k) {
    const StepScheme scheme = k % steps_per_half == 0 ? backward_euler : bdf2;
    const double q = ((k / steps_per_half) % 2 == 0 ? 1.0 : -1.0) * 2e-11;
    const double taken = form == Surface::flux ? q : q * law.D(body.now.back()) / law.D(body.surface(0));
    body.step_with_flux(dt, scheme, taken);
    step = dt / scheme.now * q + scheme.carry * step;
    passed += step;
    const double stored = (body.lanes.mean(body.now, 0) - 0.5) * 25e-9 / dimension_of(geometry);
    worst = std::max(worst, std::abs(stored + passed) / (2e-11 * dt * steps_per_half));
  }
  return worst;
}

TEST(RadialNewton, InventoryIsTheFluxOfItsSurfaceOverThreeCycles) {
  // Round-off: 1200 steps, a few ulp each: 1e-12.
  for (const Geometry geometry : {Geometry::slab, Geometry::cylinder, Geometry::sphere}) {
    for (const double k : {-3.0, 0.5, 4.0}) {
      EXPECT_LT(imbalance(geometry, exponential(3e-19 * std::exp(2.0 - 0.5 * k), k), Surface::flux), 1e-12) << k;
    }
  }
}

TEST(RadialNewton, ASurfaceGradientWouldCreateLithium) {
  // The trap: with D(y) on a graded mesh the D of the cell is not the D of the surface, and what the balance takes is
  // not what the circuit booked. The imposed flux above is exact on the same mesh and cycles.
  EXPECT_GT(imbalance(Geometry::sphere, exponential(3e-19, 4.0), Surface::gradient), 0.05);
}

TEST(RadialNewton, UnconvergedIteratesConserveToo) {
  Bodies body(RadialMesh(Geometry::sphere, graded), {25e-9}, exponential(3e-19, 3.0));
  std::fill(body.now.begin(), body.now.end(), 0.5);
  body.before = body.now;
  body.iterations = 1;
  for (int k = 0; k < 40; ++k) body.step_with_flux(0.5, backward_euler, -3e-11);
  EXPECT_NEAR(body.lanes.mean(body.now, 0) - 0.5, 3.0 * 40 * 0.5 * 3e-11 / 25e-9, 1e-13);
}

/// Surface flux at t = 0.04 R²/D0 while the surface is driven smoothly from 0 to 0.5, D = e^(ky), R = 1.
double flux_of_smooth_drive(Geometry geometry, int cells, int steps, double k) {
  Bodies body(RadialMesh(geometry, {.cells = cells, .grading = 0.1}), {1.0}, exponential(1.0, k));
  double q = 0.0;
  for (int i = 1; i <= steps; ++i) {
    const double s = std::sin(0.25 * M_PI * i / steps);
    q = body.step_with_surface(0.04 / steps, i == 1 ? backward_euler : bdf2, s * s);
  }
  return q;
}

TEST(RadialNewton, SecondOrderInTimeAndInSpaceTwoSided) {
  // Order from three runs at ratios of two; the window of ±0.2 leaves a twentieth of the leading error to the next
  // term.
  const auto order = [](const std::function<double(int)>& run, int n) {
    const double a = run(n), b = run(2 * n), c = run(4 * n);
    return std::log2((a - b) / (b - c));
  };
  for (const Geometry geometry : {Geometry::slab, Geometry::cylinder, Geometry::sphere}) {
    for (const double k : {-3.0, 3.0}) {
      const auto in_time = [&](int n) { return flux_of_smooth_drive(geometry, 30, n, k); };
      const auto in_space = [&](int n) { return flux_of_smooth_drive(geometry, n, 100, k); };
      EXPECT_NEAR(order(in_time, 80), 2.0, 0.2) << k;
      EXPECT_NEAR(order(in_space, 30), 2.0, 0.2) << k;
    }
  }
}

TEST(RadialNewton, LanesDoNotDependOnTheirCompany) {
  const Law law = exponential(3e-19, 2.0);
  std::vector<double> radius(20);
  for (std::size_t i = 0; i < radius.size(); ++i) radius[i] = 20e-9 + 1e-9 * static_cast<double>(i);
  Bodies all(RadialMesh(Geometry::sphere, graded), radius, law);
  Bodies one(RadialMesh(Geometry::sphere, graded), {radius[7]}, law);
  for (int k = 0; k < 20; ++k) {
    all.step_with_flux(0.05, k == 0 ? backward_euler : bdf2, -5e-11);
    one.step_with_flux(0.05, k == 0 ? backward_euler : bdf2, -5e-11);
  }
  for (std::size_t c = 0; c < 50; ++c) EXPECT_NEAR(all.now[all.lanes.index(7, c)], one.now[c], 1e-14);
}

TEST(RadialNewton, NamesAStepThatIsNone) {
  Bodies body(RadialMesh(Geometry::sphere, graded), {25e-9}, constant(1e-18));
  try {
    body.newton.begin(body.now, body.before, 0.0, backward_euler);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("dt = 0 s"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace seccm::sim
