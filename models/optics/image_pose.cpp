#include "models/optics/image_pose.hpp"

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::models {

std::array<double, 2> ImagePose::to_pixel(double x, double y) const {
  const double c = std::cos(rotation);
  const double s = std::sin(rotation);
  const double dx = (x - stage_x) / pixel_size;
  const double dy = (y - stage_y) / pixel_size;
  return {column + (mirror ? -1.0 : 1.0) * (c * dx + s * dy), row - (-s * dx + c * dy)};
}

std::array<double, 2> ImagePose::to_stage(double u, double v) const {
  const double c = std::cos(rotation);
  const double s = std::sin(rotation);
  const double a = (mirror ? -1.0 : 1.0) * (u - column) * pixel_size;
  const double b = (row - v) * pixel_size;
  return {stage_x + c * a - s * b, stage_y + s * a + c * b};
}

void check_pose(const ImagePose& pose) {
  if (!(pose.pixel_size > 0.0) || !std::isfinite(pose.pixel_size)) {
    throw InputError("image pose: pixel size " + format_quantity(pose.pixel_size, "nm") + "; accepted: > 0 nm");
  }
  for (double value : {pose.rotation, pose.stage_x, pose.stage_y, pose.column, pose.row}) {
    if (!std::isfinite(value)) throw InputError("image pose: rotation and offsets must be finite numbers");
  }
}

StageBox field_of_view(const ImagePose& pose, int width, int height) {
  StageBox box;
  bool first = true;
  for (double u : {-0.5, width - 0.5}) {
    for (double v : {-0.5, height - 0.5}) {
      const auto [x, y] = pose.to_stage(u, v);
      if (first) box = {x, y, x, y};
      first = false;
      box = {std::min(box.x_low, x), std::min(box.y_low, y), std::max(box.x_high, x), std::max(box.y_high, y)};
    }
  }
  return box;
}

}  // namespace seccm::models
