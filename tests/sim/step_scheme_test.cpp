#include "sim/step_scheme.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace seccm::sim {
namespace {

/// Lengths of the steps of `count` advances of dt behind a corner.
std::vector<double> lengths(double dt, int count, int per_doubling) {
  std::vector<double> all;
  for (int k = 0; k < count; ++k) {
    if (is_grown(k * dt, dt, per_doubling)) {
      all.push_back(dt);
      continue;
    }
    in_growing_steps(
        dt, [&](double, double length) { all.push_back(length); }, k * dt, per_doubling);
  }
  return all;
}

TEST(GrowingSteps, EndAtDtAndStandAtTheirShares) {
  for (const int per_doubling : {1, 2, 3, 8, 64}) {
    for (const double since : {0.0, 2.0, 6.0}) {
      double sum = 0.0, last = 0.0;
      in_growing_steps(
          2.0,
          [&](double done, double length) {
            sum += length;
            EXPECT_DOUBLE_EQ(2.0 * done, sum);
            last = done;
          },
          since, per_doubling);
      EXPECT_EQ(last, 1.0);
    }
  }
}

TEST(GrowingSteps, BeginAtTwoToTheMinusFourteenAndAtMostDouble) {
  for (const int per_doubling : {1, 2, 3, 8, 64}) {
    const std::vector<double> all = lengths(1.0, 2 * per_doubling + 2, per_doubling);
    EXPECT_LE(all.front(), 1.0 / (16384.0 * per_doubling));
    for (std::size_t k = 1; k < all.size(); ++k) {
      EXPECT_GE(all[k], all[k - 1]);
      EXPECT_LE(all[k], 2.0 * all[k - 1]);
    }
    EXPECT_EQ(all.back(), 1.0);
  }
}

TEST(GrowingSteps, AreAtMostTheTimeSinceTheCornerOverTheirNumberPerDoubling) {
  for (const int per_doubling : {1, 2, 3, 8, 64}) {
    double at = 0.0;
    for (const double length : lengths(0.5, 3 * per_doubling, per_doubling)) {
      EXPECT_LE(length, std::max(at / per_doubling, 0.5 / (16384.0 * per_doubling)) * (1.0 + 1e-8)) << at;
      at += length;
    }
  }
}

// Two runs whose steps differ by half nowhere would share their error there, and its estimate would be zero.
TEST(GrowingSteps, OfHalfTheRowAndTwicePerDoublingAreHalfAsLongEverywhere) {
  const std::vector<double> coarse = lengths(1.0, 4, 1), fine = lengths(0.5, 8, 2);
  ASSERT_GE(fine.size(), 2 * coarse.size());
  double end = 0.0, fine_end = 0.0;
  std::size_t j = 0;
  for (const double length : coarse) {
    end += length;
    for (; j < fine.size() && fine_end < end - 1e-12; ++j) {
      fine_end += fine[j];
      EXPECT_LE(fine[j], 0.5 * length * (1.0 + 1e-12)) << "at " << fine_end;
    }
  }
}

}  // namespace
}  // namespace seccm::sim
