#include <gtest/gtest.h>

#include <cmath>

#include "models/optics/image_pose.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

const ImagePose pose{.pixel_size = 162.5e-9,
                     .rotation = 0.2,
                     .mirror = true,
                     .stage_x = 40e-6,
                     .stage_y = -3e-6,
                     .column = 511.5,
                     .row = 300.25};

TEST(ImagePose, StageAndPixelAreInverse) {
  for (double u : {-10.0, 0.0, 800.3}) {
    for (double v : {0.0, 512.0}) {
      const auto [x, y] = pose.to_stage(u, v);
      const auto [back_u, back_v] = pose.to_pixel(x, y);
      EXPECT_NEAR(back_u, u, 1e-9);
      EXPECT_NEAR(back_v, v, 1e-9);
    }
  }
  const auto [u, v] = pose.to_pixel(40e-6, -3e-6);
  EXPECT_DOUBLE_EQ(u, 511.5);
  EXPECT_DOUBLE_EQ(v, 300.25);
}

TEST(ImagePose, UprightImageShowsYUpwardsAndMirrorTurnsXOnly) {
  ImagePose p{.pixel_size = 1e-6};
  EXPECT_NEAR(p.to_pixel(5e-6, 0.0)[0], 5.0, 1e-12);
  EXPECT_NEAR(p.to_pixel(0.0, 5e-6)[1], -5.0, 1e-12);
  p.mirror = true;
  EXPECT_NEAR(p.to_pixel(5e-6, 0.0)[0], -5.0, 1e-12);
  EXPECT_NEAR(p.to_pixel(0.0, 5e-6)[1], -5.0, 1e-12);
}

TEST(ImagePose, DistancesScaleWithThePixelSize) {
  const auto a = pose.to_pixel(0.0, 0.0);
  const auto b = pose.to_pixel(3e-6, 4e-6);
  EXPECT_NEAR(std::hypot(b[0] - a[0], b[1] - a[1]), 5e-6 / 162.5e-9, 1e-9);
}

TEST(ImagePose, FieldOfViewHoldsEveryPixel) {
  const StageBox box = field_of_view(pose, 640, 480);
  for (double u : {-0.5, 320.0, 639.5}) {
    for (double v : {-0.5, 240.0, 479.5}) {
      const auto [x, y] = pose.to_stage(u, v);
      EXPECT_GE(x, box.x_low - 1e-15);
      EXPECT_LE(x, box.x_high + 1e-15);
      EXPECT_GE(y, box.y_low - 1e-15);
      EXPECT_LE(y, box.y_high + 1e-15);
    }
  }
}

TEST(ImagePose, RefusesAPoseThatIsNone) {
  EXPECT_THROW(check_pose({.pixel_size = 0.0}), InputError);
  EXPECT_THROW(check_pose({.pixel_size = 1e-7, .rotation = std::nan("")}), InputError);
}

}  // namespace
}  // namespace seccm::models
