// Radial diffusion alone: balances, orders, lanes. The exact transients are in tests/verification.
#include "sim/radial_lanes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>

#include "sim/error.hpp"

namespace seccm::sim {
namespace {

/// One body with R = D = 1 under a given flux or surface value, from rest at y = 0.
struct Body {
  RadialLanes lanes;
  std::vector<double> now, before, a, flux;

  explicit Body(RadialMesh mesh)
      : lanes(std::move(mesh), {1.0}), now(lanes.profile_size(), 0.0), before(now), a(1, 0.0), flux(1, 0.0) {}

  /// Steps with y_s imposed; returns the surface flux.
  double impose_surface(const RadialElimination& e, double y_s) {
    e.forward(now, before, a);
    flux[0] = (y_s - a[0]) / e.slope()[0];
    e.backward(before, flux);
    std::swap(now, before);
    return flux[0];
  }
};

TEST(RadialLanes, SecondOrderBehindAJump) {
  // The flux at τ = 0.01 on a fixed mesh; the reference is the same mesh with steps so fine that their error is 1/256
  // of the finest tested. The observed order is 2 + O(1/n) with a large constant (the start is singular): from 80 steps
  // on.
  const auto flux_with = [](int steps) {
    Body body(RadialMesh(Geometry::sphere, {.cells = 60, .grading = 0.05}));
    const double dt = 0.01 / steps;
    const RadialElimination first(body.lanes, 1.0, dt, backward_euler);
    const RadialElimination rest(body.lanes, 1.0, dt, bdf2);
    double q = body.impose_surface(first, 1.0);
    for (int k = 1; k < steps; ++k) q = body.impose_surface(rest, 1.0);
    return q;
  };
  const double exact = flux_with(10240) + (flux_with(10240) - flux_with(5120)) / 3.0;
  double previous = flux_with(80) - exact;
  for (const int steps : {160, 320, 640}) {
    const double error = flux_with(steps) - exact;
    const double order = std::log2(std::abs(previous / error));
    EXPECT_GT(order, 1.8) << steps;
    EXPECT_LT(order, 2.2) << steps;
    previous = error;
  }
}

TEST(RadialLanes, BlocksAgreeWithSingleBodies) {
  const RadialMesh mesh(Geometry::sphere, {.cells = 40, .grading = 0.05});
  for (const std::size_t count : {5U, 8U, 16U, 21U}) {
    std::vector<double> radii;
    for (std::size_t i = 0; i < count; ++i) radii.push_back(1.0 + 0.1 * static_cast<double>(i));
    const RadialLanes many(mesh, radii);
    std::vector<double> now(many.profile_size(), 0.0);
    std::vector<double> before = now;
    std::vector<double> a(many.lanes());
    std::vector<double> flux(many.lanes(), 0.0);
    const RadialElimination e(many, 1.0, 1e-3, bdf2);
    for (int step = 0; step < 50; ++step) {
      e.forward(now, before, a);
      for (std::size_t i = 0; i < count; ++i) flux[i] = -1.0 + 0.5 * a[i];
      e.backward(before, flux);
      std::swap(now, before);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const RadialLanes one(mesh, {radii[i]});
      std::vector<double> y(one.profile_size(), 0.0);
      std::vector<double> y_before = y;
      std::vector<double> one_a(1);
      std::vector<double> one_flux(1);
      const RadialElimination single(one, 1.0, 1e-3, bdf2);
      for (int step = 0; step < 50; ++step) {
        single.forward(y, y_before, one_a);
        one_flux[0] = -1.0 + 0.5 * one_a[0];
        single.backward(y_before, one_flux);
        std::swap(y, y_before);
      }
      for (std::size_t k = 0; k < 40; ++k) EXPECT_NEAR(now[many.index(i, k)], y[k], 1e-14 * (1.0 + std::abs(y[k])));
    }
  }
}

TEST(RadialLanes, RefusesWhatIsNoBody) {
  const RadialMesh mesh(Geometry::sphere, {.cells = 10});
  EXPECT_THROW(RadialLanes(mesh, {}), InputError);
  EXPECT_THROW(RadialLanes(mesh, {1.0, -1.0}), InputError);
  EXPECT_THROW(RadialLanes(mesh, {std::nan("")}), InputError);
  const RadialLanes lanes(mesh, {1.0});
  EXPECT_THROW(RadialElimination(lanes, 0.0, 1.0, bdf2), InputError);
  EXPECT_THROW(RadialElimination(lanes, 1.0, -1.0, bdf2), InputError);
}

}  // namespace
}  // namespace seccm::sim
