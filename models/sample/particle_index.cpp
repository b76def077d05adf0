#include "models/sample/particle_index.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::models {
namespace {

constexpr double kMaxCells = 4e6;

int clamped(double position, int cells) {
  if (!(position > 0.0)) return 0;  // a NaN as well
  return position >= cells - 1 ? cells - 1 : static_cast<int>(position);
}

}  // namespace

ParticleIndex::ParticleIndex(std::span<const Disc> discs) {
  if (discs.empty()) return;
  double x1 = discs[0].x;
  double y1 = discs[0].y;
  double sum_radius = 0.0;
  x0_ = x1;
  y0_ = y1;
  for (const Disc& d : discs) {
    x0_ = std::min(x0_, d.x);
    x1 = std::max(x1, d.x);
    y0_ = std::min(y0_, d.y);
    y1 = std::max(y1, d.y);
    max_radius_ = std::max(max_radius_, d.radius);
    sum_radius += d.radius;
  }
  // Cells of about a mean diameter, but never so many that an index of a nearly empty field outgrows its contents.
  const double extent = std::max({x1 - x0_, y1 - y0_, max_radius_});
  const double mean_diameter = 2.0 * sum_radius / static_cast<double>(discs.size());
  cell_ = std::max(mean_diameter, extent / std::sqrt(kMaxCells));
  cells_x_ = 1 + static_cast<int>((x1 - x0_) / cell_);
  cells_y_ = 1 + static_cast<int>((y1 - y0_) / cell_);
  const auto cell_of = [this](const Disc& d) {
    return static_cast<std::size_t>(row(d.y)) * static_cast<std::size_t>(cells_x_) +
           static_cast<std::size_t>(column(d.x));
  };
  start_.assign(static_cast<std::size_t>(cells_x_) * static_cast<std::size_t>(cells_y_) + 1, 0);
  for (const Disc& d : discs) ++start_[cell_of(d) + 1];
  for (std::size_t c = 1; c < start_.size(); ++c) start_[c] += start_[c - 1];
  order_.resize(discs.size());
  std::vector<int> next(start_.begin(), start_.end() - 1);
  for (std::size_t k = 0; k < discs.size(); ++k) {
    order_[static_cast<std::size_t>(next[cell_of(discs[k])]++)] = static_cast<int>(k);
  }
}

int ParticleIndex::column(double x) const {
  return clamped((x - x0_) / cell_, cells_x_);
}

int ParticleIndex::row(double y) const {
  return clamped((y - y0_) / cell_, cells_y_);
}

}  // namespace seccm::models
