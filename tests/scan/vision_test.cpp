#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "fake_rig.hpp"
#include "pipeline/scan/blurred_disc.hpp"
#include "pipeline/scan/contrast_image.hpp"
#include "pipeline/scan/footprints.hpp"
#include "pipeline/scan/particle_detection.hpp"
#include "pipeline/scan/registration.hpp"
#include "sim/error.hpp"

namespace seccm::scan {
namespace {

using test::FakeConfig;
using test::FakeDisc;

constexpr double dark = 100.0, light = 30000.0;

std::vector<std::uint16_t> expose(const FakeConfig& config, const std::vector<FakeDisc>& discs, double noise,
                                  std::uint64_t seed) {
  RandomStream random(seed, "vision test");
  std::vector<std::uint16_t> out;
  for (float value : test::render(config, discs))
    out.push_back(static_cast<std::uint16_t>(
        std::nearbyint(dark + light * static_cast<double>(value) * (1.0 + noise * random.normal()))));
  return out;
}

ContrastImage look(const FakeConfig& config, const std::vector<FakeDisc>& discs, double noise, std::uint64_t seed) {
  return contrast_image(config.pixels, config.pixels, expose(config, discs, noise, seed), dark);
}

PixelPoint where(const FakeConfig& config, const FakeDisc& disc) {
  files::Registration r;
  r.affine = config.pixel_to_stage;
  return to_pixel(r, {disc.x, disc.y});
}

TEST(ContrastImage, BackgroundIsZeroWithTheNoiseOfTheCamera) {
  FakeConfig config;
  const ContrastImage image = look(config, test::scattered_discs(8, 8, 3), 0.004, 1);
  // The median |c| of 2.6e5 pixels is known to 0.2 %. Objects cover 6 % of the area and push it to the 53rd percentile:
  // +7 %; noise scales with (1 + c) only on them.
  EXPECT_NEAR(image.noise, 0.004, 0.10 * 0.004);
}

// An object of -30 % over four whole blocks of 64 px, a lamp that falls off evenly to one corner: the medians of the
// other blocks are the lamp in their middles, to half a step of 0.1/512 from row to row. Over the least light, 0.85,
// that is 1.15e-4; a count is 4e-5 of it, half of which a pixel is off and a median too.
TEST(ContrastImage, AnObjectThatFillsItsBlocksBendsNoBackground) {
  constexpr int n = 512;
  const auto filled = [](int x, int y) { return x >= 192 && x < 320 && y >= 128 && y < 256; };
  std::vector<std::uint16_t> pixels;
  for (int y = 0; y < n; ++y) {
    for (int x = 0; x < n; ++x) {
      const double lamp = 1.0 + 0.1 * (2.0 * x / n - 1.0) - 0.05 * (2.0 * y / n - 1.0);
      pixels.push_back(static_cast<std::uint16_t>(std::nearbyint(dark + light * lamp * (filled(x, y) ? 0.7 : 1.0))));
    }
  }
  const ContrastImage image = contrast_image(n, n, pixels, dark);
  double worst = 0.0;
  for (int y = 0; y < n; ++y)
    for (int x = 0; x < n; ++x)
      worst = std::max(worst, std::abs(static_cast<double>(image.at(x, y)) - (filled(x, y) ? -0.3 : 0.0)));
  EXPECT_LT(worst, 1.6e-4);
}

TEST(ContrastImage, RefusesDarkAndEmptyImages) {
  const std::vector<std::uint16_t> black(64 * 64, 100);
  EXPECT_THROW(contrast_image(64, 64, black, 100.0), InputError);
  EXPECT_THROW(contrast_image(64, 63, black, 0.0), InputError);
  EXPECT_THROW(contrast_image(0, 0, {}, 0.0), InputError);
}

TEST(ImageShift, IsFoundToAFewHundredthsOfAPixel) {
  FakeConfig config;
  const auto discs = test::scattered_discs(8, 8, 3);
  for (const auto& [dx, dy] : {std::pair{0.0, 0.0}, {0.37, -0.21}, {-2.6, 1.4}, {7.25, 5.5}}) {
    FakeConfig moved = config;
    // An object at pixel p appears at p + d.
    moved.pixel_to_stage[0] -= moved.pixel_to_stage[1] * dx;
    moved.pixel_to_stage[3] -= moved.pixel_to_stage[5] * dy;
    const ImageShift shift = image_shift(look(config, discs, 0.003, 1), look(moved, discs, 0.003, 2));
    // Least squares on N edge pixels: noise √2 n/(gradient √N) = 0.004/(0.1 √2000) ~ 1e-3 px. The bias of central
    // differences and cubic interpolation vanishes at the solution; rendering samples a quarter of a pixel (0.07 rms
    // per edge pixel, independent): 0.02 px covers it.
    EXPECT_NEAR(shift.dx, dx, 0.02);
    EXPECT_NEAR(shift.dy, dy, 0.02);
  }
}

TEST(BlurredDisc, OutlineAndRadiusAreInverse) {
  for (double radius : {0.6, 1.0, 2.0, 5.0, 20.0})
    for (double level : {0.3, 0.5, 0.7})
      EXPECT_NEAR(disc_radius(outline_radius(radius, 1.0, level), 1.0, level), radius, 1e-6 * radius);
}

TEST(BlurredDisc, HasTheKnownLimits) {
  // A point: s √(2 ln 1/λ). A straight edge at half height: R - s²/(2R).
  EXPECT_NEAR(outline_radius(0.01, 1.0, 0.5), std::sqrt(2.0 * std::log(2.0)), 1e-4);
  EXPECT_NEAR(outline_radius(50.0, 1.0, 0.5), 50.0 - 1.0 / 100.0, 1e-4);
  EXPECT_DOUBLE_EQ(disc_radius(0.1, 1.0, 0.5), 0.5);
}

TEST(ParticleDetection, FindsPlantedDiscsAndNothingElse) {
  FakeConfig config;
  const auto discs = test::scattered_discs(8, 8, 3);
  DetectionSettings settings{
      .blur = config.blur, .threshold = 5.0, .minimum_contrast = 0.015, .area_level = 0.5, .minimum_diameter = 1.0};
  // Weakest contrast 0.15 at a noise of 0.01: 15 per pixel, more in the matched filter. At 5 standard deviations of the
  // blurred noise false positives are expected at 512²/(4π) independent cells × 6e-7 = 0.01 per image.
  int found = 0, false_positives = 0;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const Detection detection = detect_particles(look(config, discs, 0.01, seed), settings);
    std::vector<char> used(discs.size(), 0);
    for (const DetectedObject& object : detection.objects) {
      bool matched = false;
      for (std::size_t k = 0; k < discs.size(); ++k) {
        const PixelPoint p = where(config, discs[k]);
        const double r = discs[k].radius / 0.2e-6;
        if (std::hypot(object.x - p.x, object.y - p.y) > 0.5) continue;
        matched = true;
        used[k] = 1;
        EXPECT_GT(object.contrast * discs[k].contrast, 0.0);
        // Area: the outline is known to a boundary noise far below a pixel; the model is exact for discs. Pixels that
        // are counted whole: scatter of 0.5 √(perimeter) px², five of them, plus 2 % for the edge of the noise.
        const double truth = std::numbers::pi * r * r;
        EXPECT_NEAR(object.area, truth, 5.0 * 0.5 * std::sqrt(2 * std::numbers::pi * r) + 0.02 * truth);
      }
      false_positives += matched ? 0 : 1;
    }
    for (char u : used) found += u;
  }
  EXPECT_EQ(found, 4 * 64);
  EXPECT_EQ(false_positives, 0);
}

// Discs of 3 px radius seen with a blur of 2 px: the filter makes it 2.83 px, and their outlines have radii of 4 px. An
// outline of whole pixels is known to 0.5 √(2π 4) = 2.5 px², the mean of 64 to 0.31; area follows outline area by a
// factor of 1.5 there: 1.7 % of 28 px², five of them. With the blur of the image alone they come out by a third too
// large.
TEST(ParticleDetection, SmallObjectsAreMeasuredWithTheBlurOfImageAndFilter) {
  FakeConfig config;
  config.blur = 2.0;
  std::vector<FakeDisc> discs;
  for (int k = 0; k < 64; ++k) {
    // Every eighth of a pixel along both axes.
    const int column = k % 8, row = k / 8;
    const double x = 13.0 + 10.0 * column + 0.025 * row, y = 13.0 + 10.0 * row + 0.025 * column;
    discs.push_back({x * 1e-6, y * 1e-6, 3.0 * 0.2e-6, -0.3});
  }
  const Detection detection = detect_particles(
      look(config, discs, 0.0, 1), {.blur = 2.0, .threshold = 5.0, .minimum_contrast = 0.02, .area_level = 0.5});
  ASSERT_EQ(detection.objects.size(), 64U);
  double mean = 0.0;
  for (const DetectedObject& object : detection.objects) mean += object.area / 64;
  EXPECT_NEAR(mean / (std::numbers::pi * 9.0), 1.0, 5 * 0.017);
}

// An object that any edge of the image cuts is none to measure: nobody knows how large it is.
TEST(ParticleDetection, AnObjectAtAnyEdgeIsSaid) {
  FakeConfig config;
  const double middle = 51.2e-6, edge = 102.4e-6;
  const std::vector<FakeDisc> discs = {{middle, middle, 2e-6, -0.3},
                                       {middle, 0.5e-6, 2e-6, -0.3},
                                       {middle, edge - 0.5e-6, 2e-6, -0.3},
                                       {0.5e-6, middle, 2e-6, -0.3},
                                       {edge - 0.5e-6, middle, 2e-6, -0.3}};
  const Detection detection =
      detect_particles(look(config, discs, 0.005, 1), {.blur = 1.0, .threshold = 5.0, .area_level = 0.5});
  ASSERT_EQ(detection.objects.size(), 5U);
  for (const DetectedObject& object : detection.objects)
    EXPECT_EQ(object.at_border, std::hypot(object.x - 256, object.y - 256) > 50) << object.x << " " << object.y;
}

TEST(ParticleDetection, AnEmptyFieldHasNoParticles) {
  FakeConfig config;
  DetectionSettings settings{.blur = 1.0, .threshold = 6.0};
  for (std::uint64_t seed = 0; seed < 4; ++seed)
    // 21 000 independent cells beyond 6 standard deviations: 4e-5 expected.
    EXPECT_TRUE(detect_particles(look(config, {}, 0.01, seed), settings).objects.empty()) << seed;
}

TEST(ParticleDetection, AnObjectWithAHoleInItsContrastIsOne) {
  FakeConfig config;
  const std::vector<FakeDisc> ring = {{50e-6, 50e-6, 2e-6, -0.4}, {50e-6, 50e-6, 1e-6, 0.6}};
  const Detection detection =
      detect_particles(look(config, ring, 0.005, 1), {.blur = 1.0, .threshold = 5.0, .area_level = 0.5});
  ASSERT_EQ(detection.objects.size(), 1U);
  // No uniform disc: the ring of 5 px, blurred by 1.41 px, peaks at 0.33 instead of 0.4, so its outline lies 0.31 px
  // outside the edge: +6 % of the area (µm²), and 2 % for counting whole pixels.
  EXPECT_NEAR(detection.objects[0].area * 0.04, 1.06 * std::numbers::pi * 4.0, 0.02 * std::numbers::pi * 4.0);
}

TEST(Footprints, AreFoundToTheirCentroidError) {
  FakeConfig config;
  const auto discs = test::scattered_discs(8, 8, 3);
  std::vector<FakeDisc> prints;
  RandomStream random(9, "footprints");
  for (int k = 0; k < 25; ++k) {
    const int column = k % 5, row = k / 5;
    prints.push_back({(15.3 + 17.0 * column + random.uniform()) * 1e-6, (15.1 + 17.0 * row + random.uniform()) * 1e-6,
                      0.55e-6, -0.05});
  }
  std::vector<FakeDisc> all = discs;
  all.insert(all.end(), prints.begin(), prints.end());
  constexpr double noise = 0.0015;  // 16 frames of 0.6 %
  const ContrastImage before = look(config, discs, noise, 1), after = look(config, all, noise, 2);
  const ContrastImage appeared = difference(before, after, 0.0, 0.0);
  const Detection objects = detect_particles(before, {.blur = 1.0, .threshold = 5.0, .minimum_contrast = 0.015});
  const FootprintSettings settings{.diameter = 5.5, .blur = 1.0, .threshold = 5.0};
  const auto found = find_footprints(appeared, objects.mask, settings);
  // σ_x = n (W²/2) √π/(A |c|), header of footprints.hpp, with n of the difference; four standard deviations per axis.
  const double window = footprint_window(settings), area = std::numbers::pi * 2.75 * 2.75;
  const double sigma = std::sqrt(2.0) * noise * 0.5 * window * window * std::sqrt(std::numbers::pi) / (area * 0.05);
  int matched = 0, covered = 0;
  for (const FakeDisc& print : prints) {
    const PixelPoint p = where(config, print);
    const auto pixel = static_cast<std::size_t>(std::lround(p.y)) * 512 + static_cast<std::size_t>(std::lround(p.x));
    bool near_object = objects.mask[pixel] != 0;
    for (const FakeDisc& d : discs)
      near_object = near_object || std::hypot(d.x - print.x, d.y - print.y) < d.radius + 0.55e-6 + 1.2e-6;
    if (near_object) {
      ++covered;
      continue;
    }
    for (const FootprintCandidate& c : found)
      if (std::hypot(c.x - p.x, c.y - p.y) < 4.0 * std::sqrt(2.0) * sigma) {
        ++matched;
        EXPECT_EQ(c.sign, -1);
      }
  }
  EXPECT_EQ(matched + covered, 25);
  EXPECT_LT(covered, 12);
  EXPECT_LE(found.size(), 27U);
  // What lies on an excluded pixel is none.
  EXPECT_TRUE(find_footprints(appeared, std::vector<char>(objects.mask.size(), 1), settings).empty());
}

TEST(Footprints, NoneInTwoImagesOfTheSame) {
  FakeConfig config;
  const auto discs = test::scattered_discs(8, 8, 3);
  const ContrastImage appeared = difference(look(config, discs, 0.002, 1), look(config, discs, 0.002, 2), 0.0, 0.0);
  // About 1700 independent cells of the filter beyond 5 standard deviations: 1e-3 expected.
  EXPECT_TRUE(find_footprints(appeared, {}, {.diameter = 5.5, .blur = 1.0, .threshold = 5.0}).empty());
}

}  // namespace
}  // namespace seccm::scan
