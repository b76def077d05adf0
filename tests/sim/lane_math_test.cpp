#include "sim/lane_math.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace seccm::sim {
namespace {

TEST(LaneMath, ExpAgreesWithTheLibraryToAFewUnitsInTheLastPlace) {
  // Rounding of the reduced argument and of the polynomial: 2^-53 each, the truncation r^14/14! < 5e-18.
  for (double x = -699.0; x <= 699.0; x += 0.137) EXPECT_NEAR(lane_exp(x) / std::exp(x), 1.0, 6e-16) << x;
  EXPECT_EQ(lane_exp(0.0), 1.0);
}

TEST(LaneMath, ExpIsClampedAndKeepsNan) {
  EXPECT_EQ(lane_exp(1e6), lane_exp(700.0));
  EXPECT_EQ(lane_exp(-1e6), lane_exp(-700.0));
  EXPECT_TRUE(std::isfinite(lane_exp(INFINITY)));
  EXPECT_TRUE(std::isnan(lane_exp(std::nan(""))));
}

TEST(LaneMath, LogAgreesWithTheLibrary) {
  for (double s = -300.0; s <= 300.0; s += 0.113) {
    const double x = std::pow(10.0, s);
    EXPECT_NEAR(lane_log(x), std::log(x), 4e-16 * (1.0 + std::abs(std::log(x)))) << x;
  }
  for (double x = 0.5; x < 2.0; x += 0.000317) EXPECT_NEAR(lane_log(x), std::log(x), 2.5e-16) << x;
  EXPECT_EQ(lane_log(1.0), 0.0);
}

}  // namespace
}  // namespace seccm::sim
