#include "pipeline/scan/tour.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace seccm::scan {
namespace {

double distance(StagePoint a, StagePoint b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

/// The path as positions 0..n: position 0 is the start and never moves.
class Path {
 public:
  Path(StagePoint start, std::span<const StagePoint> points, std::vector<int>& order)
      : start_(start), points_(points), order_(order) {}

  /// Reverses every stretch that gets shorter by it; true if one did.
  bool two_opt() {
    bool improved = false;
    for (int i = 1; i < size(); ++i)
      for (int j = i + 1; j <= size(); ++j) {
        const double before = link(i - 1, i) + link(j, j + 1);
        const double after = link(i - 1, j) + link(i, j + 1);
        if (after < before - gain_) {
          std::reverse(order_.begin() + (i - 1), order_.begin() + j);
          improved = true;
        }
      }
    return improved;
  }

  /// Moves stretches of 1 to 3 points elsewhere where that is shorter; true if one was.
  bool or_opt() {
    bool improved = false;
    for (int length = 1; length <= 3; ++length)
      for (int i = 1; i + length - 1 <= size(); ++i) improved = move_stretch(i, i + length - 1) || improved;
    return improved;
  }

 private:
  [[nodiscard]] int size() const { return static_cast<int>(order_.size()); }
  [[nodiscard]] StagePoint at(int position) const {
    return position == 0 ? start_ : points_[static_cast<std::size_t>(order_[static_cast<std::size_t>(position - 1)])];
  }
  /// Length of the link between two positions; the one behind the last point costs nothing.
  [[nodiscard]] double link(int a, int b) const { return b > size() || a > size() ? 0.0 : distance(at(a), at(b)); }

  bool move_stretch(int first, int last) {
    const double saved = link(first - 1, first) + link(last, last + 1) -
                         (last + 1 > size() ? 0.0 : distance(at(first - 1), at(last + 1)));
    for (int k = 0; k <= size(); ++k) {
      if (k >= first - 1 && k <= last) continue;
      const double open = k + 1 > size() ? 0.0 : distance(at(k), at(k + 1));
      const double close = k + 1 > size() ? 0.0 : distance(at(last), at(k + 1));
      if (distance(at(k), at(first)) + close - open < saved - gain_) {
        const auto begin = order_.begin();
        if (k < first) {
          std::rotate(begin + k, begin + (first - 1), begin + last);
        } else {
          std::rotate(begin + (first - 1), begin + last, begin + k);
        }
        return true;
      }
    }
    return false;
  }

  StagePoint start_;
  std::span<const StagePoint> points_;
  std::vector<int>& order_;
  static constexpr double gain_ = 1e-12;  // m: moves that only shuffle rounding errors would never end
};

}  // namespace

double path_length(StagePoint start, std::span<const StagePoint> points, std::span<const int> order) {
  double total = 0.0;
  StagePoint here = start;
  for (int k : order) {
    total += distance(here, points[static_cast<std::size_t>(k)]);
    here = points[static_cast<std::size_t>(k)];
  }
  return total;
}

std::vector<int> nearest_neighbour_tour(StagePoint start, std::span<const StagePoint> points) {
  std::vector<int> order;
  std::vector<char> visited(points.size(), 0);
  StagePoint here = start;
  for (std::size_t step = 0; step < points.size(); ++step) {
    std::size_t nearest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (visited[k] != 0) continue;
      const double d = distance(here, points[k]);
      if (d < least) {
        least = d;
        nearest = k;
      }
    }
    visited[nearest] = 1;
    order.push_back(static_cast<int>(nearest));
    here = points[nearest];
  }
  return order;
}

std::vector<int> short_tour(StagePoint start, std::span<const StagePoint> points) {
  std::vector<int> order = nearest_neighbour_tour(start, points);
  Path path(start, points, order);
  constexpr int most_rounds = 200;
  for (int round = 0; round < most_rounds; ++round) {
    const bool reversed = path.two_opt();
    const bool moved = path.or_opt();
    if (!reversed && !moved) break;
  }
  return order;
}

}  // namespace seccm::scan
