// The drop-cast sample: clusters of TiO2 nanoparticles on a Au-coated coverslip. Immutable; made by (parameters, seed).
//
// Frame: x to the right, y up, origin at the lower left corner of the field; z up, zero on the mean plane of the gold
// at the centre of the field. `SampleParticle::z` counts from the gold below it: absolute height = gold_height(x,y) +
// z.
//
// The same parameters and seed give the same bytes for any number of threads: every cluster, particle and contact draws
// from its own stream. Construction throws InputError for parameters out of range and for more clusters than fit at the
// required spacing.
#pragma once

#include <cstdint>
#include <vector>

#include "models/sample/cluster.hpp"
#include "models/sample/particle_index.hpp"
#include "models/sample/sample_parameters.hpp"
#include "models/sample/substrate.hpp"

namespace seccm::models {

struct ParticleRef {
  int cluster = 0;
  int particle = 0;
  friend bool operator==(const ParticleRef&, const ParticleRef&) = default;
};

/// What stands on the gold at one point: the input of the image formation.
struct SampleColumn {
  double height = 0.0;  ///< top of the particles above the gold, m; 0 on bare gold
  double solid = 0.0;  ///< TiO2 along the vertical, Σ 2 √(r² - ρ²), m; solid/height is the local packing fraction
};

class SampleField {
 public:
  SampleField(const SampleParameters& parameters, std::uint64_t seed);

  [[nodiscard]] const std::vector<Cluster>& clusters() const { return clusters_; }
  [[nodiscard]] const SampleParticle& particle(ParticleRef ref) const;
  [[nodiscard]] double width() const { return width_; }    ///< m
  [[nodiscard]] double height() const { return height_; }  ///< m

  /// Every particle whose disc (seen from above) comes within `radius` of (x, y): |centre - (x,y)| < radius + r.
  /// Ordered by cluster, then particle.
  [[nodiscard]] std::vector<ParticleRef> particles_within(double x, double y, double radius) const;
  /// Particles above the gold at a point.
  [[nodiscard]] SampleColumn column(double x, double y) const;
  /// Gold above the mean plane, m (tilt and roughness); defined everywhere.
  [[nodiscard]] double gold_height(double x, double y) const { return substrate_.height(x, y); }
  /// Gold plus clusters, m: what a tip would touch.
  [[nodiscard]] double surface_height(double x, double y) const;

 private:
  std::vector<Cluster> clusters_;
  double width_;
  double height_;
  Substrate substrate_;
  ParticleIndex index_;
  std::vector<ParticleRef> refs_;  // of the discs in the index
};

}  // namespace seccm::models
