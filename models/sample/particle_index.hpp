// Which discs come near a point: a uniform grid over the plane, built once.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace seccm::models {

struct Disc {
  double x = 0.0;
  double y = 0.0;
  double radius = 0.0;
};

/// Bins the centres of discs into square cells. Immutable after construction; queries do not allocate beyond their
/// result.
class ParticleIndex {
 public:
  ParticleIndex() = default;
  explicit ParticleIndex(std::span<const Disc> discs);

  /// Calls visit(i) for a superset of the discs with |centre - (x,y)| < radius + disc radius (cell by cell).
  template <class Visit>
  void for_each_near(double x, double y, double radius, Visit&& visit) const {
    if (cells_x_ == 0) return;
    const double reach = radius + max_radius_;
    const int i0 = column(x - reach), i1 = column(x + reach), j0 = row(y - reach), j1 = row(y + reach);
    for (int j = j0; j <= j1; ++j) {
      for (int i = i0; i <= i1; ++i) {
        const std::size_t cell =
            static_cast<std::size_t>(j) * static_cast<std::size_t>(cells_x_) + static_cast<std::size_t>(i);
        for (int k = start_[cell]; k < start_[cell + 1]; ++k) visit(order_[static_cast<std::size_t>(k)]);
      }
    }
  }

 private:
  [[nodiscard]] int column(double x) const;
  [[nodiscard]] int row(double y) const;

  double x0_ = 0.0;
  double y0_ = 0.0;
  double cell_ = 1.0;
  double max_radius_ = 0.0;
  int cells_x_ = 0;
  int cells_y_ = 0;
  std::vector<int> start_;
  std::vector<int> order_;
};

}  // namespace seccm::models
