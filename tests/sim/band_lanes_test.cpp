#include "sim/band_lanes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace seccm::sim {
namespace {

/// Solves a random, diagonally dominant band system in W lanes and returns the largest error against A x = b.
template <int half, int W>
double worst_error(int rows) {
  constexpr int stride = (2 * half + 1) * W;
  const auto at = [](int row, int lane) { return static_cast<std::size_t>(row) * W + static_cast<std::size_t>(lane); };
  const auto entry = [](int r, int c, int l) { return std::sin(1.0 + 3.7 * r + 1.3 * c + 0.11 * l); };
  std::vector<double> matrix(static_cast<std::size_t>(rows + half) * static_cast<std::size_t>(stride), 0.0);
  std::vector<double> x(at(rows + half, 0), 0.0);
  std::vector<double> exact(x.size());
  for (int r = 0; r < rows; ++r) {
    for (int l = 0; l < W; ++l) exact[at(r, l)] = std::cos(0.3 * r + l);
  }
  for (int r = 0; r < rows; ++r) {
    for (int l = 0; l < W; ++l) {
      for (int c = std::max(0, r - half); c <= std::min(rows - 1, r + half); ++c) {
        const double value = entry(r, c, l) + (r == c ? 2.0 * half + 1.5 : 0.0);
        matrix[static_cast<std::size_t>(r) * static_cast<std::size_t>(stride) + at(c - r + half, l)] = value;
        x[at(r, l)] += value * exact[at(c, l)];
      }
    }
  }
  factor_band<half, W>(matrix.data(), rows);
  solve_band<half, W>(matrix.data(), x.data(), rows);
  double worst = 0.0;
  for (std::size_t n = 0; n < at(rows, 0); ++n) worst = std::max(worst, std::abs(x[n] - exact[n]));
  return worst;
}

// Diagonally dominant by 1.5 rows sums: condition below 10, a few hundred operations, 1e-13.
TEST(BandLanes, SolvesPentadiagonalAndWiderSystemsInAnyWidth) {
  for (const int rows : {3, 4, 50}) {
    EXPECT_LT((worst_error<2, 1>(rows)), 1e-13) << rows;
    EXPECT_LT((worst_error<2, 8>(rows)), 1e-13) << rows;
    EXPECT_LT((worst_error<4, 1>(rows + 4)), 1e-13) << rows;
    EXPECT_LT((worst_error<4, 8>(rows + 4)), 1e-13) << rows;
  }
}

TEST(BandLanes, SkipsTheLeadingZerosOfARightHandSide) {
  std::vector<double> matrix{0, 0, 4, 1, 0.5, 0, 1, 4, 1, 0, 0.5, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  std::vector<double> all{0, 0, 1, 0, 0};
  std::vector<double> last = all;
  factor_band<2, 1>(matrix.data(), 3);
  solve_band<2, 1>(matrix.data(), all.data(), 3);
  solve_band<2, 1>(matrix.data(), last.data(), 3, 2);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_DOUBLE_EQ(all[k], last[k]);
  EXPECT_NEAR(all[2] * 4 + all[1] + 0.5 * all[0], 1.0, 1e-15);
}

TEST(BandLanes, AVanishingPivotIsVisible) {
  std::vector<double> matrix(25, 0.0);
  std::vector<double> x{1, 1, 1, 0, 0};
  factor_band<2, 1>(matrix.data(), 3);
  solve_band<2, 1>(matrix.data(), x.data(), 3);
  EXPECT_FALSE(std::isfinite(x[0]));
}

}  // namespace
}  // namespace seccm::sim
