#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "pipeline/analysis/regression.hpp"

namespace seccm::analysis {
namespace {

// Means 1 of three and 2.2 of two values with σ = 0.05; residuals ±0.1 and ±0.2: χ² = 0.1/0.0025 = 40 of 3 degrees.
TEST(WorkedRegression, TwoColumnsHaveTheirOwnErrorsWidenedByTheScatter) {
  const std::vector<double> x1{1, 0, 1, 0, 1}, x2{0, 1, 0, 1, 0}, y{1.1, 2.0, 0.9, 2.4, 1.0}, sigma(5, 0.05);
  const auto fit = fit_two(x1, x2, y, sigma);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->a, 1.0, 1e-12);
  EXPECT_NEAR(fit->b, 2.2, 1e-12);
  const double factor = std::sqrt(40.0 / 3);
  EXPECT_NEAR(fit->a_error, factor * 0.05 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(fit->b_error, factor * 0.05 / std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(fit->covariance, 0.0, 1e-15);
}

// Normal matrix ((2, 1), (1, 1))/σ²: its inverse is σ² ((1, -1), (-1, 2)).
TEST(WorkedRegression, ColumnsThatShareARowAreAnticorrelated) {
  const auto fit = fit_two(std::vector<double>{1, 1}, std::vector<double>{0, 1}, std::vector<double>{3, 5},
                           std::vector<double>{0.1, 0.1});
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->a, 3.0, 1e-12);
  EXPECT_NEAR(fit->b, 2.0, 1e-12);
  EXPECT_NEAR(fit->a_error, 0.1, 1e-12);
  EXPECT_NEAR(fit->b_error, 0.1 * std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(fit->covariance, -0.01, 1e-12);
}

// y = 2x ± 0.3 at x = 1, 1, 2, 2, σ = 0.1: χ² = 36 of 3 degrees; Σx² = 10. Errors that are stated too large stay.
TEST(WorkedRegression, ALineThroughTheOriginIsWidenedByItsScatterAndNeverNarrowed) {
  const std::vector<double> x{1, 1, 2, 2}, y{2.3, 1.7, 4.3, 3.7};
  const auto wide = fit_through_origin(x, y, std::vector<double>(4, 0.1));
  ASSERT_TRUE(wide);
  EXPECT_NEAR(wide->slope, 2.0, 1e-12);
  EXPECT_NEAR(wide->slope_error, std::sqrt(36.0 / 3) * 0.1 / std::sqrt(10.0), 1e-12);
  EXPECT_EQ(wide->degrees_of_freedom, 3);
  EXPECT_NEAR(fit_through_origin(x, y, std::vector<double>(4, 1.0))->slope_error, 1.0 / std::sqrt(10.0), 1e-12);
}

}  // namespace
}  // namespace seccm::analysis
