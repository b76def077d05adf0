// The tests' own voltammograms against the exact tables: they must be right before anything is judged by them.
#include "tests/analysis/planar_wave.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::analysis::test {
namespace {

constexpr double planar_f = constants::faraday / (constants::gas * 298.15);

double scale(const PlanarHost& h, double v) {
  return constants::faraday * h.area * h.concentration * std::sqrt(h.D * planar_f * v);
}

double largest_error(double step, const char* name, bool reversible) {
  PlanarHost host;
  const double v = 0.1;
  // Λ = 1e-6 puts the irreversible wave at ξ ~ 28, where the back reaction is below 1e-6 of the wave
  if (!reversible) host.k0 = 1e-6 * std::sqrt(host.D * planar_f * v);
  const Trace t = planar_cycle(host, v, host.E0 + 12.5 / planar_f + (reversible ? 0.0 : 0.2), 1.0, step);
  const double alpha_scale = reversible ? scale(host, v) : scale(host, v) * std::sqrt(host.alpha);
  double worst = 0;
  for (const auto& r : read_table(name)) {
    const double xi = reversible ? r[0] : (r[0] - std::log(1e-6 / std::sqrt(host.alpha))) / host.alpha;
    const double p = reversible ? r[2] : r[1];
    const double E = host.E0 - xi / planar_f;
    if (E < 1.05 || xi < -10) continue;
    for (std::size_t k = 1; k < t.turn; ++k) {
      if (t.E[k] > E) continue;
      const double x = (E - t.E[k]) / (t.E[k - 1] - t.E[k]);
      worst = std::max(worst, std::abs(-(x * t.i[k - 1] + (1 - x) * t.i[k]) / alpha_scale - p));
      break;
    }
  }
  return worst;
}

// Interpolating between samples costs h² p''/8 <= h²/8 x 0.15; product integration adds a like term.
TEST(PlanarWave, AgreesWithTheReversibleTable) {
  EXPECT_LT(largest_error(0.04, "a_reversible_planar.csv", true), 1e-4);
}
TEST(PlanarWave, AgreesWithTheIrreversibleTable) {
  EXPECT_LT(largest_error(0.04, "b_irreversible_planar.csv", false), 1e-4);
}
TEST(PlanarWave, ConvergesAtSecondOrder) {
  const double ratio =
      largest_error(0.16, "a_reversible_planar.csv", true) / largest_error(0.08, "a_reversible_planar.csv", true);
  EXPECT_GT(ratio, 3.0);
  EXPECT_LT(ratio, 5.5);
}

}  // namespace
}  // namespace seccm::analysis::test
