// A three-dimensional image of labels: 0 is electrolyte (or nothing), 1..n are grains, one label may be gold.
//
// Voxels are cubes of the edge h; x runs fastest, z upwards from the gold plane at z = 0. A voxel belongs to a body if
// its centre does.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/sample/packing.hpp"

namespace seccm::models {

using Label = std::uint16_t;

struct LabelImage {
  int nx = 0, ny = 0, nz = 0;
  double edge = 1e-9;         ///< h, m
  std::vector<Label> labels;  ///< nx ny nz values

  [[nodiscard]] std::size_t at(int x, int y, int z) const {
    return (static_cast<std::size_t>(z) * static_cast<std::size_t>(ny) + static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(nx) +
           static_cast<std::size_t>(x);
  }
};

inline constexpr std::size_t most_voxels = 64'000'000;
inline constexpr int longest_edge = 4096;

/// Throws InputError unless the sizes are within [1, longest_edge], their product within most_voxels and equal to the
/// number of labels, the edge above 0 and at least one voxel not 0.
void check_image(const LabelImage& image);
/// Throws InputError for sizes that no image may have, before anything is allocated.
void check_image_size(double nx, double ny, double nz);

/// A box that fills the image, all of label 1.
LabelImage box_image(std::array<int, 3> cells, double edge);
/// A sphere of label 1 with one layer of electrolyte or more around it. `shift` moves its centre, in voxels.
LabelImage sphere_image(double radius, double edge, std::array<double, 3> shift = {});
/// Spheres on the plane z = 0 as labels 1, 2, ...; where two overlap, a voxel goes to the deeper one. Sintered: joined
/// to necks of radius neck_ratio times the smaller radius by cylinders of that radius between spheres that are nearer
/// to each other than `neck_gap`; each half of a neck has the label of its sphere.
struct SintersParameters {
  double neck_ratio = 0.0;
  double neck_gap = 0.0;  ///< m, between the surfaces
};
LabelImage packing_image(std::span<const Sphere> spheres, double edge, const SintersParameters& sinter);

/// Half a ball on the gold plane, dense, split into the Voronoi cells of `grains` points as labels 1, 2, ...
LabelImage polycrystal_image(double radius, int grains, double edge, RandomStream& random);

/// Largest label.
Label largest_label(const LabelImage& image);

}  // namespace seccm::models
