#include "pipeline/report/micrograph_svg.hpp"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>

#include "pipeline/report/html.hpp"
#include "sim/error.hpp"

namespace seccm::report {
namespace {

std::string base64(const std::string& bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + 4);
  for (std::size_t k = 0; k < bytes.size(); k += 3) {
    std::uint32_t word = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      word = word << 8 | (k + j < bytes.size() ? static_cast<unsigned char>(bytes[k + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      const bool padding = k + j > bytes.size();
      out += padding ? '=' : kAlphabet[word >> (18 - 6 * j) & 63U];
    }
  }
  return out;
}

/// The label is what a pointer over the ring shows: beside it, it would hide the image.
std::string circle(const Overlay& o, double stroke) {
  const std::string title = o.label.empty() ? "" : "<title>" + escape_xml(o.label) + "</title>";
  return fmt::format(
      "<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\" fill=\"none\" pointer-events=\"all\" stroke=\"{}\" "
      "stroke-width=\"{:.2f}\"{}>{}</circle>",
      o.x + 0.5, o.y + 0.5, o.radius, escape_xml(o.colour), stroke,
      o.dashed ? fmt::format(" stroke-dasharray=\"{0:.1f} {0:.1f}\"", 2.5 * stroke) : "", title);
}

}  // namespace

GreyImage stretch(std::span<const std::uint16_t> pixels, int width, int height) {
  if (width <= 0 || height <= 0 ||
      pixels.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    throw InputError(fmt::format("image of {} pixels does not fit its size {} x {}", pixels.size(), width, height));
  }
  std::vector<std::uint16_t> sorted(pixels.begin(), pixels.end());
  const auto percentile = [&](double share) {
    const auto k = static_cast<std::ptrdiff_t>(share * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), sorted.begin() + k, sorted.end());
    return static_cast<double>(sorted[static_cast<std::size_t>(k)]);
  };
  const double low = percentile(0.005);
  const double span = std::max(percentile(0.995) - low, 1.0);
  GreyImage out{.width = width, .height = height, .pixels = {}};
  out.pixels.reserve(pixels.size());
  for (std::uint16_t value : pixels) {
    out.pixels.push_back(static_cast<std::uint8_t>(std::lround(std::clamp((value - low) / span, 0.0, 1.0) * 255.0)));
  }
  return out;
}

namespace {

/// Mean over a window of 2 half + 1 samples, clipped at the ends, along one line of the image.
void box_mean(std::span<const double> in, std::span<double> out, std::size_t half) {
  std::vector<double> sum(in.size() + 1, 0.0);
  for (std::size_t k = 0; k < in.size(); ++k) sum[k + 1] = sum[k] + in[k];
  for (std::size_t k = 0; k < in.size(); ++k) {
    const std::size_t from = k > half ? k - half : 0;
    const std::size_t to = std::min(k + half + 1, in.size());
    out[k] = (sum[to] - sum[from]) / static_cast<double>(to - from);
  }
}

/// Box mean over 2 half + 1 pixels in both directions.
void smooth(std::vector<double>& image, std::size_t w, std::size_t h, std::size_t half) {
  for (std::size_t y = 0; y < h; ++y) {
    const auto begin = image.begin() + static_cast<std::ptrdiff_t>(y * w);
    const std::vector<double> row(begin, begin + static_cast<std::ptrdiff_t>(w));
    box_mean(row, std::span(image).subspan(y * w, w), half);
  }
  std::vector<double> column(h), mean(h);
  for (std::size_t x = 0; x < w; ++x) {
    for (std::size_t y = 0; y < h; ++y) column[y] = image[y * w + x];
    box_mean(column, mean, half);
    for (std::size_t y = 0; y < h; ++y) image[y * w + x] = mean[y];
  }
}

}  // namespace

std::vector<std::uint16_t> flatten(std::span<const std::uint16_t> pixels, int width, int height, int scale) {
  const auto w = static_cast<std::size_t>(std::max(width, 0));
  const auto h = static_cast<std::size_t>(std::max(height, 0));
  if (w == 0 || h == 0 || pixels.size() != w * h) {
    throw InputError(fmt::format("image of {} pixels does not fit its size {} x {}", pixels.size(), width, height));
  }
  const std::size_t half = static_cast<std::size_t>(std::max(scale, 2)) / 2;
  std::vector<double> mean(pixels.begin(), pixels.end());
  smooth(mean, w, h, half);
  // An object is no part of its background: what stands out by more than a tenth counts as a tenth.
  constexpr double outstanding = 0.1;
  for (std::size_t k = 0; k < pixels.size(); ++k)
    mean[k] = std::clamp<double>(pixels[k], (1.0 - outstanding) * mean[k], (1.0 + outstanding) * mean[k]);
  smooth(mean, w, h, half);
  constexpr double mid_grey = 16384.0;  // leaves room for objects four times as bright as the background
  std::vector<std::uint16_t> flat(pixels.size());
  for (std::size_t k = 0; k < pixels.size(); ++k) {
    flat[k] = static_cast<std::uint16_t>(std::min(pixels[k] * mid_grey / std::max(mean[k], 1.0), 65535.0));
  }
  return flat;
}

GreyImage crop(const GreyImage& image, int x0, int y0, int width, int height) {
  const int left = std::clamp(x0, 0, image.width);
  const int top = std::clamp(y0, 0, image.height);
  const int right = std::clamp(x0 + width, left, image.width);
  const int bottom = std::clamp(y0 + height, top, image.height);
  GreyImage out{.width = right - left, .height = bottom - top, .pixels = {}};
  for (int y = top; y < bottom; ++y) {
    const auto row = image.pixels.begin() + static_cast<std::ptrdiff_t>(y) * image.width;
    out.pixels.insert(out.pixels.end(), row + left, row + right);
  }
  return out;
}

GreyImage shrink(const GreyImage& image, int most) {
  const int step = (std::max(image.width, image.height) + most - 1) / std::max(most, 1);
  if (step <= 1) return image;
  GreyImage out{.width = image.width / step, .height = image.height / step, .pixels = {}};
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      int sum = 0;
      for (int dy = 0; dy < step; ++dy) {
        const std::size_t row = static_cast<std::size_t>(y * step + dy) * static_cast<std::size_t>(image.width);
        for (int dx = 0; dx < step; ++dx) sum += image.pixels[row + static_cast<std::size_t>(x * step + dx)];
      }
      out.pixels.push_back(static_cast<std::uint8_t>(sum / (step * step)));
    }
  }
  return out;
}

std::string encode_png(const GreyImage& image) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(image.width);
  header.height = static_cast<png_uint_32>(image.height);
  header.format = PNG_FORMAT_GRAY;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&header, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr) == 0) {
    throw InputError(
        fmt::format("report: can not encode a {} x {} image: {}", image.width, image.height, header.message));
  }
  bytes.resize(size);
  return bytes;
}

std::string image_svg(const GreyImage& image, std::span<const Overlay> overlays, const ImageFrame& frame) {
  if (image.width <= 0 || image.height <= 0) return {};
  // Noise below a 32nd of the range is not seen and would be most of the page.
  constexpr std::uint8_t step = 8;
  GreyImage shown = shrink(image, frame.display_width);
  for (std::uint8_t& grey : shown.pixels) grey = static_cast<std::uint8_t>(grey / step * step + grey / 32);
  const double scale = static_cast<double>(image.width) / frame.display_width;
  const double strip = frame.bar_length > 0.0 ? 24.0 * scale : 0.0;
  std::string svg = fmt::format(
      "<svg class=\"image\" xmlns=\"http://www.w3.org/2000/svg\" style=\"--width:{}px\" viewBox=\"0 0 {} {:.1f}\" "
      "role=\"img\" aria-label=\"{}\"><image width=\"{}\" height=\"{}\" href=\"data:image/png;base64,{}\"/>",
      frame.display_width, image.width, image.height + strip, escape_xml(frame.description), image.width, image.height,
      base64(encode_png(shown)));
  for (const Overlay& overlay : overlays) svg += circle(overlay, 1.5 * scale);
  if (frame.bar_length > 0.0) {
    svg += fmt::format(
        "<rect class=\"bar\" x=\"0\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" style=\"font-size:{:.1f}px\">{}</text>",
        image.height + 8.0 * scale, frame.bar_length, 4.0 * scale, frame.bar_length + 6.0 * scale,
        image.height + 15.0 * scale, 13.0 * scale, escape_xml(frame.bar_label));
  }
  return svg + "</svg>";
}

}  // namespace seccm::report
