// The contact network inside a cell: what it refuses, by name, and that its steps allocate nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "models/cell.hpp"
#include "models/network/network_wiring.hpp"
#include "models/network/packed_cluster.hpp"
#include "sim/error.hpp"
#include "tests/models/allocation_count.hpp"

namespace seccm::models::test {

namespace {

using testing::HasSubstr;

CellSpec pile(int particles, double neck_share, bool conduction) {
  SampleParameters sample;
  sample.dead_fraction = 0.0;
  sample.contact_resistance = Resistance(1e11);
  ClusterParameters cluster;
  cluster.isolated = IsolatedParticles::drop;
  cluster.neck_share = neck_share;
  cluster.conductivity_pristine = Conductivity(1e-5);
  if (conduction) cluster.conduction = ConductionKind::lithiation;
  PackedCluster packed = pack_cluster(cluster, sample, {.count = particles, .seed = 2});
  CellSpec spec;
  spec.particles = packed.particles;
  spec.series_resistance = 1e7;
  spec.wiring = std::make_shared<const NetworkWiringModel>(std::move(packed.network), spec.material.c_max.si());
  return spec;
}

template <class Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(NetworkWiring, StepsWithoutAllocation) {
  for (const double necks : {0.0, 0.5}) {
    const Cell cell(pile(30, necks, true));
    CellStepper stepper(cell, cell.rest(2.2));
    const auto cycle = [&] {
      for (int k = 1; k <= 200; ++k) stepper.advance(2.2 - 4e-3 * k, 0.04);
      for (int k = 1; k <= 200; ++k) stepper.advance(1.4 + 4e-3 * k, 0.04);
    };
    cycle();  // meets both schemes
    const long before = allocations_so_far();
    cycle();
    EXPECT_EQ(allocations_so_far() - before, 0) << "share of necks " << necks;
  }
}

/// At every step end what flows into a particle over its contacts is what it takes: read from the potentials alone.
TEST(NetworkWiring, WhatFlowsIntoThePileIsWhatItsParticlesTake) {
  const CellSpec spec = pile(60, 0.0, false);
  const Cell cell(spec);
  const auto* model = dynamic_cast<const NetworkWiringModel*>(spec.wiring.get());
  ASSERT_NE(model, nullptr);
  Kirchhoff kirchhoff(model->network(), spec.particles.size());
  CellStepper stepper(cell, cell.rest(2.2));
  double worst = 0.0, largest = 0.0;
  for (int k = 1; k <= 200; ++k) {
    stepper.advance(2.2 - 4e-3 * k, 0.04);
    double from_gold = 0.0;
    for (std::size_t c = 0; c < model->network().contacts.size(); ++c) {
      if (model->network().contacts[c].second != on_gold) continue;
      from_gold +=
          kirchhoff.contact_current(c, stepper.state().particle_potential, stepper.state().electrode_potential);
    }
    worst = std::max(worst, std::abs(from_gold - stepper.currents().total));
    largest = std::max(largest, std::abs(from_gold));
  }
  // Potentials are left within 3e-12 V (kirchhoff.hpp), over some fifty contacts of 1e11 Ohm and less on the gold:
  // 3e-12 V/1e10 Ohm x 50 = 1.5e-20 A of 1e-12 A.
  EXPECT_LT(worst, 1e-7 * largest);
}

TEST(NetworkWiring, RefusesNecksOfParticlesThatCanNotExchange) {
  const auto says = [](auto&& change) {
    CellSpec spec = pile(10, 1.0, false);
    change(spec);
    return refusal([&] { Cell{spec}; });
  };
  EXPECT_EQ(says([](CellSpec&) {}), "accepted");
  EXPECT_THAT(says([](CellSpec& spec) { spec.model = ParticleModel::cahn_hilliard; }),
              AllOf(HasSubstr("neck_share"), HasSubstr("particle.model = \"cahn_hilliard\"")));
  EXPECT_THAT(says([](CellSpec& spec) { spec.material.diffusion = DiffusionKind::exponential; }),
              HasSubstr("material.diffusion = \"exponential\""));
  EXPECT_THAT(says([](CellSpec& spec) { spec.material.film_resistance = ArealResistance(1.0); }),
              HasSubstr("material.film_resistance > 0"));
}

TEST(NetworkWiring, CarriesParticlesThatSeparateIntoPhases) {
  CellSpec spec = pile(6, 0.0, false);
  spec.model = ParticleModel::cahn_hilliard;
  spec.material.k0 = Velocity(1e-10);
  const Cell cell(spec);
  CellStepper stepper(cell, cell.rest(2.0));
  const double before = cell.lithium(stepper.state());
  for (int k = 1; k <= 30; ++k) stepper.advance(2.0 - 1e-2 * k, 0.5);
  const double moved = constants::faraday * (cell.lithium(stepper.state()) - before);
  EXPECT_GT(moved, 0.0);
  EXPECT_NEAR(stepper.state().charge.intercalation, -moved, 1e-10 * moved);
}

TEST(PackedCluster, RefusesOrDropsWhatIsIsolated) {
  SampleParameters sample;
  sample.dead_fraction = 0.3;
  ClusterParameters cluster;
  const auto make = [&] { return pack_cluster(cluster, sample, {.count = 50, .seed = 4}); };
  EXPECT_THAT(refusal(make), AllOf(HasSubstr("no path of contacts to the gold"), HasSubstr("isolated = \"drop\"")));
  cluster.isolated = IsolatedParticles::drop;
  const PackedCluster packed = make();
  EXPECT_LT(packed.particles.size(), 50U);
  EXPECT_TRUE(isolated_particles(packed.network.contacts, packed.particles.size()).empty());
  for (const CellParticle& particle : packed.particles) EXPECT_GT(particle.contact_resistance, 0.0);
  sample.dead_fraction = 1.0;
  EXPECT_THAT(refusal(make), HasSubstr("none of 50 particles"));
}

TEST(ArrangeParticles, RefusesKeysThatContradictOneAnother) {
  const auto says = [](auto&& change) {
    ClusterParameters cluster;
    cluster.isolated = IsolatedParticles::drop;
    CellScenarioParameters cell;
    cell.particles = 5;
    change(cluster, cell);
    CellSpec spec;
    return refusal([&] { arrange_particles(cluster, SampleParameters{}, cell, 1, spec); });
  };
  const auto network = [](ClusterParameters& cluster) {
    cluster.particles = ParticleArrangement::packed;
    cluster.wiring = WiringKind::network;
  };
  EXPECT_EQ(says([&](auto& cluster, auto&) { network(cluster); }), "accepted");
  EXPECT_THAT(says([](auto& cluster, auto&) { cluster.wiring = WiringKind::network; }), HasSubstr("all alike"));
  EXPECT_THAT(says([](auto& cluster, auto&) { cluster.neck_share = 0.1; }), HasSubstr("neck_share"));
  EXPECT_THAT(says([](auto& cluster, auto&) { cluster.conduction = ConductionKind::lithiation; }),
              HasSubstr("conduction"));
  EXPECT_THAT(says([&](auto& cluster, auto& cell) {
                network(cluster);
                cell.contact_resistance = Resistance(1e9);
              }),
              HasSubstr("cell.contact_resistance = 1e+09 Ohm"));
  EXPECT_THAT(says([&](auto& cluster, auto& cell) {
                network(cluster);
                cell.geometry = sim::Geometry::slab;
              }),
              HasSubstr("made of spheres"));
}

/// Lithium needs a neck_exchange of 2 a D without length, and less with it.
TEST(ClusterParameters, ANeckIsItsConstrictionAndItsLength) {
  ClusterParameters cluster;
  cluster.neck_diffusivity = Diffusivity(1e-17);
  EXPECT_NEAR(neck_exchange(cluster, 5e-9), 2.0 * 5e-9 * 1e-17, 1e-39);
  cluster.neck_length = Length(0.5 * constants::pi * 5e-9);
  EXPECT_NEAR(neck_exchange(cluster, 5e-9), 5e-9 * 1e-17, 1e-39);
}

}  // namespace
}  // namespace seccm::models::test
