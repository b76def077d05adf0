#include "models/optics/sample_optics.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

constexpr double padding = 3e-6;  // m: what the Airy rings carry beyond it is below 3 % of a change

using Law = double (InterferenceReflection::*)(const LocalLayer&) const;

// A circle on the cells, with what it does to the columns inside.
struct Disc {
  double x, y, radius;
  double thickness;  // mean residue, m
  bool wet;
};

void check_disc(const Disc& d) {
  const bool placed = std::isfinite(d.x) && std::isfinite(d.y) && d.radius > 0.0 && d.radius <= 50e-6;
  if (placed && d.thickness >= 0.0 && d.thickness <= max_residue_thickness) return;
  throw InputError("scene: footprint or meniscus at (" + format_quantity(d.x, "um") + ", " +
                   format_quantity(d.y, "um") + ") of diameter " + format_quantity(2.0 * d.radius, "um") +
                   " and residue " + format_quantity(d.thickness, "nm") +
                   "; accepted: finite position, diameter above 0 to 100 um, residue 0 to 200 nm");
}

std::vector<Disc> discs_of(const SceneOverlay& overlay) {
  std::vector<Disc> discs;
  for (const auto& f : overlay.footprints) discs.push_back({f.x, f.y, 0.5 * f.diameter, f.residue_thickness, false});
  if (overlay.meniscus) {
    const auto& m = *overlay.meniscus;
    discs.push_back({m.x, m.y, 0.5 * m.diameter, 0.0, true});
  }
  for (const auto& d : discs) check_disc(d);
  return discs;
}

// Share of a cell at distance rho that the disc covers: a straight edge across the cell.
double coverage(const Disc& d, double rho, double cell) {
  return std::clamp((d.radius - rho) / cell + 0.5, 0.0, 1.0);
}

double residue_at(const Disc& d, double rho, double cell, double rim) {
  const double u = std::min(rho / d.radius, 1.0);
  // The mean of u⁴ over a disc is 1/3: the mean thickness stays what it is.
  const double profile = std::max(1.0 + rim * (u * u * u * u - 1.0 / 3.0), 0.0);
  return std::min(d.thickness * profile, max_residue_thickness) * coverage(d, rho, cell);
}

class OverlayPainter {
 public:
  OverlayPainter(const OpticalMaps& maps, std::vector<Disc> discs, double rim, const InterferenceReflection& reflection,
                 Law law)
      : maps_(maps), discs_(std::move(discs)), rim_(rim), reflection_(reflection), law_(law) {}

  void paint_all(ImageF& change) const {
    for (std::size_t k = 0; k < discs_.size(); ++k) paint(k, change);
  }

 private:
  struct Window {
    int column, row, width, height;
  };

  // The cells of disc k with room for the rings, cut to the map.
  [[nodiscard]] Window window(const Disc& d) const {
    const HeightMap& m = maps_.columns;
    const double reach = d.radius + m.cell + padding;
    const auto cells = [&](double from, int count) {
      return static_cast<int>(std::clamp(std::floor(from / m.cell), 0.0, static_cast<double>(count)));
    };
    const int left = cells(d.x - reach - m.x_low, m.columns);
    const int right = cells(d.x + reach - m.x_low, m.columns);
    const int bottom = cells(d.y - reach - m.y_low, m.rows);
    const int top = cells(d.y + reach - m.y_low, m.rows);
    return {left, bottom, right - left, top - bottom};
  }

  [[nodiscard]] double rho(const Disc& d, int column, int row) const {
    return std::hypot(maps_.columns.x(column) - d.x, maps_.columns.y(row) - d.y);
  }

  // Each cell belongs to the first disc that reaches it and is painted once, with all discs in mind.
  [[nodiscard]] bool owned(std::size_t k, int column, int row) const {
    const double cell = maps_.columns.cell;
    if (coverage(discs_[k], rho(discs_[k], column, row), cell) <= 0.0) return false;
    for (std::size_t j = 0; j < k; ++j) {
      if (coverage(discs_[j], rho(discs_[j], column, row), cell) > 0.0) return false;
    }
    return true;
  }

  [[nodiscard]] float painted(int column, int row) const {
    const HeightMap& m = maps_.columns;
    const std::size_t i = m.index(column, row);
    LocalLayer layer{.height = static_cast<double>(m.height[i]), .packing = static_cast<double>(m.packing[i])};
    const double before = (reflection_.*law_)(layer);
    double wet = 0.0;
    for (const Disc& d : discs_) {
      const double distance = rho(d, column, row);
      if (d.wet) {
        wet = std::max(wet, coverage(d, distance, m.cell));
      } else {
        layer.residue = std::max(layer.residue, residue_at(d, distance, m.cell, rim_));
      }
    }
    double after = (reflection_.*law_)(layer);
    if (wet > 0.0) {
      layer.immersed = true;
      after = (1.0 - wet) * after + wet * (reflection_.*law_)(layer);
    }
    return static_cast<float>(after - before);
  }

  void paint(std::size_t k, ImageF& change) const {
    const Window w = window(discs_[k]);
    if (w.width < 1 || w.height < 1) return;
    ImageF patch{fast_size(w.width), fast_size(w.height), {}};
    const auto stride = static_cast<std::size_t>(patch.width);
    patch.pixels.assign(stride * static_cast<std::size_t>(patch.height), 0.0F);
    for (int r = 0; r < w.height; ++r) {
      for (int c = 0; c < w.width; ++c) {
        if (!owned(k, w.column + c, w.row + r)) continue;
        patch.pixels[static_cast<std::size_t>(r) * stride + static_cast<std::size_t>(c)] =
            painted(w.column + c, w.row + r);
      }
    }
    convolve(patch, maps_.columns.cell, maps_.blur);
    for (int r = 0; r < w.height; ++r) {
      const float* from = patch.pixels.data() + static_cast<std::size_t>(r) * stride;
      float* to = change.pixels.data() + maps_.columns.index(w.column, w.row + r);
      for (int c = 0; c < w.width; ++c) to[c] += from[c];
    }
  }

  const OpticalMaps& maps_;
  std::vector<Disc> discs_;
  double rim_;
  const InterferenceReflection& reflection_;
  Law law_;
};

ImageF blurred_change(const HeightMap& map, const InterferenceReflection& reflection, Law law, double bare,
                      const Blur& blur) {
  const int pad = static_cast<int>(std::ceil(padding / map.cell));
  ImageF big{fast_size(map.columns + pad), fast_size(map.rows + pad), {}};
  const auto stride = static_cast<std::size_t>(big.width);
  big.pixels.assign(stride * static_cast<std::size_t>(big.height), 0.0F);
#pragma omp parallel for schedule(static)
  for (int r = 0; r < map.rows; ++r) {
    for (int c = 0; c < map.columns; ++c) {
      const std::size_t i = map.index(c, r);
      if (map.height[i] <= 0.0F) continue;
      const LocalLayer layer{.height = static_cast<double>(map.height[i]),
                             .packing = static_cast<double>(map.packing[i])};
      big.pixels[static_cast<std::size_t>(r) * stride + static_cast<std::size_t>(c)] =
          static_cast<float>((reflection.*law)(layer)-bare);
    }
  }
  convolve(big, map.cell, blur);
  ImageF out{map.columns, map.rows, {}};
  out.pixels.reserve(map.height.size());
  for (int r = 0; r < map.rows; ++r) {
    const auto from = big.pixels.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(r) * stride);
    out.pixels.insert(out.pixels.end(), from, from + map.columns);
  }
  return out;
}

}  // namespace

double optical_cell(const OpticsParameters& optics) {
  return std::min(80e-9, optics.wavelength.si() / (8.0 * optics.numerical_aperture));
}

SampleOptics::SampleOptics(std::span<const SceneParticle> particles, const StageBox& box,
                           const OpticsParameters& optics, const InterferenceReflection& reflection, const Blur& blur,
                           SampleMaps which) {
  auto maps = std::make_shared<OpticalMaps>();
  maps->blur = blur;
  maps->columns = rasterise(particles, box, optical_cell(optics));
  if (which != SampleMaps::transmission) {
    maps->reflectance_change = blurred_change(maps->columns, reflection, &InterferenceReflection::reflectance,
                                              reflection.bare_reflectance(), blur);
  }
  if (which != SampleMaps::reflection) {
    maps->transmittance_change = blurred_change(maps->columns, reflection, &InterferenceReflection::transmittance,
                                                reflection.bare_transmittance(), blur);
  }
  maps_ = std::move(maps);
}

ImageF reflectance_change(const OpticalMaps& maps, const SceneOverlay& overlay, const OpticsParameters& optics,
                          const InterferenceReflection& reflection) {
  ImageF change = maps.reflectance_change;
  OverlayPainter(maps, discs_of(overlay), optics.residue_rim, reflection, &InterferenceReflection::reflectance)
      .paint_all(change);
  return change;
}

ImageF transmittance_change(const OpticalMaps& maps, const SceneOverlay& overlay, const OpticsParameters& optics,
                            const InterferenceReflection& reflection) {
  ImageF change = maps.transmittance_change;
  OverlayPainter(maps, discs_of(overlay), optics.residue_rim, reflection, &InterferenceReflection::transmittance)
      .paint_all(change);
  return change;
}

}  // namespace seccm::models
