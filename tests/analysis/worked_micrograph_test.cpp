#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pipeline/analysis/micrograph.hpp"
#include "sim/random.hpp"

namespace seccm::analysis {
namespace {

/// A film of one thickness, of 0.4 of the grey range, on gold; seen by the pipette's circle.
double volume_of_film(double noise, std::uint64_t seed) {
  constexpr int size = 200;
  constexpr double gold = 90, range = 160, edge = 55;  // grey, grey, px
  files::MicrographRecord m;
  m.pixel_size = 10e-9;
  m.width = m.height = size;
  m.grey_gold = gold;
  m.grey_thick = gold + range;
  m.thickness_scale = 400e-9;
  RandomStream random(seed, "thin film");
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const double g = std::hypot(x - 99.5, y - 99.5) < edge ? 0.4 : 0.0;
      const double grey = gold + range * g + noise * random.normal();
      m.everhart_thornley.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(grey, 0.0, 255.0))));
      m.in_lens.push_back(120);
    }
  }
  const MicrographFeatures f = read_micrograph(m, 1.8e-6, {});
  EXPECT_TRUE(f.volume.known) << f.volume.reason;
  return f.volume.value;
}

// Noise of σ = 0.125 of the range: the logarithm of a noisy grey is too large by σ²/2(1-g)² = 0.0217 of a thickness of
// 0.511 (4.2 %), which is taken off. What is left: the fourth order, 3σ⁴/4(1-g)⁴ = 0.28 %; noise of a picture of 7700
// pixels, σ/(1-g)/0.511/√7700 = 0.5 %, 0.19 % of the mean of six; half a pixel of outline that the threshold moves with
// the noise (3 % to 4 x 0.28 σ = 14 % of the range, of 40 %): 0.4 px of 50, 2 x 0.8 % of pixels that hold next to
// nothing. Bound: 0.3 + 4 x 0.19 + 0.3 (a fifth of those pixels counts) = 1.4 %.
TEST(MicrographNoise, DoesNotAddToTheVolume) {
  const double clean = volume_of_film(0.0, 1);
  double noisy = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) noisy += volume_of_film(20.0, seed) / 6;
  EXPECT_NEAR(noisy / clean, 1, 0.014);
}

}  // namespace
}  // namespace seccm::analysis
