#include "pipeline/report/micrograph_svg.hpp"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>

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

std::string circle(const Overlay& o) {
  std::string text =
      fmt::format("<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>",
                  o.x + 0.5, o.y + 0.5, o.radius, escape_xml(o.colour), o.dashed ? " stroke-dasharray=\"5 4\"" : "");
  if (!o.label.empty()) {
    text += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"15\" fill=\"{}\" "
        "font-family=\"Helvetica,Arial,sans-serif\">{}</text>",
        o.x + o.radius + 3, o.y - o.radius, escape_xml(o.colour), escape_xml(o.label));
  }
  return text;
}

}  // namespace

std::string escape_xml(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

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

}  // namespace

std::vector<std::uint16_t> flatten(std::span<const std::uint16_t> pixels, int width, int height, int scale) {
  const auto w = static_cast<std::size_t>(std::max(width, 0));
  const auto h = static_cast<std::size_t>(std::max(height, 0));
  if (w == 0 || h == 0 || pixels.size() != w * h) {
    throw InputError(fmt::format("image of {} pixels does not fit its size {} x {}", pixels.size(), width, height));
  }
  const std::size_t half = static_cast<std::size_t>(std::max(scale, 2)) / 2;
  std::vector<double> mean(pixels.begin(), pixels.end());
  for (std::size_t y = 0; y < h; ++y) {
    const std::vector<double> row(mean.begin() + static_cast<std::ptrdiff_t>(y * w),
                                  mean.begin() + static_cast<std::ptrdiff_t>((y + 1) * w));
    box_mean(row, std::span(mean).subspan(y * w, w), half);
  }
  std::vector<double> column(h), smooth(h);
  for (std::size_t x = 0; x < w; ++x) {
    for (std::size_t y = 0; y < h; ++y) column[y] = mean[y * w + x];
    box_mean(column, smooth, half);
    for (std::size_t y = 0; y < h; ++y) mean[y * w + x] = smooth[y];
  }
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

std::string image_svg(const GreyImage& image, std::span<const Overlay> overlays, int display_width, double bar_length,
                      const std::string& bar_label) {
  if (image.width <= 0 || image.height <= 0) return {};
  const double scale = static_cast<double>(image.width) / display_width;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{:.0f}\" viewBox=\"0 0 {} {}\">"
      "<image width=\"{}\" height=\"{}\" href=\"data:image/png;base64,{}\"/>",
      display_width, image.height / scale, image.width, image.height, image.width, image.height,
      base64(encode_png(image)));
  for (const Overlay& overlay : overlays) svg += circle(overlay);
  if (bar_length > 0.0) {
    const double y = image.height - 14.0 * scale;
    const double x = 14.0 * scale;
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#fff\" stroke=\"#000\" "
        "stroke-width=\"{:.2f}\"/>"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.1f}\" fill=\"#fff\" stroke=\"#000\" stroke-width=\"{:.2f}\" "
        "paint-order=\"stroke\" font-family=\"Helvetica,Arial,sans-serif\">{}</text>",
        x, y, bar_length, 4.0 * scale, 0.5 * scale, x, y - 5.0 * scale, 14.0 * scale, 2.0 * scale,
        escape_xml(bar_label));
  }
  return svg + "</svg>";
}

}  // namespace seccm::report
