// Where the camera looks: the affine map from the stage to the pixels of one frame.
//
//   u =  u0 + m ( c (x-x0) + s (y-y0))/p          column, to the right
//   v =  v0 -   (-s (x-x0) + c (y-y0))/p          row, down
//
// p: pixel size at the sample, m; c, s = cos, sin of the rotation; m = -1 when mirrored (a sample seen from below),
// else +1; (x0,y0): the stage position, m, that appears at pixel (u0,v0). With rotation 0 and no mirror x points to the
// right and y up in the image.
#pragma once

#include <array>

namespace seccm::models {

struct ImagePose {
  double pixel_size = 0.0;  ///< m
  double rotation = 0.0;    ///< rad
  bool mirror = false;
  double stage_x = 0.0;  ///< x0, m
  double stage_y = 0.0;  ///< y0, m
  double column = 0.0;   ///< u0, px
  double row = 0.0;      ///< v0, px

  /// (u, v) of a stage position.
  [[nodiscard]] std::array<double, 2> to_pixel(double x, double y) const;
  /// (x, y) of a pixel position: the inverse.
  [[nodiscard]] std::array<double, 2> to_stage(double u, double v) const;
};

/// Throws InputError unless the pixel size is positive and everything is finite.
void check_pose(const ImagePose& pose);

/// A rectangle on the stage, m.
struct StageBox {
  double x_low = 0.0;
  double y_low = 0.0;
  double x_high = 0.0;
  double y_high = 0.0;
};

/// The smallest upright rectangle that holds a frame of width x height pixels.
StageBox field_of_view(const ImagePose& pose, int width, int height);

}  // namespace seccm::models
