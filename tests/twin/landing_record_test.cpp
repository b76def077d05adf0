// What the truth file says of a landing, by hand: particles of known radius, wet in part, one of them dead. D, areas
// and volumes are judged by it.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "instrument/twin/landing_cell.hpp"
#include "models/pipette/pipette.hpp"
#include "models/sample/sample_field.hpp"
#include "sim/quantity.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::twin::testing {
namespace {

/// A cluster in which some particles are dead, and a landing that wets two that live and one that does not.
struct ByHand {
  ByHand() {
    spec.sample.dead_fraction = 0.4;
    spec.tip.temperature = 315.0 * unit::K;
    spec.electrolyte.ferrocene_transfer_coefficient = 0.43;
    field.emplace(spec.sample, 5);
    for (int k = 0; k < 12; ++k) {
      const auto& particle = field->particle({0, k});
      if (particle.connected && living[1] < 0) living[living[0] < 0 ? 0 : 1] = k;
      if (!particle.connected) dead = k;
    }
    landing.footprint = {1e-6, 2e-6, 1.2e-6};
    landing.gold_area = 0.7e-12;
    landing.particles = {{0, living[0], 0.5}, {0, dead, 1.0}, {0, living[1], 0.25}};
  }
  [[nodiscard]] double radius(int k) const { return field->particle({0, k}).radius; }

  TwinSpec spec = small_spec();
  std::optional<models::SampleField> field;
  models::Landing landing;
  int living[2] = {-1, -1}, dead = -1;
};

TEST(LandingRecord, AreaIsWhatIsWetVolumeIsWhatTakesPart) {
  const ByHand c;
  ASSERT_GE(c.living[1], 0);
  ASSERT_GE(c.dead, 0);
  const LandingRecord record = landing_record(c.spec, *c.field, c.landing);
  const double r = c.radius(c.living[0]), s = c.radius(c.living[1]);
  // Half of the one surface and a quarter of the other; the dead one has none.
  EXPECT_NEAR(record.wetted_area / (4 * constants::pi * (0.5 * r * r + 0.25 * s * s)), 1, 1e-12);
  // Lithium spreads within a particle that is wet somewhere.
  EXPECT_NEAR(record.wetted_volume / (4.0 / 3.0 * constants::pi * (r * r * r + s * s * s)), 1, 1e-12);
  EXPECT_EQ(record.gold_area, 0.7e-12);
  EXPECT_EQ(record.footprint_x, 1e-6);
  EXPECT_EQ(record.footprint_y, 2e-6);
  EXPECT_EQ(record.footprint_diameter, 1.2e-6);
  EXPECT_EQ(record.cluster, 0);
  EXPECT_EQ(record.cluster_volume, c.field->clusters()[0].volume);
  EXPECT_EQ(record.cluster_projected_area, c.field->clusters()[0].projected_area);
  const double height = c.spec.meniscus.height_fraction * c.spec.pipette.radius();
  EXPECT_EQ(record.series_resistance, models::solution_resistance(c.spec.pipette, c.spec.electrolyte, height, 1.2e-6));
  ASSERT_EQ(record.particles.size(), 3U);
  EXPECT_FALSE(record.particles[1].connected);
  EXPECT_EQ(record.particles[2].particle, c.living[1]);
  EXPECT_EQ(record.particles[2].radius, s);
  EXPECT_EQ(record.particles[2].wetted_fraction, 0.25);
  EXPECT_EQ(record.particles[0].contact_resistance, c.field->particle({0, c.living[0]}).contact_resistance);
}

TEST(LandingRecord, TheClusterIsTheOneWithMostWettedVolume) {
  TwinSpec spec = small_spec();
  spec.sample.cluster_sizes = {2, 2};
  spec.sample.positions_x = {30e-6 * unit::m, 70e-6 * unit::m};
  spec.sample.positions_y = {50e-6 * unit::m, 50e-6 * unit::m};
  const models::SampleField field(spec.sample, 5);
  models::Landing landing;
  landing.footprint.diameter = 1e-6;
  const double a = std::pow(field.particle({0, 0}).radius, 3), b = std::pow(field.particle({1, 0}).radius, 3);
  // Once less, once more than the other's wetted volume.
  for (const double ratio : {0.5, 2.0}) {
    landing.particles = {{0, 0, 0.3}, {1, 0, 0.3 * ratio * a / b}};
    EXPECT_EQ(landing_record(spec, field, landing).cluster, ratio > 1.0 ? 1 : 0);
  }
  landing.particles.clear();
  EXPECT_EQ(landing_record(spec, field, landing).cluster, -1);
}

TEST(LandedCell, IsWhatTheLandingWetsAtTheTemperatureOfTheTip) {
  const ByHand c;
  const auto filling = [&](int cluster, int particle) { return cluster == 0 && particle == c.living[1] ? 0.4 : 0.1; };
  const auto landed = landed_cell(c.spec, *c.field, c.landing, 1, filling);
  ASSERT_TRUE(landed);
  const models::CellSpec* cell = &landed->cell;
  ASSERT_EQ(cell->particles.size(), 2U);  // the dead one has no place
  EXPECT_EQ(cell->particles[0].radius, c.radius(c.living[0]));
  EXPECT_EQ(cell->particles[0].wetted_fraction, 0.5);
  EXPECT_EQ(cell->particles[0].initial_filling, 0.1);
  EXPECT_EQ(cell->particles[1].wetted_fraction, 0.25);
  EXPECT_EQ(cell->particles[1].initial_filling, 0.4);
  for (int k = 0; k < 2; ++k)
    EXPECT_EQ(cell->particles[static_cast<std::size_t>(k)].contact_resistance,
              c.field->particle({0, c.living[k]}).contact_resistance);
  EXPECT_EQ(cell->temperature, 315.0);
  EXPECT_EQ(cell->gold_area, 0.7e-12);
  EXPECT_EQ(cell->series_resistance, landing_record(c.spec, *c.field, c.landing).series_resistance);
}

// i_lim of the cone; m/k0 = i_lim/(F π a² c k0) with the radius of the footprint, 0.6 um.
TEST(LandedCell, HasTheFerroceneOfTheCone) {
  ByHand c;
  auto& e = c.spec.electrolyte;
  e.ferrocene_concentration = 2.0 * unit::mol_per_m3;
  const auto landed = landed_cell(c.spec, *c.field, c.landing, 1, [](int, int) { return 0.0; });
  ASSERT_TRUE(landed);
  const models::CellSpec* cell = &landed->cell;
  const double i_lim = models::cone_limiting_current(e.ferrocene_diffusivity.si(), 2.0, c.spec.pipette.radius(),
                                                     c.spec.pipette.half_cone_angle);
  EXPECT_NEAR(cell->ferrocene.i_lim / i_lim, 1, 1e-12);
  EXPECT_EQ(cell->ferrocene.E0_vs_Li, e.ferrocene_potential.si());
  EXPECT_EQ(cell->ferrocene.alpha, 0.43);
  EXPECT_NEAR(cell->ferrocene.m_over_k0 /
                  (i_lim / (96485.33212331 * constants::pi * 0.36e-12 * 2.0 * e.ferrocene_rate_constant.si())),
              1, 1e-9);
  e.ferrocene_concentration = 0.0 * unit::mol_per_m3;
  EXPECT_EQ(landed_cell(c.spec, *c.field, c.landing, 1, [](int, int) { return 0.0; })->cell.ferrocene.i_lim, 0.0);
}

TEST(LandedCell, IsNoneWhereNothingIsWet) {
  ByHand c;
  c.landing.wets = false;
  EXPECT_FALSE(landed_cell(c.spec, *c.field, c.landing, 1, [](int, int) { return 0.0; }));
}

TEST(LandedCell, KeepsTheLawsOfTheSample) {
  ByHand c;
  c.spec.material.D = 7e-15 * unit::cm2_per_s;
  c.spec.double_layer.gold = 31.0 * unit::uF_per_cm2;
  c.spec.water_reduction.decay = 3.5;
  c.spec.surface_redox.g = 13.0;
  const auto landed = landed_cell(c.spec, *c.field, c.landing, 1, [](int, int) { return 0.0; });
  ASSERT_TRUE(landed);
  const models::CellSpec* cell = &landed->cell;
  EXPECT_EQ(cell->material.D.si(), c.spec.material.D.si());
  EXPECT_EQ(cell->double_layer.gold.si(), c.spec.double_layer.gold.si());
  EXPECT_EQ(cell->water.decay, 3.5);
  EXPECT_EQ(cell->surface_redox.g, 13.0);
}

}  // namespace
}  // namespace seccm::instrument::twin::testing
