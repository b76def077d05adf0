#include "sim/turning_points.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace seccm::sim {
namespace {

TEST(TurningPoints, AreTheExtremesOfATriangleWave) {
  TurningPoints points(0.01);
  for (const double value : {0.0, 0.1, 0.2, 0.3, 0.2, 0.15, 0.25, 0.4, 0.1}) points.add(value);
  EXPECT_EQ(points.values(), (std::vector<double>{0.0, 0.3, 0.15, 0.4, 0.1}));
}

TEST(TurningPoints, IgnoreReversalsWithinTheHysteresis) {
  TurningPoints points(0.1);
  for (const double value : {0.0, 0.5, 0.45, 0.55, 0.5, 0.46, 1.0}) points.add(value);
  EXPECT_EQ(points.values(), (std::vector<double>{0.0, 1.0}));
}

TEST(TurningPoints, OfAConstantAreItsValue) {
  TurningPoints points(0.1);
  EXPECT_TRUE(points.values().empty());
  for (int k = 0; k < 10; ++k) points.add(0.3);
  EXPECT_EQ(points.values(), std::vector<double>{0.3});
}

TEST(TurningPoints, SumOfTheirStepsIsThePathLengthOfASine) {
  // Five periods of amplitude 1, sampled at the extremes too: 5 x 4.
  TurningPoints points(1e-6);
  for (int k = 0; k <= 5 * 400; ++k) points.add(std::sin(2.0 * std::acos(-1.0) * k / 400.0));
  const auto values = points.values();
  double path = 0.0;
  for (std::size_t k = 1; k < values.size(); ++k) path += std::abs(values[k] - values[k - 1]);
  EXPECT_NEAR(path, 20.0, 1e-12);
}

}  // namespace
}  // namespace seccm::sim
