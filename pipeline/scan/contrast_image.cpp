#include "pipeline/scan/contrast_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/error.hpp"

namespace seccm::scan {
namespace {

constexpr int background_block = 64;        // px: wider than any object, narrower than the lamp's profile
constexpr double mad_to_sigma = 1.4826;     // standard deviation / median absolute deviation of a Gaussian
constexpr double gauss_newton_stop = 1e-4;  // px

cv::Mat view(const ContrastImage& image) {
  return {image.height, image.width, CV_32F, const_cast<float*>(image.values.data())};
}

template <class T>
T median(std::vector<T>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double robust_noise(std::span<const float> values) {
  std::vector<float> magnitude(values.size());
  std::transform(values.begin(), values.end(), magnitude.begin(), [](float v) { return std::abs(v); });
  return mad_to_sigma * static_cast<double>(median(magnitude));
}

void require_same_size(const ContrastImage& a, const ContrastImage& b) {
  if (a.width != b.width || a.height != b.height)
    throw InputError(fmt::format("images of {} x {} and {} x {} pixels can not be compared; accepted: the same size",
                                 a.width, a.height, b.width, b.height));
}

/// Median of each block, on a coarse grid.
cv::Mat block_medians(const cv::Mat& image, int blocks_x, int blocks_y) {
  cv::Mat coarse(blocks_y, blocks_x, CV_32F);
  std::vector<float> values;
  for (int j = 0; j < blocks_y; ++j) {
    for (int i = 0; i < blocks_x; ++i) {
      values.clear();
      const int y1 = (j + 1) * image.rows / blocks_y, x1 = (i + 1) * image.cols / blocks_x;
      for (int y = j * image.rows / blocks_y; y < y1; ++y)
        for (int x = i * image.cols / blocks_x; x < x1; ++x) values.push_back(image.at<float>(y, x));
      coarse.at<float>(j, i) = median(values);
    }
  }
  return coarse;
}

/// 1, x, y, x², ... up to the order: x, y in [-1, 1].
std::vector<double> monomials(double x, double y, int order) {
  std::vector<double> out;
  for (int total = 0; total <= order; ++total)
    for (int k = 0; k <= total; ++k) out.push_back(std::pow(x, total - k) * std::pow(y, k));
  return out;
}

/// Least-squares polynomial through the blocks of weight 1, evaluated at every pixel.
cv::Mat smooth_surface(const cv::Mat& coarse, const cv::Mat& weight, cv::Size size, int order) {
  const auto x_of = [](double position, int count) { return 2.0 * (position + 0.5) / count - 1.0; };
  const int terms = (order + 1) * (order + 2) / 2;
  cv::Mat design(coarse.rows * coarse.cols, terms, CV_64F), values(coarse.rows * coarse.cols, 1, CV_64F), solution;
  for (int j = 0; j < coarse.rows; ++j)
    for (int i = 0; i < coarse.cols; ++i) {
      const int row = j * coarse.cols + i;
      const auto basis = monomials(x_of(i, coarse.cols), x_of(j, coarse.rows), order);
      const auto w = static_cast<double>(weight.at<float>(j, i));
      for (int term = 0; term < terms; ++term) design.at<double>(row, term) = w * basis[static_cast<std::size_t>(term)];
      values.at<double>(row) = w * static_cast<double>(coarse.at<float>(j, i));
    }
  cv::solve(design, values, solution, cv::DECOMP_SVD);
  // Rows of pixels: for fixed y a polynomial in x.
  cv::Mat out(size, CV_32F);
  std::vector<double> in_x(static_cast<std::size_t>(order) + 1);
  for (int j = 0; j < size.height; ++j) {
    const double y = x_of(j, size.height);
    std::fill(in_x.begin(), in_x.end(), 0.0);
    int term = 0;
    for (int total = 0; total <= order; ++total)
      for (int k = 0; k <= total; ++k)
        in_x[static_cast<std::size_t>(total - k)] += solution.at<double>(term++) * std::pow(y, k);
    auto* row = out.ptr<float>(j);
    for (int i = 0; i < size.width; ++i) {
      const double x = x_of(i, size.width);
      double value = 0.0;
      for (auto c = in_x.rbegin(); c != in_x.rend(); ++c) value = value * x + *c;
      row[i] = static_cast<float>(value);
    }
  }
  return out;
}

/// The illumination at every pixel.
cv::Mat background_of(const cv::Mat& blocks, cv::Size size) {
  const int order = std::min({4, blocks.rows - 1, blocks.cols - 1});
  cv::Mat weight = cv::Mat::ones(blocks.size(), CV_32F), ratio;
  // Blocks that objects fill stand out from the fit; without them it is drawn again.
  for (int round = 0; round < 3; ++round) {
    cv::divide(blocks, smooth_surface(blocks, weight, blocks.size(), order), ratio);
    const cv::Mat deviation = cv::abs(ratio - 1.0);
    std::vector<float> sorted(deviation.begin<float>(), deviation.end<float>());
    const double limit = std::max(4.0 * mad_to_sigma * static_cast<double>(median(sorted)), 1e-4);
    cv::compare(deviation, cv::Scalar(limit), weight, cv::CMP_LE);
    weight.convertTo(weight, CV_32F, 1.0 / 255.0);
  }
  cv::Mat left, fine, out;
  cv::medianBlur(ratio, left, 3);
  cv::resize(left, fine, size, 0, 0, cv::INTER_LINEAR);
  cv::multiply(smooth_surface(blocks, weight, size, order), fine, out);
  return out;
}

/// Catmull-Rom weights for the samples at -1, 0, 1, 2 around a fraction f in [0, 1).
cv::Mat cubic_weights(double f) {
  return (cv::Mat_<double>(1, 4) << f * (-0.5 + f * (1.0 - 0.5 * f)), 1.0 + f * f * (-2.5 + 1.5 * f),
          f * (0.5 + f * (2.0 - 1.5 * f)), f * f * (-0.5 + 0.5 * f));
}

/// out(p) = image(p + d): one filter for the fraction (the same everywhere), a copy for the whole pixels.
cv::Mat shifted_back(const ContrastImage& image, double dx, double dy) {
  const int ix = static_cast<int>(std::floor(dx)), iy = static_cast<int>(std::floor(dy));
  cv::Mat fraction;
  cv::sepFilter2D(view(image), fraction, CV_32F, cubic_weights(dx - ix), cubic_weights(dy - iy), cv::Point(1, 1), 0.0,
                  cv::BORDER_REFLECT_101);
  cv::Mat out = cv::Mat::zeros(fraction.size(), CV_32F);
  const cv::Rect from = cv::Rect(ix, iy, image.width, image.height) & cv::Rect(0, 0, image.width, image.height);
  if (from.area() > 0) {
    cv::Mat target = out(from - cv::Point(ix, iy));
    fraction(from).copyTo(target);
  }
  return out;
}

/// Pixels of `a` that have a counterpart in `b`, with a border for the interpolation.
cv::Rect overlap(const ContrastImage& image, double dx, double dy) {
  constexpr int border = 3;
  const int x0 = std::max(0, static_cast<int>(std::ceil(-dx))) + border;
  const int y0 = std::max(0, static_cast<int>(std::ceil(-dy))) + border;
  const int x1 = std::min(image.width, static_cast<int>(std::floor(image.width - dx))) - border;
  const int y1 = std::min(image.height, static_cast<int>(std::floor(image.height - dy))) - border;
  return {x0, y0, std::max(0, x1 - x0), std::max(0, y1 - y0)};
}

/// One step of least squares of a(p) = b(p + d) for the translation d, over the edges of objects: elsewhere the fixed
/// pattern of the camera, which does not move with the sample, would pull the result towards zero.
cv::Point2d gauss_newton_step(const cv::Mat& a, const cv::Mat& b, const cv::Rect& region, double least_gradient) {
  double xx = 0, xy = 0, yy = 0, xr = 0, yr = 0;
  for (int y = region.y; y < region.y + region.height; ++y) {
    const auto* up = b.ptr<float>(y - 1);
    const auto* row = b.ptr<float>(y);
    const auto* down = b.ptr<float>(y + 1);
    const auto* reference = a.ptr<float>(y);
    for (int x = region.x; x < region.x + region.width; ++x) {
      const double gx = 0.5 * static_cast<double>(row[x + 1] - row[x - 1]);
      const double gy = 0.5 * static_cast<double>(down[x] - up[x]);
      if (gx * gx + gy * gy < least_gradient * least_gradient) continue;
      const double residual = static_cast<double>(reference[x] - row[x]);
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
      xr += gx * residual;
      yr += gy * residual;
    }
  }
  const double determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-12 * xx * yy) || !(determinant > 0.0)) return {0.0, 0.0};
  return {(yy * xr - xy * yr) / determinant, (xx * yr - xy * xr) / determinant};
}

}  // namespace

ContrastImage contrast_image(int width, int height, std::span<const std::uint16_t> pixels, double dark_level) {
  if (width < 8 || height < 8 || pixels.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
    throw InputError(fmt::format("image of {} x {} pixels with {} values; accepted: at least 8 x 8, all pixels present",
                                 width, height, pixels.size()));
  ContrastImage out{.width = width, .height = height, .values = {}, .noise = 0.0};
  out.values.assign(pixels.begin(), pixels.end());
  cv::Mat image = view(out);
  image -= dark_level;
  const int blocks_x = std::clamp(width / background_block, 2, width / 4);
  const int blocks_y = std::clamp(height / background_block, 2, height / 4);
  const cv::Mat blocks = block_medians(image, blocks_x, blocks_y);
  double lowest = 0.0;
  cv::minMaxLoc(blocks, &lowest);
  if (!(lowest > 0.0))
    throw InputError(
        fmt::format("image without light: the gold is at {} counts above the dark level of {}", lowest, dark_level));
  cv::divide(image, background_of(blocks, image.size()), image);
  image -= 1.0;
  out.noise = robust_noise(out.values);
  return out;
}

ContrastImage blurred(const ContrastImage& image, double sigma) {
  ContrastImage out = image;
  if (!(sigma > 0.0)) return out;
  cv::Mat target = view(out);
  cv::GaussianBlur(view(image), target, cv::Size(0, 0), sigma, sigma, cv::BORDER_REFLECT_101);
  out.noise = robust_noise(out.values);
  return out;
}

ContrastImage difference(const ContrastImage& a, const ContrastImage& b, double dx, double dy) {
  require_same_size(a, b);
  ContrastImage out{
      .width = a.width, .height = a.height, .values = std::vector<float>(a.values.size(), 0.0F), .noise = 0};
  const cv::Mat moved = shifted_back(b, dx, dy);
  const cv::Rect region = overlap(a, dx, dy);
  if (region.area() > 0) {
    cv::Mat target = view(out)(region);
    cv::subtract(moved(region), view(a)(region), target);
  }
  out.noise = robust_noise(out.values);
  return out;
}

ImageShift image_shift(const ContrastImage& a, const ContrastImage& b) {
  require_same_size(a, b);
  // A light blur keeps pixel noise out of the gradients.
  const ContrastImage smooth_a = blurred(a, 1.0), smooth_b = blurred(b, 1.0);
  cv::Mat window;
  cv::createHanningWindow(window, view(a).size(), CV_32F);
  ImageShift shift;
  const cv::Point2d coarse = cv::phaseCorrelate(view(smooth_a), view(smooth_b), window, &shift.response);
  shift.dx = coarse.x;
  shift.dy = coarse.y;
  for (int k = 0; k < 20; ++k) {
    const cv::Rect region = overlap(a, shift.dx, shift.dy);
    if (region.width < 8 || region.height < 8) break;
    const cv::Point2d step =
        gauss_newton_step(view(smooth_a), shifted_back(smooth_b, shift.dx, shift.dy), region, 3.0 * smooth_b.noise);
    if (!(std::hypot(step.x, step.y) < 2.0)) break;
    shift.dx += step.x;
    shift.dy += step.y;
    if (std::hypot(step.x, step.y) < gauss_newton_stop) break;
  }
  return shift;
}

}  // namespace seccm::scan
