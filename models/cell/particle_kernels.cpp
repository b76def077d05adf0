#include "models/cell/particle_kernels.hpp"

#include "sim/multiversion.hpp"

namespace seccm::models {
namespace {

SECCM_INLINE double clamped(double value, double limit) {
  const double low = value < -limit ? -limit : value;
  return low > limit ? limit : low;
}

SECCM_INLINE double absolute(double value) {
  return value < 0.0 ? -value : value;
}

}  // namespace

SECCM_CLONES ArrowSums eliminate_particles(const ParticleLanes& particles, double phi) {
  const ParticleLanes s = particles;
  double sum_current = 0.0;
  double sum_conductance = 0.0;
#pragma omp simd reduction(+ : sum_current, sum_conductance)
  for (std::size_t l = 0; l < s.lanes; ++l) {
    const double i0 = s.current[l] + s.capacitance[l] * (s.now * s.p[l] + s.history[l]);
    const double g = s.conductance[l] + s.capacitance[l] * s.now;
    const double divided = 1.0 / (1.0 + s.contact[l] * g);
    const double move = (phi - s.p[l] - s.contact[l] * i0) * divided;
    s.dp0[l] = move;
    s.dpphi[l] = divided;
    sum_current += i0 + g * move;
    sum_conductance += g * divided;
  }
  return {sum_current, sum_conductance};
}

SECCM_CLONES double update_potentials(const ParticleLanes& particles, double dphi, double limit) {
  const ParticleLanes s = particles;
  double largest = 0.0;
#pragma omp simd reduction(max : largest)
  for (std::size_t l = 0; l < s.lanes; ++l) {
    const double move = clamped(s.dp0[l] + s.dpphi[l] * dphi, limit);
    s.dp0[l] = move;
    s.p[l] += move;
    largest = absolute(move) > largest ? absolute(move) : largest;
  }
  return largest;
}

SECCM_CLONES double capacitive_current(const ParticleLanes& particles) {
  const ParticleLanes s = particles;
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t l = 0; l < s.lanes; ++l) sum += s.capacitance[l] * (s.now * s.p[l] + s.history[l]);
  return sum;
}

}  // namespace seccm::models
