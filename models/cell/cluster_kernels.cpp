#include "models/cell/cluster_kernels.hpp"

#include "models/material/butler_volmer.hpp"
#include "sim/multiversion.hpp"

namespace seccm::models {
namespace {

template <OpenCircuitLaw Law>
SECCM_INLINE void linearise_lanes(const Law& law, const HostLanes& h, const double* p, double* current,
                                  double* conductance) {
  const double* a = h.a;
  const double* B = h.B;
  const double* k = h.k;
  const double* scale = h.scale;
  double* y = h.y;
  double* dy0 = h.dy0;
  double* dyp = h.dyp;
  const double E0 = h.E0;
  const double alpha = h.alpha;
  const double f = h.f;
#pragma omp simd
  for (std::size_t l = 0; l < h.lanes; ++l) {
    const Rate rate = butler_volmer(law, k[l], alpha, f * (p[l] - E0), y[l]);
    const double stiffness = 1.0 / B[l];
    const double inverse = 1.0 / (rate.by_filling - stiffness);
    const double constant = ((y[l] - a[l]) * stiffness - rate.flux) * inverse;
    const double slope = -f * rate.by_potential * inverse;
    dy0[l] = constant;
    dyp[l] = slope;
    current[l] += scale[l] * (y[l] + constant - a[l]) * stiffness;
    conductance[l] += scale[l] * slope * stiffness;
  }
}

SECCM_INLINE double clamped(double value, double limit) {
  const double low = value < -limit ? -limit : value;
  return low > limit ? limit : low;
}

SECCM_INLINE double absolute(double value) {
  return value < 0.0 ? -value : value;
}

}  // namespace

SECCM_CLONES void linearise(const IdealLaw& law, const HostLanes& host, const double* p, double* current,
                            double* conductance) {
  linearise_lanes(law, host, p, current, conductance);
}
SECCM_CLONES void linearise(const FrumkinLaw& law, const HostLanes& host, const double* p, double* current,
                            double* conductance) {
  linearise_lanes(law, host, p, current, conductance);
}
SECCM_CLONES void linearise(const AnatasePlateauLaw& law, const HostLanes& host, const double* p, double* current,
                            double* conductance) {
  linearise_lanes(law, host, p, current, conductance);
}

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

SECCM_CLONES double update_fillings(const HostLanes& host, const double* dp, double limit) {
  double* y = host.y;
  const double* dy0 = host.dy0;
  const double* dyp = host.dyp;
  double largest = 0.0;
#pragma omp simd reduction(max : largest)
  for (std::size_t l = 0; l < host.lanes; ++l) {
    const double move = clamped(dy0[l] + dyp[l] * dp[l], limit);
    y[l] += move;
    largest = absolute(move) > largest ? absolute(move) : largest;
  }
  return largest;
}

SECCM_CLONES double fluxes(const HostLanes& host, double* flux) {
  const double* a = host.a;
  const double* B = host.B;
  const double* y = host.y;
  const double* scale = host.scale;
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t l = 0; l < host.lanes; ++l) {
    flux[l] = (y[l] - a[l]) / B[l];
    sum += scale[l] * flux[l];
  }
  return sum;
}

SECCM_CLONES double capacitive_current(const ParticleLanes& particles) {
  const ParticleLanes s = particles;
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t l = 0; l < s.lanes; ++l) sum += s.capacitance[l] * (s.now * s.p[l] + s.history[l]);
  return sum;
}

}  // namespace seccm::models
