#include "models/voxels/voxel_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double normal_reach = 3.5;         // voxels around the centre of a face
constexpr double random_weight = 2.0 / 3.0;  // true over voxelised area of a surface of no direction

bool is_grain(const VoxelSpec& spec, Label label) {
  return label != 0 && static_cast<int>(label) != spec.gold_label;
}

void check_transport(const VoxelSpec& spec) {
  const Label labels = largest_label(spec.image);
  if (spec.grain_D.size() < labels && !(spec.gold_label == labels && spec.grain_D.size() + 1U >= labels)) {
    throw InputError(
        fmt::format("voxels: diffusion coefficients for {} grains, and labels up to {}; one each is needed",
                    spec.grain_D.size(), labels));
  }
  for (std::size_t k = 0; k < spec.grain_D.size(); ++k) {
    for (const double D : spec.grain_D[k]) {
      if (std::isfinite(D) && D > 0.0) continue;
      throw InputError(
          fmt::format("voxels: D = {} cm^2/s in the grain of label {}; values above 0 are accepted "
                      "(a chemical diffusivity below 0 belongs to a phase field)",
                      D * 1e4, k + 1));
    }
  }
  if (std::isnan(spec.boundary_resistance) || spec.boundary_resistance < 0.0) {
    throw InputError(fmt::format("voxels: a boundary resistance of {} s/m; 0 (none) or above is accepted",
                                 spec.boundary_resistance));
  }
}

/// Which voxels hold electrolyte: label 0, joined to the border of the image above the gold plane if asked for.
std::vector<std::uint8_t> electrolyte_of(const VoxelSpec& spec) {
  const LabelImage& image = spec.image;
  std::vector<std::uint8_t> wet(image.labels.size(), 0);
  if (!spec.enclosed_pores_dry) {
    for (std::size_t i = 0; i < wet.size(); ++i) wet[i] = image.labels[i] == 0 ? 1 : 0;
    return wet;
  }
  std::vector<std::uint32_t> front;
  const auto reach = [&](int x, int y, int z) {
    if (x < 0 || y < 0 || z < 0 || x >= image.nx || y >= image.ny || z >= image.nz) return;
    const std::size_t i = image.at(x, y, z);
    if (image.labels[i] != 0 || wet[i] != 0) return;
    wet[i] = 1;
    front.push_back(static_cast<std::uint32_t>(i));
  };
  for (int z = 0; z < image.nz; ++z) {
    for (int y = 0; y < image.ny; ++y) {
      const bool side = z + 1 == image.nz || y == 0 || y + 1 == image.ny;
      for (int x = 0; x < image.nx; x += side || x + 1 == image.nx ? 1 : std::max(1, image.nx - 1)) reach(x, y, z);
    }
  }
  while (!front.empty()) {
    const auto i = static_cast<int>(front.back());
    front.pop_back();
    const int x = i % image.nx;
    const int y = i / image.nx % image.ny;
    const int z = i / image.nx / image.ny;
    reach(x - 1, y, z), reach(x + 1, y, z), reach(x, y - 1, z), reach(x, y + 1, z), reach(x, y, z - 1),
        reach(x, y, z + 1);
  }
  return wet;
}

/// |n_a| of the surface at the face behind voxel (x, y, z) along axis a towards sign; labels beyond the image are those
/// at its border.
double face_weight(const LabelImage& image, std::array<int, 3> voxel, std::size_t axis, int sign) {
  const std::array<int, 3> size{image.nx, image.ny, image.nz};
  constexpr int reach = static_cast<int>(normal_reach);
  std::array<double, 3> moment{};
  std::array<int, 3> d{};
  std::array<int, 3> low{-reach, -reach, -reach};
  std::array<int, 3> high{reach, reach, reach};
  (sign > 0 ? high : low)[axis] += sign;  // the ball is about the face, half a voxel off
  for (d[2] = low[2]; d[2] <= high[2]; ++d[2]) {
    for (d[1] = low[1]; d[1] <= high[1]; ++d[1]) {
      for (d[0] = low[0]; d[0] <= high[0]; ++d[0]) {
        std::array<double, 3> r{static_cast<double>(d[0]), static_cast<double>(d[1]), static_cast<double>(d[2])};
        r[axis] -= 0.5 * sign;
        const double near = 1.0 - (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]) / (normal_reach * normal_reach);
        if (near <= 0.0) continue;
        std::array<int, 3> at{};
        for (std::size_t a = 0; a < 3; ++a) at[a] = std::clamp(voxel[a] + d[a], 0, size[a] - 1);
        if (image.labels[image.at(at[0], at[1], at[2])] == 0) continue;
        for (std::size_t a = 0; a < 3; ++a) moment[a] += near * r[a];
      }
    }
  }
  const double length = std::hypot(moment[0], moment[1], moment[2]);
  return length > 1.0 ? std::abs(moment[axis]) / length : random_weight;
}

bool is_open(ImageBorder border, std::size_t axis, int sign) {
  switch (border) {
    case ImageBorder::closed:
      return false;
    case ImageBorder::top:
      return axis == 2 && sign > 0;
    case ImageBorder::above_gold:
      return axis != 2 || sign > 0;
    case ImageBorder::all:
      return true;
  }
  return false;
}

/// Calls f(x, y, z, i) for every voxel.
template <class Function>
void for_voxels(const LabelImage& image, const Function& f) {
  std::size_t i = 0;
  for (int z = 0; z < image.nz; ++z) {
    for (int y = 0; y < image.ny; ++y) {
      for (int x = 0; x < image.nx; ++x, ++i) f(x, y, z, i);
    }
  }
}

}  // namespace

VoxelGrid::VoxelGrid(const VoxelSpec& spec) : edge_(spec.image.edge) {
  check_image(spec.image);
  check_transport(spec);
  links_ = sim::GridLinks({spec.image.nx, spec.image.ny, spec.image.nz});
  solid_.resize(spec.image.labels.size());
  for (std::size_t i = 0; i < solid_.size(); ++i) solid_[i] = is_grain(spec, spec.image.labels[i]) ? 1 : 0;
  voxels_ = static_cast<std::size_t>(std::count(solid_.begin(), solid_.end(), 1));
  join(spec);
  wet(spec);
  if (faces_.empty()) {
    throw InputError(
        fmt::format("voxels: no wetted face: none of the {} grain voxels has electrolyte (label 0{}) beside it, and "
                    "[voxels] border "
                    "= \"{}\" opens no face of the image to it; pad the image with label 0, or choose another border",
                    voxels_, spec.enclosed_pores_dry ? ", joined to the border of the image" : "",
                    image_border_names[static_cast<std::size_t>(spec.border)]));
  }
}

void VoxelGrid::join(const VoxelSpec& spec) {
  const LabelImage& image = spec.image;
  const std::array<int, 3> size{image.nx, image.ny, image.nz};
  const auto strides = links_.shape.strides();
  for_voxels(image, [&](int x, int y, int z, std::size_t i) {
    if (solid_[i] == 0) return;
    const std::array<int, 3> voxel{x, y, z};
    for (std::size_t a = 0; a < 3; ++a) {
      const std::size_t j = i + strides[a];
      if (voxel[a] + 1 >= size[a] || solid_[j] == 0) continue;
      const Label from = image.labels[i];
      const Label to = image.labels[j];
      const double boundary = from == to ? 0.0 : spec.boundary_resistance;
      const double half_cells = 0.5 * edge_ * (1.0 / spec.grain_D[from - 1U][a] + 1.0 / spec.grain_D[to - 1U][a]);
      links_.axis[a][i] = static_cast<float>(1.0 / (edge_ * (half_cells + boundary)));
    }
  });
}

void VoxelGrid::wet(const VoxelSpec& spec) {
  const LabelImage& image = spec.image;
  const std::vector<std::uint8_t> electrolyte = electrolyte_of(spec);
  const std::array<int, 3> size{image.nx, image.ny, image.nz};
  const auto strides = links_.shape.strides();
  double weights = 0.0;
  for_voxels(image, [&](int x, int y, int z, std::size_t i) {
    if (solid_[i] == 0) return;
    const std::array<int, 3> voxel{x, y, z};
    for (std::size_t a = 0; a < 3; ++a) {
      for (const int sign : {-1, 1}) {
        const int next = voxel[a] + sign;
        const bool inside = next >= 0 && next < size[a];
        const bool wetted =
            inside ? electrolyte[sign > 0 ? i + strides[a] : i - strides[a]] != 0 : is_open(spec.border, a, sign);
        if (!wetted) continue;
        const double weight = inside ? face_weight(image, voxel, a, sign) : 1.0;
        weights += weight;
        faces_.push_back(
            {.cell = static_cast<std::uint32_t>(i),
             .weight = static_cast<float>(weight),
             .resistance = static_cast<float>(weight * edge_ / (2.0 * spec.grain_D[image.labels[i] - 1U][a])),
             .axis = static_cast<std::uint8_t>(a)});
      }
    }
  });
  wetted_area_ = weights * edge_ * edge_;
}

}  // namespace seccm::models
