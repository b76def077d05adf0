// What the voxel scenarios claim about "inter-particle" and intra-particle diffusion, on a coarser image: whether two
// clusters can be told apart by one voltammogram.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "jobs/simulate.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::scenarios {
namespace {

models::Trace run_library(const char* name, std::vector<std::string> overrides) {
  const auto path = std::filesystem::path(SECCM_SOURCE_DIR) / "scenarios" / (std::string(name) + ".toml");
  overrides.insert(overrides.end(), {"voxels.voxel=5 nm", "numerics.potential_step=4 mV", "numerics.engine=fast"});
  return jobs::simulate(load_scenario(path, overrides)).trace;
}

/// Largest difference of two voltammograms over the peak of the first.
double distance(const models::Trace& a, const models::Trace& b) {
  double peak = 0.0, most = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    peak = std::max(peak, std::abs(a.current[k]));
    most = std::max(most, std::abs(a.current[k] - b.current[k]));
  }
  return most / peak;
}

TEST(InterParticle, NecksOfAPorousClusterLeaveNoTraceInItsVoltammogram) {
  const models::Trace open = run_library("voxel_porous", {});
  const models::Trace sealed =
      run_library("voxel_porous", {"voxels.boundary_width=1 nm", "voxels.boundary_D=0 cm^2/s"});
  const models::Trace slower = run_library("voxel_porous", {"material.D=1e-12 cm^2/s"});
  const double necks = distance(open, sealed);
  EXPECT_GT(necks, 0.0);    // they do act
  EXPECT_LT(necks, 0.005);  // below the noise of any measurement: 5 fA on 1 pA
  EXPECT_GT(distance(open, slower), 10.0 * necks);
}

TEST(InterParticle, BoundariesOfADenseClusterPassForALowerDAtOneScanRateOnly) {
  const std::string apparent = "material.D=3e-12 cm^2/s", none = "voxels.boundary_width=0 nm";
  const models::Trace true_cluster = run_library("voxel_dense", {});
  const double confused = distance(true_cluster, run_library("voxel_dense", {none, apparent}));
  const double true_D = distance(true_cluster, run_library("voxel_dense", {none}));
  EXPECT_LT(confused, 0.02);
  EXPECT_GT(true_D, 3.0 * confused);
  const std::string fast = "program.scan_rates=[\"100 mV/s\"]";
  EXPECT_GT(distance(run_library("voxel_dense", {fast}), run_library("voxel_dense", {none, apparent, fast})),
            3.0 * confused);
}

}  // namespace
}  // namespace seccm::scenarios
