// Which spheres come near a point in space: linked lists in cubic cells, for a pile that grows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace seccm::models {

class SphereGrid {
 public:
  /// Cells of edge `cell` over |x|, |y| <= half_width and 0 <= z <= height; spheres outside go to the cells at the
  /// border.
  SphereGrid(double half_width, double height, double cell)
      : cell_(cell),
        half_width_(half_width),
        nx_(1 + static_cast<int>(2.0 * half_width / cell)),
        nz_(1 + static_cast<int>(height / cell)),
        head_(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(nx_) * static_cast<std::size_t>(nz_), -1) {}

  /// Indices must be added in the order 0, 1, 2, ...
  void add(double x, double y, double z) {
    const std::size_t cell = at(plane(x), plane(y), level(z));
    next_.push_back(head_[cell]);
    head_[cell] = static_cast<int>(next_.size()) - 1;
  }

  /// Calls visit(index) for a superset of the centres within `reach`; stops when it returns false.
  template <class Visit>
  void for_each_near(double x, double y, double z, double reach, Visit&& visit) const {
    const int i0 = plane(x - reach), i1 = plane(x + reach), j0 = plane(y - reach), j1 = plane(y + reach);
    const int k0 = level(z - reach), k1 = level(z + reach);
    for (int k = k0; k <= k1; ++k) {
      for (int j = j0; j <= j1; ++j) {
        for (int i = i0; i <= i1; ++i) {
          for (int s = head_[at(i, j, k)]; s >= 0; s = next_[static_cast<std::size_t>(s)]) {
            if (!visit(s)) return;
          }
        }
      }
    }
  }

 private:
  [[nodiscard]] int plane(double x) const {
    return std::clamp(static_cast<int>((x + half_width_) / cell_), 0, nx_ - 1);
  }
  [[nodiscard]] int level(double z) const { return std::clamp(static_cast<int>(z / cell_), 0, nz_ - 1); }
  [[nodiscard]] std::size_t at(int i, int j, int k) const {
    const auto n = static_cast<std::size_t>(nx_);
    return (static_cast<std::size_t>(k) * n + static_cast<std::size_t>(j)) * n + static_cast<std::size_t>(i);
  }

  double cell_;
  double half_width_;
  int nx_;
  int nz_;
  std::vector<int> head_;
  std::vector<int> next_;
};

}  // namespace seccm::models
