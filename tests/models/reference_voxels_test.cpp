// The reference engine on clusters resolved in voxels: its Jacobian, its balance, its slopes, its refusals, and the
// fast engine against it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/reference/reference_simulate.hpp"
#include "models/voxels/voxel_cluster.hpp"
#include "sim/error.hpp"
#include "tests/models/reference_test_support.hpp"

namespace seccm::models {
namespace {

using test::at_tolerance;
using test::difference;
using ::testing::HasSubstr;

constexpr double formal_potential = 1.8;

/// Half a ball of a few grains with their own axes, boundaries that resist, one corner of gold.
VoxelSpec dense(double radius_in_voxels = 4.0) {
  RandomStream random(3, "dense");
  VoxelSpec spec;
  spec.image = polycrystal_image(radius_in_voxels * 2e-9, 4, 2e-9, random);
  spec.grain_D = {{2e-18, 4e-18, 8e-18}, {8e-18, 2e-18, 4e-18}, {4e-18, 8e-18, 2e-18}, {3e-18, 3e-18, 3e-18}};
  spec.boundary_resistance = 2e9;
  spec.material.E0 = Potential(formal_potential);
  spec.material.k0 = 1e-9 * unit::cm_per_s;
  spec.numerics.potential_step = 8.0 * unit::mV;
  return spec;
}

/// Three sintered spheres behind a resistance, with double layers.
VoxelSpec porous(double radius = 3e-9) {
  const double r = radius;
  const std::vector<Sphere> spheres{{0, 0, r, r}, {2.0 * r, 0, r, r}, {r, std::sqrt(3.0) * r, r, r}};
  VoxelSpec spec = dense();
  spec.image = packing_image(spheres, 1e-9, {.neck_ratio = 0.5, .neck_gap = 1e-11});
  spec.grain_D = {{2e-18, 2e-18, 4e-18}, {4e-18, 4e-18, 4e-18}, {1e-18, 1e-18, 1e-18}};
  spec.layer_capacitance = 0.1;
  spec.gold_capacitance = 1e-17;
  spec.series_resistance = 1e12;
  spec.initial_filling = 0.01;
  return spec;
}

sim::Waveform voxel_cycle() {
  return sim::Waveform::at(formal_potential + 0.4).cyclic(formal_potential - 0.4, formal_potential + 0.4, 0.05, 1);
}

TEST(ReferenceVoxels, JacobianIsThatOfTheResidual) {
  VoxelSpec repulsive = porous();
  repulsive.material.law = IsothermKind::frumkin;
  repulsive.material.g = 3.0;
  for (const VoxelSpec& voxels : {dense(3.0), porous(2e-9), repulsive}) {
    const ReferenceSpec spec = reference_spec(VoxelCluster(voxels));
    ReferenceSystem system(spec, reference_mesh(spec.cell), reference_units(spec, 0.05));
    system.ramp = {.time = 0.0, .E = formal_potential - 0.02, .slope = -0.05};
    const test::RandomPoint point = test::random_point(system, formal_potential);
    // Truncation of a central difference, f'''/f' h²/6: an unknown of the current moves z by R I0 F/RT = 4 at most.
    EXPECT_LT(test::worst_entry(system, point, false), 1e-8);
    EXPECT_LT(test::worst_entry(system, point, true), 1e-8);
  }
}

TEST(ReferenceVoxels, ChargeIsLithiumAndDoubleLayer) {
  for (const IsothermKind law : {IsothermKind::ideal, IsothermKind::frumkin, IsothermKind::anatase_plateau}) {
    VoxelSpec spec = porous(2e-9);
    spec.material.law = law;
    spec.material.g = 2.0;
    const VoxelCluster cluster(spec);
    const Trace trace = run_reference(reference_spec(cluster), voxel_cycle(), at_tolerance(1e-7)).trace;
    const double C = spec.layer_capacitance * cluster.grid().wetted_area() + spec.gold_capacitance;
    const double capacity = constants::faraday * cluster.capacity();
    double most = 0.0;
    for (std::size_t k = 0; k < trace.size(); ++k) {
      const double taken = constants::faraday * (trace.lithium[k] - trace.lithium.front());
      const double phi = trace.E_vs_Li[k] - spec.series_resistance * trace.current[k];
      const double layer = C * (phi - trace.E_vs_Li.front());
      EXPECT_NEAR(trace.charge[k], layer - taken, 1e-10 * capacity);
      most = std::max(most, taken);
    }
    EXPECT_GT(most, 0.5 * capacity);
  }
}

TEST(ReferenceVoxels, BandAndKluSolveTheSameSystem) {
  const ReferenceSpec spec = reference_spec(VoxelCluster(porous(2e-9)));
  ReferenceOptions options = at_tolerance(1e-7);
  const ReferenceRun sparse = run_reference(spec, voxel_cycle(), options);
  options.linear = sim::LinearAlgebra::band;
  const ReferenceRun band = run_reference(spec, voxel_cycle(), options);
  EXPECT_LT(difference(sparse.trace, band.trace), 2.0 * 1000.0 * 1e-7 * sparse.current_unit);
}

TEST(ReferenceVoxels, SealedBoundaryPassesNothing) {
  VoxelSpec spec = dense();
  spec.image = box_image({2, 2, 8}, 1e-9);
  std::fill_n(spec.image.labels.begin(), 16, Label{2});  // the lower half
  spec.border = ImageBorder::top;
  spec.boundary_resistance = std::numeric_limits<double>::infinity();
  VoxelSpec outer = spec;
  outer.image = box_image({2, 2, 4}, 1e-9);
  const ReferenceRun whole = run_reference(reference_spec(VoxelCluster(spec)), voxel_cycle(), at_tolerance(1e-8));
  const ReferenceRun half = run_reference(reference_spec(VoxelCluster(outer)), voxel_cycle(), at_tolerance(1e-8));
  // Tolerances follow the current that diffusion allows: that of the same wetted area in both.
  EXPECT_LT(difference(whole.trace, half.trace), 1000.0 * 1e-8 * (whole.current_unit + half.current_unit));
}

/// What the fast engine promises of a row: its change on halving the steps, of the lowest order that a response can
/// have, and what its iterations may leave of the balance of each voxel in each step.
double fast_error(const VoxelCluster& cluster, const Trace& coarse, const Trace& fine) {
  const double dt = coarse.time[1] - coarse.time[0];
  return 3.42 * difference(coarse, fine) + balance_tolerance * constants::faraday * cluster.capacity() / dt;
}

TEST(ReferenceVoxels, FastEngineTendsToIt) {
  VoxelSpec repulsive = porous();
  repulsive.material.law = IsothermKind::frumkin;
  repulsive.material.g = 3.0;
  VoxelSpec plateau = dense(3.0);
  plateau.material.law = IsothermKind::anatase_plateau;
  for (const VoxelSpec& spec : {dense(), porous(), repulsive, plateau}) {
    constexpr double tolerance = 1e-8;
    VoxelSpec halved = spec;
    halved.numerics.potential_step = spec.numerics.potential_step * 0.5;
    const VoxelCluster cluster(spec);
    const ReferenceRun exact = run_reference(reference_spec(cluster), voxel_cycle(), at_tolerance(tolerance));
    const Trace coarse = simulate(cluster, voxel_cycle());
    const Trace fine = simulate(VoxelCluster(halved), voxel_cycle());
    EXPECT_LT(difference(coarse, exact.trace),
              fast_error(cluster, coarse, fine) + 1000.0 * tolerance * exact.current_unit);
  }
}

TEST(ReferenceVoxels, AreRefusedBeyondWhatIsFactorised) {
  VoxelSpec spec = dense();
  spec.image = box_image({25, 25, 25}, 1e-9);
  spec.border = ImageBorder::top;
  try {
    (void)reference_spec(VoxelCluster(spec));
    FAIL() << "16252 unknowns were accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("16252 unknowns"));
    EXPECT_THAT(error.what(), HasSubstr("accepted are up to 10000"));
    EXPECT_THAT(error.what(), HasSubstr("[numerics] engine = \"fast\""));
  }
}

TEST(ReferenceVoxels, SlopesAreThoseOfDifferencesOfRuns) {
  VoxelSpec spec = porous(2e-9);
  spec.numerics.potential_step = 20.0 * unit::mV;
  test::expect_slopes(
      {reference_spec(VoxelCluster(spec)), voxel_cycle(), {"voxels.grain_D", "material.k0", "cell.series_resistance"}});
  EXPECT_THROW((void)parameter_value(reference_spec(VoxelCluster(spec)), "material.D"), InputError);
}

}  // namespace
}  // namespace seccm::models
