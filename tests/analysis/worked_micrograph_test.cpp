#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "pipeline/analysis/micrograph.hpp"
#include "sim/random.hpp"

namespace seccm::analysis {
namespace {

/// A film of one thickness, of 0.4 of the grey range, on gold; seen by the pipette's circle.
constexpr double edge = 55;  // px
MicrographFeatures film(double noise, std::uint64_t seed, double pipette = 1.8e-6,
                        const MicroscopeKnowledge& known = {}) {
  constexpr int size = 200;
  constexpr double gold = 90, range = 160;  // grey
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
  return read_micrograph(m, pipette, known);
}

double volume_of_film(double noise, std::uint64_t seed) {
  const MicrographFeatures f = film(noise, seed);
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

// The mask ends where the smoothed step has come down to 3 % of the range: 3/40 of the film, 1.44 standard deviations
// or 1.5 px outside of its edge, 5.5 % of the area. What is left: a quarter of a pixel of the lattice, 2/55 of that.
TEST(WorkedMicrograph, TheAreaOfASharpFilmEndsAtItsEdge) {
  const double area = std::numbers::pi * edge * edge * 100e-18;
  EXPECT_NEAR(film(0.0, 1).cluster_area.value / area, 1, 0.012);
}

// A grey of 0.4 less 0.75 x 0.02 of edge brightness: 0.015/0.615 of a thickness of 0.486 is taken off, known to half of
// itself by a uniform law: 0.5/√3 x 0.0502. The 1.5 px of gold in the mask, 5.5 % of its pixels, add 3 % to it.
TEST(WorkedMicrograph, TheEdgeBrightnessTakenOffIsKnownToHalfOfItself) {
  const double with = film(0.0, 1, 1.8e-6, {.edge_gain = 0.02}).volume.log_error,
               without = film(0.0, 1).volume.log_error;
  const double expected = 0.5 / std::sqrt(3.0) * 0.015 / 0.615 / -std::log(0.615);
  EXPECT_NEAR(std::sqrt(with * with - without * without) / expected, 1.03, 0.01);
}

// A circle of 44 px within the film: a pixel of its radius is 2/44 of area and volume.
TEST(WorkedMicrograph, WhereTheCircleCutsAClusterItsRadiusCountsByAPixel) {
  const MicrographFeatures f = film(0.0, 1, 0.8e-6);
  EXPECT_NEAR(f.cluster_area.log_error / (2.0 / 44), 1, 0.03);
  EXPECT_NEAR(f.volume.log_error / (2.0 / 44), 1, 0.03);
}

}  // namespace
}  // namespace seccm::analysis
