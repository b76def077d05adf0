#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/optics/height_map.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

constexpr StageBox box{-5e-6, -5e-6, 5e-6, 5e-6};
constexpr double map_cell = 80e-9;

double volume(const HeightMap& map) {
  double sum = 0.0;
  for (std::size_t i = 0; i < map.height.size(); ++i) {
    sum += static_cast<double>(map.height[i]) * static_cast<double>(map.packing[i]) * map.cell * map.cell;
  }
  return sum;
}

TEST(HeightMap, KeepsTheVolumeOfTheParticles) {
  RandomStream random(3, "height map test");
  std::vector<SceneParticle> particles;
  double truth = 0.0;
  for (int i = 0; i < 500; ++i) {
    const double r = random.lognormal(25e-9, 0.3);
    particles.push_back({8e-6 * (random.uniform() - 0.5), 8e-6 * (random.uniform() - 0.5), r, r});
    truth += 4.0 / 3.0 * constants::pi * r * r * r;
  }
  // Single precision sums: a few 1e-7 per map_cell.
  EXPECT_NEAR(volume(rasterise(particles, box, map_cell)) / truth, 1.0, 1e-5);
}

TEST(HeightMap, LargeSphereHasItsShapeCellByCell) {
  // Between the top and 0.8 R the surface of a sphere on the gold lies within one map_cell's slope of R + √(R²-ρ²); the
  // map takes the highest point of a map_cell, which is at most half a diagonal nearer to the axis.
  const double radius = 1e-6;
  const std::vector<SceneParticle> one = {{0.0, 0.0, radius, radius}};
  const HeightMap map = rasterise(one, box, map_cell);
  for (int row = 0; row < map.rows; ++row) {
    for (int column = 0; column < map.columns; ++column) {
      const double rho = std::hypot(map.x(column), map.y(row));
      if (rho > 0.8 * radius) continue;
      const auto h = static_cast<double>(map.height[map.index(column, row)]);
      const double reach = map_cell / std::sqrt(2.0);
      const double nearest = std::max(rho - reach, 0.0);
      EXPECT_LE(h, 1.0001 * (radius + std::sqrt(radius * radius - nearest * nearest)));
      EXPECT_GE(h, radius + std::sqrt(radius * radius - (rho + reach) * (rho + reach)));
    }
  }
  // Where the sphere fills its column the scatter of the sub-columns (a few per cent of 16 per map_cell) is cut at φ
  // = 1.
  EXPECT_NEAR(volume(map) / (4.0 / 3.0 * constants::pi * std::pow(radius, 3)), 1.0, 0.01);
}

TEST(HeightMap, SingleSmallSphereIsAsHighAsItsDiameter) {
  const std::vector<SceneParticle> one = {{0.01e-6, 0.01e-6, 25e-9, 25e-9}};
  const HeightMap map = rasterise(one, box, map_cell);
  double top = 0.0;
  for (float h : map.height) top = std::max(top, static_cast<double>(h));
  EXPECT_NEAR(top, 50e-9, 1e-14);
}

TEST(HeightMap, ParticlesOutsideAreIgnoredAndBadOnesRefused) {
  const std::vector<SceneParticle> far = {{1.0, 0.0, 25e-9, 25e-9}};
  EXPECT_EQ(volume(rasterise(far, box, map_cell)), 0.0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const SceneParticle& bad : {SceneParticle{nan, 0, 0, 1e-8}, SceneParticle{0, 0, 0, 0.0},
                                   SceneParticle{0, 0, 0, -1e-8}, SceneParticle{0, 0, 0, 1.0}}) {
    EXPECT_THROW(rasterise(std::vector{bad}, box, map_cell), InputError);
  }
  EXPECT_THROW(rasterise({}, {0, 0, 1.0, 1.0}, 1e-9), InputError) << "1e18 cells";
}

}  // namespace
}  // namespace seccm::models
