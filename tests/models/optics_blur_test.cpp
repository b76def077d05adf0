#include <gtest/gtest.h>

#include <cmath>

#include "models/optics/point_spread.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double wavelength = 625e-9;
constexpr double aperture = 0.75;
constexpr double cell = 50e-9;
constexpr int size = 600;

ImageF impulse() {
  ImageF map{size, size, std::vector<float>(static_cast<std::size_t>(size) * size, 0.0F)};
  map.pixels[static_cast<std::size_t>(size) * (size / 2) + size / 2] = 1.0F;
  return map;
}

double airy(double rho) {
  const double v = 2.0 * constants::pi * aperture * rho / wavelength;
  return v == 0.0 ? 1.0 : std::pow(2.0 * std::cyl_bessel_j(1.0, v) / v, 2);
}

TEST(Blur, PointBecomesTheAiryPattern) {
  // The discrete transform sums periodic images; their rings carry about (2/π v)(1/v²) at v = 113 (half of 30 um):
  // below 1e-5 of the peak each. Single precision adds 1e-6.
  ImageF map = impulse();
  convolve(map, cell, {2.0 * aperture / wavelength, 0.0, 0.0});
  const double peak = map.at(size / 2, size / 2);
  for (int k = 0; k < 40; ++k) EXPECT_NEAR(map.at(size / 2 + k, size / 2) / peak, airy(k * cell), 1e-4) << k;
  // Energy: peak = π (NA/λ)² of the continuous Airy pattern of unit volume.
  EXPECT_NEAR(peak / (cell * cell * constants::pi * std::pow(aperture / wavelength, 2)), 1.0, 1e-3);
}

TEST(Blur, KeepsTheSumAndTheMean) {
  ImageF map = impulse();
  convolve(map, cell, {2.0 * aperture / wavelength, 160e-9, 0.3});
  double sum = 0.0;
  for (float v : map.pixels) sum += static_cast<double>(v);
  EXPECT_NEAR(sum, 1.0, 1e-4);
}

TEST(Blur, TransferHasItsTextbookValues) {
  EXPECT_DOUBLE_EQ(airy_transfer(0.0), 1.0);
  EXPECT_DOUBLE_EQ(airy_transfer(1.0), 0.0);
  EXPECT_NEAR(airy_transfer(0.5), 2.0 / constants::pi * (constants::pi / 3.0 - 0.25 * std::sqrt(3.0)), 1e-15);
}

TEST(Blur, PixelApertureTurnsWithTheCamera) {
  // A pixel 40 cells wide, blurred by hardly any objective: a square along the axes, or a diamond after 45 deg.
  const double sharp = 2.0 * 1.4 / 470e-9;
  ImageF upright = impulse();
  convolve(upright, cell, {sharp, 40 * cell, 0.0});
  ImageF turned = impulse();
  convolve(turned, cell, {sharp, 40 * cell, constants::pi / 4.0});
  // The edge response of the objective (NA 1.4: 171 nm wide) is within 0.1 of its ends at 0.13 um from an edge.
  const double inside = 1.0 / (40.0 * 40.0);
  EXPECT_NEAR(upright.at(size / 2 + 16, size / 2 + 16) / inside, 1.0, 0.1);
  EXPECT_NEAR(turned.at(size / 2 + 16, size / 2 + 16) / inside, 0.0, 0.1);
  EXPECT_NEAR(turned.at(size / 2 + 22, size / 2) / inside, 1.0, 0.1);
}

}  // namespace
}  // namespace seccm::models
