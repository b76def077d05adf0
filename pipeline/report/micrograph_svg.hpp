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
  std::string label;  ///< drawn beside the circle when not empty
  bool dashed = false;
};

struct GreyImage {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;  ///< row-major
};

/// Stretches 16-bit pixels so that the 0.5 and 99.5 percentiles become black and white. Throws InputError if the pixel
/// count does not match.
GreyImage stretch(std::span<const std::uint16_t> pixels, int width, int height);

/// The same image divided by its large-scale background (box mean over `scale` px), so that a lamp's profile does not
/// hide the objects.
std::vector<std::uint16_t> flatten(std::span<const std::uint16_t> pixels, int width, int height, int scale);

/// The part [x0, x0+width) x [y0, y0+height) of an image, clipped to it.
GreyImage crop(const GreyImage& image, int x0, int y0, int width, int height);

/// PNG file bytes of an 8-bit grey image.
std::string encode_png(const GreyImage& image);

/// Inline SVG of `display_width` px with the overlays and a scale bar of `bar_length` (text `bar_label`) in image px.
std::string image_svg(const GreyImage& image, std::span<const Overlay> overlays, int display_width, double bar_length,
                      const std::string& bar_label);

/// Text with & < > " replaced, safe inside HTML and SVG.
std::string escape_xml(std::string_view text);

}  // namespace seccm::report
