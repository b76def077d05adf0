#include "models/sample/packing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

std::vector<double> lognormal_radii(int n, double sigma) {
  RandomStream random(1, "radii", static_cast<std::uint64_t>(n));
  std::vector<double> radii;
  for (int k = 0; k < n; ++k) radii.push_back(random.lognormal(25e-9, sigma));
  return radii;
}

std::vector<Sphere> pile_of(const std::vector<double>& radii, const PileShape& shape) {
  RandomStream random(7, "pile");
  return deposit_pile(radii, shape, random);
}

double gap(const Sphere& a, const Sphere& b) {
  return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z)) - a.radius -
         b.radius;
}

double solid_volume(const std::vector<Sphere>& pile) {
  double volume = 0.0;
  for (const Sphere& s : pile) volume += 4.0 / 3.0 * constants::pi * std::pow(s.radius, 3);
  return volume;
}

/// Solid share in the inner 70 % of the half ellipsoid that holds the solid at 0.61, clear of the gold by a diameter:
/// sampled.
double interior_packing_fraction(const std::vector<Sphere>& pile, double aspect, double expected) {
  const double half_width = 0.7 * std::cbrt(solid_volume(pile) / expected / (2.0 / 3.0 * constants::pi * aspect));
  RandomStream random(8, "interior");
  int inside = 0;
  int solid = 0;
  while (inside < 20000) {
    const double x = half_width * (2.0 * random.uniform() - 1.0);
    const double y = half_width * (2.0 * random.uniform() - 1.0);
    const double z = half_width * aspect * random.uniform();
    if (x * x + y * y + z * z / (aspect * aspect) > half_width * half_width || z < 50e-9) continue;
    ++inside;
    const auto holds = [&](const Sphere& s) {
      return (x - s.x) * (x - s.x) + (y - s.y) * (y - s.y) + (z - s.z) * (z - s.z) < s.radius * s.radius;
    };
    solid += std::any_of(pile.begin(), pile.end(), holds) ? 1 : 0;
  }
  return static_cast<double>(solid) / inside;
}

TEST(Packing, NoTwoSpheresOverlapAndNoneEntersTheGold) {
  for (double sigma : {0.0, 0.2, 0.4}) {
    const std::vector<Sphere> pile = pile_of(lognormal_radii(800, sigma), {.aspect = 0.5, .elongation = 1.3});
    for (std::size_t i = 0; i < pile.size(); ++i) {
      EXPECT_GE(pile[i].z, pile[i].radius * (1.0 - 1e-9));
      for (std::size_t j = 0; j < i; ++j) ASSERT_GT(gap(pile[i], pile[j]), -2e-9 * (pile[i].radius + pile[j].radius));
    }
  }
}

TEST(Packing, EverySphereOfADensePileRestsOnThreeSupports) {
  const std::vector<Sphere> pile = pile_of(lognormal_radii(600, 0.2), {.aspect = 0.5});
  for (std::size_t i = 2; i < pile.size(); ++i) {  // the first two found nothing to lean on
    int supports = pile[i].z < pile[i].radius * (1.0 + 1e-9) ? 1 : 0;
    for (std::size_t j = 0; j < i; ++j) supports += gap(pile[i], pile[j]) < 1e-8 * pile[i].radius ? 1 : 0;
    EXPECT_GE(supports, 3) << "sphere " << i;
  }
}

TEST(Packing, EveryRadiusIsUsedOnce) {
  for (double vacancies : {0.0, 0.3}) {
    std::vector<double> asked = lognormal_radii(500, 0.3);
    std::vector<double> used;
    for (const Sphere& s : pile_of(asked, {.aspect = 0.5, .vacancies = vacancies})) used.push_back(s.radius);
    std::sort(asked.begin(), asked.end());
    std::sort(used.begin(), used.end());
    EXPECT_EQ(asked, used);
  }
}

TEST(Packing, DensityIsThatOfARandomPackingAndFallsWithVacancies) {
  // Stated: 0.61 (1 - p), 0.60 to 0.65 for p = 0. Sampling error 5 sqrt(0.24/20000) = 0.017; the share of vacancies
  // that falls into some 1700 inner spheres scatters by 5 sqrt(p/1700) 0.6 = 0.04 at p = 0.3.
  const std::vector<double> radii = lognormal_radii(5000, 0.2);
  for (double p : {0.0, 0.15, 0.3}) {
    const double phi =
        interior_packing_fraction(pile_of(radii, {.aspect = 0.6, .vacancies = p}), 0.6, 0.61 * (1.0 - p));
    EXPECT_GT(phi, 0.60 * (1.0 - p) - 0.017 - 5.0 * std::sqrt(p / 1700.0) * 0.6) << p;
    EXPECT_LT(phi, 0.65 * (1.0 - p) + 0.017 + 5.0 * std::sqrt(p / 1700.0) * 0.6) << p;
  }
}

TEST(Packing, VacanciesFollowFromTheWantedFraction) {
  EXPECT_EQ(vacancies_for(0.61), 0.0);
  EXPECT_EQ(vacancies_for(0.7), 0.0);
  EXPECT_NEAR(0.61 * (1.0 - vacancies_for(0.45)), 0.45, 1e-12);
}

TEST(Packing, AspectMakesPilesFlatOrHigh) {
  const std::vector<double> radii = lognormal_radii(1500, 0.1);
  const auto height_to_width = [&](double aspect) {
    const std::vector<Sphere> pile = pile_of(radii, {.aspect = aspect});
    double top = 0.0;
    double edge = 0.0;
    for (const Sphere& s : pile) {
      top = std::max(top, s.z + s.radius);
      edge = std::max(edge, std::hypot(s.x, s.y) + s.radius);
    }
    return top / edge;
  };
  // One sphere more or less on top or at the edge: 50 nm of 230-500 nm.
  EXPECT_NEAR(height_to_width(1.0), 1.0, 0.2);
  EXPECT_NEAR(height_to_width(0.4), 0.4, 0.12);
  EXPECT_LT(height_to_width(1e-3),
            0.08);  // a monolayer: 2 r / (r sqrt(1500/0.8)) = 0.046, and the widest of 1500 spheres
}

TEST(Packing, ElongationStretchesTheOutlineAlongItsAzimuth) {
  const double azimuth = 0.7;
  const std::vector<Sphere> pile =
      pile_of(lognormal_radii(2000, 0.1), {.aspect = 0.4, .elongation = 2.0, .azimuth = azimuth});
  double uu = 0.0;
  double vv = 0.0;
  double uv = 0.0;
  for (const Sphere& s : pile) {
    const double u = std::cos(azimuth) * s.x + std::sin(azimuth) * s.y;
    const double v = std::cos(azimuth) * s.y - std::sin(azimuth) * s.x;
    uu += u * u;
    vv += v * v;
    uv += u * v;
  }
  EXPECT_NEAR(std::sqrt(uu / vv), 2.0, 0.15);  // one particle of 25 nm at an edge of 500 nm
  EXPECT_LT(std::abs(uv) / std::sqrt(uu * vv), 0.1);
}

TEST(Packing, LooseSpheresTouchNothingButTheGold) {
  std::vector<Sphere> pile = pile_of(lognormal_radii(200, 0.2), {.aspect = 0.3});
  RandomStream random(9, "loose");
  const std::vector<double> loose = lognormal_radii(90, 0.2);
  scatter_around(pile, loose, random);
  ASSERT_EQ(pile.size(), 290U);
  for (std::size_t i = 200; i < pile.size(); ++i) {
    EXPECT_EQ(pile[i].z, pile[i].radius);
    for (std::size_t j = 0; j < i; ++j) EXPECT_GT(gap(pile[i], pile[j]), 0.0);
  }
}

TEST(Packing, SmallestClustersExist) {
  EXPECT_TRUE(pile_of({}, {}).empty());
  EXPECT_EQ(pile_of({25e-9}, {}).size(), 1U);
  const std::vector<Sphere> two = pile_of({25e-9, 35e-9}, {});
  ASSERT_EQ(two.size(), 2U);
  EXPECT_NEAR(gap(two[0], two[1]), 0.0, 1e-20);
  EXPECT_EQ(pile_of({25e-9, 35e-9, 5e-9, 100e-9}, {}).size(), 4U);
}

TEST(Packing, SameStreamSamePile) {
  const std::vector<double> radii = lognormal_radii(300, 0.2);
  const std::vector<Sphere> a = pile_of(radii, {});
  const std::vector<Sphere> b = pile_of(radii, {});
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_EQ(a[k].x, b[k].x);
    EXPECT_EQ(a[k].y, b[k].y);
    EXPECT_EQ(a[k].z, b[k].z);
  }
}

}  // namespace
}  // namespace seccm::models
