#include "models/optics/point_spread.hpp"

#include <cmath>
#include <opencv2/core.hpp>

#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

double sinc(double x) {
  const double a = constants::pi * x;
  return std::abs(a) < 1e-8 ? 1.0 : std::sin(a) / a;
}

// Frequency of index k out of n samples at spacing `cell`, 1/m.
double frequency(int k, int n, double cell) {
  return (k <= n / 2 ? k : k - n) / (n * cell);
}

double transfer(double fx, double fy, const Blur& blur) {
  const double s = std::hypot(fx, fy) / blur.cutoff;
  if (s >= 1.0) return 0.0;
  const double c = std::cos(blur.pixel_rotation);
  const double d = std::sin(blur.pixel_rotation);
  return airy_transfer(s) * sinc(blur.pixel_size * (c * fx + d * fy)) * sinc(blur.pixel_size * (-d * fx + c * fy));
}

}  // namespace

double airy_transfer(double s) {
  if (s >= 1.0) return 0.0;
  return 2.0 / constants::pi * (std::acos(s) - s * std::sqrt(1.0 - s * s));
}

void convolve(ImageF& map, double cell, const Blur& blur) {
  cv::Mat image(map.height, map.width, CV_32F, map.pixels.data());
  cv::Mat spectrum;
  cv::dft(image, spectrum, cv::DFT_COMPLEX_OUTPUT);
  for (int row = 0; row < spectrum.rows; ++row) {
    const double fy = frequency(row, spectrum.rows, cell);
    auto* values = spectrum.ptr<cv::Vec2f>(row);
    for (int column = 0; column < spectrum.cols; ++column) {
      const double fx = frequency(column, spectrum.cols, cell);
      // Most of an oversampled spectrum lies beyond the cut-off.
      if (fx * fx + fy * fy >= blur.cutoff * blur.cutoff) {
        values[column] = cv::Vec2f(0.0F, 0.0F);
      } else {
        values[column] *= static_cast<float>(transfer(fx, fy, blur));
      }
    }
  }
  cv::dft(spectrum, image, cv::DFT_INVERSE | cv::DFT_REAL_OUTPUT | cv::DFT_SCALE);
}

int fast_size(int size) {
  return cv::getOptimalDFTSize(size);
}

}  // namespace seccm::models
