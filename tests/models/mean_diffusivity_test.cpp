// The one number that stands for a D(y): exact where D is a polynomial in y, and the rate of uptake of a layer by the
// engine.
#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "models/cell.hpp"
#include "models/material/mean_diffusivity.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

MaterialParameters exponential(double k) {
  MaterialParameters material;
  material.diffusion = DiffusionKind::exponential;
  material.D = Diffusivity(3e-18);
  material.D_exponent = k;
  return material;
}

TEST(MeanDiffusivity, OfOneOrTwoDIsTheMaterialsOwn) {
  MaterialParameters material;
  material.diffusion = DiffusionKind::single;
  material.D = Diffusivity(2e-17);
  material.D_intercalation = Diffusivity(3e-18);
  material.D_deintercalation = Diffusivity(5e-18);
  EXPECT_EQ(mean_diffusivity(material, false).uptake, 2e-17);
  EXPECT_EQ(mean_diffusivity(material, false).release, 2e-17);
  material.diffusion = DiffusionKind::per_direction;
  EXPECT_EQ(mean_diffusivity(material, false).uptake, 3e-18);
  EXPECT_EQ(mean_diffusivity(material, false).release, 5e-18);
  EXPECT_EQ(mean_diffusivity(exponential(-4.0), true).uptake, 3e-18);  // of the mobility
}

// D = D0 e^(ky): with the series e^(ky) = sum k^n y^n/n! each term has a closed form,
//   (5/3) ∫ y^(2/3+n) dy = (5/3)/(n + 5/3),      1.85 ∫ (1-y)^0.85 y^n dy = 1.85 B(n+1, 1.85).
TEST(MeanDiffusivity, OfAnExponentialLawIsItsSeries) {
  for (const double k : {-6.0, -1.0, 0.5, 3.0}) {
    double uptake = 0.0, release = 0.0, term = 1.0;
    for (int n = 0; n < 60; ++n) {
      if (n > 0) term *= k / n;
      uptake += term * (5.0 / 3.0) / (n + 5.0 / 3.0);
      release += term * 1.85 * std::exp(std::lgamma(n + 1.0) + std::lgamma(1.85) - std::lgamma(n + 2.85));
    }
    const MeanDiffusivity mean = mean_diffusivity(exponential(k), false);
    // The alternating series at k = -6 loses e^6 of round-off.
    EXPECT_NEAR(mean.uptake / (3e-18 * uptake), 1.0, 1e-9) << k;
    EXPECT_NEAR(mean.release / (3e-18 * release), 1.0, 1e-9) << k;
  }
}

/// D of the constant law with the same uptake from empty behind a jump: Q = 2 F A c sqrt(D t/pi) while the layer is
/// thin.
double D_of_uptake(double k, double from, double to) {
  CellSpec spec;
  spec.material = exponential(k);
  spec.material.k0 = Velocity(1e-2);
  spec.geometry = sim::Geometry::slab;
  spec.face_area = 1e-12;
  spec.particles = {{.radius = 300e-9, .initial_filling = from}};
  spec.double_layer.titania = {};
  spec.numerics.hold_step = Time(0.5);
  spec.numerics.cells = 600;
  const double E0 = spec.material.E0.si();
  const double E = to > 0.5 ? E0 - 0.6 : E0 + 0.6;  // full or empty to 1e-10
  const Trace trace = simulate(Cell(spec), sim::Waveform::at(E).hold(100.0));
  const double most = constants::faraday * spec.face_area * spec.material.c_max.si();
  const double passed = std::abs(trace.charge.back()) / most;
  return constants::pi * passed * passed / (4.0 * 100.0);
}

// What Crank's weights leave is a property of theirs, stated in the header: a constant D comes back exactly (the
// engine's own error behind a jump), laws that rise to 1 %, laws that fall e-fold to 2 %, tenfold to 6 %. Halved cells
// and steps change none of the numbers by 1e-4.
TEST(MeanDiffusivity, IsTheDOfTheUptakeAndReleaseOfALayer) {
  const std::vector<std::pair<double, double>> within{
      {0.0, 2e-4}, {1.0, 0.01}, {2.3, 0.01}, {-1.0, 0.02}, {-2.3, 0.06}};
  for (const auto& [k, bound] : within) {
    const MeanDiffusivity mean = mean_diffusivity(exponential(k), false);
    EXPECT_NEAR(D_of_uptake(k, 0.0, 1.0) / mean.uptake, 1.0, bound) << k;
    EXPECT_NEAR(D_of_uptake(k, 1.0, 0.0) / mean.release, 1.0, bound) << k;
  }
}

}  // namespace
}  // namespace seccm::models
