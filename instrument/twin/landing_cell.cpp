#include "instrument/twin/landing_cell.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "instrument/twin/cell_runner.hpp"
#include "models/cell/cell_model.hpp"
#include "models/network/network_wiring.hpp"
#include "models/network/packed_cluster.hpp"
#include "models/pipette/pipette.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::twin {

namespace {

double series_resistance(const TwinSpec& spec, const models::Landing& landing) {
  const double height = spec.meniscus.height_fraction * spec.pipette.radius();
  return models::solution_resistance(spec.pipette, spec.electrolyte, height, landing.footprint.diameter);
}

void add_ferrocene(const TwinSpec& spec, double diameter, models::CellSpec& cell) {
  const auto& e = spec.electrolyte;
  const double concentration = e.ferrocene_concentration.si();
  if (!(concentration > 0.0)) return;
  const double i_lim = models::cone_limiting_current(e.ferrocene_diffusivity.si(), concentration, spec.pipette.radius(),
                                                     spec.pipette.half_cone_angle);
  const double area = 0.25 * constants::pi * diameter * diameter;
  cell.ferrocene.i_lim = i_lim;
  cell.ferrocene.E0_vs_Li = e.ferrocene_potential.si();
  cell.ferrocene.m_over_k0 = i_lim / (constants::faraday * area * concentration * e.ferrocene_rate_constant.si());
  cell.ferrocene.alpha = e.ferrocene_transfer_coefficient;
}

double sphere_volume(double r) {
  return 4.0 / 3.0 * constants::pi * r * r * r;
}
double sphere_area(double r) {
  return 4.0 * constants::pi * r * r;
}

/// Cluster with most wetted volume; -1 without any.
int main_cluster(const std::vector<WettedParticleRecord>& particles) {
  std::map<int, double> volume;
  for (const auto& p : particles) volume[p.cluster] += sphere_volume(p.radius) * p.wetted_fraction;
  const auto most =
      std::max_element(volume.begin(), volume.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == volume.end() ? -1 : most->first;
}

}  // namespace

bool takes_part(const models::SampleField& field, const models::WettedParticle& wet) {
  const auto& particle = field.particle({wet.cluster, wet.particle});
  return particle.connected && std::isfinite(particle.contact_resistance) && wet.wetted_fraction > 0.0;
}

namespace {

models::CellParticle cell_particle(const models::SampleParticle& particle, double wetted_fraction, double filling) {
  return {.radius = particle.radius,
          .wetted_fraction = wetted_fraction,
          .contact_resistance = particle.connected ? particle.contact_resistance : 0.0,
          .initial_filling = filling};
}

/// Each on the metal behind the resistance of its own chain of contacts.
void add_star(const models::SampleField& field, const models::Landing& landing, const FillingOf& filling,
              LandedCell& landed) {
  for (const auto& wet : landing.particles) {
    if (!takes_part(field, wet)) continue;
    const auto& particle = field.particle({wet.cluster, wet.particle});
    landed.cell.particles.push_back(cell_particle(particle, wet.wetted_fraction, filling(wet.cluster, wet.particle)));
    landed.particles.push_back({wet.cluster, wet.particle});
  }
}

/// Wetted share of each particle of the clusters that take part.
std::map<int, std::map<int, double>> wet_clusters(const models::SampleField& field, const models::Landing& landing) {
  std::map<int, std::map<int, double>> wet;
  for (const auto& particle : landing.particles) {
    if (takes_part(field, particle)) wet[particle.cluster][particle.particle] = particle.wetted_fraction;
  }
  return wet;
}

void append(models::NetworkSpec& network, const models::NetworkSpec& of_cluster, int first) {
  for (models::NetworkContact contact : of_cluster.contacts) {
    contact.first += first;
    if (contact.second != models::on_gold) contact.second += first;
    network.contacts.push_back(contact);
  }
  for (const models::Neck& neck : of_cluster.necks) {
    network.necks.push_back({neck.first + first, neck.second + first, neck.exchange});
  }
}

/// Whole clusters, without what no chain of contacts joins to the gold.
void add_network(const TwinSpec& spec, const models::SampleField& field, const models::Landing& landing,
                 std::uint64_t seed, const FillingOf& filling, LandedCell& landed) {
  models::NetworkSpec network{.contacts = {}, .necks = {}, .conductivity = models::conductivity_law(spec.cluster)};
  std::vector<int> isolated;
  std::vector<models::CellParticle> all;
  std::vector<ParticleId> ids;
  for (const auto& [number, wet] : wet_clusters(field, landing)) {
    const models::Cluster& cluster = field.clusters()[static_cast<std::size_t>(number)];
    models::ClusterParameters parameters = spec.cluster;
    parameters.number = number;
    append(network, models::network_of(cluster, parameters, spec.sample.neck_ratio, seed),
           static_cast<int>(all.size()));
    for (std::size_t k = 0; k < cluster.particles.size(); ++k) {
      const int id = static_cast<int>(k);
      const auto share = wet.find(id);
      if (!cluster.particles[k].connected) isolated.push_back(static_cast<int>(all.size()));
      all.push_back(cell_particle(cluster.particles[k], share == wet.end() ? 0.0 : share->second, filling(number, id)));
      ids.push_back({number, id});
    }
  }
  models::remove_particles(network, isolated, all.size());
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (std::ranges::binary_search(isolated, static_cast<int>(k))) continue;
    landed.cell.particles.push_back(all[k]);
    landed.particles.push_back(ids[k]);
  }
  if (landed.particles.empty()) return;
  landed.cell.wiring = std::make_shared<const models::NetworkWiringModel>(std::move(network), spec.material.c_max.si());
}

/// Its mesh is made for the twin's shortest step.
models::ElectrolyteSpec liquid_of(const TwinSpec& spec, const models::Landing& landing) {
  const double shortest =
      std::min(spec.numerics.potential_step.si() / spec.numerics.fastest_scan_rate.si(), first_hold_step);
  models::ElectrolyteSpec liquid =
      models::assemble_electrolyte(spec.electrolyte, spec.pipette, spec.meniscus, spec.tip.temperature.si(), shortest);
  liquid.geometry.footprint_radius = 0.5 * landing.footprint.diameter;
  return liquid;
}

void note_wet(double c_max, LandedCell& landed) {
  double volume = 0.0, filled = 0.0;
  for (const models::CellParticle& particle : landed.cell.particles) {
    if (!(particle.wetted_fraction > 0.0)) continue;
    volume += sphere_volume(particle.radius);
    filled += sphere_volume(particle.radius) * particle.initial_filling;
  }
  landed.wet_capacity = c_max * volume;
  landed.wet_filling = volume > 0.0 ? filled / volume : 0.0;
}

}  // namespace

models::CellSpec cell_of_sample(const TwinSpec& spec) {
  models::CellSpec cell;
  cell.material = spec.material;
  cell.model = spec.particle.model;
  cell.phase_field = spec.phase_field;
  cell.double_layer = spec.double_layer;
  cell.surface_redox = spec.surface_redox;
  cell.water = spec.water_reduction;
  cell.numerics = spec.numerics;
  cell.temperature = spec.tip.temperature.si();
  return cell;
}

void require_cell(const TwinSpec& spec) {
  models::CellSpec cell = cell_of_sample(spec);
  const double median = 0.5 * spec.sample.particle_diameter.si();
  const double spread = std::exp(3.0 * spec.sample.particle_diameter_sigma);
  cell.particles = {{.radius = median / spread}, {.radius = median * spread}};
  if (spec.cluster.wiring == models::WiringKind::network) {
    const double contact = spec.sample.neck_ratio * median;
    const double interface = spec.sample.contact_resistance.si();
    models::NetworkSpec network{.contacts = {{0, models::on_gold, interface, contact}, {0, 1, interface, contact}},
                                .necks = {},
                                .conductivity = models::conductivity_law(spec.cluster)};
    if (spec.cluster.neck_share > 0.0) network.necks = {{0, 1, models::neck_exchange(spec.cluster, contact)}};
    cell.wiring = std::make_shared<const models::NetworkWiringModel>(std::move(network), spec.material.c_max.si());
  }
  (void)models::Cell(std::move(cell));
}

std::optional<LandedCell> landed_cell(const TwinSpec& spec, const models::SampleField& field,
                                      const models::Landing& landing, std::uint64_t seed, const FillingOf& filling) {
  if (!landing.wets) return std::nullopt;
  LandedCell landed;
  landed.cell = cell_of_sample(spec);
  models::CellSpec& cell = landed.cell;
  cell.gold_area = landing.gold_area;
  if (spec.cluster.wiring == models::WiringKind::network) {
    add_network(spec, field, landing, seed, filling, landed);
  } else {
    add_star(field, landing, filling, landed);
  }
  note_wet(spec.material.c_max.si(), landed);
  const models::ElectrolyteSpec liquid = liquid_of(spec, landing);
  if (liquid.active()) landed.liquid = liquid;
  const bool salt_moves = spec.electrolyte.salt.transport != models::SaltTransport::none;
  cell.series_resistance = salt_moves ? 0.0 : series_resistance(spec, landing);
  add_ferrocene(spec, landing.footprint.diameter, cell);
  return landed;
}

LandingRecord landing_record(const TwinSpec& spec, const models::SampleField& field, const models::Landing& landing) {
  LandingRecord record;
  record.footprint_x = landing.footprint.x;
  record.footprint_y = landing.footprint.y;
  record.footprint_diameter = landing.footprint.diameter;
  record.wets = landing.wets;
  record.gold_area = landing.gold_area;
  record.series_resistance = series_resistance(spec, landing);
  for (const auto& wet : landing.particles) {
    const auto& particle = field.particle({wet.cluster, wet.particle});
    record.particles.push_back({.cluster = wet.cluster,
                                .particle = wet.particle,
                                .radius = particle.radius,
                                .wetted_fraction = wet.wetted_fraction,
                                .contact_resistance = particle.contact_resistance,
                                .connected = particle.connected});
    if (!particle.connected) continue;
    record.wetted_volume += sphere_volume(particle.radius);
    record.wetted_area += wet.wetted_fraction * sphere_area(particle.radius);
  }
  record.cluster = main_cluster(record.particles);
  if (record.cluster >= 0) {
    const auto& cluster = field.clusters()[static_cast<std::size_t>(record.cluster)];
    record.cluster_volume = cluster.volume;
    record.cluster_projected_area = cluster.projected_area;
  }
  return record;
}

double covered_share(double x1, double y1, double d1, double x2, double y2, double d2) {
  const double r = 0.5 * d1, s = 0.5 * d2, d = std::hypot(x2 - x1, y2 - y1);
  if (d >= r + s || !(r > 0.0) || !(s > 0.0)) return 0.0;
  if (d <= std::abs(r - s)) return std::min(1.0, s * s / (r * r));
  const double a = std::acos(std::clamp((d * d + r * r - s * s) / (2.0 * d * r), -1.0, 1.0));
  const double b = std::acos(std::clamp((d * d + s * s - r * r) / (2.0 * d * s), -1.0, 1.0));
  const double lens = r * r * (a - 0.5 * std::sin(2.0 * a)) + s * s * (b - 0.5 * std::sin(2.0 * b));
  return std::clamp(lens / (constants::pi * r * r), 0.0, 1.0);
}

}  // namespace seccm::instrument::twin
