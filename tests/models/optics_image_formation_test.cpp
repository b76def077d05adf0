#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>

#include "models/optics/image_formation.hpp"
#include "models/optics/interference_reflection.hpp"
#include "models/optics/pipette_shadow.hpp"
#include "models/optics/sample_optics.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

constexpr double um = 1e-6;

CameraParameters square_camera() {
  CameraParameters camera;
  camera.width = 256;
  camera.height = 256;
  return camera;
}

/// The exact values of this file are for 625 nm and 40x.
OpticsParameters even_light() {
  OpticsParameters optics;
  optics.wavelength = 625.0 * unit::nm;
  optics.magnification = 40.0;
  optics.illumination_falloff = 0.0;
  return optics;
}

const ImageFormation& microscope() {
  static const ImageFormation formation(even_light(), square_camera(), 1);
  return formation;
}

std::vector<SceneParticle> pile(double x, double y, int count) {
  RandomStream random(5, "pile of the image test");
  std::vector<SceneParticle> particles;
  for (int i = 0; i < count; ++i) {
    particles.push_back({x + 0.4 * um * random.normal(), y + 0.4 * um * random.normal(), 25e-9, 25e-9});
  }
  return particles;
}

double rate_at(const ImageF& image, const ImagePose& pose, double x, double y) {
  const auto [u, v] = pose.to_pixel(x, y);
  return image.at(static_cast<int>(std::lround(u)), static_cast<int>(std::lround(v)));
}

TEST(ImageFormation, BareGoldIsUniformAtTheCalibratedRate) {
  const auto pose = microscope().centred_pose(0.0, 0.0);
  const auto rate = microscope().photon_rate(microscope().prepare({}, pose), {}, pose, {});
  for (float v : rate.pixels) EXPECT_FLOAT_EQ(v, 9.0e5F);
}

TEST(ImageFormation, WideMeniscusHasTheContrastOfTheStack) {
  // In the middle of a disc of radius a the Airy pattern has lost 1 - EE = J0² + J1² ≈ 2/(π v), v = 2π NA a/λ: 0.6 % of
  // the change at 15 um, and as much again may wrap around the patch.
  const auto pose = microscope().centred_pose(0.0, 0.0);
  SceneOverlay overlay;
  overlay.meniscus = {0.0, 0.0, 30 * um};
  const auto rate = microscope().photon_rate(microscope().prepare({}, pose), overlay, pose, {});
  const double contrast = rate_at(rate, pose, 0.0, 0.0) / 9.0e5 - 1.0;
  const double expected = microscope().interference().contrast({.immersed = true});
  EXPECT_NEAR(contrast, expected, 0.013 * std::abs(expected));
  EXPECT_NEAR(rate_at(rate, pose, 18.5 * um, 0.0) / 9.0e5 - 1.0, 0.0, 0.02 * std::abs(expected));
}

TEST(ImageFormation, BlurKeepsTheIntegratedContrastOfACluster) {
  // Σ pixels (I/I_0 - 1) p² = Σ cells C a²: the blur has unit area and the image is band-limited below 1/p, so that
  // sampling it keeps the sum. Lost: the rings beyond the frame (20 um: 2/(π v) = 0.4 %) and the cubic interpolation
  // (below 0.1 %).
  const auto particles = pile(0.3 * um, -0.2 * um, 60);
  const auto pose = microscope().centred_pose(0.0, 0.0, 0.1);
  const auto sample = microscope().prepare(particles, pose);
  const auto rate = microscope().photon_rate(sample, {}, pose, {});
  double seen = 0.0;
  for (float v : rate.pixels) seen += (static_cast<double>(v) / 9.0e5 - 1.0) * pose.pixel_size * pose.pixel_size;
  const HeightMap& map = sample.maps().columns;
  double truth = 0.0;
  for (std::size_t i = 0; i < map.height.size(); ++i) {
    if (map.height[i] <= 0.0F) continue;
    const LocalLayer layer{.height = static_cast<double>(map.height[i]),
                           .packing = static_cast<double>(map.packing[i])};
    truth += microscope().interference().contrast(layer) * map.cell * map.cell;
  }
  EXPECT_NEAR(seen / truth, 1.0, 0.01);
}

TEST(ImageFormation, ObjectAppearsWhereThePoseSaysMirroredAndTurned) {
  for (bool mirror : {false, true}) {
    const auto pose = microscope().centred_pose(10 * um, 5 * um, 0.15, mirror);
    SceneOverlay overlay;
    overlay.meniscus = {14 * um, 8 * um, 2 * um};
    const auto rate = microscope().photon_rate(microscope().prepare({}, pose), overlay, pose, {});
    double sum = 0.0;
    double u = 0.0;
    double v = 0.0;
    for (int row = 0; row < rate.height; ++row) {
      for (int column = 0; column < rate.width; ++column) {
        const double weight = 1.0 - static_cast<double>(rate.at(column, row)) / 9.0e5;
        sum += weight;
        u += weight * column;
        v += weight * row;
      }
    }
    const auto [expected_u, expected_v] = pose.to_pixel(14 * um, 8 * um);
    // The disc is painted on cells of half a pixel with a straight edge: its centroid is good to a few hundredths of
    // one.
    EXPECT_NEAR(u / sum, expected_u, 0.05);
    EXPECT_NEAR(v / sum, expected_v, 0.05);
  }
}

TEST(ImageFormation, RepeatedFootprintPaintsOnce) {
  const auto pose = microscope().centred_pose(0.0, 0.0);
  const auto sample = microscope().prepare(pile(0.0, 0.0, 40), pose);
  SceneOverlay once;
  once.footprints = {{0.5 * um, 0.0, 2 * um, 25e-9}};
  SceneOverlay twice = once;
  twice.footprints.push_back(once.footprints.front());
  EXPECT_EQ(microscope().photon_rate(sample, once, pose, {}).pixels,
            microscope().photon_rate(sample, twice, pose, {}).pixels);
}

TEST(ImageFormation, FootprintsThatTouchAddTheirChanges) {
  // Patches are blurred one by one; far apart or side by side, the sum of two changes is the change of both. What
  // differs is the wrap-around of the rings in patches of other size: below 0.1 % of the change.
  const auto pose = microscope().centred_pose(0.0, 0.0);
  const auto sample = microscope().prepare({}, pose);
  SceneOverlay a;
  a.footprints = {{-1.2 * um, 0.0, 2 * um, 25e-9}};
  SceneOverlay b;
  b.footprints = {{1.2 * um, 0.0, 2 * um, 25e-9}};
  SceneOverlay both = a;
  both.footprints.push_back(b.footprints.front());
  const auto rate_a = microscope().photon_rate(sample, a, pose, {});
  const auto rate_b = microscope().photon_rate(sample, b, pose, {});
  const auto rate_both = microscope().photon_rate(sample, both, pose, {});
  for (std::size_t i = 0; i < rate_a.pixels.size(); ++i) {
    EXPECT_NEAR(rate_both.pixels[i], rate_a.pixels[i] + rate_b.pixels[i] - 9.0e5F, 1.0F);
  }
}

TEST(ImageFormation, SmallShiftOfThePoseShiftsTheImage) {
  // The prepared maps serve any shift: one whole pixel of stage drift moves every pixel value by one column, up to the
  // error of cubic interpolation of a map sampled five times above its band limit: below 1 % of the contrast.
  const auto particles = pile(0.0, 0.0, 60);
  auto pose = microscope().centred_pose(0.0, 0.0);
  const auto sample = microscope().prepare(particles, pose);
  const auto before = microscope().photon_rate(sample, {}, pose, {});
  pose.column += 1.0;
  const auto after = microscope().photon_rate(sample, {}, pose, {});
  double largest = 0.0;
  for (float v : before.pixels) largest = std::max(largest, std::abs(static_cast<double>(v) - 9.0e5));
  ASSERT_GT(largest, 1e4);
  for (int row = 0; row < 256; ++row) {
    for (int column = 1; column < 256; ++column) {
      ASSERT_NEAR(after.at(column, row), before.at(column - 1, row), 1e-6 * 9.0e5) << "same sampling points";
    }
  }
  pose.column += 0.5;
  const auto half = microscope().photon_rate(sample, {}, pose, {});
  double mean_half = 0.0;
  double mean_before = 0.0;
  for (float v : half.pixels) mean_half += static_cast<double>(v) - 9.0e5;
  for (float v : before.pixels) mean_before += static_cast<double>(v) - 9.0e5;
  EXPECT_NEAR(mean_half / mean_before, 1.0, 0.01);
}

TEST(ImageFormation, SceneAndPreparedSampleGiveTheSamePicture) {
  // Only the padding of the Fourier transform differs.
  Scene scene;
  scene.particles = pile(0.0, 0.0, 60);
  scene.footprints = {{1.0 * um, 0.0, 2 * um, 25e-9}};
  const auto pose = microscope().centred_pose(0.0, 0.0);
  const auto direct = microscope().reflection(scene, pose, 8);
  const auto prepared = microscope().frame(microscope().prepare(scene.particles, pose, 3 * um), scene, pose, {}, 8);
  EXPECT_EQ(direct.pixels, prepared.pixels);
}

TEST(ImageFormation, BytesDoNotDependOnThreads) {
  Scene scene;
  scene.particles = pile(0.0, 0.0, 60);
  scene.footprints = {{1.0 * um, 0.0, 2 * um, 25e-9}};
  scene.pipette = {5 * um, 0.0, 1 * um, 2 * um, 0.13};
  const auto pose = microscope().centred_pose(0.0, 0.0, 0.02);
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const ImageFormation one(OpticsParameters{}, square_camera(), 3);
  const auto reflection = one.reflection(scene, pose, 4);
  const auto transmission = one.transmission(scene, pose, 5);
  omp_set_num_threads(3);
  const ImageFormation three(OpticsParameters{}, square_camera(), 3);
  EXPECT_EQ(three.reflection(scene, pose, 4).pixels, reflection.pixels);
  EXPECT_EQ(three.transmission(scene, pose, 5).pixels, transmission.pixels);
  omp_set_num_threads(threads);
}

TEST(ImageFormation, PipetteIsDarkUnderTheLampAndUnseenInReflection) {
  const auto pose = microscope().centred_pose(0.0, 0.0);
  const auto sample = microscope().prepare({}, pose);
  SceneOverlay overlay;
  overlay.pipette = {0.0, 0.0, 0.2 * um, 3 * um, 7.5 * constants::pi / 180.0};
  const auto lamp = microscope().photon_rate(sample, overlay, pose, {.led = 0.0, .lamp = 1.0});
  EXPECT_LT(rate_at(lamp, pose, 0.0, 0.0), 0.01 * 9.0e5);
  EXPECT_FLOAT_EQ(static_cast<float>(rate_at(lamp, pose, 8 * um, 3 * um)), 9.0e5F) << "towards the lamp";
  const auto led = microscope().photon_rate(sample, overlay, pose, {});
  EXPECT_FLOAT_EQ(static_cast<float>(rate_at(led, pose, 0.0, 0.0)), 9.0e5F);
}

TEST(PipetteShadow, ClosedFormIsTheNearestPassOfTheRay) {
  // Brute force over 5e4 heights up to 200 um against the closed form.
  const OpticsParameters optics;
  const ScenePipette pipette{1 * um, -2 * um, 3 * um, 2.4 * um, 7.5 * constants::pi / 180.0};
  const PipetteShadow shadow(pipette, optics);
  RandomStream random(2, "shadow test");
  int soft = 0;
  for (int i = 0; i < 200; ++i) {
    const double x = 1 * um - 20 * um * random.uniform();
    const double y = -2 * um + 10 * um * (random.uniform() - 0.5) - 4 * um * random.uniform();
    double nearest = 1.0;
    double at = 0.0;
    for (int k = 0; k < 50000; ++k) {
      const double z = pipette.z + 4e-9 * k;
      const double lean = std::tan(optics.lamp_tilt) * z;
      const double d = std::hypot(x + lean * std::cos(optics.lamp_azimuth) - pipette.x,
                                  y + lean * std::sin(optics.lamp_azimuth) - pipette.y);
      const double gap = d - 1.2 * um - (z - pipette.z) * std::tan(pipette.cone_half_angle);
      if (gap < nearest) {
        nearest = gap;
        at = z;
      }
    }
    const double w = 0.25 * um + at * std::tan(optics.lamp_half_angle);
    const double s = std::clamp(0.5 - 0.5 * nearest / w, 0.0, 1.0);
    const double hidden = s * s * (3.0 - 2.0 * s);
    if (hidden > 0.01 && hidden < 0.99) ++soft;
    // The step of 4 nm places the minimum to 1e-6 of its height and width.
    EXPECT_NEAR(shadow.hidden(x, y), hidden, 1e-3);
  }
  EXPECT_GT(soft, 10) << "the edge must be among the points";
}

TEST(ImageFormation, RefusesBadScenesPosesAndLights) {
  const auto pose = microscope().centred_pose(0.0, 0.0);
  const auto sample = microscope().prepare({}, pose);
  const auto rate = [&](const SceneOverlay& overlay, const ImagePose& p, const FrameSettings& s) {
    return microscope().photon_rate(sample, overlay, p, s);
  };
  SceneOverlay overlay;
  overlay.footprints = {{0.0, 0.0, 2 * um, 1 * um}};
  try {
    rate(overlay, pose, {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("residue"), testing::HasSubstr("0 to 200 nm")));
  }
  overlay.footprints = {{std::nan(""), 0.0, 2 * um, 1e-9}};
  EXPECT_THROW(rate(overlay, pose, {}), InputError);
  overlay.footprints.clear();
  overlay.pipette = {0.0, 0.0, -1 * um, 2 * um, 0.1};
  EXPECT_THROW(rate(overlay, pose, {.lamp = 1.0}), InputError);
  EXPECT_THROW(rate({}, pose, {.led = -1.0}), InputError);
  ImagePose other = pose;
  other.pixel_size *= 2.0;
  EXPECT_THROW(rate({}, other, {}), InputError);
  other.pixel_size = -1.0;
  EXPECT_THROW(rate({}, other, {}), InputError);
  EXPECT_THROW(static_cast<void>(microscope().prepare({}, pose, 0.0)), InputError);
}

}  // namespace
}  // namespace seccm::models
