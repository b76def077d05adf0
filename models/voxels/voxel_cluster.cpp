#include "models/voxels/voxel_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/voxels/wetted_faces.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double unit_cell_c = 0.951e-9;  // c axis of anatase, m
constexpr double voxels_per_layer = 4.0;  // below: peaks off by more than 1 % (docs/physics-voxels.md)

void check_circuit(const VoxelSpec& spec) {
  const auto require = [](bool fine, const char* what, double value, const char* accepted) {
    if (!fine) throw InputError(fmt::format("voxels: {} is {}; accepted are {}", what, value, accepted));
  };
  const auto from_0 = [&](const char* what, double value) {
    require(std::isfinite(value) && value >= 0.0, what, value, "finite values from 0 on");
  };
  from_0("the series resistance (Ohm)", spec.series_resistance);
  from_0("the stray capacitance (F)", spec.stray_capacitance);
  from_0("the capacitance of the double layer (F/m^2)", spec.layer_capacitance);
  from_0("the capacitance of the gold (F)", spec.gold_capacitance);
  require(spec.initial_filling >= 0.0 && spec.initial_filling <= 1.0, "the initial filling", spec.initial_filling,
          "0 to 1");
  require(std::isfinite(spec.temperature) && spec.temperature > 0.0, "the temperature (K)", spec.temperature,
          "values above 0");
  require(std::isfinite(spec.material.k0.si()) && spec.material.k0.si() > 0.0, "k0 (m/s)", spec.material.k0.si(),
          "values above 0");
  require(spec.material.alpha > 0.0 && spec.material.alpha < 1.0, "alpha", spec.material.alpha,
          "0 to 1, both excluded");
}

}  // namespace

VoxelCluster::VoxelCluster(VoxelSpec spec) : spec_(std::move(spec)), grid_(spec_) {
  check_circuit(spec_);
  (void)WettedFaces(grid_, spec_.material);
}

double VoxelCluster::capacity() const {
  return spec_.material.c_max.si() * grid_.volume();
}

std::vector<std::string> validity_warnings(const VoxelCluster& cluster, double scan_rate) {
  std::vector<std::string> warnings;
  const VoxelSpec& spec = cluster.spec();
  if (!(scan_rate > 0.0)) return warnings;
  const double thermal = constants::gas * spec.temperature / constants::faraday;
  double slowest = std::numeric_limits<double>::infinity();
  for (const auto& D : spec.grain_D) slowest = std::min(slowest, *std::min_element(D.begin(), D.end()));
  const double layer = std::sqrt(slowest * thermal / scan_rate);
  const double h = cluster.grid().edge();
  if (layer < voxels_per_layer * h) {
    warnings.push_back(fmt::format(
        "the diffusion layer sqrt(D RT/(F v)) is {:.3g} nm at D = {:.3g} cm^2/s and {:.4g} mV/s and a voxel {:.3g} nm: "
        "with fewer than {:.0f} voxels to the layer peaks may be off by more than 0.1 %{}; lower [voxels] voxel to "
        "{:.2g} "
        "nm, "
        "or the scan rate to {:.3g} mV/s",
        layer * 1e9, slowest * 1e4, scan_rate * 1e3, h * 1e9, voxels_per_layer,
        layer < h ? ", and this layer is thinner than one voxel" : "", layer / voxels_per_layer * 1e9,
        scan_rate * 1e3 * (layer / (voxels_per_layer * h)) * (layer / (voxels_per_layer * h))));
  }
  if (layer < unit_cell_c) {
    warnings.push_back(
        fmt::format("the diffusion layer of {:.3g} nm is below one unit cell of anatase ({:.2f} nm): a "
                    "continuum model is at its limit",
                    layer * 1e9, unit_cell_c * 1e9));
  }
  return warnings;
}

}  // namespace seccm::models
