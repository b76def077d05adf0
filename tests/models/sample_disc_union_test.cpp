#include "models/sample/disc_union.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

/// Overlap of two discs of radius r at distance d.
double lens(double r, double d) {
  return 2.0 * r * r * std::acos(d / (2.0 * r)) - 0.5 * d * std::sqrt(4.0 * r * r - d * d);
}

std::vector<Disc> random_discs(int n, double extent) {
  RandomStream random(1, "discs", static_cast<std::uint64_t>(n));
  std::vector<Disc> discs;
  for (int k = 0; k < n; ++k) {
    discs.push_back({extent * random.uniform(), extent * random.uniform(), 0.5 + random.uniform()});
  }
  return discs;
}

bool covered(const std::vector<Disc>& discs, double x, double y) {
  return std::any_of(discs.begin(), discs.end(),
                     [&](const Disc& d) { return std::hypot(x - d.x, y - d.y) < d.radius; });
}

TEST(DiscUnion, OneDiscIsItsOwnArea) {
  EXPECT_EQ(union_area({}), 0.0);
  const std::vector<Disc> one{{3.0, -2.0, 0.7}};
  EXPECT_NEAR(union_area(one), constants::pi * 0.49, 1e-14);
}

TEST(DiscUnion, TwoDiscsLoseTheirLensOnce) {
  for (double d : {0.01, 0.5, 1.0, 1.9, 1.9999}) {
    const std::vector<Disc> two{{0.0, 0.0, 1.0}, {d * std::cos(0.3), d * std::sin(0.3), 1.0}};
    EXPECT_NEAR(union_area(two), 2.0 * constants::pi - lens(1.0, d), 1e-12) << d;
  }
}

TEST(DiscUnion, DisjointNestedAndEqualDiscs) {
  EXPECT_NEAR(union_area(std::vector<Disc>{{0, 0, 1}, {5, 0, 2}}), 5.0 * constants::pi, 1e-12);
  EXPECT_NEAR(union_area(std::vector<Disc>{{0, 0, 2}, {0.5, 0, 1}}), 4.0 * constants::pi, 1e-12);
  EXPECT_NEAR(union_area(std::vector<Disc>{{0, 0, 2}, {1, 0, 1}}), 4.0 * constants::pi, 1e-12);  // touching from inside
  EXPECT_NEAR(union_area(std::vector<Disc>{{0, 0, 2}, {0, 0, 2}, {0, 0, 2}}), 4.0 * constants::pi, 1e-12);
}

TEST(DiscUnion, ARingKeepsItsHole) {
  // Six unit discs around a regular hexagon of side 1.8: neighbours overlap by one lens, the hole stays open.
  std::vector<Disc> ring;
  for (int k = 0; k < 6; ++k)
    ring.push_back({1.8 * std::cos(k * constants::pi / 3.0), 1.8 * std::sin(k * constants::pi / 3.0), 1.0});
  EXPECT_NEAR(union_area(ring), 6.0 * constants::pi - 6.0 * lens(1.0, 1.8), 1e-12);
}

TEST(DiscUnion, AgreesWithSamplingForAHeapOfDiscs) {
  const std::vector<Disc> discs = random_discs(300, 20.0);
  constexpr int n = 400000;
  RandomStream random(2, "sampling");
  int hits = 0;
  for (int k = 0; k < n; ++k)
    hits += covered(discs, 24.0 * random.uniform() - 2.0, 24.0 * random.uniform() - 2.0) ? 1 : 0;
  const double share = static_cast<double>(hits) / n;
  const double box = 24.0 * 24.0;
  EXPECT_LT(std::abs(union_area(discs) - share * box), 5.0 * box * std::sqrt(share * (1.0 - share) / n));
}

TEST(DiscUnion, DoesNotDependOnOrderPlaceOrScale) {
  std::vector<Disc> discs = random_discs(200, 10.0);
  const double area = union_area(discs);
  std::reverse(discs.begin(), discs.end());
  EXPECT_NEAR(union_area(discs), area, 1e-11 * area);
  for (Disc& d : discs) d = {1e-9 * d.x + 5e-5, 1e-9 * d.y + 3e-5, 1e-9 * d.radius};  // nanometres in a field of 100 um
  // The shift leaves positions with an error of 1e-16 * 5e-5 m = 7e-12 of a disc, times its share of the boundary.
  EXPECT_NEAR(union_area(discs), 1e-18 * area, 1e-9 * 1e-18 * area);
}

TEST(DiscUnion, WindowCutsWhatSamplingCuts) {
  const std::vector<Disc> discs = random_discs(300, 20.0);
  const Disc window{9.0, 11.0, 6.0};
  constexpr int n = 400000;
  RandomStream random(3, "window sampling");
  int hits = 0;
  for (int k = 0; k < n; ++k) {
    const double rho = window.radius * std::sqrt(random.uniform());
    const double angle = 2.0 * constants::pi * random.uniform();
    hits += covered(discs, window.x + rho * std::cos(angle), window.y + rho * std::sin(angle)) ? 1 : 0;
  }
  const double share = static_cast<double>(hits) / n;
  const double area = constants::pi * 36.0;
  EXPECT_LT(std::abs(union_area_within(discs, window) - share * area),
            5.0 * area * std::sqrt(share * (1.0 - share) / n));
  EXPECT_EQ(union_area_within(discs, {100.0, 100.0, 1.0}), 0.0);
}

}  // namespace
}  // namespace seccm::models
