// Grains resolved in voxels against exact solutions, the radial engine, orders and identities.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "models/cell.hpp"
#include "models/voxels/voxel_cluster.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models {
namespace {

using verification::check;
using verification::check_order;

constexpr double temperature = 298.15;
constexpr double thermal = constants::gas * temperature / constants::faraday;
constexpr double E0 = 2.0;
constexpr double length = 25e-9;
constexpr double scan_rate = 0.05;
constexpr double D = 4e-18;  // a layer of 1.43 nm at 50 mV/s

VoxelSpec grains(LabelImage image) {
  VoxelSpec spec;
  spec.grain_D.assign(largest_label(image), {D, D, D});
  spec.image = std::move(image);
  spec.border = ImageBorder::top;
  spec.material.k0 = 1e-9 * unit::cm_per_s;
  spec.material.E0 = Potential(E0);
  spec.numerics.potential_step = 4.0 * unit::mV;
  return spec;
}

sim::Waveform cycle() {
  return sim::Waveform::at(E0 + 0.4).ramp_to(E0 - 0.4, scan_rate).ramp_to(E0 + 0.4, scan_rate);
}

/// The radial engine on the same electrode, its mesh far finer than the voxels and the same steps.
Trace radial(const VoxelSpec& spec, sim::Geometry geometry, double face_area) {
  CellSpec cell;
  cell.geometry = geometry;
  cell.face_area = face_area;
  cell.material = spec.material;
  cell.material.D = Diffusivity(D);
  cell.double_layer.titania = ArealCapacitance(spec.layer_capacitance);
  cell.series_resistance = spec.series_resistance;
  cell.numerics = spec.numerics;
  cell.numerics.fastest_scan_rate = ScanRate(scan_rate);
  cell.numerics.cells = 400;
  cell.numerics.grading = 0.05;
  cell.particles = {{.radius = length}};
  return simulate(Cell(cell), cycle());
}

double largest(const std::vector<double>& values) {
  double most = 0.0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

/// Largest difference of two traces of the same program over the largest current of the second.
double difference(const Trace& a, const Trace& b) {
  double most = 0.0;
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k)
    most = std::max(most, std::abs(a.current[k] - b.current[k]));
  return a.size() == b.size() ? most / largest(b.current) : std::nan("");
}

TEST(OrderVoxels, SlabAgainstTheRadialEngine) {
  std::vector<double> size;
  std::vector<double> error;
  for (const int n : {50, 100, 200}) {
    const double h = length / n;
    const VoxelSpec spec = grains(box_image({2, 1, n}, h));
    const Trace trace = simulate(VoxelCluster(spec), cycle());
    size.push_back(h);
    error.push_back(difference(trace, radial(spec, sim::Geometry::slab, 2.0 * h * h)));
  }
  check_order({.name = "box with one wetted face = slab",
               .quantity = "worst current of a cycle over the peak",
               .size = size,
               .error = error,
               .expected = 2.0,
               .tolerance = 0.3,
               .pairs = 2,
               .note = "Two-point fluxes on a uniform mesh are of second order; the radial mesh is graded and its own "
                       "error below 1e-4."});
  const double layer = std::sqrt(D * thermal / scan_rate);
  check({.name = "box of 200 voxels",
         .quantity = "worst current over the peak",
         .exact = 0.0,
         .computed = error.back(),
         .bound = size.back() * size.back() / (12.0 * layer * layer),
         .note = "Truncation of the two-point flux: h²/12 of the fourth derivative, 1/layer² of the current."});
}

}  // namespace
}  // namespace seccm::models
