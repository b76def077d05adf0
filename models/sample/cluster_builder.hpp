// Makes one cluster: draws its particles, packs them, wires them and measures it.
#pragma once

#include <cstdint>

#include "models/sample/cluster.hpp"
#include "models/sample/sample_parameters.hpp"

namespace seccm::models {

/// Cluster number `id` of a sample: `count` >= 1 particles around the origin. Depends on (parameters, seed, id, count)
/// only.
Cluster build_cluster(const SampleParameters& parameters, std::uint64_t seed, std::uint64_t id, int count);

/// Shifts a cluster from the origin to (x, y), m.
void move_to(Cluster& cluster, double x, double y);

}  // namespace seccm::models
