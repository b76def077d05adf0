// What the truth file says of a landing, by hand: particles of known radius, wet in part, one of them dead. D, areas
// and volumes are judged by it.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "instrument/twin/landing_cell.hpp"
#include "models/cell.hpp"
#include "models/pipette/pipette.hpp"
#include "models/sample/sample_field.hpp"
#include "sim/error.hpp"
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

// The dry particles of a wet cluster conduct, so they are part of its network; the dead ones are not.
TEST(LandedCell, OfANetworkHasTheWholeCluster) {
  ByHand c;
  c.spec.cluster.wiring = models::WiringKind::network;
  const auto filling = [&](int, int particle) { return particle == c.living[1] ? 0.4 : 0.1; };
  const auto landed = landed_cell(c.spec, *c.field, c.landing, 5, filling);
  ASSERT_TRUE(landed);
  const models::Cluster& cluster = c.field->clusters()[0];
  std::vector<int> expected;
  for (std::size_t k = 0; k < cluster.particles.size(); ++k)
    if (cluster.particles[k].connected) expected.push_back(static_cast<int>(k));
  ASSERT_LT(expected.size(), cluster.particles.size());
  ASSERT_EQ(landed->particles.size(), expected.size());
  ASSERT_EQ(landed->cell.particles.size(), expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) {
    EXPECT_EQ(landed->particles[k].cluster, 0);
    EXPECT_EQ(landed->particles[k].particle, expected[k]);
    EXPECT_EQ(landed->cell.particles[k].radius, c.radius(expected[k]));
    const double wet = expected[k] == c.living[0] ? 0.5 : expected[k] == c.living[1] ? 0.25 : 0.0;
    EXPECT_EQ(landed->cell.particles[k].wetted_fraction, wet);
    EXPECT_EQ(landed->cell.particles[k].initial_filling, expected[k] == c.living[1] ? 0.4 : 0.1);
  }
  // x of the truth is of the two that are wet.
  const double a = std::pow(c.radius(c.living[0]), 3), b = std::pow(c.radius(c.living[1]), 3);
  EXPECT_NEAR(landed->wet_capacity / (c.spec.material.c_max.si() * 4.0 / 3.0 * constants::pi * (a + b)), 1.0, 1e-12);
  EXPECT_NEAR(landed->wet_filling, (0.1 * a + 0.4 * b) / (a + b), 1e-12);
  ASSERT_TRUE(landed->cell.wiring);
  EXPECT_NO_THROW(models::Cell{landed->cell});  // every particle of it has a path to the gold
}

// Two clusters under one meniscus are one cell; their networks touch the gold alone.
TEST(LandedCell, OfANetworkJoinsTheClustersThatAreWet) {
  ByHand c;
  c.spec.cluster.wiring = models::WiringKind::network;
  c.spec.sample.dead_fraction = 0.0;
  c.spec.sample.cluster_sizes = {6, 4};
  c.spec.sample.positions_x = c.spec.sample.positions_y = {};
  c.field.emplace(c.spec.sample, 5);
  c.landing.particles = {{1, 0, 0.3}, {0, 0, 0.6}};
  const auto landed = landed_cell(c.spec, *c.field, c.landing, 5, [](int, int) { return 0.0; });
  ASSERT_TRUE(landed);
  const std::size_t first = c.field->clusters()[0].particles.size(), second = c.field->clusters()[1].particles.size();
  ASSERT_EQ(landed->particles.size(), first + second);
  EXPECT_EQ(landed->particles[first].cluster, 1);
  EXPECT_EQ(landed->cell.particles[0].wetted_fraction, 0.6);
  EXPECT_EQ(landed->cell.particles[first].wetted_fraction, 0.3);
  // One ohmic sum: a current at the first particle of the second cluster passes its own contacts alone.
  const auto alone = [&](int cluster) {
    models::Landing landing = c.landing;
    landing.particles = {{cluster, 0, cluster == 0 ? 0.6 : 0.3}};
    auto cell = landed_cell(c.spec, *c.field, landing, 5, [](int, int) { return 0.0; })->cell;
    cell.gold_area = cell.series_resistance = cell.ferrocene.i_lim = 0.0;
    return cell;
  };
  auto both = landed->cell;
  both.gold_area = both.series_resistance = both.ferrocene.i_lim = 0.0;
  const auto charge_of = [](const models::CellSpec& spec) {
    const models::Cell cell(spec);
    models::CellStepper stepper(cell, cell.rest(3.0));
    for (int k = 1; k <= 100; ++k) stepper.advance(3.0 - 0.015 * k, 0.03);
    return stepper.state().charge.total;
  };
  const double sum = charge_of(alone(0)) + charge_of(alone(1));
  // Without a resistance that they share the cells do not know of each other: Newton's tolerance.
  EXPECT_NEAR(charge_of(both), sum, 1e-8 * std::abs(sum));
}

// Salt that moves in the cone brings its own resistance; the droplet is as wide as this landing's footprint.
TEST(LandedCell, StandsUnderItsOwnLiquid) {
  ByHand c;
  const auto landed_with = [&] { return landed_cell(c.spec, *c.field, c.landing, 1, [](int, int) { return 0.0; }); };
  EXPECT_FALSE(landed_with()->liquid);
  c.spec.electrolyte.salt.spreading = models::Spreading::power;
  ASSERT_TRUE(landed_with()->liquid);
  EXPECT_EQ(landed_with()->cell.series_resistance, landing_record(c.spec, *c.field, c.landing).series_resistance);
  c.spec.electrolyte.salt.transport = models::SaltTransport::cone;
  const auto landed = landed_with();
  EXPECT_EQ(landed->cell.series_resistance, 0.0);
  EXPECT_EQ(landed->liquid->footprint_radius(), 0.6e-6);
  EXPECT_EQ(landed->liquid->temperature, 315.0);
}

TEST(RequireCell, RefusesWhatNoLandingCouldBe) {
  TwinSpec spec = small_spec();
  EXPECT_NO_THROW(require_cell(spec));
  spec.cluster.wiring = models::WiringKind::network;
  spec.cluster.neck_share = 0.5;
  EXPECT_NO_THROW(require_cell(spec));
  spec.material.diffusion = models::DiffusionKind::exponential;
  spec.material.D_exponent = -2.0;
  EXPECT_THROW(require_cell(spec), InputError);  // necks join particles of one D
  spec.cluster.neck_share = 0.0;
  EXPECT_NO_THROW(require_cell(spec));
  spec.material.diffusion = models::DiffusionKind::table;  // an empty one
  EXPECT_THROW(require_cell(spec), InputError);
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
