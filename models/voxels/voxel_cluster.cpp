#include "models/voxels/voxel_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/progress.hpp"
#include "models/voxels/wetted_faces.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

using sim::Segment;

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

class Runner {
 public:
  Runner(VoxelStepper& stepper, Trace& trace, Progress& progress)
      : stepper_(stepper), trace_(trace), progress_(progress) {}

  void append(const CellCurrents& i, const Segment& segment) {
    trace_.time.push_back(stepper_.time());
    trace_.E_vs_Li.push_back(stepper_.potential());
    trace_.current.push_back(i.total);
    trace_.scan_rate.push_back(segment.scan_rate);
    trace_.cycle.push_back(segment.cycle);
    trace_.components.push_back(i);
    trace_.charge.push_back(stepper_.charge().total);
    trace_.lithium.push_back(stepper_.lithium());
  }

  void run(const Segment& segment, sim::SegmentSteps steps) {
    if (segment.kind == Segment::Kind::jump) return stepper_.jump(segment.E_end);
    CellCurrents at_start = stepper_.charge();
    for (int k = 1; k <= steps.count; ++k) {
      const double share = static_cast<double>(k) / steps.count;
      stepper_.advance(segment.E_start + share * (segment.E_end - segment.E_start), steps.dt);
      if (segment.tread && k == steps.window_start) at_start = stepper_.charge();
      if (!segment.tread) append(stepper_.currents(), segment);
      progress_.at(stepper_.time());
    }
    if (segment.tread) append(mean_since(at_start, (steps.count - steps.window_start) * steps.dt), segment);
  }

 private:
  [[nodiscard]] CellCurrents mean_since(const CellCurrents& from, double time) const {
    const CellCurrents& to = stepper_.charge();
    CellCurrents mean;
    mean.total = (to.total - from.total) / time;
    mean.intercalation = (to.intercalation - from.intercalation) / time;
    mean.double_layer = (to.double_layer - from.double_layer) / time;
    mean.stray = (to.stray - from.stray) / time;
    return mean;
  }

  VoxelStepper& stepper_;
  Trace& trace_;
  Progress& progress_;
};

}  // namespace

VoxelCluster::VoxelCluster(VoxelSpec spec) : spec_(std::move(spec)), grid_(spec_) {
  check_circuit(spec_);
  (void)WettedFaces(grid_, spec_.material);
}

double VoxelCluster::capacity() const {
  return spec_.material.c_max.si() * grid_.volume();
}

Trace simulate(const VoxelCluster& cluster, const sim::Waveform& program, const std::function<bool(double)>& progress) {
  const NumericsParameters& numerics = cluster.spec().numerics;
  const auto plan = sim::subdivided(sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si()),
                                    numerics.steps_per_row);
  const auto segments = program.segments();
  Trace trace;
  std::size_t rows = 1;
  for (const sim::SegmentSteps& steps : plan) rows += static_cast<std::size_t>(steps.count);
  trace.reserve(rows);
  VoxelStepper stepper(cluster, program.start_potential());
  Progress told(progress, program.duration());
  stepper.watch([&] { told.at(stepper.time()); });
  Runner runner(stepper, trace, told);
  runner.append({}, segments.empty() ? Segment{} : segments.front());
  for (std::size_t k = 0; k < segments.size(); ++k) {
    runner.run(segments[k], plan[k]);
  }
  return trace;
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
