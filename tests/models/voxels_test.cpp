// Label images, refusals by name, and that steps do not allocate.
#include "models/voxels/voxel_cluster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "models/voxels/voxel_parameters.hpp"
#include "sim/error.hpp"
#include "tests/models/allocation_count.hpp"

namespace seccm::models {

namespace {

using ::testing::HasSubstr;

VoxelSpec cube(int n = 4) {
  VoxelSpec spec;
  spec.image = box_image({n, n, n}, 1e-9);
  spec.grain_D = {{1e-17, 1e-17, 1e-17}};
  spec.border = ImageBorder::top;
  return spec;
}

std::string refusal(const std::function<void(VoxelSpec&)>& spoil) {
  VoxelSpec spec = cube();
  spoil(spec);
  try {
    const VoxelCluster cluster(spec);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Voxels, AreRefusedByName) {
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.border = ImageBorder::closed; }), HasSubstr("no wetted face"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.grain_D[0][1] = 0.0; }), HasSubstr("D = 0 cm^2/s in the grain of label 1"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.grain_D[0][2] = -1e-17; }), HasSubstr("phase field"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.grain_D[0][0] = std::nan(""); }), HasSubstr("values above 0"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.grain_D.clear(); }), HasSubstr("0 grains"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.boundary_resistance = -1.0; }), HasSubstr("boundary resistance of -1 s/m"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.image.labels.pop_back(); }), HasSubstr("63 labels for 4 x 4 x 4"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.image.labels.assign(64, 0); }), HasSubstr("every voxel has the label 0"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.image.edge = 0.0; }), HasSubstr("edge above 0"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.gold_label = 1; }), HasSubstr("no wetted face"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.series_resistance = -1.0; }), HasSubstr("series resistance (Ohm) is -1"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.initial_filling = 1.5; }), HasSubstr("initial filling is 1.5"));
  EXPECT_THAT(refusal([](VoxelSpec& s) {
                s.material.law = IsothermKind::frumkin;
                s.material.g = -5.0;
              }),
              HasSubstr("spinodal"));
  EXPECT_THAT(refusal([](VoxelSpec& s) { s.material.kinetics = KineticsKind::marcus_hush_chidsey; }),
              HasSubstr("butler_volmer"));
  EXPECT_EQ(refusal([](VoxelSpec&) {}), "");
}

TEST(Voxels, HaveSizesThatFitAMemory) {
  EXPECT_THROW(check_image_size(5000, 1, 1), InputError);
  EXPECT_THROW(check_image_size(0, 1, 1), InputError);
  EXPECT_THROW(check_image_size(1000, 1000, 1000), InputError);
  EXPECT_THROW(check_image_size(std::nan(""), 1, 1), InputError);
  EXPECT_NO_THROW(check_image_size(400, 400, 400));
}

TEST(Voxels, RefuseSectionsThatTheyWouldIgnore) {
  VoxelParameters voxels;
  voxels.source = VoxelSource::sphere;
  const auto assemble = [&](const CellScenarioParameters& cell, const CellSections& sections) {
    return assemble_voxels(voxels, cell, sections, {}, 1);
  };
  CellScenarioParameters cell;
  cell.radius = Length(5e-9);
  EXPECT_NO_THROW(assemble(cell, {}));
  CellScenarioParameters resistive = cell;
  resistive.contact_resistance = Resistance(1e9);
  EXPECT_THROW(assemble(resistive, {}), InputError);
  CellSections sections;
  sections.surface_redox.enabled = true;
  EXPECT_THROW(assemble(cell, sections), InputError);
  sections = {};
  sections.particle.model = ParticleModel::cahn_hilliard;
  EXPECT_THROW(assemble(cell, sections), InputError);
  voxels.anisotropy.pop_back();
  EXPECT_THROW(assemble(cell, {}), InputError);
}

TEST(VoxelGrid, WetsOnlyPoresThatReachTheBorder) {
  VoxelSpec spec = cube(5);
  spec.image.labels[spec.image.at(2, 2, 2)] = 0;
  EXPECT_EQ(VoxelGrid(spec).faces().size(), 25U);
  spec.enclosed_pores_dry = false;
  EXPECT_EQ(VoxelGrid(spec).faces().size(), 25U + 6U);
  spec.enclosed_pores_dry = true;
  spec.image.labels[spec.image.at(2, 2, 3)] = spec.image.labels[spec.image.at(2, 2, 4)] = 0;  // a shaft to the top
  EXPECT_EQ(VoxelGrid(spec).faces().size(), 24U + 4U * 3U + 1U);
  spec.border = ImageBorder::all;
  EXPECT_EQ(VoxelGrid(spec).faces().size(), 24U + 13U + 5U * 25U);
  spec.border = ImageBorder::above_gold;
  EXPECT_EQ(VoxelGrid(spec).faces().size(), 24U + 13U + 4U * 25U);
}

TEST(VoxelGrid, GoldStoresNothingAndWetsNothing) {
  VoxelSpec spec = cube(4);
  spec.image.labels[spec.image.at(0, 0, 0)] = 2;
  spec.gold_label = 2;
  const VoxelGrid grid(spec);
  EXPECT_EQ(grid.voxels(), 63U);
  EXPECT_EQ(grid.faces().size(), 16U);
  EXPECT_EQ(grid.links().axis[0][0], 0.0F);
}

TEST(LabelImage, PackingsAndPolycrystalsHaveEveryGrain) {
  RandomStream random(1, "test");
  const LabelImage dense = polycrystal_image(10e-9, 12, 1e-9, random);
  EXPECT_EQ(largest_label(dense), 12);
  const std::vector<double> radii(12, 5e-9);
  const LabelImage porous = packing_image(deposit_pile(radii, {}, random), 1e-9, {});
  std::vector<int> voxels(13, 0);
  for (const Label label : porous.labels) ++voxels[label];
  for (std::size_t k = 1; k < voxels.size(); ++k) EXPECT_NEAR(voxels[k], 4.0 / 3.0 * constants::pi * 125, 60) << k;
}

TEST(VoxelStepper, AllocatesNothingAfterTheFirstStep) {
  VoxelSpec spec = cube(8);
  spec.series_resistance = 1e12;
  spec.layer_capacitance = 0.1;
  const VoxelCluster cluster(spec);
  VoxelStepper stepper(cluster, 2.0);
  stepper.advance(1.99, 0.1);
  stepper.advance(1.98, 0.1);
  const long before = test::allocations_so_far();
  for (int k = 0; k < 10; ++k) stepper.advance(1.97 - 0.01 * k, 0.1);
  EXPECT_EQ(test::allocations_so_far(), before);
}

TEST(VoxelStepper, ThinLayersAreWarnedAbout) {
  VoxelSpec spec = cube(8);
  spec.grain_D = {{3e-19, 3e-19, 3e-19}};
  const auto warnings = validity_warnings(VoxelCluster(spec), 0.5);
  ASSERT_FALSE(warnings.empty());
  EXPECT_THAT(warnings[0], HasSubstr("thinner than one voxel"));
}

TEST(VoxelStepper, RefusesStepsThatAreNone) {
  const VoxelCluster cluster(cube());
  VoxelStepper stepper(cluster, 2.0);
  EXPECT_THROW(stepper.advance(std::nan(""), 1.0), InputError);
  EXPECT_THROW(stepper.advance(2.0, 0.0), InputError);
  EXPECT_THROW(stepper.jump(std::numeric_limits<double>::infinity()), InputError);
}

}  // namespace
}  // namespace seccm::models
