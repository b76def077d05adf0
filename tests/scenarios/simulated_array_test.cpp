#include "jobs/simulated_array.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/quantity.hpp"

namespace seccm::scenarios {
namespace {

/// One cluster of 300 particles in the middle of a field of 20 um, nodes every 4 um: 5 x 5, one of them on the middle.
Scenario one_cluster() {
  Scenario s;
  s.twin.sample.field_width = s.twin.sample.field_height = 20.0 * unit::um;
  s.twin.sample.cluster_sizes = {300};
  s.twin.sample.positions_x = {10.0 * unit::um};
  s.twin.sample.positions_y = {10.0 * unit::um};
  s.twin.meniscus.failed_wetting = 0.0;
  s.validation.grid_width = s.validation.grid_height = 20.0 * unit::um;
  s.validation.grid_pitch = 4.0 * unit::um;
  return s;
}

int on_particles(const validation::SimulatedArray& array) {
  return static_cast<int>(
      std::count_if(array.nodes.begin(), array.nodes.end(), [](const auto& node) { return node.cluster >= 0; }));
}

// 300 spheres of 50 nm spread over less than 4 um; only the middle node, the 13th, reaches them with a footprint of 1
// um.
TEST(SimulatedArray, LandsOnTheClusterAtItsNodeAndOnGoldElsewhere) {
  const validation::SimulatedArray array = jobs::simulated_array(one_cluster());
  ASSERT_EQ(array.nodes.size(), 25u);
  EXPECT_EQ(on_particles(array), 1);
  EXPECT_EQ(array.nodes[12].cluster, 0);
  // No more than the whole surface of all of them, sizes as drawn (sigma 0.2: mean square 1.08, and less than 2).
  EXPECT_GT(array.nodes[12].wetted_area, 0.0);
  EXPECT_LT(array.nodes[12].wetted_area, 300 * constants::pi * 50e-9 * 50e-9 * 2);
  EXPECT_EQ(array.nodes[0].wetted_area, 0.0);
}

TEST(SimulatedArray, HasNoParticlesWhereNoContactWets) {
  Scenario s = one_cluster();
  s.twin.meniscus.failed_wetting = 1.0;
  EXPECT_EQ(on_particles(jobs::simulated_array(s)), 0);
}

TEST(SimulatedArray, IsCentredOnTheField) {
  Scenario s = one_cluster();
  s.validation.grid_width = s.validation.grid_height = 4.0 * unit::um;  // one node: the middle
  const validation::SimulatedArray array = jobs::simulated_array(s);
  ASSERT_EQ(array.nodes.size(), 1u);
  EXPECT_EQ(array.nodes[0].cluster, 0);
}

TEST(SameMeasurement, IsOneProgrammeWithOnePipette) {
  const Scenario a;
  EXPECT_TRUE(jobs::same_measurement(a, a));
  Scenario b = a;
  b.scan.cv.scan_rates = {50.0 * unit::mV_per_s};
  EXPECT_FALSE(jobs::same_measurement(a, b));
  b = a;
  b.scan.cv.cycles += 1;
  EXPECT_FALSE(jobs::same_measurement(a, b));
  b = a;
  b.twin.pipette.diameter = 3.0 * unit::um;
  EXPECT_FALSE(jobs::same_measurement(a, b));
  b = a;
  b.seed += 1;  // another sample is another region
  EXPECT_TRUE(jobs::same_measurement(a, b));
}

}  // namespace
}  // namespace seccm::scenarios
