#include "models/sample/cluster_builder.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "models/sample/contact_network.hpp"
#include "models/sample/disc_union.hpp"
#include "models/sample/packing.hpp"
#include "models/sample/particle_index.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

std::vector<double> draw_radii(const SampleParameters& p, std::uint64_t seed, std::uint64_t id, int count) {
  RandomStream random(seed, "particle radii of a cluster", id);
  std::vector<double> radii(static_cast<std::size_t>(count));
  for (double& r : radii) r = random.lognormal(0.5 * p.particle_diameter.si(), p.particle_diameter_sigma);
  return radii;
}

std::vector<Sphere> pack(const SampleParameters& p, std::uint64_t seed, std::uint64_t id,
                         std::span<const double> radii) {
  const auto count = static_cast<double>(radii.size());
  const double flat = p.pile_up_size / (count + p.pile_up_size);  // 1 for a small cluster, 0 for a large one
  const auto loose = static_cast<std::size_t>(std::floor(p.dispersed_fraction * flat * count));
  RandomStream random(seed, "packing of a cluster", id);
  const PileShape shape{.aspect = std::max(p.aspect_max * (1.0 - flat), 1e-3),
                        .elongation = std::exp(std::abs(p.elongation_sigma * random.normal())),
                        .azimuth = constants::pi * random.uniform(),
                        .vacancies = vacancies_for(p.packing_fraction)};
  std::vector<Sphere> spheres = deposit_pile(radii.subspan(loose), shape, random);
  scatter_around(spheres, radii.first(loose), random);
  return spheres;
}

std::vector<Disc> discs_of(const Cluster& cluster) {
  std::vector<Disc> discs;
  discs.reserve(cluster.particles.size());
  for (const SampleParticle& p : cluster.particles) discs.push_back({p.x, p.y, p.radius});
  return discs;
}

void measure(Cluster& cluster, const std::vector<Disc>& discs) {
  for (const SampleParticle& p : cluster.particles) {
    cluster.volume += 4.0 / 3.0 * constants::pi * p.radius * p.radius * p.radius;
    cluster.surface_area += 4.0 * constants::pi * p.radius * p.radius;
    cluster.max_height = std::max(cluster.max_height, p.z + p.radius);
    cluster.bounding_radius = std::max(cluster.bounding_radius, std::hypot(p.x, p.y) + p.radius);
  }
  cluster.projected_area = union_area(discs);
}

/// Depth below the top of the cluster, and the share of the surface that electrolyte can reach: what necks leave free,
/// and inside a pile less of it (falling over one diameter to `interior_wetting`).
void find_access(Cluster& cluster, const SampleParameters& parameters, const std::vector<Disc>& discs) {
  const ParticleIndex index(discs);
  const double neck = parameters.neck_ratio;
  const double cap = 0.5 * (1.0 - std::sqrt(1.0 - neck * neck));  // share of a sphere inside one neck
  for (SampleParticle& p : cluster.particles) {
    double top = p.z + p.radius;
    index.for_each_near(p.x, p.y, 0.0, [&](int j) {
      const SampleParticle& other = cluster.particles[static_cast<std::size_t>(j)];
      const double dx = other.x - p.x;
      const double dy = other.y - p.y;
      const double above2 = other.radius * other.radius - dx * dx - dy * dy;
      if (above2 > 0.0) top = std::max(top, other.z + std::sqrt(above2));
    });
    p.depth = top - (p.z + p.radius);
    const double buried = 1.0 - std::exp(-p.depth / parameters.particle_diameter.si());
    const double free = std::max(0.05, 1.0 - p.contacts * cap);
    p.accessible_fraction = free * (1.0 - (1.0 - parameters.interior_wetting) * buried);
  }
}

}  // namespace

Cluster build_cluster(const SampleParameters& parameters, std::uint64_t seed, std::uint64_t id, int count) {
  Cluster cluster;
  const std::vector<double> radii = draw_radii(parameters, seed, id, count);
  for (const Sphere& s : pack(parameters, seed, id, radii)) {
    SampleParticle particle;
    particle.x = s.x;
    particle.y = s.y;
    particle.z = s.z;
    particle.radius = s.radius;
    cluster.particles.push_back(particle);
  }
  RandomStream random(seed, "contacts of a cluster", id);
  connect(cluster,
          {.median = parameters.contact_resistance.si(),
           .sigma = parameters.contact_resistance_sigma,
           .dead_fraction = parameters.dead_fraction},
          random);
  const std::vector<Disc> discs = discs_of(cluster);
  measure(cluster, discs);
  find_access(cluster, parameters, discs);
  return cluster;
}

void move_to(Cluster& cluster, double x, double y) {
  cluster.x += x;
  cluster.y += y;
  for (SampleParticle& p : cluster.particles) {
    p.x += x;
    p.y += y;
  }
}

}  // namespace seccm::models
