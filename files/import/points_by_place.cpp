#include "files/import/points_by_place.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::files {
namespace {

double apart(std::span<const double> x, std::span<const double> y, std::size_t a, std::size_t b) {
  return std::hypot(x[a] - x[b], y[a] - y[b]);
}

bool at_rest(std::span<const double> x, std::span<const double> y, std::size_t k) {
  const std::size_t end = std::min(x.size(), k + samples_at_rest + 1);
  for (std::size_t j = k + 1; j < end; ++j) {
    if (apart(x, y, k, j) > 0.5 * least_hop) return false;
  }
  return true;
}

}  // namespace

std::vector<std::int32_t> points_by_place(std::span<const double> x, std::span<const double> y) {
  std::vector<std::int32_t> point(x.size(), 0);
  std::int32_t current = 0;
  std::size_t place = 0;  // a sample of it
  for (std::size_t k = 1; k < x.size(); ++k) {
    if (apart(x, y, place, k) >= least_hop) {
      if (at_rest(x, y, k)) {
        ++current;
        place = k;
      } else {
        point[k] = -1;
        continue;
      }
    }
    point[k] = current;
  }
  return point;
}

}  // namespace seccm::files
