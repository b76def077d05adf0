#include "sim/bracketed_root.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace seccm::sim {
namespace {

TEST(BracketedRoot, FindsRootsInsideAndFarOutsideItsBracket) {
  EXPECT_NEAR(bracketed_root([](double x) { return 0.25 - x; }, 0.0, 1.0, 1e-14), 0.25, 1e-14);
  EXPECT_NEAR(bracketed_root([](double x) { return 1000.0 - x; }, 0.0, 1.0, 1e-14), 1000.0, 1e-10);
  EXPECT_NEAR(bracketed_root([](double x) { return -3.7 - x; }, 0.0, 1.0, 1e-14), -3.7, 1e-12);
}

TEST(BracketedRoot, SurvivesExponentialsAndKinks) {
  EXPECT_NEAR(bracketed_root([](double x) { return 1.0 - std::exp(40.0 * x); }, -5.0, 5.0, 1e-14), 0.0, 1e-13);
  const auto kink = [](double x) { return x < 0.3 ? 1e-6 * (0.3 - x) : 1e9 * (0.3 - x); };
  EXPECT_NEAR(bracketed_root(kink, 0.0, 1.0, 1e-14), 0.3, 1e-13);
}

TEST(BracketedRoot, ClosesAroundAJump) {
  const auto jump = [](double x) { return x < 0.7 ? 1.0 : -1.0; };
  EXPECT_NEAR(bracketed_root(jump, 0.0, 1.0, 1e-12), 0.7, 1e-11);
}

}  // namespace
}  // namespace seccm::sim
