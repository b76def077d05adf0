#include "models/meniscus/landing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/sample/disc_union.hpp"
#include "models/sample/parameter_check.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

void check_place(const SampleField& field, const PipetteParameters& pipette, double x, double y) {
  if (!std::isfinite(x) || !std::isfinite(y)) {
    throw InputError(fmt::format("landing at ({} m, {} m): accepted is a finite position", x, y));
  }
  const double outer = 2.0 * pipette.outer_radius();
  if (outer > std::min(field.width(), field.height())) {
    throw InputError(
        fmt::format("pipette.diameter = {:g} um (outer {:g} um) is larger than the field of {:g} x {:g} um",
                    pipette.diameter.si() * 1e6, outer * 1e6, field.width() * 1e6, field.height() * 1e6));
  }
}

void check_all(const SampleField& field, const MeniscusParameters& meniscus, const PipetteParameters& pipette, double x,
               double y) {
  check_parameters("meniscus", meniscus);
  check_parameters("pipette", pipette);
  check_place(field, pipette, x, y);
}

/// Parabolic droplet: hangs sag(ρ) below the opening.
struct Droplet {
  double radius;  // a
  double height;  // h
  [[nodiscard]] double sag(double rho) const { return height * (1.0 - (rho / radius) * (rho / radius)); }
};

/// Highest z + sag over the cap of one sphere whose centre is `rho` off the axis and `z` high. Along the line to the
/// axis, at t from the centre, z + √(r² - t²) + sag(ρ - t) is concave: its slope has one root.
double highest_over_sphere(const Droplet& drop, double rho, double z, double r) {
  double low = std::max(0.0, rho - drop.radius);
  double high = std::min(r, rho);
  const double curvature = 2.0 * drop.height / (drop.radius * drop.radius);
  const auto rises = [&](double t) { return t < curvature * (rho - t) * std::sqrt(r * r - t * t); };
  for (int k = 0; k < 60 && rises(low); ++k) {
    const double t = 0.5 * (low + high);
    (rises(t) ? low : high) = t;
    if (high - low < 1e-9 * r) break;
  }
  return z + std::sqrt(std::max(0.0, r * r - low * low)) + drop.sag(rho - low);
}

/// Share of a sphere on one side of a plane at distance d inside it.
double share_within(double d, double r) {
  return std::clamp(0.5 * (1.0 + d / r), 0.0, 1.0);
}

double first_contact(const SampleField& field, const Droplet& drop, double x, double y) {
  // Over one opening the gold is flat to far less than a nanometre: its highest point under the droplet is on the axis.
  double top = field.gold_height(x, y) + drop.sag(0.0);
  for (const ParticleRef ref : field.particles_within(x, y, drop.radius)) {
    const SampleParticle& p = field.particle(ref);
    const double z = field.gold_height(p.x, p.y) + p.z;
    if (z + p.radius + drop.height <= top) continue;
    top = std::max(top, highest_over_sphere(drop, std::hypot(p.x - x, p.y - y), z, p.radius));
  }
  return top;
}

Footprint draw_footprint(const MeniscusParameters& meniscus, const PipetteParameters& pipette, double x, double y,
                         RandomStream& random) {
  const double off = meniscus.centring_sigma * pipette.radius();
  Footprint footprint;
  footprint.diameter = pipette.diameter.si() * random.lognormal(meniscus.footprint_ratio, meniscus.footprint_sigma);
  footprint.x = x + off * random.normal();
  footprint.y = y + off * random.normal();
  return footprint;
}

}  // namespace

double contact_height(const SampleField& field, const MeniscusParameters& meniscus, const PipetteParameters& pipette,
                      double x, double y) {
  check_all(field, meniscus, pipette, x, y);
  return first_contact(field, {pipette.radius(), meniscus.height_fraction * pipette.radius()}, x, y);
}

double crash_height(const SampleField& field, const PipetteParameters& pipette, double x, double y) {
  check_parameters("pipette", pipette);
  check_place(field, pipette, x, y);
  const double reach = pipette.outer_radius();
  double top = field.gold_height(x, y);
  for (int k = 0; k < 16; ++k) {
    const double angle = constants::pi * k / 8.0;
    top = std::max(top, field.gold_height(x + reach * std::cos(angle), y + reach * std::sin(angle)));
  }
  for (const ParticleRef ref : field.particles_within(x, y, reach)) {
    const SampleParticle& p = field.particle(ref);
    const double outside = std::max(0.0, std::hypot(p.x - x, p.y - y) - reach);
    const double cap = std::sqrt(std::max(0.0, p.radius * p.radius - outside * outside));
    top = std::max(top, field.gold_height(p.x, p.y) + p.z + cap);
  }
  return top;
}

double footprint_diameter_after(const Landing& landing, const MeniscusParameters& meniscus, double wet_time) {
  if (!std::isfinite(wet_time) || wet_time < 0.0) {
    throw InputError(fmt::format("meniscus: wet time = {} s: accepted is a finite number from 0", wet_time));
  }
  return landing.footprint.diameter * (1.0 + meniscus.spreading * std::log10(std::max(1.0, wet_time)));
}

std::vector<WettedParticle> wetted_particles(const SampleField& field, const Footprint& footprint,
                                             double penetration_depth) {
  const double edge = 0.5 * footprint.diameter;
  std::vector<WettedParticle> wetted;
  for (const ParticleRef ref : field.particles_within(footprint.x, footprint.y, edge)) {
    const SampleParticle& p = field.particle(ref);
    const double inside = edge - std::hypot(p.x - footprint.x, p.y - footprint.y);
    const double above = penetration_depth - p.depth - p.radius;  // centre above the deepest liquid
    const double share = p.accessible_fraction * share_within(inside, p.radius) * share_within(above, p.radius);
    if (share > 0.0) wetted.push_back({ref.cluster, ref.particle, share});
  }
  return wetted;
}

double bare_gold_area(const SampleField& field, const Footprint& footprint) {
  const Disc window{footprint.x, footprint.y, 0.5 * footprint.diameter};
  std::vector<Disc> shadows;
  for (const ParticleRef ref : field.particles_within(window.x, window.y, window.radius)) {
    const SampleParticle& p = field.particle(ref);
    shadows.push_back({p.x, p.y, p.radius});
  }
  return constants::pi * window.radius * window.radius - union_area_within(shadows, window);
}

Landing land(const SampleField& field, const MeniscusParameters& meniscus, const PipetteParameters& pipette, double x,
             double y, std::uint64_t seed, std::uint64_t landing_index) {
  check_all(field, meniscus, pipette, x, y);
  RandomStream random(seed, "landing of the meniscus", landing_index);
  Landing landing;
  landing.footprint = draw_footprint(meniscus, pipette, x, y, random);
  landing.contact_height = first_contact(field, {pipette.radius(), meniscus.height_fraction * pipette.radius()}, x, y);
  landing.transient_amplitude = random.lognormal(meniscus.transient_amplitude.si(), meniscus.transient_amplitude_sigma);
  landing.transient_time = random.lognormal(meniscus.transient_time.si(), meniscus.transient_time_sigma);
  // Every draw is made whatever the outcome, so that one probability does not shift the other quantities.
  landing.wets = random.uniform() >= meniscus.failed_wetting;
  const bool wobbles = random.uniform() < meniscus.wobble_probability;
  const double stretch = random.lognormal(1.0, meniscus.detachment_sigma);
  const double film = random.lognormal(meniscus.residue_thickness.si(), meniscus.residue_sigma);
  if (!landing.wets) return landing;
  if (wobbles) {
    landing.wobble_amplitude = meniscus.wobble_amplitude;
    landing.wobble_period = meniscus.wobble_period.si();
  }
  const double diameter = landing.footprint.diameter;
  landing.particles = wetted_particles(field, landing.footprint, meniscus.penetration_depth.si());
  const double bare = bare_gold_area(field, landing.footprint);
  const double whole = 0.25 * constants::pi * diameter * diameter;
  landing.gold_area = bare + meniscus.gold_under_particles * (whole - bare);
  landing.detachment_height = stretch * (meniscus.detachment_ratio * diameter + meniscus.detachment_offset.si());
  landing.residue = {landing.footprint.x, landing.footprint.y, meniscus.residue_ratio * diameter, film};
  return landing;
}

}  // namespace seccm::models
