#include "pipeline/analysis/micrograph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/random.hpp"

namespace seccm::analysis {
namespace {

constexpr double pixel = 10e-9, grey_of_gold = 60, thick = 220, scale = 400e-9;

struct Scene {
  int size = 400;
  double cap_height = 300e-9, cap_radius = 0.6e-6;  // paraboloid in the middle, m
  double footprint = 1.5e-6, footprint_x = 0.3e-6;  // diameter and displacement, m
  double noise = 2.0;                               // grey
};

files::MicrographRecord draw(const Scene& s) {
  files::MicrographRecord m;
  m.pixel_size = pixel;
  m.width = m.height = s.size;
  m.grey_gold = grey_of_gold;
  m.grey_thick = thick;
  m.thickness_scale = scale;
  RandomStream random(2, "micrograph test");
  const double middle = 0.5 * (s.size - 1);
  for (int y = 0; y < s.size; ++y) {
    for (int x = 0; x < s.size; ++x) {
      const double dx = (x - middle) * pixel, dy = (y - middle) * pixel;
      const double h = s.cap_height * std::max(0.0, 1 - (dx * dx + dy * dy) / (s.cap_radius * s.cap_radius));
      const double g = grey_of_gold + (thick - grey_of_gold) * -std::expm1(-h / scale);
      const bool wet = std::hypot(dx - s.footprint_x, dy) < 0.5 * s.footprint;
      const double lens = h > 0 ? 165 : wet ? 60 : 120;
      m.everhart_thornley.push_back(
          static_cast<std::uint8_t>(std::lround(std::clamp(g + s.noise * random.normal(), 0.0, 255.0))));
      m.in_lens.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(lens + 4 * random.normal(), 0.0, 255.0))));
    }
  }
  return m;
}

// Paraboloid of height H and radius a: V = π a² H/2. Its rim below the threshold (3 % of the grey range: 12 nm of 300)
// is lost: (12/300)² = 0.2 % of V and 4 % of the area; the noise of 1.1e4 pixels is 0.2 %. The grey inside the rim
// stays below twice the threshold for 4 px: the outline is moved by less than a fifth of a pixel, 0.6 % of the area.
TEST(Micrograph, ReturnsAreaAndVolumeOfAParaboloid) {
  const Scene s{.footprint = 2.2e-6, .footprint_x = 0.2e-6};  // the whole cluster is inside
  const MicrographFeatures f = read_micrograph(draw(s), 2e-6, {});
  ASSERT_TRUE(f.volume.known) << f.volume.reason;
  const double area = std::numbers::pi * s.cap_radius * s.cap_radius;
  EXPECT_NEAR(f.volume.value / (area * s.cap_height / 2), 1, 0.01);
  EXPECT_NEAR(f.cluster_area.value / area, 0.96, 0.02);
  EXPECT_EQ(f.volume.reason, "");
  EXPECT_EQ(f.cluster_area.leaves_out, "");
}

TEST(Micrograph, FindsTheFootprint) {
  const Scene s;
  const MicrographFeatures f = read_micrograph(draw(s), 1.4e-6, {});
  ASSERT_TRUE(f.footprint_area.known) << f.footprint_area.reason;
  EXPECT_NEAR(f.footprint_area.value, std::numbers::pi / 4 * s.footprint * s.footprint,
              3 * standard_error(f.footprint_area));
  // steps of a ninth of 1.5 um, to a third of it three times: 0.617 px of 75, as a uniform law, twice for the area
  EXPECT_NEAR(f.footprint_area.log_error / (2 * 150.0 / 9 / 27 / std::sqrt(12.0) / 75), 1, 0.02);
}

// Footprint off to one side: only the part of the cluster inside it counts. Quadrature over the same picture.
TEST(Micrograph, CountsOnlyWhatTheElectrolyteReached) {
  const Scene s{.footprint = 1.2e-6, .footprint_x = 0.5e-6};
  double inside = 0;
  for (int y = -80; y <= 80; ++y) {
    for (int x = -80; x <= 80; ++x) {
      const double dx = x * pixel, dy = y * pixel, r2 = dx * dx + dy * dy;
      if (std::hypot(dx - s.footprint_x, dy) < 0.5 * s.footprint) {
        inside += std::max(0.0, s.cap_height * (1 - r2 / (s.cap_radius * s.cap_radius))) * pixel * pixel;
      }
    }
  }
  const MicrographFeatures f = read_micrograph(draw(s), 1.1e-6, {});
  ASSERT_TRUE(f.volume.known);
  // the circle is known to 2 % of its radius: 2 x 2 % in the part that its edge cuts; 10 % bounds centre and radius
  EXPECT_NEAR(f.volume.value / inside, 1, 0.10);
  EXPECT_LT(f.volume.value, 0.8 * std::numbers::pi * s.cap_radius * s.cap_radius * s.cap_height / 2);
  EXPECT_EQ(f.cluster_area.leaves_out, "what of the cluster lies beyond the footprint");
}

TEST(Micrograph, SaysWhenTheResidueIsNotSeen) {
  files::MicrographRecord m = draw({});
  m.in_lens.assign(m.in_lens.size(), 120);
  const MicrographFeatures f = read_micrograph(m, 1.4e-6, {});
  EXPECT_FALSE(f.footprint_area.known);
  EXPECT_TRUE(f.volume.known);
  EXPECT_NE(f.volume.reason.find("footprint not seen"), std::string::npos);
  // Of a cluster of 1.2 um the expected circle of 1.54 um holds all in the middle, and 1.5 um away nothing (the
  // distance of the centres exceeds both radii together): zero is not excluded, and there is no more to gain.
  EXPECT_NEAR(f.volume.below, f.volume.value, 1e-9 * f.volume.value);
  EXPECT_NEAR(f.volume.above, 0.0, 1e-3 * f.volume.value);
  EXPECT_EQ(interval_of(f.volume, files::IntervalScale::logarithmic).verdict, files::Verdict::one_sided);
}

TEST(Micrograph, SaysWhenGreySaturates) {
  const Scene s{.cap_height = 3e-6, .footprint = 2.2e-6};
  const MicrographFeatures f = read_micrograph(draw(s), 2e-6, {});
  EXPECT_GT(f.saturated_share, 0.3);
  EXPECT_NE(f.volume.reason.find("lower bound"), std::string::npos);
}

TEST(Micrograph, OfBareGoldHasNoParticle) {
  const MicrographFeatures f = read_micrograph(draw({.cap_height = 0}), 1.4e-6, {});
  EXPECT_FALSE(f.volume.known);
  EXPECT_EQ(f.volume.reason, "no particle inside the footprint");
}

TEST(Micrograph, SurvivesForeignPictures) {
  files::MicrographRecord m = draw({});
  m.in_lens.pop_back();
  EXPECT_EQ(read_micrograph(m, 1e-6, {}).volume.reason, "micrograph with missing pixels");
  m = draw({});
  m.thickness_scale = 0;
  EXPECT_EQ(read_micrograph(m, 1e-6, {}).volume.reason, "micrograph without a grey-level calibration");
  EXPECT_FALSE(read_micrograph({}, 1e-6, {}).volume.known);
  EXPECT_FALSE(read_micrograph(draw({}), 0, {}).volume.known);
}

}  // namespace
}  // namespace seccm::analysis
