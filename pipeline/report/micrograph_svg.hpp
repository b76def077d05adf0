// A camera image with vector overlays (targets, footprints) as inline SVG; the pixels are an embedded PNG.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace seccm::report {

struct Overlay {
  double x = 0.0, y = 0.0;  ///< px in the image
  double radius = 0.0;      ///< px
  std::string colour = "#ffcc00";
  std::string label = {};  ///< shown when the pointer is over the circle
  bool dashed = false;
};

struct GreyImage {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;  ///< row-major
};

/// Stretches 16-bit pixels so that the 0.5 and 99.5 percentiles become black and white. Throws InputError if the pixel
/// count does not match.
GreyImage stretch(std::span<const std::uint16_t> pixels, int width, int height);

/// The same image divided by its large-scale background (box mean over `scale` px, in which objects hardly count), so
/// that a lamp's profile does not hide the objects.
std::vector<std::uint16_t> flatten(std::span<const std::uint16_t> pixels, int width, int height, int scale);

/// The part [x0, x0+width) x [y0, y0+height) of an image, clipped to it.
GreyImage crop(const GreyImage& image, int x0, int y0, int width, int height);

/// PNG file bytes of an 8-bit grey image.
std::string encode_png(const GreyImage& image);

/// The mean over squares of pixels, so that no side is longer than `most`.
GreyImage shrink(const GreyImage& image, int most);

/// How an image stands on the page.
struct ImageFrame {
  int display_width = 600;  ///< px at most; the image has no more pixels than that
  double bar_length = 0.0;  ///< of the scale bar under the image, in its px; 0: none
  std::string bar_label = {};
  std::string description = {};  ///< for those who do not see it
};
std::string image_svg(const GreyImage& image, std::span<const Overlay> overlays, const ImageFrame& frame);

}  // namespace seccm::report
