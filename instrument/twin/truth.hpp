// What really happened on the twin: plain data for the truth file. The rig's roles give none of it away.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace seccm::instrument::twin {

/// A particle under one meniscus.
struct WettedParticleRecord {
  int cluster = 0;
  int particle = 0;
  double radius = 0.0;              ///< m
  double wetted_fraction = 0.0;     ///< of its surface
  double contact_resistance = 0.0;  ///< Ohm; +infinity when electrically dead
  bool connected = true;
};

/// One contact of the meniscus with the sample.
struct LandingRecord {
  double t = 0.0;                               ///< s, first liquid contact
  double t_end = -1.0;                          ///< s, break-off; -1 while in contact
  double commanded_x = 0, commanded_y = 0;      ///< m, stage frame
  double contact_z = 0;                         ///< m, commanded stage z at the instant of contact
  double sample_x = 0, sample_y = 0;            ///< m, field frame: true tip axis
  double footprint_x = 0, footprint_y = 0;      ///< m, field frame: centre of the footprint
  double footprint_diameter = 0;                ///< m
  bool wets = true;                             ///< false: failed wetting
  int cluster = -1;                             ///< cluster with most wetted volume; -1 on bare gold
  std::vector<WettedParticleRecord> particles;  ///< all that are wet, the electrically dead included
  double wetted_volume = 0;                     ///< m³, whole volume of the connected wet particles
  double wetted_area = 0;                       ///< m², their wet surface
  double cluster_volume = 0;                    ///< m³, whole cluster
  double cluster_projected_area = 0;            ///< m²
  double gold_area = 0;                         ///< m²
  double series_resistance = 0;                 ///< Ohm
  double qrce_offset_vs_Li = 0;                 ///< V, at contact
  double E_vs_Li_at_contact = 0;                ///< V
  double transient_amplitude = 0;               ///< A, signed
  std::vector<double> x_turns;                  ///< mean x at contact, then at every reversal, then at break-off
  double x_max = 0,
         x_min = 0;  ///< extremes in contact of x in Li_xTiO2, lithium per volume of the particles that are wet
};

/// The tip touched the surface harder than it stands.
struct CrashRecord {
  double t = 0.0;
  double sample_x = 0, sample_y = 0;  ///< m, field frame
  double depth = 0;                   ///< m below first touch
};

/// X = a0 + a1 px + a2 py; Y = b0 + b1 px + b2 py.
using Affine = std::array<double, 6>;

struct TwinTruth {
  std::uint64_t seed = 0;
  std::vector<LandingRecord> landings;
  std::vector<CrashRecord> crashes;
  Affine pixel_to_stage{};                       ///< at t = 0: pixel -> commanded stage position, m
  Affine stage_to_field{};                       ///< at t = 0: commanded stage position -> field frame, m
  double true_pixel_size = 0;                    ///< m
  double drift_x = 0, drift_y = 0, drift_z = 0;  ///< m/s, sample against stage, in stage axes
  double surface_z = 0;                          ///< m, stage z of the gold at the centre of the field, t = 0
  double qrce_initial_vs_Li = 0;                 ///< V
};

}  // namespace seccm::instrument::twin
