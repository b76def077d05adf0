#include "models/qrce/qrce.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "sim/error.hpp"

// Statistical bounds are 5 standard errors.

namespace seccm::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;

QrceParameters steady() {
  QrceParameters p;
  p.spread = Potential(0.0);
  p.random_walk = PotentialWalk(0.0);
  return p;
}

TEST(Qrce, WithoutChanceItIsALine) {
  const Qrce qrce(steady(), 1);
  EXPECT_DOUBLE_EQ(qrce.offset(0.0), 3.05);
  EXPECT_NEAR(qrce.offset(5400.0), 3.05 + 1.5e-3, 1e-12);  // 1 mV/h for 1.5 h
  EXPECT_DOUBLE_EQ(Qrce(steady(), 2).offset(1000.0), qrce.offset(1000.0));
}

TEST(Qrce, StartIsUniformWithinItsSpread) {
  QrceParameters p = steady();
  p.spread = 0.15 * unit::V;
  constexpr int n = 20000;
  double mean = 0.0;
  double square = 0.0;
  for (int seed = 0; seed < n; ++seed) {
    const double u = (Qrce(p, static_cast<std::uint64_t>(seed)).initial_potential() - 3.05) / 0.15;
    EXPECT_LE(std::abs(u), 1.0);
    mean += u / n;
    square += u * u / n;
  }
  EXPECT_LT(std::abs(mean), 5.0 * std::sqrt(1.0 / 3.0 / n));
  EXPECT_LT(std::abs(square - 1.0 / 3.0), 5.0 * std::sqrt((0.2 - 1.0 / 9.0) / n));
}

TEST(Qrce, WalkHasIndependentNormalIncrementsOfItsVariance) {
  QrceParameters p = steady();
  p.drift = ScanRate(0.0);
  p.random_walk = PotentialWalk(0.5e-3 / 60.0);
  const Qrce qrce(p, 3);
  const double sigma = 0.5e-3 / 60.0 * std::sqrt(Qrce::knot_interval);
  constexpr int n = 80000;
  double mean = 0.0;
  double square = 0.0;
  double neighbour = 0.0;
  double before = 0.0;
  for (int k = 0; k < n; ++k) {
    const double z = (qrce.offset((k + 1) * Qrce::knot_interval) - qrce.offset(k * Qrce::knot_interval)) / sigma;
    mean += z / n;
    square += z * z / n;
    neighbour += z * before / n;
    before = z;
  }
  EXPECT_LT(std::abs(mean), 5.0 / std::sqrt(n));
  EXPECT_LT(std::abs(square - 1.0), 5.0 * std::sqrt(2.0 / n));
  EXPECT_LT(std::abs(neighbour), 5.0 / std::sqrt(n));
}

TEST(Qrce, IsAFunctionOfSeedAndTimeInAnyOrder) {
  const Qrce a({}, 4);
  const Qrce b({}, 4);
  const std::vector<double> times{7200.0, 3.0, 86400.0, 3.0, 0.0, 1234.5};
  std::vector<double> forward;
  for (double t : times) forward.push_back(a.offset(t));
  for (std::size_t k = times.size(); k-- > 0;) EXPECT_EQ(b.offset(times[k]), forward[k]);
  EXPECT_EQ(forward[1], forward[3]);
  EXPECT_NE(Qrce({}, 5).offset(100.0), a.offset(100.0));
}

TEST(Qrce, IsContinuous) {
  const Qrce qrce({}, 6);
  for (double knot : {30.0, 60.0, 9000.0}) {
    EXPECT_NEAR(qrce.offset(knot - 1e-6), qrce.offset(knot + 1e-6), 1e-9);
  }
  // Linear inside an interval.
  EXPECT_NEAR(qrce.offset(45.0), 0.5 * (qrce.offset(30.0) + qrce.offset(60.0)), 1e-13);
  EXPECT_TRUE(std::isfinite(qrce.offset(Qrce::horizon)));
}

TEST(Qrce, BadInputSaysWhatIsAccepted) {
  const Qrce qrce({}, 7);
  for (double t : {-1.0, 2.6e6, std::numeric_limits<double>::quiet_NaN()}) {
    try {
      const double E = qrce.offset(t);
      FAIL() << "accepted " << t << " s: " << E;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("qrce: time"), HasSubstr("30 days")));
    }
  }
  QrceParameters p;
  p.spread = Potential(-0.1);
  try {
    Qrce bad(p, 1);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("qrce.spread = -0.1 V"), HasSubstr("0 to 1 V")));
  }
}

}  // namespace
}  // namespace seccm::models
