#include "models/sample/sample_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>

#include "models/sample/cluster_builder.hpp"
#include "models/sample/parameter_check.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

struct Place {
  double x, y;
};

constexpr double kMicro = 1e6;  // m to um, for messages

std::vector<int> cluster_sizes(const SampleParameters& p, std::uint64_t seed) {
  std::vector<int> sizes;
  for (double count : p.cluster_sizes) {
    if (count != std::floor(count)) {
      throw InputError(fmt::format("sample.cluster_sizes: {:g} is not a whole number of particles", count));
    }
    sizes.push_back(static_cast<int>(count));
  }
  if (!sizes.empty()) return sizes;
  for (int k = 0; k < p.clusters; ++k) {
    RandomStream random(seed, "cluster size", static_cast<std::uint64_t>(k));
    const double count = std::round(random.lognormal(p.cluster_size_median, p.cluster_size_sigma));
    sizes.push_back(static_cast<int>(std::clamp(count, 1.0, static_cast<double>(p.cluster_size_max))));
  }
  return sizes;
}

bool apart(const Place& a, double reach_a, const Place& b, double reach_b, double spacing) {
  return std::hypot(a.x - b.x, a.y - b.y) >= std::max(spacing, reach_a + reach_b);
}

void check_explicit(const SampleParameters& p, const std::vector<Place>& places, const std::vector<Cluster>& clusters) {
  for (std::size_t k = 0; k < places.size(); ++k) {
    if (places[k].x > p.field_width.si() || places[k].y > p.field_height.si()) {
      throw InputError(fmt::format(
          "sample.positions: cluster {} at ({:g}, {:g}) um: accepted is inside the field of {:g} x {:g} um", k + 1,
          places[k].x * kMicro, places[k].y * kMicro, p.field_width.si() * kMicro, p.field_height.si() * kMicro));
    }
    for (std::size_t j = 0; j < k; ++j) {
      if (apart(places[k], clusters[k].bounding_radius, places[j], clusters[j].bounding_radius, 0.0)) continue;
      throw InputError(
          fmt::format("sample.positions: clusters {} and {} overlap; accepted is at least {:.3g} um between centres",
                      j + 1, k + 1, (clusters[k].bounding_radius + clusters[j].bounding_radius) * kMicro));
    }
  }
}

std::vector<Place> explicit_places(const SampleParameters& p, const std::vector<Cluster>& clusters) {
  if (p.positions_x.size() != clusters.size() || p.positions_y.size() != clusters.size() || p.cluster_sizes.empty()) {
    throw InputError(fmt::format(
        "sample.positions_x and positions_y: {} and {} values for {} explicit cluster_sizes; accepted is one "
        "of each per explicit cluster size",
        p.positions_x.size(), p.positions_y.size(), p.cluster_sizes.size()));
  }
  std::vector<Place> places;
  for (std::size_t k = 0; k < clusters.size(); ++k) places.push_back({p.positions_x[k].si(), p.positions_y[k].si()});
  check_explicit(p, places, clusters);
  return places;
}

/// Random sequential adsorption: uniform positions inside the margin, refused when too close to an earlier cluster.
std::vector<Place> random_places(const SampleParameters& p, std::uint64_t seed, const std::vector<Cluster>& clusters) {
  constexpr int tries = 2000;
  std::vector<Place> places;
  RandomStream random(seed, "cluster positions");
  for (const Cluster& cluster : clusters) {
    const double reach = cluster.bounding_radius;
    const double margin = std::max(p.edge_margin.si(), reach);
    const double width = p.field_width.si() - 2.0 * margin;
    const double height = p.field_height.si() - 2.0 * margin;
    const auto is_free = [&](const Place& place) {
      for (std::size_t j = 0; j < places.size(); ++j) {
        if (!apart(place, reach, places[j], clusters[j].bounding_radius, p.minimum_spacing.si())) return false;
      }
      return true;
    };
    bool placed = false;
    for (int k = 0; k < tries && !placed && width > 0.0 && height > 0.0; ++k) {
      const Place place{margin + width * random.uniform(), margin + height * random.uniform()};
      placed = is_free(place);
      if (placed) places.push_back(place);
    }
    if (!placed) {
      throw InputError(fmt::format(
          "sample.clusters: only {} of {} fit into the field of {:g} x {:g} um at a minimum_spacing of {:g} um and an "
          "edge_margin of {:g} um; ask for fewer clusters, less spacing or a larger field",
          places.size(), clusters.size(), p.field_width.si() * kMicro, p.field_height.si() * kMicro,
          p.minimum_spacing.si() * kMicro, p.edge_margin.si() * kMicro));
    }
  }
  return places;
}

std::vector<Cluster> build_clusters(const SampleParameters& p, std::uint64_t seed) {
  check_parameters("sample", p);
  const std::vector<int> sizes = cluster_sizes(p, seed);
  std::vector<Cluster> clusters(sizes.size());
  // Each cluster owns its streams, so that the number of threads changes nothing.
#pragma omp parallel for schedule(dynamic, 1)
  for (std::size_t k = 0; k < sizes.size(); ++k) clusters[k] = build_cluster(p, seed, k, sizes[k]);
  const bool given = !p.positions_x.empty() || !p.positions_y.empty();
  const std::vector<Place> places = given ? explicit_places(p, clusters) : random_places(p, seed, clusters);
  for (std::size_t k = 0; k < clusters.size(); ++k) move_to(clusters[k], places[k].x, places[k].y);
  return clusters;
}

}  // namespace

SampleField::SampleField(const SampleParameters& parameters, std::uint64_t seed)
    : clusters_(build_clusters(parameters, seed)),
      width_(parameters.field_width.si()),
      height_(parameters.field_height.si()),
      substrate_(parameters.substrate, 0.5 * width_, 0.5 * height_, seed) {
  std::vector<Disc> discs;
  for (int c = 0; c < static_cast<int>(clusters_.size()); ++c) {
    const auto& particles = clusters_[static_cast<std::size_t>(c)].particles;
    for (int k = 0; k < static_cast<int>(particles.size()); ++k) {
      const SampleParticle& p = particles[static_cast<std::size_t>(k)];
      discs.push_back({p.x, p.y, p.radius});
      refs_.push_back({c, k});
    }
  }
  index_ = ParticleIndex(discs);
}

const SampleParticle& SampleField::particle(ParticleRef ref) const {
  return clusters_.at(static_cast<std::size_t>(ref.cluster)).particles.at(static_cast<std::size_t>(ref.particle));
}

std::vector<ParticleRef> SampleField::particles_within(double x, double y, double radius) const {
  std::vector<ParticleRef> found;
  index_.for_each_near(x, y, radius, [&](int k) {
    const ParticleRef ref = refs_[static_cast<std::size_t>(k)];
    const SampleParticle& p = particle(ref);
    if (std::hypot(p.x - x, p.y - y) < radius + p.radius) found.push_back(ref);
  });
  std::sort(found.begin(), found.end(), [](const ParticleRef& a, const ParticleRef& b) {
    return std::tie(a.cluster, a.particle) < std::tie(b.cluster, b.particle);
  });
  return found;
}

SampleColumn SampleField::column(double x, double y) const {
  SampleColumn column;
  index_.for_each_near(x, y, 0.0, [&](int k) {
    const SampleParticle& p = particle(refs_[static_cast<std::size_t>(k)]);
    const double half2 = p.radius * p.radius - (p.x - x) * (p.x - x) - (p.y - y) * (p.y - y);
    if (!(half2 > 0.0)) return;
    const double half = std::sqrt(half2);
    column.height = std::max(column.height, p.z + half);
    column.solid += 2.0 * half;
  });
  return column;
}

double SampleField::surface_height(double x, double y) const {
  return gold_height(x, y) + column(x, y).height;
}

}  // namespace seccm::models
