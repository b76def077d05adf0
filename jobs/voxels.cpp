#include "jobs/voxels.hpp"

#include <fmt/format.h>

#include "files/tiff_stack.hpp"
#include "jobs/electrolyte.hpp"
#include "scenarios/sections_in_use.hpp"
#include "sim/error.hpp"

namespace seccm::jobs {
namespace {

models::LabelImage stack_of(const std::string& file) {
  if (file.empty())
    throw InputError("voxels.file = \"\" with source = \"file\"; accepted is the path of a TIFF stack of labels");
  files::TiffStack stack = files::read_tiff_stack(file, models::most_voxels);
  models::LabelImage image;
  image.nx = stack.width;
  image.ny = stack.height;
  image.nz = stack.pages;
  image.labels = std::move(stack.values);
  return image;
}

/// What the other jobs have, and a label image would leave out in silence.
void require_voxel_engine(const scenarios::Scenario& scenario) {
  const auto& numerics = scenario.twin.numerics;
  const auto refuse = [](std::string_view what, std::string_view accepted) {
    throw InputError(
        fmt::format("{} with [voxels] source: the fast engine steps a label image in fixed steps, and both engines "
                    "under a uniform electrolyte; accepted is {}",
                    what, accepted));
  };
  if (numerics.step == models::StepKind::adaptive) refuse("numerics.step = \"adaptive\"", "\"fixed\"");
  if (scenarios::has_electrolyte(scenario))
    refuse("electrolyte.transport or electrolyte.spreading", "\"none\" of both");
}

}  // namespace

models::VoxelCluster voxel_cluster(const scenarios::Scenario& scenario) {
  require_voxel_engine(scenario);
  if (scenario.twin.cluster.wiring != models::WiringKind::star ||
      scenario.twin.cluster.particles != models::ParticleArrangement::alike) {
    throw InputError(
        "voxels: [cluster] wiring or particles together with [voxels] source: the grains of a label image are at one "
        "potential; accepted are wiring = \"star\" and particles = \"alike\"");
  }
  std::optional<models::LabelImage> stack;
  if (scenario.voxels.source == models::VoxelSource::file) stack = stack_of(scenario.voxels.file);
  return models::VoxelCluster(models::assemble_voxels(scenario.voxels, scenario.cell,
                                                      scenarios::cell_sections(scenario), scenario.program,
                                                      static_cast<std::uint64_t>(scenario.seed), std::move(stack)));
}

}  // namespace seccm::jobs
