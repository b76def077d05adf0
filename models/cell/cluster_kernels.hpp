// The loops over particles of one Newton step. Internal to models/cell.
//
// A host is a domain that takes lithium up and answers y_s = a + B q: a particle's first or second lattice, or its
// surface sites. Its residual ρ = (y-a)/B - N(y,p) is linearised in its surface filling y and the particle potential p,
//   δy = dy0 + dyp δp,
// so that it adds scale (y + δy - a)/B to the particle's current. Particles then become linear in the shared
// potential, δp = dp0 + dpφ δφ: the arrowhead.
#pragma once

#include <cstddef>

#include "models/cell/cell_spec.hpp"
#include "models/material/open_circuit.hpp"

namespace seccm::models {

struct HostLanes {
  std::size_t lanes;
  const double* a;
  const double* B;
  const double* k;      ///< rate constant times the wetted fraction, m/s (or 1/s)
  const double* scale;  ///< current per flux
  double* y;
  double* dy0;
  double* dyp;
  double E0;
  double alpha;
  double f;
};

struct ParticleLanes {
  std::size_t lanes;
  const double* contact;
  const double* capacitance;  ///< over dt, A/V
  const double* history;      ///< last p^n + before p^(n-1), V
  double now;                 ///< of the step scheme
  double* p;
  double* current;  ///< of all hosts, then of the particle
  double* conductance;
  double* dp0;
  double* dpphi;
};

/// Σ α_k and Σ β_k of i_k = α_k + β_k δφ.
struct ArrowSums {
  double current;
  double conductance;
};

/// Adds the host's linearised current to `current` and its slope to `conductance`.
void linearise(const IdealLaw& law, const HostLanes& host, const double* p, double* current, double* conductance);
void linearise(const FrumkinLaw& law, const HostLanes& host, const double* p, double* current, double* conductance);
void linearise(const AnatasePlateauLaw& law, const HostLanes& host, const double* p, double* current,
               double* conductance);

/// Adds the double layers, eliminates the particles behind their contact resistance.
ArrowSums eliminate_particles(const ParticleLanes& particles, double phi);

/// Moves the particle potentials by at most `limit`; leaves the moves in dp0 and returns the largest.
double update_potentials(const ParticleLanes& particles, double dphi, double limit);
/// Moves the surface fillings by at most `limit` for the given moves of p; returns the largest.
double update_fillings(const HostLanes& host, const double* dp, double limit);

/// flux = (y - a)/B, and returns Σ scale flux.
double fluxes(const HostLanes& host, double* flux);

/// Σ C dp/dt.
double capacitive_current(const ParticleLanes& particles);

}  // namespace seccm::models
