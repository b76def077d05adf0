#include "pipeline/scan/surface_plane.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::scan {
namespace {
constexpr double unknown_tilt = 0.02;  // rad
}

void SurfacePlane::add(double x, double y, double z) {
  contacts_.push_back({x, y, z});
  const auto n = static_cast<double>(contacts_.size());
  mean_x_ = mean_y_ = mean_z_ = 0.0;
  for (const Contact& p : contacts_) {
    mean_x_ += p.x / n;
    mean_y_ += p.y / n;
    mean_z_ += p.z / n;
  }
  double xx = 0, xy = 0, yy = 0, xz = 0, yz = 0;
  for (const Contact& p : contacts_) {
    const double u = p.x - mean_x_, v = p.y - mean_y_, w = p.z - mean_z_;
    xx += u * u;
    xy += u * v;
    yy += v * v;
    xz += u * w;
    yz += v * w;
  }
  // Both axes of the scatter must be long enough to carry a tilt: ratio of the eigenvalues above 1 %.
  const double trace = xx + yy, determinant = xx * yy - xy * xy;
  tilt_known_ = contacts_.size() >= 3 && determinant > 0.01 * trace * trace / 4.0;
  b_ = tilt_known_ ? (yy * xz - xy * yz) / determinant : 0.0;
  c_ = tilt_known_ ? (xx * yz - xy * xz) / determinant : 0.0;
  double sum = 0.0;
  for (const Contact& p : contacts_) {
    const double r = p.z - mean_z_ - b_ * (p.x - mean_x_) - c_ * (p.y - mean_y_);
    sum += r * r;
  }
  rms_ = std::sqrt(sum / n);
}

std::optional<ExpectedSurface> SurfacePlane::at(double x, double y) const {
  if (contacts_.empty()) return std::nullopt;
  const double u = x - mean_x_, v = y - mean_y_;
  return ExpectedSurface{mean_z_ + b_ * u + c_ * v, 2.0 * rms_ + (tilt_known_ ? 0.0 : unknown_tilt * std::hypot(u, v))};
}

std::optional<double> SurfacePlane::highest() const {
  if (contacts_.empty()) return std::nullopt;
  return std::max_element(contacts_.begin(), contacts_.end(),
                          [](const Contact& a, const Contact& b) { return a.z < b.z; })
      ->z;
}

}  // namespace seccm::scan
