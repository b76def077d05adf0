#include "pipeline/analysis/optical_area.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numbers>

#include "files/quantities.hpp"
#include "sim/random.hpp"

namespace seccm::analysis {
namespace {

constexpr double fwhm = 0.4e-6;
const double blur = fwhm / std::sqrt(4.0 * std::numbers::ln2);  // of the picture that is segmented

double disc(double radius) {
  return std::numbers::pi * radius * radius;
}

// The smallest disc that the scan reports has half a blur as radius; a spot's outline at half height has √(2 ln 2) of
// them. The interval is (0, that]: no estimate.
TEST(OpticalArea, OfAnUnresolvedObjectIsAnUpperLimit) {
  const Measured m = optical_area(disc(0.5 * blur), fwhm);
  ASSERT_TRUE(m.known);
  const auto interval = interval_of(m, files::scale_of("area"));
  EXPECT_EQ(interval.verdict, files::Verdict::one_sided);
  EXPECT_EQ(interval.lower, 0.0);
  EXPECT_NEAR(interval.upper, disc(blur * std::sqrt(2.0 * std::numbers::ln2)), 1e-9 * interval.upper);
  EXPECT_EQ(m.reason, "not resolved in the optical image");
}

TEST(OpticalArea, OfNoObjectIsUnknown) {
  EXPECT_FALSE(optical_area(0.0, fwhm).known);
}

// Discs whose outline is drawn at a level that is off by as much as the header says: the stated error of ln A against
// the scatter of 4000 of them. Large discs: ln A is linear in r to (δr/r)² = 0.4 %. Mean z² of a variable with these
// tails has a standard deviation below √(2/4000) = 0.022; four of them, and 0.01 for the curvature.
TEST(OpticalArea, StatesTheScatterOfAnEdgeThatLiesAtAnUnknownLevel) {
  const boost::math::normal normal;
  RandomStream random(7, "optical area test");
  constexpr int replicates = 4000;
  const double radius = 6.0 * blur;
  double z2 = 0;
  for (int k = 0; k < replicates; ++k) {
    const double level = 0.3 + 0.4 * random.uniform();
    const Measured m = optical_area(disc(radius + blur * boost::math::quantile(normal, level)), fwhm);
    z2 += std::pow(std::log(m.value / disc(radius)) / m.log_error, 2) / replicates;
  }
  EXPECT_NEAR(z2, 1, 0.1);
}

}  // namespace
}  // namespace seccm::analysis
