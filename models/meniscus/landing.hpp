// Landing: what the droplet at the end of a pipette wets when the tip comes down at (x, y). Contact follows from
// geometry.
//
// Droplet: a parabolic cap that hangs s(ρ) = h (1 - ρ²/a²) below the opening of radius a (ρ from the tip axis).
// Contact:   z_contact = max over the opening of [surface(x,y) + s(ρ)]  (m, frame of the field)
// is the highest tip height at which liquid touches gold or a particle: a tip that comes down sees current below it.
// Footprint: a circle of diameter d = d_pip × log-normal(ratio, σ), centred on the axis within the centring error.
// Particles: a sphere takes part if the footprint reaches it. Its wetted share of the surface is
//   accessible_fraction × (1 + e/r)/2 × (1 + p/r)/2   (each factor clipped to [0,1]),
// e the distance of the centre inside the edge of the footprint, p its distance above the deepest level the liquid
// reaches (top of the pile at this place minus the penetration depth): the share of a sphere beyond a plane is linear
// in its distance (Archimedes), exact for a straight edge; the curvature of the footprint changes it by O(r/d). Gold:
// area of the footprint minus the exact area of the particles' shadows in it (disc_union.hpp).
//
// Landing k of seed s is the same whatever happened before. Throws InputError for parameters out of range or non-finite
// x, y.
#pragma once

#include <cstdint>
#include <vector>

#include "models/meniscus/meniscus_parameters.hpp"
#include "models/pipette/pipette_parameters.hpp"
#include "models/sample/sample_field.hpp"

namespace seccm::models {

struct Footprint {
  double x = 0.0;  ///< centre, m
  double y = 0.0;
  double diameter = 0.0;  ///< m
};

struct WettedParticle {
  int cluster = 0;
  int particle = 0;
  double wetted_fraction = 0.0;  ///< of the surface of the sphere, in (0,1]
};

/// What stays on the surface after break-off, for the microscope.
struct Residue {
  double x = 0.0;
  double y = 0.0;
  double diameter = 0.0;   ///< m
  double thickness = 0.0;  ///< mean film thickness, m
};

struct Landing {
  Footprint footprint;
  bool wets = true;  ///< false: failed wetting; no particle and no gold take part, the transient still happens
  std::vector<WettedParticle> particles;  ///< ordered; includes particles that are not electrically connected
  double gold_area = 0.0;                 ///< wetted gold, m²
  double contact_height = 0.0;            ///< tip height of first contact, m
  double transient_amplitude = 0.0;       ///< magnitude, A; the sign is that of E - E_pzc of the gold
  double transient_time = 0.0;            ///< decay time, s
  double detachment_height = 0.0;         ///< tip height above contact_height where the meniscus breaks, m
  double wobble_amplitude = 0.0;          ///< rms relative change of the wetted area; 0 = stable
  double wobble_period = 0.0;             ///< s; 0 = stable
  Residue residue;
};

/// The whole event. `landing_index` numbers the landings of a run.
Landing land(const SampleField& field, const MeniscusParameters& meniscus, const PipetteParameters& pipette, double x,
             double y, std::uint64_t seed, std::uint64_t landing_index);

/// Tip height of first liquid contact at (x, y), m: deterministic, needs no landing.
double contact_height(const SampleField& field, const MeniscusParameters& meniscus, const PipetteParameters& pipette,
                      double x, double y);
/// Tip height at which the glass rim touches, m: highest surface under the outer radius. Below it is a crash.
double crash_height(const SampleField& field, const PipetteParameters& pipette, double x, double y);
/// Footprint diameter after being wet for `wet_time` s: d (1 + spreading log10(max(1, t/1 s))).
double footprint_diameter_after(const Landing& landing, const MeniscusParameters& meniscus, double wet_time);
/// Particles and wetted share for any footprint (no randomness); what `land` uses.
std::vector<WettedParticle> wetted_particles(const SampleField& field, const Footprint& footprint,
                                             double penetration_depth);
/// Area of the footprint that no particle shadows, m² (exact).
double bare_gold_area(const SampleField& field, const Footprint& footprint);

}  // namespace seccm::models
