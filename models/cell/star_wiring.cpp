#include "models/cell/particle_kernels.hpp"
#include "models/cell/wiring.hpp"

namespace seccm::models {

ArrowSums StarWiring::eliminate(const ParticleLanes& particles, const WiringContext& context) {
  return eliminate_particles(particles, context.phi);
}

double StarWiring::update(const ParticleLanes& particles, double dphi, double limit) {
  return update_potentials(particles, dphi, limit);
}

}  // namespace seccm::models
