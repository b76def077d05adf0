#include "pipeline/scan/particle_detection.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "pipeline/scan/blurred_disc.hpp"

namespace seccm::scan {
namespace {

cv::Mat magnitude(const ContrastImage& image) {
  const cv::Mat values(image.height, image.width, CV_32F, const_cast<float*>(image.values.data()));
  return cv::abs(values);
}

/// 255 where the level is exceeded inside one object, holes filled, with a border of one pixel around.
cv::Mat filled_outline(const cv::Mat& strength, const cv::Mat& labels, int label, double level) {
  cv::Mat padded(strength.rows + 2, strength.cols + 2, CV_8U, cv::Scalar(0));
  for (int y = 0; y < strength.rows; ++y)
    for (int x = 0; x < strength.cols; ++x)
      if (labels.at<int>(y, x) == label && static_cast<double>(strength.at<float>(y, x)) > level)
        padded.at<unsigned char>(y + 1, x + 1) = 255;
  cv::Mat outside = padded.clone();
  cv::floodFill(outside, cv::Point(0, 0), cv::Scalar(128));
  cv::Mat filled;
  cv::compare(outside, cv::Scalar(128), filled, cv::CMP_NE);
  return filled;
}

struct Component {
  int label;
  cv::Rect box;
};

DetectedObject measure(const ContrastImage& image, const cv::Mat& strength, const cv::Mat& labels,
                       const Component& part, const DetectionSettings& settings) {
  const cv::Mat local_strength = strength(part.box), local_labels = labels(part.box);
  cv::Mat inside;
  cv::compare(local_labels, cv::Scalar(part.label), inside, cv::CMP_EQ);
  double peak = 0.0;
  cv::Point where;
  cv::minMaxLoc(local_strength, nullptr, &peak, nullptr, &where, inside);
  const cv::Mat outline = filled_outline(local_strength, local_labels, part.label, settings.area_level * peak);
  const cv::Moments moments = cv::moments(outline, true);

  DetectedObject object;
  object.x = part.box.x - 1 + moments.m10 / moments.m00;
  object.y = part.box.y - 1 + moments.m01 / moments.m00;
  object.outline_area = moments.m00;
  const double blur = std::numbers::sqrt2 * settings.blur;
  const double radius = std::sqrt(moments.m00 / std::numbers::pi);
  const double disc = blur > 0.0 ? disc_radius(radius, blur, settings.area_level) : radius;
  object.area = std::numbers::pi * disc * disc;
  object.contrast = static_cast<double>(image.at(part.box.x + where.x, part.box.y + where.y));
  for (int y = 0; y < inside.rows; ++y)
    for (int x = 0; x < inside.cols; ++x)
      if (inside.at<unsigned char>(y, x) != 0)
        object.extent = std::max(object.extent, std::hypot(part.box.x + x - object.x, part.box.y + y - object.y));
  object.at_border = part.box.x == 0 || part.box.y == 0 || part.box.x + part.box.width == image.width ||
                     part.box.y + part.box.height == image.height;
  return object;
}

}  // namespace

Detection detect_particles(const ContrastImage& image, const DetectionSettings& settings) {
  const ContrastImage smooth = blurred(image, settings.blur);
  const cv::Mat strength = magnitude(smooth);
  const double seed = std::max(settings.threshold * smooth.noise, settings.minimum_contrast);
  cv::Mat low, labels, statistics, centroids;
  cv::compare(strength, cv::Scalar(0.5 * seed), low, cv::CMP_GT);
  // Between a bright and a dark part of one object the contrast passes through zero.
  const int reach = std::max(1, cvRound(settings.blur));
  cv::morphologyEx(low, low, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(2 * reach + 1, 2 * reach + 1)));
  const int count = cv::connectedComponentsWithStats(low, labels, statistics, centroids, 8, CV_32S);

  std::vector<double> peak(static_cast<std::size_t>(count), 0.0);
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x) {
      double& highest = peak[static_cast<std::size_t>(labels.at<int>(y, x))];
      highest = std::max(highest, static_cast<double>(strength.at<float>(y, x)));
    }

  Detection detection;
  const double smallest_area = 0.25 * std::numbers::pi * settings.minimum_diameter * settings.minimum_diameter;
  for (int label = 1; label < count; ++label) {
    if (peak[static_cast<std::size_t>(label)] <= seed) continue;
    const int* row = statistics.ptr<int>(label);
    const cv::Rect box(row[cv::CC_STAT_LEFT], row[cv::CC_STAT_TOP], row[cv::CC_STAT_WIDTH], row[cv::CC_STAT_HEIGHT]);
    DetectedObject object = measure(smooth, strength, labels, {label, box}, settings);
    if (object.area >= smallest_area) detection.objects.push_back(object);
  }
  std::stable_sort(detection.objects.begin(), detection.objects.end(),
                   [](const DetectedObject& a, const DetectedObject& b) { return a.area < b.area; });
  detection.mask.resize(image.values.size());
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x) {
      const auto label = static_cast<std::size_t>(labels.at<int>(y, x));
      detection
          .mask[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)] =
          label != 0 && peak[label] > seed ? 1 : 0;
    }
  return detection;
}

}  // namespace seccm::scan
