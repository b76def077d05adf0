// Radii of [particle] radius_spread: area and volume of the particles are those of the distribution they stand for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/particle/particle_parameters.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

/// Mean of (r/radius)^power.
double moment(const std::vector<double>& radii, double radius, int power) {
  double sum = 0.0;
  for (const double r : radii) sum += std::pow(r / radius, power);
  return sum / static_cast<double>(radii.size());
}

TEST(RadiusSpread, KeepsAreaAndVolumeOfTheLogNormalDistribution) {
  const double radius = 25e-9;
  int compared = 0;
  for (const double spread : {0.05, 0.2, 0.4, 0.6, 1.0, 1.5}) {
    for (const int n : {2, 3, 5, 21, 40, 1000}) {
      if (n <= std::exp(3.0 * spread * spread)) continue;
      const auto radii = radii_of(radius, spread, n);
      ASSERT_EQ(radii.size(), static_cast<std::size_t>(n));
      EXPECT_TRUE(std::is_sorted(radii.begin(), radii.end()));
      // Round-off alone: exponents up to 30 have 4e-15 of it, sums of a thousand terms 1e-13 at worst.
      const double area = std::exp(2.0 * spread * spread), volume = std::exp(4.5 * spread * spread);
      EXPECT_NEAR(moment(radii, radius, 2), area, 2e-13 * area) << spread << " " << n;
      EXPECT_NEAR(moment(radii, radius, 3), volume, 2e-13 * volume) << spread << " " << n;
      ++compared;
    }
  }
  EXPECT_GE(compared, 25);
}

TEST(RadiusSpread, TakesTheQuantilesOfManyParticles) {
  // By then the tails that n quantiles leave out hold next to nothing: at 10 000 and 0.2 beyond 3.9 standard
  // deviations, of the volume e^(3 z 0.2) weighs them less than tenfold: 1e-3 of it, and so of shift and width.
  const auto radii = radii_of(1.0, 0.2, 10001);
  EXPECT_NEAR(std::log(radii[5000]), 0.0, 1e-3);  // the median
  EXPECT_NEAR(std::log(radii[8413]), 0.2, 2e-3);  // Phi(1) = 0.8413
  EXPECT_NEAR(std::log(radii[1587]), -0.2, 2e-3);
}

TEST(RadiusSpread, LeavesEqualParticlesAlone) {
  EXPECT_THAT(radii_of(3.0, 0.0, 2), testing::ElementsAre(3.0, 3.0));
  EXPECT_THAT(radii_of(3.0, 0.0, 1), testing::ElementsAre(3.0));
}

TEST(RadiusSpread, RefusesWhatNoSuchNumberOfRadiiCanHold) {
  // Of n radii with a given sum of squares the sum of cubes is largest when one has all: it is sqrt(n) times the one of
  // equal radii then, and e^(3/2 spread^2) of it is asked for.
  for (const double spread : {0.3, 0.6, 1.0}) {
    const int most_refused = static_cast<int>(std::exp(3.0 * spread * spread));
    EXPECT_THROW((void)radii_of(1.0, spread, most_refused), InputError) << spread;
    EXPECT_NO_THROW((void)radii_of(1.0, spread, most_refused + 1)) << spread;
  }
  try {
    (void)radii_of(1.0, 0.6, 2);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("accepted is below 0.4807, or at least 3 particles"));
  }
}

}  // namespace
}  // namespace seccm::models
