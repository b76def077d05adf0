// A microscope image as relative contrast against the gold around: c = (I - I_dark)/(I_gold - I_dark) - 1.
//
// I_gold is the slowly varying illumination: medians of square blocks (an object that covers less than half of a block
// does not move them); a polynomial of fourth order through those that do not stand out from it, times what is left of
// the medians, 3 x 3 of them, interpolated linearly. c = 0 on bare gold, of either sign on
// objects: interference makes the sign a matter of height and wavelength. `noise` is 1.4826 median|c|, the standard
// deviation of a Gaussian background whatever the share of outliers (below one half).
//
// Pixel coordinates: column x, row y, the centre of the top left pixel is (0, 0).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace seccm::scan {

struct ContrastImage {
  int width = 0, height = 0;
  std::vector<float> values;  ///< row-major
  double noise = 0.0;

  [[nodiscard]] float at(int x, int y) const {
    return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
};

/// Throws InputError for an empty image, a size that does not fit its pixels, or one without light (median <= dark).
ContrastImage contrast_image(int width, int height, std::span<const std::uint16_t> pixels, double dark_level);

/// Convolved with a Gaussian of standard deviation `sigma` px; `noise` is estimated anew. sigma <= 0 copies.
ContrastImage blurred(const ContrastImage& image, double sigma);

/// (b moved back by the shift) - a: what has appeared since a. (dx, dy): where an object of `a` is found in `b`, minus
/// where it was, px. Outside the overlap the difference is 0. Throws InputError when the sizes differ.
ContrastImage difference(const ContrastImage& a, const ContrastImage& b, double dx, double dy);

struct ImageShift {
  double dx = 0.0, dy = 0.0;  ///< px, an object of `a` at p is at p + (dx, dy) in `b`
  double response = 0.0;      ///< height of the correlation peak, 1 for identical images
};

/// Phase correlation for the whole pixels, then Gauss-Newton on the residual (least squares over the overlap) for the
/// fraction. Throws InputError when the sizes differ.
ImageShift image_shift(const ContrastImage& a, const ContrastImage& b);

}  // namespace seccm::scan
