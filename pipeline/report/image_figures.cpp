// Camera images and electron micrographs.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "pipeline/report/figure_data.hpp"
#include "pipeline/report/figures.hpp"
#include "pipeline/report/micrograph_svg.hpp"

namespace seccm::report {
namespace {

using files::PointKind;
using files::PointRecord;

constexpr const char* accepted_colour = "#39d353";
constexpr const char* rejected_colour = "#ff8c42";
constexpr const char* blank_colour = "#4cc9f0";
constexpr const char* calibration_colour = "#f2f2f2";
constexpr const char* outlier_colour = "#ff4d6d";

/// The reference image without the lamp's profile.
std::optional<GreyImage> reference_image(const files::RunReader& run) {
  for (const char* name : {"reference", "after_calibration", "final"}) {
    const auto image = run.image(name);
    if (!image) continue;
    return stretch(flatten(image->pixels, image->width, image->height, image->width / 12), image->width, image->height);
  }
  return std::nullopt;
}

/// Smallest window with a margin that holds every overlay; overlays are moved into it.
GreyImage crop_to(const GreyImage& image, std::vector<Overlay>& overlays, double margin) {
  if (overlays.empty()) return image;
  double x0 = overlays[0].x, x1 = x0, y0 = overlays[0].y, y1 = y0;
  for (const Overlay& o : overlays) {
    x0 = std::min(x0, o.x);
    x1 = std::max(x1, o.x);
    y0 = std::min(y0, o.y);
    y1 = std::max(y1, o.y);
  }
  const int left = std::max(0, static_cast<int>(x0 - margin));
  const int top = std::max(0, static_cast<int>(y0 - margin));
  for (Overlay& o : overlays) {
    o.x -= left;
    o.y -= top;
  }
  return crop(image, left, top, static_cast<int>(x1 + margin) - left, static_cast<int>(y1 + margin) - top);
}

std::vector<Overlay> point_overlays(const ReportInputs& inputs, const std::vector<PointRecord>& points, double radius) {
  const auto accepted = accepted_points(inputs);
  std::vector<Overlay> overlays;
  for (const auto& p : points) {
    Overlay ring{.x = p.pixel_x, .y = p.pixel_y, .radius = radius};
    if (p.kind == PointKind::blank) {
      ring.colour = blank_colour;
      ring.label = fmt::format("blank point {}", p.index);
      ring.dashed = true;
    } else if (p.kind == PointKind::target || p.kind == PointKind::grid) {
      const bool good = inputs.results == nullptr || accepted.contains(p.index);
      ring.colour = good ? accepted_colour : rejected_colour;
      ring.label = fmt::format("point {}: {}", p.index, good ? p.verdict : "rejected");
    } else {
      continue;
    }
    overlays.push_back(std::move(ring));
  }
  return overlays;
}

}  // namespace

Figure reference_image_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Optical image"};
  if (inputs.run == nullptr) return figure;
  const auto image = reference_image(*inputs.run);
  if (!image) return figure;
  const auto& summary = inputs.run->summary();
  const double pixel = summary.header.nominal_pixel_size;
  const double radius = pixel > 0.0 ? std::max(0.6 * summary.header.pipette_diameter / pixel, 5.0) : 8.0;
  std::vector<Overlay> overlays = point_overlays(inputs, summary.points, radius);
  for (const auto& m : summary.registration.matches) {
    overlays.push_back({.x = m.pixel_x,
                        .y = m.pixel_y,
                        .radius = radius,
                        .colour = m.inlier ? calibration_colour : outlier_colour,
                        .label = "",
                        .dashed = true});
  }
  const GreyImage view = crop_to(*image, overlays, 5.0 * radius);
  figure.html = image_svg(view, overlays,
                          {.display_width = 720,
                           .bar_length = pixel > 0.0 ? 10e-6 / pixel : 0.0,
                           .bar_label = "10 µm",
                           .description = fmt::format("Camera image of the sample with {} rings", overlays.size())});
  figure.caption =
      "Rings are as wide as the mouth of the pipette and a fifth more; a pointer over one shows the number of the "
      "point. Green: "
      "points with well-defined voltammograms; orange: points that were rejected; blue, dashed: blank points that "
      "watch "
      "the tip; white, dashed: footprints of the position calibration (red: outliers).";
  return figure;
}

Figure micrograph_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Electron micrographs"};
  if (inputs.run == nullptr || inputs.results == nullptr) return figure;
  std::string pairs;
  for (const int point : spread(by_size(inputs), 4)) {
    const auto record = inputs.run->micrograph(point);
    if (!record) continue;
    pairs += "<div class=\"pair\">";
    for (const auto& [pixels, detector] :
         {std::pair{&record->everhart_thornley, "Everhart-Thornley"}, std::pair{&record->in_lens, "in-lens"}}) {
      const GreyImage image{.width = record->width, .height = record->height, .pixels = *pixels};
      pairs += image_svg(image, {},
                         {.display_width = 256,
                          .bar_length = 0.5e-6 / record->pixel_size,
                          .bar_label = fmt::format("0.5 µm, point {}", point),
                          .description = fmt::format("Micrograph of point {}, {} detector", point, detector)});
    }
    pairs += "</div>\n";
  }
  if (pairs.empty()) return figure;
  figure.html = "<div class=\"pairs\">\n" + pairs + "</div>";
  figure.caption =
      "Pairs from the smallest to the largest accepted object: Everhart-Thornley detector (left), in-lens detector "
      "(right, shows the residue of the meniscus).";
  return figure;
}

}  // namespace seccm::report
