#include "models/voxels/label_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

LabelImage empty_image(double nx, double ny, double nz, double edge) {
  check_image_size(nx, ny, nz);
  LabelImage image;
  image.nx = static_cast<int>(nx);
  image.ny = static_cast<int>(ny);
  image.nz = static_cast<int>(nz);
  image.edge = edge;
  image.labels.assign(image.at(0, 0, image.nz), 0);
  return image;
}

void require_edge(double edge) {
  if (std::isfinite(edge) && edge > 0.0) return;
  throw InputError(fmt::format("label image: a voxel of {} m; an edge above 0 is needed", edge));
}

/// Calls f(index, x, y, z) with the centres of the voxels within `reach` of a point, in m from the image's corner.
template <class Function>
void for_voxels_near(const LabelImage& image, const std::array<double, 3>& centre, double reach, const Function& f) {
  const std::array<int, 3> size{image.nx, image.ny, image.nz};
  std::array<int, 3> low{};
  std::array<int, 3> high{};
  for (std::size_t a = 0; a < 3; ++a) {
    low[a] = std::clamp(static_cast<int>(std::floor((centre[a] - reach) / image.edge)), 0, size[a]);
    high[a] = std::clamp(static_cast<int>(std::ceil((centre[a] + reach) / image.edge)), 0, size[a]);
  }
  for (int z = low[2]; z < high[2]; ++z) {
    for (int y = low[1]; y < high[1]; ++y) {
      for (int x = low[0]; x < high[0]; ++x)
        f(image.at(x, y, z), (x + 0.5) * image.edge, (y + 0.5) * image.edge, (z + 0.5) * image.edge);
    }
  }
}

struct Paint {
  LabelImage& image;
  std::vector<float> depth;  ///< below the surface of the body that has the voxel, m

  void ball(const Sphere& s, Label label) {
    for_voxels_near(image, {s.x, s.y, s.z}, s.radius, [&](std::size_t i, double x, double y, double z) {
      const double inside = s.radius - std::sqrt((x - s.x) * (x - s.x) + (y - s.y) * (y - s.y) + (z - s.z) * (z - s.z));
      if (inside >= 0.0 && (image.labels[i] == 0 || inside > depth[i])) {
        image.labels[i] = label;
        depth[i] = static_cast<float>(inside);
      }
    });
  }

  void neck(const Sphere& a, Label label_a, const Sphere& b, Label label_b, double radius) {
    const std::array<double, 3> axis{b.x - a.x, b.y - a.y, b.z - a.z};
    const double length = std::hypot(axis[0], axis[1], axis[2]);
    const double middle = (length + a.radius - b.radius) / (2.0 * length);  // between the two surfaces
    const std::array<double, 3> centre{a.x + middle * axis[0], a.y + middle * axis[1], a.z + middle * axis[2]};
    for_voxels_near(image, centre, a.radius + b.radius, [&](std::size_t i, double x, double y, double z) {
      const std::array<double, 3> d{x - a.x, y - a.y, z - a.z};
      const double along = (d[0] * axis[0] + d[1] * axis[1] + d[2] * axis[2]) / (length * length);
      if (image.labels[i] != 0 || along < 0.0 || along > 1.0) return;
      const double off2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] - along * along * length * length;
      if (off2 <= radius * radius) image.labels[i] = along < middle ? label_a : label_b;
    });
  }
};

}  // namespace

void check_image_size(double nx, double ny, double nz) {
  for (const double n : {nx, ny, nz}) {
    if (!(n >= 1.0 && n <= longest_edge)) {
      throw InputError(
          fmt::format("label image: {} x {} x {} voxels; accepted are 1 to {} along each axis: choose "
                      "another [voxels] voxel",
                      nx, ny, nz, longest_edge));
    }
  }
  if (nx * ny * nz > static_cast<double>(most_voxels)) {
    throw InputError(
        fmt::format("label image: {} x {} x {} = {:.3g} voxels; accepted are at most {:.3g}: choose a "
                    "larger [voxels] voxel or cut the image",
                    nx, ny, nz, nx * ny * nz, static_cast<double>(most_voxels)));
  }
}

void check_image(const LabelImage& image) {
  check_image_size(image.nx, image.ny, image.nz);
  require_edge(image.edge);
  if (image.labels.size() != image.at(0, 0, image.nz)) {
    throw InputError(fmt::format("label image: {} labels for {} x {} x {} voxels; one each is needed",
                                 image.labels.size(), image.nx, image.ny, image.nz));
  }
  if (largest_label(image) == 0) {
    throw InputError("label image: every voxel has the label 0; at least one grain (label 1 or above) is needed");
  }
}

LabelImage box_image(std::array<int, 3> cells, double edge) {
  require_edge(edge);
  LabelImage image = empty_image(cells[0], cells[1], cells[2], edge);
  std::fill(image.labels.begin(), image.labels.end(), Label{1});
  return image;
}

LabelImage sphere_image(double radius, double edge, std::array<double, 3> shift) {
  require_edge(edge);
  const double n = 2.0 * std::ceil(radius / edge) + 4.0;
  LabelImage image = empty_image(n, n, n, edge);
  Paint paint{image, std::vector<float>(image.labels.size())};
  const double middle = 0.5 * n * edge;
  paint.ball(
      {.x = middle + shift[0] * edge, .y = middle + shift[1] * edge, .z = middle + shift[2] * edge, .radius = radius},
      1);
  return image;
}

LabelImage packing_image(std::span<const Sphere> spheres, double edge, const SintersParameters& sinter) {
  require_edge(edge);
  if (spheres.empty()) throw InputError("label image: a packing without spheres; at least one is needed");
  if (spheres.size() >= std::numeric_limits<Label>::max()) {
    throw InputError(fmt::format("label image: {} spheres; accepted are at most {}", spheres.size(),
                                 std::numeric_limits<Label>::max() - 1));
  }
  std::array<double, 3> low{spheres[0].x, spheres[0].y, 0.0};
  std::array<double, 3> high = low;
  for (const Sphere& s : spheres) {
    low = {std::min(low[0], s.x - s.radius), std::min(low[1], s.y - s.radius), 0.0};
    high = {std::max(high[0], s.x + s.radius), std::max(high[1], s.y + s.radius), std::max(high[2], s.z + s.radius)};
  }
  const auto voxels = [&](std::size_t a) { return std::ceil((high[a] - low[a]) / edge) + (a == 2 ? 2.0 : 4.0); };
  LabelImage image = empty_image(voxels(0), voxels(1), voxels(2), edge);
  Paint paint{image, std::vector<float>(image.labels.size())};
  std::vector<Sphere> moved(spheres.begin(), spheres.end());
  for (std::size_t k = 0; k < moved.size(); ++k) {
    moved[k].x -= low[0] - 2.0 * edge;
    moved[k].y -= low[1] - 2.0 * edge;
    paint.ball(moved[k], static_cast<Label>(k + 1));
  }
  if (!(sinter.neck_ratio > 0.0)) return image;
  for (std::size_t a = 0; a < moved.size(); ++a) {
    for (std::size_t b = a + 1; b < moved.size(); ++b) {
      const double apart = std::hypot(moved[a].x - moved[b].x, moved[a].y - moved[b].y, moved[a].z - moved[b].z);
      if (apart > moved[a].radius + moved[b].radius + sinter.neck_gap || apart <= 0.0) continue;
      paint.neck(moved[a], static_cast<Label>(a + 1), moved[b], static_cast<Label>(b + 1),
                 sinter.neck_ratio * std::min(moved[a].radius, moved[b].radius));
    }
  }
  return image;
}

LabelImage polycrystal_image(double radius, int grains, double edge, RandomStream& random) {
  require_edge(edge);
  if (grains < 1 || grains > 4096)
    throw InputError(fmt::format("label image: a polycrystal of {} grains; accepted are 1 to 4096", grains));
  const double n = 2.0 * std::ceil(radius / edge) + 4.0;
  LabelImage image = empty_image(n, n, std::ceil(radius / edge) + 2.0, edge);
  const double middle = 0.5 * n * edge;
  std::vector<std::array<double, 3>> seeds;
  while (static_cast<int>(seeds.size()) < grains) {
    const std::array<double, 3> p{2.0 * random.uniform() - 1.0, 2.0 * random.uniform() - 1.0, random.uniform()};
    if (p[0] * p[0] + p[1] * p[1] + p[2] * p[2] < 1.0)
      seeds.push_back({middle + radius * p[0], middle + radius * p[1], radius * p[2]});
  }
  for_voxels_near(image, {middle, middle, 0.0}, radius, [&](std::size_t i, double x, double y, double z) {
    if ((x - middle) * (x - middle) + (y - middle) * (y - middle) + z * z > radius * radius) return;
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < seeds.size(); ++k) {
      const auto& p = seeds[k];
      const double d2 = (x - p[0]) * (x - p[0]) + (y - p[1]) * (y - p[1]) + (z - p[2]) * (z - p[2]);
      if (d2 >= nearest) continue;
      nearest = d2;
      image.labels[i] = static_cast<Label>(k + 1);
    }
  });
  return image;
}

Label largest_label(const LabelImage& image) {
  return image.labels.empty() ? Label{0} : *std::max_element(image.labels.begin(), image.labels.end());
}

}  // namespace seccm::models
