#include "pipeline/scan/target_selection.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace seccm::scan {
namespace {

double distance(PixelPoint a, PixelPoint b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

/// Bare gold between the edges of an object and its nearest neighbour, px.
double free_gap(const std::vector<DetectedObject>& objects, std::size_t which) {
  double least = std::numeric_limits<double>::infinity();
  const DetectedObject& a = objects[which];
  for (std::size_t k = 0; k < objects.size(); ++k) {
    if (k == which) continue;
    const DetectedObject& b = objects[k];
    least = std::min(least, std::hypot(a.x - b.x, a.y - b.y) - a.extent - b.extent);
  }
  return least;
}

struct Candidate {
  std::size_t object;
  double gap;
};

/// Ranks r_k of n among m, without repetition.
std::vector<std::size_t> ranks(std::size_t n, std::size_t m, double preference) {
  const double exponent = 1.0 / (1.0 - 0.9 * std::clamp(preference, 0.0, 1.0));
  std::vector<std::size_t> out;
  std::size_t next_free = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const double u = (static_cast<double>(k) + 0.5) / static_cast<double>(n);
    const auto wanted = static_cast<std::size_t>(static_cast<double>(m) * std::pow(u, exponent));
    // Leave room for those that still come.
    const std::size_t rank = std::min(std::max(wanted, next_free), m - (n - k));
    out.push_back(rank);
    next_free = rank + 1;
  }
  return out;
}

}  // namespace

std::vector<SelectedTarget> select_targets(const Detection& detection, std::span<const PixelPoint> footprints,
                                           const Reachable& reachable, const SelectionSettings& settings) {
  std::vector<Candidate> isolated, crowded;
  for (std::size_t k = 0; k < detection.objects.size(); ++k) {
    const DetectedObject& object = detection.objects[k];
    const PixelPoint place{object.x, object.y};
    if (object.at_border || !reachable(place)) continue;
    const bool used = std::any_of(footprints.begin(), footprints.end(), [&](PixelPoint f) {
      return distance(f, place) < object.extent + settings.footprint_radius;
    });
    if (used) continue;
    const double gap = free_gap(detection.objects, k);
    (gap >= settings.isolation ? isolated : crowded).push_back({k, gap});
  }
  const auto wanted = static_cast<std::size_t>(std::max(0, settings.count));
  if (isolated.size() < wanted) {
    std::stable_sort(crowded.begin(), crowded.end(), [](const auto& a, const auto& b) { return a.gap > b.gap; });
    for (std::size_t k = 0; k < crowded.size() && isolated.size() < wanted; ++k) isolated.push_back(crowded[k]);
    std::stable_sort(isolated.begin(), isolated.end(),
                     [](const auto& a, const auto& b) { return a.object < b.object; });
  }
  std::vector<SelectedTarget> out;
  if (isolated.empty()) return out;
  for (std::size_t rank : ranks(std::min(wanted, isolated.size()), isolated.size(), settings.size_preference)) {
    const DetectedObject& object = detection.objects[isolated[rank].object];
    out.push_back({{object.x, object.y}, object.area});
  }
  return out;
}

std::vector<SelectedTarget> snap_targets(std::span<const ClickedTarget> clicked, const Detection& detection,
                                         double snap, bool on_centroid, const Reachable& reachable) {
  std::vector<SelectedTarget> out;
  for (const ClickedTarget& click : clicked) {
    SelectedTarget target{click.pixel, 0.0};
    double least = snap;
    for (const DetectedObject& object : detection.objects) {
      const double d = distance(click.pixel, {object.x, object.y});
      if (!(d <= least)) continue;
      least = d;
      target.area = object.area;
      if (on_centroid) target.pixel = {object.x, object.y};
    }
    if (reachable(target.pixel)) out.push_back(target);
  }
  return out;
}

std::vector<PixelPoint> clean_places(const Detection& detection, int width, int height,
                                     std::span<const PixelPoint> footprints, double footprint_radius, double clearance,
                                     int count, const Reachable& reachable) {
  cv::Mat clean(height + 2, width + 2, CV_8U, cv::Scalar(0));  // the border counts as occupied
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      clean.at<unsigned char>(y + 1, x + 1) =
          detection.mask[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] !=
                  0
              ? 0
              : 255;
  for (const PixelPoint& f : footprints)
    cv::circle(clean, cv::Point(cvRound(f.x) + 1, cvRound(f.y) + 1), std::max(1, cvRound(footprint_radius)),
               cv::Scalar(0), cv::FILLED);
  cv::Mat gap;
  cv::distanceTransform(clean, gap, cv::DIST_L2, cv::DIST_MASK_PRECISE);

  const int step = std::max(1, std::min(width, height) / 128);
  std::vector<PixelPoint> chosen;
  const PixelPoint centre{0.5 * (width - 1), 0.5 * (height - 1)};
  double required = clearance;
  for (int halvings = 0; static_cast<int>(chosen.size()) < count;) {
    PixelPoint best{};
    double best_score = -std::numeric_limits<double>::infinity();
    for (int y = 0; y < height; y += step) {
      for (int x = 0; x < width; x += step) {
        if (static_cast<double>(gap.at<float>(y + 1, x + 1)) < required) continue;
        const PixelPoint place{static_cast<double>(x), static_cast<double>(y)};
        // The first place is the one nearest to the middle; each other one keeps away from those before it.
        double score = -distance(place, centre);
        for (std::size_t k = 0; k < chosen.size(); ++k)
          score = k == 0 ? distance(place, chosen[k]) : std::min(score, distance(place, chosen[k]));
        if (!chosen.empty() && score < 2.0 * required) continue;
        if (score > best_score && reachable(place)) {
          best_score = score;
          best = place;
        }
      }
    }
    if (std::isfinite(best_score)) {
      chosen.push_back(best);
    } else if (halvings < 3) {
      ++halvings;
      required *= 0.5;
    } else {
      break;
    }
  }
  return chosen;
}

}  // namespace seccm::scan
