// The loops over the particles of a star, one Newton step. Internal to models/cell.
#pragma once

#include "models/cell/wiring.hpp"

namespace seccm::models {

/// Adds the double layers, eliminates the particles behind their contact resistance.
ArrowSums eliminate_particles(const ParticleLanes& particles, double phi);

/// Moves the particle potentials by at most `limit`; leaves the moves in dp0 and returns the largest.
double update_potentials(const ParticleLanes& particles, double dphi, double limit);

/// Σ C dp/dt.
double capacitive_current(const ParticleLanes& particles);

}  // namespace seccm::models
