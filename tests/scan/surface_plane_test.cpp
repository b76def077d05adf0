#include "pipeline/scan/surface_plane.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace seccm::scan {
namespace {

constexpr double rounding = 1e-15;  // m: some ulps of the largest height

/// z = 30 um + 4 mrad x - 3 mrad y.
double plane(double x, double y) {
  return 30e-6 + 4e-3 * x - 3e-3 * y;
}

TEST(SurfacePlane, IsExactThroughContactsWhoseAxesAreNotOrthogonal) {
  SurfacePlane surface;
  // Σ(x-x̄)(y-ȳ) is far from zero: the mixed term of the normal equations counts.
  for (const auto& [x, y] : {std::pair{10e-6, 12e-6}, {40e-6, 45e-6}, {80e-6, 60e-6}, {25e-6, 30e-6}})
    surface.add(x, y, plane(x, y));
  for (const auto& [x, y] : {std::pair{0.0, 0.0}, {90e-6, 5e-6}, {5e-6, 90e-6}, {50e-6, 50e-6}}) {
    const auto expected = surface.at(x, y);
    ASSERT_TRUE(expected);
    EXPECT_NEAR(expected->z, plane(x, y), 20 * rounding) << x << " " << y;
    EXPECT_NEAR(expected->allowance, 0.0, 20 * rounding);
  }
  EXPECT_EQ(surface.contacts(), 4U);
}

// Four corners of a square, two of them 30 nm up across a diagonal: the least squares plane is level in the middle of
// the heights and every contact lies 15 nm off it.
TEST(SurfacePlane, AllowsForTwiceTheRootMeanSquareOfWhatStandsOnIt) {
  SurfacePlane surface;
  surface.add(0.0, 0.0, 30.03e-6);
  surface.add(40e-6, 0.0, 30e-6);
  surface.add(40e-6, 40e-6, 30.03e-6);
  surface.add(0.0, 40e-6, 30e-6);
  const auto expected = surface.at(7e-6, 31e-6);
  EXPECT_NEAR(expected->z, 30.015e-6, rounding);
  EXPECT_NEAR(expected->allowance, 2.0 * 15e-9, rounding);
  EXPECT_NEAR(surface.highest().value(), 30.03e-6, rounding);
}

// What is not known to be level may tilt by 20 mrad, so the allowance grows with the distance from the mean of the
// contacts.
TEST(SurfacePlane, WithoutAKnownTiltAllowsForTwentyMilliradians) {
  SurfacePlane surface;
  EXPECT_FALSE(surface.at(0.0, 0.0));
  EXPECT_FALSE(surface.highest());
  surface.add(10e-6, 10e-6, 30e-6);
  EXPECT_NEAR(surface.at(13e-6, 14e-6)->z, 30e-6, rounding);
  EXPECT_NEAR(surface.at(13e-6, 14e-6)->allowance, 0.02 * 5e-6, rounding);
  surface.add(10e-6, 20e-6, 30.2e-6);
  // Two contacts: their mean, 0.1 um off each of them.
  EXPECT_NEAR(surface.at(10e-6, 27e-6)->z, 30.1e-6, rounding);
  EXPECT_NEAR(surface.at(10e-6, 27e-6)->allowance, 2.0 * 0.1e-6 + 0.02 * 12e-6, rounding);
  EXPECT_NEAR(surface.highest().value(), 30.2e-6, rounding);
}

// The smaller eigenvalue of the scatter against the larger: a line with 2 % of scatter across it (0.04 % of the
// variance) carries no tilt; a scatter of a tenth each way (1 %) and more does.
TEST(SurfacePlane, ContactsOnALineCarryNoTilt) {
  SurfacePlane line, band;
  for (int k = 0; k < 6; ++k) {
    const double x = 10e-6 * k, side = k % 2 == 0 ? 1.0 : -1.0;
    line.add(x, 0.02 * 17e-6 * side, plane(x, 0.02 * 17e-6 * side));
    band.add(x, 0.5 * 17e-6 * side, plane(x, 0.5 * 17e-6 * side));
  }
  EXPECT_GT(line.at(25e-6, 50e-6)->allowance, 0.02 * 45e-6);
  EXPECT_NEAR(band.at(25e-6, 50e-6)->allowance, 0.0, 20 * rounding);
  EXPECT_NEAR(band.at(25e-6, 50e-6)->z, plane(25e-6, 50e-6), 20 * rounding);
}

}  // namespace
}  // namespace seccm::scan
