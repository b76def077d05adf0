#include "pipeline/scan/footprints.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::scan {
namespace {

struct Position {
  double x, y;
};

double ring_median(const ContrastImage& image, Position centre, double inner, double outer) {
  std::vector<float> ring;
  const int y0 = std::max(0, static_cast<int>(centre.y - outer)), x0 = std::max(0, static_cast<int>(centre.x - outer));
  const int y1 = std::min(image.height - 1, static_cast<int>(centre.y + outer) + 1);
  const int x1 = std::min(image.width - 1, static_cast<int>(centre.x + outer) + 1);
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x) {
      const double distance = std::hypot(x - centre.x, y - centre.y);
      if (distance > inner && distance <= outer) ring.push_back(image.at(x, y));
    }
  if (ring.empty()) return 0.0;
  const auto middle = ring.begin() + static_cast<std::ptrdiff_t>(ring.size() / 2);
  std::nth_element(ring.begin(), middle, ring.end());
  return static_cast<double>(*middle);
}

/// Weight of a pixel in a round window: 1 inside, 0 outside, linear across the edge, so that the window has no steps.
double window_weight(double distance, double radius) {
  return std::clamp(radius + 0.5 - distance, 0.0, 1.0);
}

Position centroid_once(const ContrastImage& image, Position centre, double window, double background) {
  double sum = 0.0, sum_x = 0.0, sum_y = 0.0;
  const int y0 = std::max(0, static_cast<int>(centre.y - window - 1)),
            x0 = std::max(0, static_cast<int>(centre.x - window - 1));
  const int y1 = std::min(image.height - 1, static_cast<int>(centre.y + window) + 2);
  const int x1 = std::min(image.width - 1, static_cast<int>(centre.x + window) + 2);
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x) {
      const double weight = window_weight(std::hypot(x - centre.x, y - centre.y), window);
      const double value = weight * (static_cast<double>(image.at(x, y)) - background);
      sum += value;
      sum_x += value * x;
      sum_y += value * y;
    }
  if (sum == 0.0) return centre;
  return {sum_x / sum, sum_y / sum};
}

Position centroid(const ContrastImage& image, Position start, double window) {
  Position place = start;
  for (int k = 0; k < 8; ++k) {
    const double background = ring_median(image, place, window + 1.0, 1.7 * window + 2.0);
    const Position next = centroid_once(image, place, window, background);
    // A centroid that leaves its window belongs to no footprint: keep the extremum of the filter.
    if (!(std::hypot(next.x - start.x, next.y - start.y) < 0.5 * window)) return start;
    const double moved = std::hypot(next.x - place.x, next.y - place.y);
    place = next;
    if (moved < 1e-3) break;
  }
  return place;
}

bool is_extremum(const ContrastImage& image, int x, int y, int reach) {
  const float value = std::abs(image.at(x, y));
  for (int v = std::max(0, y - reach); v <= std::min(image.height - 1, y + reach); ++v)
    for (int u = std::max(0, x - reach); u <= std::min(image.width - 1, x + reach); ++u) {
      const float other = std::abs(image.at(u, v));
      if (other > value || (other == value && (v < y || (v == y && u < x)))) return false;
    }
  return true;
}

}  // namespace

double footprint_window(const FootprintSettings& settings) {
  return 0.5 * settings.diameter + 2.0 * settings.blur;
}

std::vector<FootprintCandidate> find_footprints(const ContrastImage& difference, const std::vector<char>& excluded,
                                                const FootprintSettings& settings) {
  // A uniform disc of radius a has the variance a²/4 per axis: the Gaussian of the same width.
  const double narrow = std::max(1.0, 0.25 * settings.diameter);
  ContrastImage filtered = blurred(difference, narrow);
  const ContrastImage surroundings = blurred(filtered, std::sqrt(3.0) * narrow);
  for (std::size_t k = 0; k < filtered.values.size(); ++k) filtered.values[k] -= surroundings.values[k];
  std::vector<float> sorted(filtered.values.size());
  std::transform(filtered.values.begin(), filtered.values.end(), sorted.begin(), [](float v) { return std::abs(v); });
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const double noise = 1.4826 * static_cast<double>(*middle);
  // A noiseless difference (two identical images) has no scale of its own: float resolution of the contrast.
  const double floor = settings.threshold * std::max(noise, 1e-6);

  std::vector<FootprintCandidate> found;
  const int reach = std::max(2, static_cast<int>(std::lround(0.5 * settings.diameter)));
  for (int y = reach; y < difference.height - reach; ++y)
    for (int x = reach; x < difference.width - reach; ++x) {
      const double value = static_cast<double>(filtered.at(x, y));
      if (!(std::abs(value) > floor)) continue;
      const auto index =
          static_cast<std::size_t>(y) * static_cast<std::size_t>(difference.width) + static_cast<std::size_t>(x);
      if (index < excluded.size() && excluded[index] != 0) continue;
      if (!is_extremum(filtered, x, y, reach)) continue;
      const Position place =
          centroid(difference, {static_cast<double>(x), static_cast<double>(y)}, footprint_window(settings));
      found.push_back({place.x, place.y, std::abs(value) / std::max(noise, 1e-6), value > 0.0 ? 1 : -1});
    }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.strength > b.strength; });
  if (found.size() > settings.most) found.resize(settings.most);
  return found;
}

}  // namespace seccm::scan
