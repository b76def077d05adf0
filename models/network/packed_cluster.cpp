#include "models/network/packed_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/network/network_wiring.hpp"
#include "models/sample/cluster_builder.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

double contact_radius(const Cluster& cluster, const Contact& contact, double neck_ratio) {
  const double first = cluster.particles[static_cast<std::size_t>(contact.first)].radius;
  if (contact.second < 0) return neck_ratio * first;
  return neck_ratio * std::min(first, cluster.particles[static_cast<std::size_t>(contact.second)].radius);
}

void drop_isolated(const std::vector<int>& isolated, PackedCluster& packed) {
  remove_particles(packed.network, isolated, packed.particles.size());
  std::vector<CellParticle> kept;
  std::size_t next = 0;
  for (std::size_t k = 0; k < packed.particles.size(); ++k) {
    if (next < isolated.size() && static_cast<std::size_t>(isolated[next]) == k) {
      ++next;
      continue;
    }
    kept.push_back(packed.particles[k]);
  }
  packed.particles = std::move(kept);
}

void require_packed(bool fine, std::string_view message) {
  if (!fine) throw InputError(std::string(message));
}

void require_consistent(const ClusterParameters& cluster, const CellScenarioParameters& cell) {
  const bool network = cluster.wiring == WiringKind::network;
  const bool packed = cluster.particles == ParticleArrangement::packed;
  require_packed(
      packed || !network,
      "cluster.wiring = \"network\": particles that are all alike have no contacts with one another; accepted is "
      "cluster.particles = \"packed\", or wiring = \"star\"");
  require_packed(
      network || cluster.neck_share == 0.0,
      "cluster.neck_share > 0: necks are part of the network; accepted is cluster.wiring = \"network\", or 0");
  require_packed(
      network || cluster.conduction == ConductionKind::unlimited,
      "cluster.conduction = \"lithiation\": the constrictions are part of the network; accepted is cluster.wiring = "
      "\"network\", or conduction = \"unlimited\"");
  if (!packed) return;
  require_packed(cell.geometry == sim::Geometry::sphere,
                 "cluster.particles = \"packed\": a pile is made of spheres; accepted is cell.geometry = \"sphere\"");
  if (cell.contact_resistance.si() == 0.0) return;
  throw InputError(fmt::format(
      "cell.contact_resistance = {:.6g} Ohm with cluster.particles = \"packed\": the contacts of a pile are drawn from "
      "sample.contact_resistance and sample.contact_resistance_sigma; accepted is cell.contact_resistance = 0",
      cell.contact_resistance.si()));
}

}  // namespace

void arrange_particles(const ClusterParameters& cluster, const SampleParameters& sample,
                       const CellScenarioParameters& cell, std::uint64_t seed, CellSpec& spec) {
  require_consistent(cluster, cell);
  if (cluster.particles == ParticleArrangement::alike) return;
  PackedCluster packed = pack_cluster(cluster, sample,
                                      {.radius = cell.radius.si(),
                                       .count = cell.particles,
                                       .wetted_fraction = cell.wetted_fraction,
                                       .initial_filling = cell.initial_filling,
                                       .seed = seed});
  spec.particles = std::move(packed.particles);
  if (cluster.wiring == WiringKind::star) return;
  spec.wiring = std::make_shared<const NetworkWiringModel>(std::move(packed.network), spec.material.c_max.si());
}

NetworkSpec network_of(const Cluster& cluster, const ClusterParameters& parameters, double neck_ratio,
                       std::uint64_t seed) {
  NetworkSpec network;
  network.conductivity = conductivity_law(parameters);
  RandomStream random(seed, "necks of a cluster", static_cast<std::uint64_t>(parameters.number));
  for (const Contact& contact : cluster.contacts) {
    const double radius = contact_radius(cluster, contact, neck_ratio);
    network.contacts.push_back({contact.first, contact.second < 0 ? on_gold : contact.second,
                                std::max(contact.resistance, least_resistance), radius});
    if (contact.second < 0 || !(random.uniform() < parameters.neck_share)) continue;
    network.necks.push_back({contact.first, contact.second, neck_exchange(parameters, radius)});
  }
  return network;
}

PackedCluster pack_cluster(const ClusterParameters& cluster, const SampleParameters& sample,
                           const PackingRequest& request) {
  SampleParameters shape = sample;
  shape.particle_diameter = Length(2.0 * request.radius);
  const auto number = static_cast<std::uint64_t>(cluster.number);
  const Cluster pile = build_cluster(shape, request.seed, number, request.count);
  PackedCluster packed;
  packed.network = network_of(pile, cluster, shape.neck_ratio, request.seed);
  for (const SampleParticle& p : pile.particles) {
    packed.particles.push_back({.radius = p.radius,
                                .wetted_fraction = request.wetted_fraction * p.accessible_fraction,
                                .contact_resistance = p.connected ? p.contact_resistance : 0.0,
                                .initial_filling = request.initial_filling});
  }
  const std::vector<int> isolated = isolated_particles(packed.network.contacts, packed.particles.size());
  if (cluster.isolated == IsolatedParticles::drop) {
    if (isolated.size() == packed.particles.size()) {
      throw InputError(
          fmt::format("cluster: none of {} particles has a path of contacts to the gold; accepted is a "
                      "cluster with at least one: lower [sample] dead_fraction",
                      isolated.size()));
    }
    drop_isolated(isolated, packed);
  } else {
    check_network(packed.network, packed.particles.size());
  }
  return packed;
}

}  // namespace seccm::models
