#include "pipeline/validation/matching.hpp"

#include <cmath>

namespace seccm::validation {

std::vector<int> match_landings(std::span<const files::PointRecord> points, std::span<const TrueLanding> landings) {
  std::vector<int> match(points.size(), -1);
  std::vector<bool> taken(landings.size(), false);
  for (std::size_t k = 0; k < points.size(); ++k) {
    const auto& p = points[k];
    int best = -1;
    double nearest = 0.0;
    for (std::size_t j = 0; j < landings.size(); ++j) {
      const double t = landings[j].t;
      if (taken[j] || t < p.t_start || t > p.t_end) continue;
      const double distance = std::abs(t - p.t_contact);
      if (best >= 0 && distance >= nearest) continue;
      best = static_cast<int>(j);
      nearest = distance;
    }
    match[k] = best;
    if (best >= 0) taken[static_cast<std::size_t>(best)] = true;
  }
  return match;
}

StagePosition map_pixel(const std::array<double, 6>& a, double px, double py) {
  return {a[0] + a[1] * px + a[2] * py, a[3] + a[4] * px + a[5] * py};
}

}  // namespace seccm::validation
