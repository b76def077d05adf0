#include "jobs/twin_truth.hpp"

#include <array>

#include "models/material/mean_diffusivity.hpp"
#include "scenarios/applicability.hpp"

namespace seccm::jobs {
namespace {

using instrument::twin::Affine;

/// Solves X = a0 + a1 u + a2 v, Y = b0 + b1 u + b2 v for (u, v).
std::array<double, 2> solve(const Affine& map, double x, double y) {
  const double det = map[1] * map[5] - map[2] * map[4];
  const double dx = x - map[0];
  const double dy = y - map[3];
  return {(map[5] * dx - map[2] * dy) / det, (map[1] * dy - map[4] * dx) / det};
}

}  // namespace

validation::TrueLanding landing_of(const instrument::twin::LandingRecord& from, const Affine& stage_to_field) {
  validation::TrueLanding to;
  to.t = from.t;
  const auto stage = solve(stage_to_field, from.footprint_x, from.footprint_y);
  to.stage_x = stage[0];
  to.stage_y = stage[1];
  to.footprint_diameter = from.footprint_diameter;
  to.cluster = from.cluster;
  to.wetted_volume = from.wetted_volume;
  to.wetted_area = from.wetted_area;
  to.cluster_volume = from.cluster_volume;
  to.cluster_projected_area = from.cluster_projected_area;
  to.gold_area = from.gold_area;
  to.series_resistance = from.series_resistance;
  to.qrce_offset_vs_Li = from.qrce_offset_vs_Li;
  to.x_max = from.x_max;
  to.x_min = from.x_min;
  to.x_turns = from.x_turns;
  double sum = 0.0;
  double squares = 0.0;
  double cubes = 0.0;
  for (const auto& particle : from.particles) {
    if (!particle.connected) continue;  // electrically dead: wet, but it takes no part
    to.particle_radius.push_back(particle.radius);
    to.particle_wetted_fraction.push_back(particle.wetted_fraction);
    to.particle_contact_resistance.push_back(particle.contact_resistance);
    sum += particle.radius;
    squares += particle.radius * particle.radius;
    cubes += particle.radius * particle.radius * particle.radius;
  }
  to.wetted_particles = static_cast<int>(to.particle_radius.size());
  if (to.wetted_particles > 0) {
    to.mean_radius = sum / to.wetted_particles;
    to.sauter_radius = cubes / squares;
  }
  return to;
}

validation::Truth truth_of(const scenarios::Scenario& scenario, const instrument::twin::TwinTruth& truth) {
  const auto& material = scenario.twin.material;
  const models::MeanDiffusivity D =
      models::mean_diffusivity(material, scenario.twin.particle.model != models::ParticleModel::fick);
  validation::Truth out;
  out.scenario_text = scenarios::write_used(scenario);
  out.scenario_name = scenario.name;
  out.truth_set = scenario.truth_set;
  out.seed = truth.seed;
  out.D_intercalation = D.uptake;
  out.D_deintercalation = D.release;
  out.D_meaning = D.meaning;
  out.k0 = material.k0.si();
  out.alpha = material.alpha;
  out.c_max = material.c_max.si();
  out.x_max = material.x_max;
  out.temperature = scenario.twin.tip.temperature.si();
  out.E0_vs_Li = material.E0.si();
  out.sample_drift_x = truth.drift_x;
  out.sample_drift_y = truth.drift_y;
  out.pixel_to_stage = truth.pixel_to_stage;
  for (const auto& landing : truth.landings) out.landings.push_back(landing_of(landing, truth.stage_to_field));
  return out;
}

}  // namespace seccm::jobs
