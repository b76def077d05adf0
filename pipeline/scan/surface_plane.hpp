// Where the surface is expected: the plane z = a + b x + c y through past contacts (least squares).
//
// With fewer than three contacts that span the plane: the mean of those there are, and a tilt of up to 20 mrad is
// allowed for. `allowance` is twice the rms distance of the contacts (particles stand on the gold) plus that tilt.
#pragma once

#include <optional>
#include <vector>

namespace seccm::scan {

struct ExpectedSurface {
  double z = 0.0;          ///< m
  double allowance = 0.0;  ///< m, >= 0
};

class SurfacePlane {
 public:
  void add(double x, double y, double z);
  [[nodiscard]] std::optional<ExpectedSurface> at(double x, double y) const;
  /// Height of the highest contact, m.
  [[nodiscard]] std::optional<double> highest() const;
  [[nodiscard]] std::size_t contacts() const { return contacts_.size(); }

 private:
  struct Contact {
    double x, y, z;
  };
  std::vector<Contact> contacts_;
  // z = mean_z + b (x - mean_x) + c (y - mean_y)
  double mean_x_ = 0.0, mean_y_ = 0.0, mean_z_ = 0.0, b_ = 0.0, c_ = 0.0, rms_ = 0.0;
  bool tilt_known_ = false;
};

}  // namespace seccm::scan
