// Electrical contact of every particle of a cluster with the gold.
//
// Two spheres touch when their gap is below 1e-6 of the smaller radius; a sphere touches the gold likewise. Each
// contact has a log-normal resistance (median ~1 GΩ, 1e7-1e11 Ω: recalled from the literature, never measured on this
// sample). Dead particles conduct nothing.
//
// `SampleParticle::contact_resistance` is the smallest series resistance over all chains of live particles to the gold,
// so it grows with the length of the chain, that is with height. By Rayleigh's monotonicity it is an upper bound of the
// resistance that the particle alone would see through the whole network (parallel chains only help); current that
// other particles send through the same contacts is not in it. `Cluster::contacts` holds the whole network for a model
// that solves it.
#pragma once

#include "models/sample/cluster.hpp"
#include "sim/random.hpp"

namespace seccm::models {

struct ContactLaw {
  double median = 1e9;  ///< Ohm
  double sigma = 1.5;   ///< of ln R
  double dead_fraction = 0.0;
};

/// Finds contacts, draws their resistances and the dead particles, and fills connected, contacts, chain_length and
/// contact_resistance of every particle and the contact list of the cluster.
void connect(Cluster& cluster, const ContactLaw& law, RandomStream& random);

}  // namespace seccm::models
