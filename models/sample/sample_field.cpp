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

std::vector<Place> explicit_places(const SampleParameters& p, std::size_t clusters) {
  if (p.positions_x.size() != clusters || p.positions_y.size() != clusters || p.cluster_sizes.empty()) {
    throw InputError(fmt::format(
        "sample.positions_x and positions_y: {} and {} values for {} explicit cluster_sizes; accepted is one "
        "of each per explicit cluster size",
        p.positions_x.size(), p.positions_y.size(), p.cluster_sizes.size()));
  }
  std::vector<Place> places;
  for (std::size_t k = 0; k < clusters; ++k) {
    const Place place{p.positions_x[k].si(), p.positions_y[k].si()};
    if (place.x > p.field_width.si() || place.y > p.field_height.si()) {
      throw InputError(
          fmt::format("sample.positions: cluster {} at ({:g}, {:g}) um is outside the field of {:g} x {:g} um", k + 1,
                      place.x * kMicro, place.y * kMicro, p.field_width.si() * kMicro, p.field_height.si() * kMicro));
    }
    places.push_back(place);
  }
  return places;
}

/// Random sequential adsorption: uniform positions, refused when closer than the spacing to an earlier one.
std::vector<Place> random_places(const SampleParameters& p, std::uint64_t seed, std::size_t clusters) {
  const double margin = p.edge_margin.si();
  const double width = p.field_width.si() - 2.0 * margin;
  const double height = p.field_height.si() - 2.0 * margin;
  if (clusters > 0 && (width <= 0.0 || height <= 0.0)) {
    throw InputError(fmt::format("sample.edge_margin = {:g} um leaves nothing of a field of {:g} x {:g} um",
                                 margin * kMicro, p.field_width.si() * kMicro, p.field_height.si() * kMicro));
  }
  const double spacing2 = p.minimum_spacing.si() * p.minimum_spacing.si();
  constexpr int tries = 2000;
  std::vector<Place> places;
  RandomStream random(seed, "cluster positions");
  while (places.size() < clusters) {
    Place place{};
    int k = 0;
    const auto taken = [&](const Place& q) {
      return (q.x - place.x) * (q.x - place.x) + (q.y - place.y) * (q.y - place.y) < spacing2;
    };
    do {
      place = {margin + width * random.uniform(), margin + height * random.uniform()};
    } while (std::any_of(places.begin(), places.end(), taken) && ++k < tries);
    if (k == tries) {
      throw InputError(
          fmt::format("sample.minimum_spacing = {:g} um: only {} of {} clusters fit into the field of {:g} x {:g} um; "
                      "ask for fewer "
                      "clusters or less spacing",
                      p.minimum_spacing.si() * kMicro, places.size(), clusters, p.field_width.si() * kMicro,
                      p.field_height.si() * kMicro));
    }
    places.push_back(place);
  }
  return places;
}

std::vector<Cluster> build_clusters(const SampleParameters& p, std::uint64_t seed) {
  check_parameters("sample", p);
  const std::vector<int> sizes = cluster_sizes(p, seed);
  const bool given = !p.positions_x.empty() || !p.positions_y.empty();
  const std::vector<Place> places = given ? explicit_places(p, sizes.size()) : random_places(p, seed, sizes.size());
  std::vector<Cluster> clusters(sizes.size());
  // Each cluster owns its streams, so that the number of threads changes nothing.
#pragma omp parallel for schedule(dynamic, 1)
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    clusters[k] = build_cluster(p, seed, k, sizes[k], places[k].x, places[k].y);
  }
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

Column SampleField::column(double x, double y) const {
  Column column;
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
