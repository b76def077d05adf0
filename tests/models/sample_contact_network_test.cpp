#include "models/sample/contact_network.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "models/sample/cluster_builder.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

SampleParticle ball(double x, double z, double r = 25e-9) {
  SampleParticle p;
  p.x = x;
  p.z = z;
  p.radius = r;
  return p;
}

Cluster tower(int storeys) {
  Cluster cluster;
  for (int k = 0; k < storeys; ++k) cluster.particles.push_back(ball(0.0, 25e-9 * (2 * k + 1)));
  return cluster;
}

Cluster packed(int count, double dead, std::uint64_t id = 0) {
  SampleParameters parameters;
  parameters.dead_fraction = dead;
  return build_cluster(parameters, 5, id, count);
}

TEST(ContactNetwork, ATowerAddsItsContactsInSeries) {
  Cluster cluster = tower(4);
  RandomStream random(1, "tower");
  connect(cluster, {.median = 1e9, .sigma = 1.0}, random);
  ASSERT_EQ(cluster.contacts.size(), 4U);  // gold and three joints
  double sum = 0.0;
  for (std::size_t k = 0; k < 4; ++k) {
    for (const Contact& c : cluster.contacts) {
      const bool below =
          k == 0 ? c.second == -1 : c.first == static_cast<int>(k) - 1 && c.second == static_cast<int>(k);
      if (below) sum += c.resistance;
    }
    EXPECT_DOUBLE_EQ(cluster.particles[k].contact_resistance, sum);
    EXPECT_EQ(cluster.particles[k].chain_length, static_cast<int>(k) + 1);
    EXPECT_EQ(cluster.particles[k].contacts, k == 3 ? 1 : 2);
    EXPECT_TRUE(cluster.particles[k].connected);
  }
}

TEST(ContactNetwork, WithoutScatterResistanceIsTheMedianTimesTheChain) {
  Cluster cluster = tower(3);
  RandomStream random(1, "tower");
  connect(cluster, {.median = 2e9, .sigma = 0.0}, random);
  for (const SampleParticle& p : cluster.particles) EXPECT_DOUBLE_EQ(p.contact_resistance, 2e9 * p.chain_length);
}

TEST(ContactNetwork, AGapOfAThousandthOfARadiusIsNoContact) {
  Cluster cluster;
  cluster.particles = {ball(0.0, 25e-9), ball(50.025e-9, 25e-9), ball(200e-9, 25.025e-9)};
  RandomStream random(1, "gap");
  connect(cluster, {}, random);
  EXPECT_EQ(cluster.contacts.size(), 2U);  // two on the gold, nothing else
  EXPECT_FALSE(cluster.particles[2].connected);
  EXPECT_EQ(cluster.particles[2].contact_resistance, std::numeric_limits<double>::infinity());
}

TEST(ContactNetwork, WhatStandsOnADeadParticleIsLostToo) {
  // With every particle dead nothing is connected; with none dead everything in a dense pile is.
  for (const SampleParticle& p : packed(200, 1.0).particles) {
    EXPECT_FALSE(p.connected);
    EXPECT_EQ(p.chain_length, 0);
  }
  for (const SampleParticle& p : packed(200, 0.0).particles) EXPECT_TRUE(p.connected);
  // A tower whose second storey dies loses everything above: search the streams for that draw.
  bool seen = false;
  for (std::uint64_t k = 0; k < 200 && !seen; ++k) {
    Cluster cluster = tower(4);
    RandomStream random(2, "dead storey", k);
    RandomStream same = random;
    std::vector<bool> alive;
    for (int i = 0; i < 4; ++i) alive.push_back(same.uniform() >= 0.3);
    if (alive != std::vector<bool>{true, false, true, true}) continue;
    seen = true;
    connect(cluster, {.dead_fraction = 0.3}, random);
    EXPECT_TRUE(cluster.particles[0].connected);
    for (std::size_t i = 1; i < 4; ++i) EXPECT_FALSE(cluster.particles[i].connected);
  }
  EXPECT_TRUE(seen);
}

TEST(ContactNetwork, BestChainBoundsTheExactNetworkFromAbove) {
  // Kirchhoff's matrix of the whole network with the gold grounded; its inverse holds the exact resistances to the
  // gold.
  const Cluster cluster = packed(120, 0.0);
  const auto n = static_cast<Eigen::Index>(cluster.particles.size());
  Eigen::MatrixXd conductance = Eigen::MatrixXd::Zero(n, n);
  for (const Contact& c : cluster.contacts) {
    const double g = 1e9 / c.resistance;
    conductance(c.first, c.first) += g;
    if (c.second < 0) continue;
    conductance(c.second, c.second) += g;
    conductance(c.first, c.second) -= g;
    conductance(c.second, c.first) -= g;
  }
  const Eigen::MatrixXd resistance = conductance.inverse();
  for (Eigen::Index k = 0; k < n; ++k) {
    const double chain = cluster.particles[static_cast<std::size_t>(k)].contact_resistance / 1e9;
    EXPECT_GE(chain, resistance(k, k) * (1.0 - 1e-9));
  }
}

TEST(ContactNetwork, ResistanceGrowsWithHeight) {
  SampleParameters parameters;
  parameters.dead_fraction = 0.0;
  parameters.contact_resistance_sigma = 0.0;
  parameters.dispersed_fraction = 0.0;
  const Cluster cluster = build_cluster(parameters, 5, 0, 3000);
  std::map<int, std::pair<double, int>> by_layer;
  for (const SampleParticle& p : cluster.particles) {
    auto& [sum, count] = by_layer[static_cast<int>(p.z / 60e-9)];
    sum += p.contact_resistance;
    ++count;
    // A chain can not climb more than the diameter of the widest particle per contact.
    EXPECT_GE(p.chain_length * 2.0 * 55e-9, p.z);
  }
  ASSERT_GE(by_layer.size(), 5U);
  double below = 0.0;
  for (const auto& [layer, entry] : by_layer) {
    const double mean = entry.first / entry.second;
    EXPECT_GT(mean, below) << "layer " << layer;
    below = mean;
  }
}

TEST(ContactNetwork, ContactResistancesAreLogNormal) {
  SampleParameters parameters;
  const Cluster cluster = build_cluster(parameters, 6, 0, 4000);
  const auto n = static_cast<double>(cluster.contacts.size());
  double mean = 0.0;
  double square = 0.0;
  for (const Contact& c : cluster.contacts) {
    const double z = (std::log(c.resistance) - std::log(1e9)) / 1.5;
    mean += z / n;
    square += z * z / n;
  }
  EXPECT_GT(n, 8000.0);
  EXPECT_LT(std::abs(mean), 5.0 / std::sqrt(n));
  EXPECT_LT(std::abs(square - 1.0), 5.0 * std::sqrt(2.0 / n));
}

}  // namespace
}  // namespace seccm::models
