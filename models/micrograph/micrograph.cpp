#include "models/micrograph/micrograph.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>

#include "models/optics/height_map.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

// What the beam meets at each pixel.
struct Surface {
  int size = 0;
  double pixel = 0.0;
  double x_left = 0.0;  // stage position of the centre of pixel (0,0)
  double y_top = 0.0;
  std::vector<float> solid;    // TiO2 along the beam, m
  std::vector<float> top;      // highest point, m; 0 on gold
  std::vector<float> secant;   // 1/cos of the tilt of the highest surface
  std::vector<float> residue;  // m
};

struct PixelRange {
  int column_low, column_high, row_low, row_high;
};

PixelRange around(const Surface& s, double x, double y, double radius) {
  const auto clip = [&](double value) {
    return static_cast<int>(std::clamp(value, -1.0, static_cast<double>(s.size)));
  };
  const double column = (x - s.x_left) / s.pixel;
  const double row = (s.y_top - y) / s.pixel;
  const double reach = radius / s.pixel;
  return {std::max(clip(std::ceil(column - reach)), 0), std::min(clip(std::floor(column + reach)), s.size - 1),
          std::max(clip(std::ceil(row - reach)), 0), std::min(clip(std::floor(row + reach)), s.size - 1)};
}

template <class Visit>
void for_each_pixel_in_disc(const Surface& s, double x, double y, double radius, const Visit& visit) {
  const PixelRange range = around(s, x, y, radius);
  for (int row = range.row_low; row <= range.row_high; ++row) {
    const double dy = s.y_top - row * s.pixel - y;
    for (int column = range.column_low; column <= range.column_high; ++column) {
      const double dx = s.x_left + column * s.pixel - x;
      const double rho2 = dx * dx + dy * dy;
      if (rho2 >= radius * radius) continue;
      visit(static_cast<std::size_t>(row) * static_cast<std::size_t>(s.size) + static_cast<std::size_t>(column), rho2);
    }
  }
}

Surface empty_surface(double pixel, double centre_x, double centre_y, double field) {
  Surface s;
  s.pixel = pixel;
  const double size = std::round(field / pixel);
  if (!(size >= 16.0 && size <= 8192.0) || !std::isfinite(centre_x) || !std::isfinite(centre_y)) {
    throw InputError("micrograph: field " + format_quantity(field, "um") + " about (" +
                     format_quantity(centre_x, "um") + ", " + format_quantity(centre_y, "um") + ") with pixels of " +
                     format_quantity(pixel, "nm") + "; accepted: a finite place and 16 to 8192 pixels");
  }
  s.size = static_cast<int>(size);
  s.x_left = centre_x - 0.5 * (s.size - 1) * pixel;
  s.y_top = centre_y + 0.5 * (s.size - 1) * pixel;
  const auto count = static_cast<std::size_t>(s.size) * static_cast<std::size_t>(s.size);
  s.solid.assign(count, 0.0F);
  s.top.assign(count, 0.0F);
  s.secant.assign(count, 1.0F);
  s.residue.assign(count, 0.0F);
  return s;
}

void add_particle(Surface& s, const SceneParticle& p, double edge_limit) {
  check_particle(p);
  for_each_pixel_in_disc(s, p.x, p.y, p.radius, [&](std::size_t i, double rho2) {
    const double half_chord = std::sqrt(p.radius * p.radius - rho2);
    s.solid[i] += static_cast<float>(2.0 * half_chord);
    const auto top = static_cast<float>(p.z + half_chord);
    if (top <= s.top[i]) return;
    s.top[i] = top;
    s.secant[i] = static_cast<float>(std::min(p.radius / half_chord, edge_limit));
  });
}

void add_footprint(Surface& s, const SceneFootprint& f) {
  if (!std::isfinite(f.x) || !std::isfinite(f.y) || !(f.diameter > 0.0 && f.diameter <= 100e-6) ||
      !(f.residue_thickness >= 0.0 && f.residue_thickness <= 1e-6)) {
    throw InputError("micrograph: footprint of diameter " + format_quantity(f.diameter, "um") + " and residue " +
                     format_quantity(f.residue_thickness, "nm") +
                     "; accepted: finite position, diameter above 0 to 100 um, residue 0 to 1000 nm");
  }
  const auto thickness = static_cast<float>(f.residue_thickness);
  for_each_pixel_in_disc(s, f.x, f.y, 0.5 * f.diameter,
                         [&](std::size_t i, double) { s.residue[i] = std::max(s.residue[i], thickness); });
}

double in_lens_grey(const MicrographParameters& p, double top, double secant, double residue) {
  const double clean = top > 0.0 ? p.in_lens_titania * (1.0 + p.in_lens_edge_gain * (secant - 1.0)) : p.in_lens_gold;
  const double above = std::max(residue - top, 0.0);
  return clean + (p.in_lens_residue - clean) * (1.0 - std::exp(-above / p.residue_scale.si()));
}

void blur_by_beam(ImageF& image, double sigma_pixels) {
  if (sigma_pixels < 0.05) return;
  cv::Mat view(image.height, image.width, CV_32F, image.pixels.data());
  cv::GaussianBlur(view, view, cv::Size(0, 0), sigma_pixels, sigma_pixels, cv::BORDER_REPLICATE);
}

Image8 detect(const ImageF& grey, double electrons_per_grey, std::uint64_t seed, std::string_view purpose,
              std::uint64_t id) {
  Image8 out{grey.width, grey.height, std::vector<std::uint8_t>(grey.pixels.size())};
#pragma omp parallel for schedule(static)
  for (int row = 0; row < grey.height; ++row) {
    RandomStream random(seed, purpose, (id << 16) + static_cast<std::uint64_t>(row));
    const std::size_t begin = static_cast<std::size_t>(row) * static_cast<std::size_t>(grey.width);
    for (std::size_t i = begin; i < begin + static_cast<std::size_t>(grey.width); ++i) {
      const double electrons = electrons_per_grey * std::max(static_cast<double>(grey.pixels[i]), 0.0);
      // Half an electron of spread: without it few electrons per grey would always round the same way.
      const double counted = static_cast<double>(random.poisson(electrons)) + random.uniform() - 0.5;
      const double value = counted / electrons_per_grey;
      out.pixels[i] = static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
    }
  }
  return out;
}

void check(const MicrographParameters& p) {
  for (double value : {p.pixel_size.si(), p.thickness_scale.si(), p.residue_scale.si(), p.electrons_per_grey}) {
    if (!(value > 0.0) || !std::isfinite(value)) {
      throw InputError(
          "[micrograph] pixel_size, thickness_scale, residue_scale and electrons_per_grey must be above 0; got " +
          std::to_string(value));
    }
  }
  if (p.grey_gold == p.grey_thick) {
    throw InputError("[micrograph] grey_gold and grey_thick are both " + std::to_string(p.grey_gold) +
                     "; accepted: two different greys, or no thickness shows");
  }
}

}  // namespace

double everhart_thornley_grey(const MicrographParameters& p, double thickness) {
  return p.grey_gold + (p.grey_thick - p.grey_gold) * -std::expm1(-thickness / p.thickness_scale.si());
}

Micrograph render_micrograph(const MicrographParameters& parameters, std::span<const SceneParticle> particles,
                             std::span<const SceneFootprint> footprints, double centre_x, double centre_y, double field,
                             std::uint64_t seed, std::uint64_t id) {
  check(parameters);
  Surface surface = empty_surface(parameters.pixel_size.si(), centre_x, centre_y, field);
  for (const auto& p : particles) add_particle(surface, p, parameters.edge_limit);
  for (const auto& f : footprints) add_footprint(surface, f);

  ImageF thornley{surface.size, surface.size, std::vector<float>(surface.solid.size())};
  ImageF lens = thornley;
  const double edge = parameters.edge_gain * (parameters.grey_thick - parameters.grey_gold);
  for (std::size_t i = 0; i < surface.solid.size(); ++i) {
    const auto secant = static_cast<double>(surface.secant[i]);
    thornley.pixels[i] = static_cast<float>(everhart_thornley_grey(parameters, static_cast<double>(surface.solid[i])) +
                                            edge * (secant - 1.0));
    lens.pixels[i] = static_cast<float>(
        in_lens_grey(parameters, static_cast<double>(surface.top[i]), secant, static_cast<double>(surface.residue[i])));
  }
  const double sigma = parameters.beam_diameter.si() / (2.0 * std::sqrt(2.0 * std::log(2.0))) / surface.pixel;
  blur_by_beam(thornley, sigma);
  blur_by_beam(lens, sigma);

  Micrograph out;
  out.everhart_thornley =
      detect(thornley, parameters.electrons_per_grey, seed, "micrograph Everhart-Thornley noise", id);
  out.in_lens = detect(lens, parameters.electrons_per_grey, seed, "micrograph in-lens noise", id);
  out.pixel_size = surface.pixel;
  out.centre_x = centre_x;
  out.centre_y = centre_y;
  out.grey_gold = parameters.grey_gold;
  out.grey_thick = parameters.grey_thick;
  out.thickness_scale = parameters.thickness_scale.si();
  return out;
}

}  // namespace seccm::models
