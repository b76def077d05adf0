// A pile of particles on gold for a cell: packed as models/sample packs them, joined where they touch.
//
// Interface resistances are those that the sample draws for its contacts ([sample] contact_resistance, sigma, dead
// particles); contacts and necks have the radius neck_ratio times that of the smaller particle. The wetted share of a
// particle is what its place in the pile leaves accessible.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cell/cell_scenario.hpp"
#include "models/cell/cell_spec.hpp"
#include "models/network/cluster_parameters.hpp"
#include "models/sample/cluster.hpp"
#include "models/sample/sample_parameters.hpp"

namespace seccm::models {

struct PackedCluster {
  std::vector<CellParticle> particles;
  NetworkSpec network;
};

struct PackingRequest {
  double radius = 25e-9;  ///< median, m
  int count = 1;
  double wetted_fraction = 1.0;  ///< of what is accessible
  double initial_filling = 0.0;
  std::uint64_t seed = 1;
};

/// Throws InputError for particles without a path to the gold unless `isolated` drops them, and if none is left.
PackedCluster pack_cluster(const ClusterParameters& cluster, const SampleParameters& sample,
                           const PackingRequest& request);

/// Puts the particles that [cluster] asks for, and their wiring, into the cell of a `simulate` job. Throws InputError
/// for keys that contradict one another.
void arrange_particles(const ClusterParameters& cluster, const SampleParameters& sample,
                       const CellScenarioParameters& cell, std::uint64_t seed, CellSpec& spec);

/// Contacts and necks of a cluster of the sample. Which contacts are necks depends on (seed, parameters, cluster) only.
NetworkSpec network_of(const Cluster& cluster, const ClusterParameters& parameters, double neck_ratio,
                       std::uint64_t seed);

}  // namespace seccm::models
