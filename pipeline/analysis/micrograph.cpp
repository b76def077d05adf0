#include "pipeline/analysis/micrograph.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace seccm::analysis {

namespace {

constexpr double saturation = 0.95;      // share of the grey range beyond which the law says nothing
constexpr double aiming_error = 1.5e-6;  // m, 3 sigma of the positioning of the microscope
constexpr int speck = 6;                 // pixels
constexpr double fewest_ring_pixels = 40;

std::string defect(const files::MicrographRecord& m) {
  const auto pixels = static_cast<std::size_t>(std::max(0, m.width)) * static_cast<std::size_t>(std::max(0, m.height));
  if (m.width < 16 || m.height < 16) return "micrograph smaller than 16 x 16 pixels";
  if (m.everhart_thornley.size() != pixels || m.in_lens.size() != pixels) return "micrograph with missing pixels";
  if (!(m.pixel_size > 0.0) || !std::isfinite(m.pixel_size)) return "micrograph without a pixel size";
  if (!(m.thickness_scale > 0.0) || !std::isfinite(m.grey_gold + m.grey_thick + m.thickness_scale) ||
      std::abs(m.grey_thick - m.grey_gold) < 1.0) {
    return "micrograph without a grey-level calibration";
  }
  return {};
}

cv::Mat1f picture(const std::vector<std::uint8_t>& pixels, int width, int height) {
  cv::Mat1f out(height, width);
  std::transform(pixels.begin(), pixels.end(), out.begin(), [](std::uint8_t p) { return static_cast<float>(p); });
  return out;
}

// Share of the grey range, 0 on gold.
cv::Mat1f relative_grey(const files::MicrographRecord& m) {
  cv::Mat1f out = picture(m.everhart_thornley, m.width, m.height);
  out = (out - m.grey_gold) / (m.grey_thick - m.grey_gold);
  return out;
}

// Noise of the gold: the pixels below its calibrated grey are noise alone; their rms about it is its σ.
double gold_noise(const cv::Mat1f& grey) {
  double sum = 0, n = 0;
  for (const float g : grey) {
    if (g >= 0) continue;
    sum += static_cast<double>(g) * static_cast<double>(g);
    n += 1;
  }
  return n > 10 ? std::sqrt(sum / n) : 0.0;
}

cv::Mat1b without_specks(const cv::Mat1b& mask) {
  cv::Mat1i labels;
  cv::Mat stats, centroids;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8, CV_32S);
  cv::Mat1b out(mask.size(), std::uint8_t{0});
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      const int label = labels(y, x);
      if (label > 0 && label < count && stats.at<int>(label, cv::CC_STAT_AREA) >= speck) out(y, x) = 255;
    }
  }
  return out;
}

cv::Mat1b cluster_mask(const cv::Mat1f& smooth, double threshold) {
  cv::Mat1b above;
  cv::compare(smooth, static_cast<float>(threshold), above, cv::CMP_GT);
  return without_specks(above);
}

struct Circle {
  double x = 0, y = 0, radius = 0;  // px
  double contrast = 0;              // standard errors
  double step = 0;                  // px, of the radius in the search that found it
};

struct Sums {
  double n = 0, sum = 0, squares = 0;
  void add(double v) {
    n += 1;
    sum += v;
    squares += v * v;
  }
  [[nodiscard]] double mean() const { return sum / n; }
  [[nodiscard]] double variance_of_mean() const { return std::max(squares / n - mean() * mean(), 0.25) / n; }
};

// Difference between the inside and the ring to 1.3 radii, in standard errors.
double contrast(const cv::Mat1f& in_lens, const cv::Mat1b& cluster, const Circle& c) {
  Sums inside, ring;
  const double outer = 1.3 * c.radius;
  const int y0 = std::max(0, static_cast<int>(c.y - outer)),
            y1 = std::min(in_lens.rows - 1, static_cast<int>(c.y + outer));
  const int x0 = std::max(0, static_cast<int>(c.x - outer)),
            x1 = std::min(in_lens.cols - 1, static_cast<int>(c.x + outer));
  for (int y = y0; y <= y1; ++y) {
    for (int x = x0; x <= x1; ++x) {
      if (cluster(y, x) != 0) continue;
      const double r2 = (x - c.x) * (x - c.x) + (y - c.y) * (y - c.y);
      if (r2 <= c.radius * c.radius) {
        inside.add(in_lens(y, x));
      } else if (r2 <= outer * outer) {
        ring.add(in_lens(y, x));
      }
    }
  }
  if (inside.n < fewest_ring_pixels || ring.n < fewest_ring_pixels) return 0.0;
  return std::abs(inside.mean() - ring.mean()) / std::sqrt(inside.variance_of_mean() + ring.variance_of_mean());
}

// Best circle of a grid of (centre, radius) about `about`.
Circle search(const cv::Mat1f& in_lens, const cv::Mat1b& cluster, const Circle& about, double reach, double low,
              double high, int steps) {
  Circle best = about;
  for (int r = 0; r <= 2 * steps; ++r) {
    for (int j = -steps; j <= steps; ++j) {
      for (int k = -steps; k <= steps; ++k) {
        Circle c{about.x + reach * k / steps, about.y + reach * j / steps, low + (high - low) * r / (2 * steps), 0};
        c.contrast = contrast(in_lens, cluster, c);
        if (c.contrast > best.contrast) best = c;
      }
    }
  }
  return best;
}

// Coarse search on a reduced picture, fine search on the full one.
Circle find_footprint(const files::MicrographRecord& m, const cv::Mat1b& cluster, double expected_diameter) {
  const cv::Mat1f full = picture(m.in_lens, m.width, m.height);
  const double radius = 0.5 * expected_diameter / m.pixel_size;
  const int reduction = std::max(1, static_cast<int>(radius / 10.0));
  cv::Mat1f small;
  cv::Mat1b small_cluster;
  const cv::Size size(std::max(1, m.width / reduction), std::max(1, m.height / reduction));
  cv::resize(full, small, size, 0, 0, cv::INTER_AREA);
  cv::resize(cluster, small_cluster, size, 0, 0, cv::INTER_NEAREST);
  const double s = reduction;
  const Circle middle{0.5 * (small.cols - 1), 0.5 * (small.rows - 1), 1.1 * radius / s, 0};
  const Circle coarse =
      search(small, small_cluster, middle, aiming_error / m.pixel_size / s, 0.8 * radius / s, 1.7 * radius / s, 9);
  Circle best{(coarse.x + 0.5) * s - 0.5, (coarse.y + 0.5) * s - 0.5, coarse.radius * s, 0};
  double reach = std::max(aiming_error / m.pixel_size / 9, 0.05 * radius);
  for (int round = 0; round < 3; ++round) {  // to a third of the reach each
    best = search(full, cluster, best, reach, std::max(best.radius - reach, 1.0), best.radius + reach, 3);
    reach /= 3;
    best.step = reach;
  }
  return best;
}

struct ClusterSums {
  double pixels = 0, saturated = 0;
  double outline = 0, cut = 0;                   // px: where the cluster ends, where the footprint cuts it
  double beyond = 0;                             // pixels of clusters outside of the circle, to twice its radius
  double thickness = 0, thickness_variance = 0;  // sums over pixels, in units of L
  double edge_thickness = 0;                     // taken off for edge brightness
};

// Pixels of the cluster inside the circle, and those of it beyond.
struct Inside {
  const cv::Mat1b& mask;
  Circle circle;
  [[nodiscard]] bool cluster(int y, int x) const {
    return y >= 0 && x >= 0 && y < mask.rows && x < mask.cols && mask(y, x) != 0;
  }
  [[nodiscard]] bool within(int y, int x, double radii) const {
    const double reach = radii * circle.radius;
    return (x - circle.x) * (x - circle.x) + (y - circle.y) * (y - circle.y) <= reach * reach;
  }
  [[nodiscard]] bool wet(int y, int x) const { return within(y, x, 1.0); }
};

// Length of the outline by Cauchy: π/4 of the pixel edges that it crosses, whatever its direction.
void add_edges(const Inside& inside, int y, int x, ClusterSums& sum) {
  constexpr double length = std::numbers::pi / 4;
  for (const auto& [dy, dx] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
    if (!inside.cluster(y + dy, x + dx)) {
      sum.outline += length;
    } else if (!inside.wet(y + dy, x + dx)) {
      sum.cut += length;
    }
  }
}

// A pixel of grey g has thickness -ln(1-g) with σ_g/(1-g).
void add_thickness(double g, double edge, double noise, ClusterSums& sum) {
  const double level = std::min(g - edge, saturation);
  if (g - edge >= saturation) sum.saturated += 1;
  // second-order bias of the logarithm of a noisy grey: <-ln(1-g)> = -ln(1-<g>) + σ²/2(1-g)²
  const double relative = noise / (1 - level);
  sum.thickness += -std::log1p(-level) - 0.5 * relative * relative;
  sum.thickness_variance += relative * relative;
  sum.edge_thickness += edge / (1 - level);
}

ClusterSums sum_inside(const cv::Mat1f& grey, const Inside& inside, double noise, double edge) {
  ClusterSums sum;
  for (int y = 0; y < grey.rows; ++y) {
    for (int x = 0; x < grey.cols; ++x) {
      if (!inside.cluster(y, x)) continue;
      if (!inside.wet(y, x)) {
        sum.beyond += inside.within(y, x, 2.0) ? 1 : 0;
        continue;
      }
      sum.pixels += 1;
      add_thickness(static_cast<double>(grey(y, x)), edge, noise, sum);
      add_edges(inside, y, x, sum);
    }
  }
  return sum;
}

// How far outside of the outline the threshold is crossed, px.
double outline_shift(const cv::Mat1f& smooth, const cv::Mat1b& mask, double threshold) {
  constexpr double smear = 1.04;  // px: the smoothing and the pixel
  cv::Mat1b once, twice;
  cv::erode(mask, once, cv::Mat1b::ones(3, 3));
  cv::erode(once, twice, cv::Mat1b::ones(3, 3));
  const cv::Mat ring = once - twice;  // the inner one lies in the outer
  if (cv::countNonZero(ring) < speck) return 0.0;
  const double share = threshold / cv::mean(smooth, ring)[0];
  return smear * boost::math::quantile(boost::math::normal(), 1.0 - std::clamp(share, 0.05, 0.95));
}

void set_cluster(MicrographFeatures& features, const ClusterSums& sum, const files::MicrographRecord& m, bool footprint,
                 double shift) {
  if (sum.pixels < speck) {
    features.cluster_area.reason = features.volume.reason = "no particle inside the footprint";
    return;
  }
  constexpr double outline_error = 0.21;  // px
  constexpr double filled_gaps = 1 - std::numbers::pi / 4;
  const double pixel_area = m.pixel_size * m.pixel_size;
  const double rim = std::hypot(outline_error * sum.outline, sum.cut);  // px², along all of it in common
  const double area = sum.pixels - sum.outline * shift;
  features.cluster_area = {.value = area * pixel_area, .known = area > 0, .log_error = rim / area};
  features.saturated_share = sum.saturated / sum.pixels;
  // pixels at the outline are the thinnest, half of the mean; where the circle cuts they are like the others
  const double mean = sum.thickness / sum.pixels;
  const double rim_thickness = mean * std::hypot(0.5 * outline_error * sum.outline, sum.cut);
  features.volume = {.value = sum.thickness * m.thickness_scale * pixel_area,
                     .known = sum.thickness > 0.0,
                     .log_error = std::hypot(rim_thickness, std::sqrt(sum.thickness_variance),
                                             0.5 / std::numbers::sqrt3 * sum.edge_thickness) /
                                  sum.thickness};
  features.cluster_area.below = filled_gaps * features.cluster_area.value;
  if (sum.beyond > rim) features.cluster_area.leaves_out = "what of the cluster lies beyond the footprint";
  if (!footprint) {
    features.cluster_area.reason = features.volume.reason = "footprint not seen: the circle of the pipette was used";
  }
  if (features.saturated_share > 0.05) {
    features.volume.reason +=
        (features.volume.reason.empty() ? "" : "; ") + std::string("grey saturated: a lower bound");
  }
}

// Where the footprint is not seen it may lie anywhere within the aiming error of the microscope: least and most that a
// circle there would hold.
void bound_by_place(MicrographFeatures& features, const Circle& middle, double reach, const auto& sums) {
  const ClusterSums here = sums(middle);
  if (!(here.pixels > 0) || !(here.thickness > 0)) return;
  double least_area = here.pixels, most_area = here.pixels, least = here.thickness, most = here.thickness;
  constexpr int directions = 8;
  for (const double share : {0.5, 1.0}) {
    for (int k = 0; k < directions; ++k) {
      const double angle = 2 * std::numbers::pi * k / directions;
      Circle moved = middle;
      moved.x += share * reach * std::cos(angle);
      moved.y += share * reach * std::sin(angle);
      const ClusterSums there = sums(moved);
      least_area = std::min(least_area, there.pixels);
      most_area = std::max(most_area, there.pixels);
      least = std::min(least, there.thickness);
      most = std::max(most, there.thickness);
    }
  }
  const auto bound = [](Measured& m, double low, double high) {
    m.below = m.value * (1 - low);
    m.above = m.value * (high - 1);
  };
  bound(features.cluster_area, least_area / here.pixels, most_area / here.pixels);
  bound(features.volume, least / here.thickness, most / here.thickness);
}

}  // namespace

MicrographFeatures read_micrograph(const files::MicrographRecord& m, double expected_diameter,
                                   const MicroscopeKnowledge& microscope) {
  MicrographFeatures features;
  const std::string reason = defect(m);
  if (!reason.empty() || !(expected_diameter > 0.0)) {
    const std::string why = reason.empty() ? "pipette diameter unknown" : reason;
    features.cluster_area.reason = features.volume.reason = features.footprint_area.reason = why;
    return features;
  }
  const cv::Mat1f grey = relative_grey(m);
  cv::Mat1f smooth;
  cv::GaussianBlur(grey, smooth, cv::Size(5, 5), 1.0);
  const double threshold = std::max(4.0 * gold_noise(smooth), 0.03);
  const cv::Mat1b mask = cluster_mask(smooth, threshold);
  cv::Mat1b grown;
  cv::dilate(mask, grown, cv::Mat1b::ones(5, 5));

  Circle footprint = find_footprint(m, grown, expected_diameter);
  constexpr double seen = 8.0;  // the best of ~1e4 circles on pure noise stays below 5 standard errors
  const bool found = footprint.contrast > seen;
  if (found) {
    const double d = 2 * footprint.radius * m.pixel_size;
    const double radius_error = footprint.step / std::sqrt(12.0);  // px, uniform law over the last step of the search
    features.footprint_area = {
        .value = std::numbers::pi / 4 * d * d, .known = true, .log_error = 2 * radius_error / footprint.radius};
  } else {
    features.footprint_area.reason = "no residue seen in the in-lens picture";
    footprint = {0.5 * (m.width - 1), 0.5 * (m.height - 1), 0.55 * expected_diameter / m.pixel_size, 0};
  }
  constexpr double mean_tilt = 0.75;  // of 1/cos θ - 1, at most 3, over a sphere seen from above
  const auto sums = [&](const Circle& circle) {
    return sum_inside(grey, {mask, circle}, gold_noise(grey), mean_tilt * microscope.edge_gain);
  };
  set_cluster(features, sums(footprint), m, found, outline_shift(smooth, mask, threshold));
  if (!found) bound_by_place(features, footprint, aiming_error / m.pixel_size, sums);
  return features;
}

}  // namespace seccm::analysis
