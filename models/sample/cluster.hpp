// A cluster of TiO2 nanoparticles on the gold: its spheres, their contacts, and what can be derived from them exactly.
//
// Frame: x, y in the frame of the field (m, origin at its lower left corner); z in m above the gold directly below.
#pragma once

#include <vector>

namespace seccm::models {

/// One sphere of a cluster.
struct SampleParticle {
  double x = 0.0;       ///< centre, m
  double y = 0.0;       ///< centre, m
  double z = 0.0;       ///< centre above the gold, m; a particle on the gold has z = radius
  double radius = 0.0;  ///< m
  /// Ohm, to the gold along the best chain of contacts (contact_network.hpp); +infinity when not connected.
  double contact_resistance = 0.0;
  bool connected = true;  ///< false: electrically dead, or reachable only through dead particles
  int contacts = 0;       ///< touching neighbours, the gold included
  int chain_length = 0;   ///< contacts in series on the way to the gold; 1 = on the gold; 0 = not connected
  double depth = 0.0;     ///< top of the cluster above the top of this particle at its centre, m (0 = seen from above)
  /// Share of the sphere's surface that electrolyte can reach once the place is wet, in (0,1].
  double accessible_fraction = 1.0;
};

/// Two touching particles, or a particle and the gold (second = -1).
struct Contact {
  int first = 0;
  int second = -1;
  double resistance = 0.0;  ///< Ohm
};

struct Cluster {
  double x = 0.0;  ///< nominal centre, m
  double y = 0.0;
  std::vector<SampleParticle> particles;
  std::vector<Contact> contacts;  ///< between live particles: the resistor network
  double volume = 0.0;            ///< true solid volume Σ 4/3 π r³, m³ (the spheres do not overlap)
  double surface_area = 0.0;      ///< true surface Σ 4 π r², m²
  double projected_area = 0.0;    ///< union of the discs seen from above, m² (exact, disc_union.hpp)
  double max_height = 0.0;        ///< highest point above the gold, m
  double bounding_radius = 0.0;   ///< of the circle around (x, y) that holds every disc, m
};

/// How a volume is read off a top-view micrograph, where only the outline shows (assumptions of the reader, not
/// truths).
struct MicrographAssumptions {
  double aspect = 0.5;              ///< assumed height : half-width of a pile
  double solid_fraction = 0.6;      ///< assumed packing fraction of a pile
  double primary_diameter = 50e-9;  ///< assumed particle diameter, m
};

/// Volume of solid that an electron micrograph of this cluster would give, m³: a half ellipsoid on the projected area
/// A,
///   V = φ (2/3) A (s √(A/π)),   but at least a monolayer of primary particles,   V >= (2/3) d A
/// (a sphere on its shadow: (π d³/6)/(π d²/4) = 2d/3), with s, φ, d from the assumptions. It differs from the truth
/// where the cluster is flatter or higher than assumed, or less dense: compare `Cluster::volume`.
double micrograph_volume(const Cluster& cluster, const MicrographAssumptions& assumed = {});

}  // namespace seccm::models
