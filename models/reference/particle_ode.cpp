#include "models/reference/particle_ode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double round_off = 1e-15;  // of a filling

struct Kinetics {
  double formal = 0.0, formal_slope = 0.0;  ///< σ(-z) and its derivative
  double lag = 0.0, lag_slope = 0.0;        ///< h
};

Kinetics kinetics_at(double k, double alpha, double z) {
  const double out = std::exp((1.0 - alpha) * z), in = std::exp(-alpha * z);
  const double h = 1.0 / (k * (out + in));
  const double formal = in / (out + in);
  return {formal, -formal * (1.0 - formal), h, -h * ((1.0 - alpha) * (1.0 - formal) - alpha * formal)};
}

bool has_no_resistance(const CellSpec& spec) {
  const auto imposed = [](const CellParticle& p) { return p.contact_resistance == 0.0 && p.wetted_fraction > 0.0; };
  return spec.series_resistance == 0.0 && std::all_of(spec.particles.begin(), spec.particles.end(), imposed);
}

}  // namespace

bool is_ordinary(const CellSpec& spec) {
  const MaterialParameters& m = spec.material;
  const bool law = m.law == IsothermKind::ideal || (m.law == IsothermKind::frumkin && m.g >= 0.0);
  return !spec.particles.empty() && spec.model == ParticleModel::fick && !spec.wiring && has_no_resistance(spec) &&
         m.diffusion == DiffusionKind::single && m.kinetics == KineticsKind::butler_volmer && law &&
         !m.second_process && m.film_resistance.si() == 0.0 && !spec.surface_redox.enabled &&
         (!spec.water.enabled || spec.gold_area == 0.0) && spec.ferrocene.i_lim == 0.0;
}

ParticleOde::ParticleOde(const CellSpec& spec, const sim::RadialMesh& mesh) : spec_(spec), mesh_(mesh) {
  f_ = constants::faraday / (constants::gas * spec.temperature);
  D_ = spec.material.D.si();
  capacitance_ = spec.double_layer.gold.si() * spec.gold_area;
  const double m = sim::dimension_of(spec.geometry);
  for (const CellParticle& given : spec.particles) {
    const double area = area_of(spec, given.radius);
    capacitance_ += spec.double_layer.titania.si() * area * given.wetted_fraction;
    particles_.push_back({.radius = given.radius,
                          .initial_filling = given.initial_filling,
                          .k = spec.material.k0.si() * given.wetted_fraction,
                          .area = area,
                          .volume = area * given.radius / m});
  }
  lay_out();
}

void ParticleOde::lay_out() {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  pattern_.size = cells * particles_.size();
  pattern_.start.push_back(0);
  for (std::size_t column = 0; column < pattern_.size; ++column) {
    const std::size_t j = column % cells;
    if (j > 0) pattern_.row.push_back(column - 1);
    pattern_.row.push_back(column);
    if (j + 1 < cells) pattern_.row.push_back(column + 1);
    pattern_.start.push_back(pattern_.row.size());
  }
}

ParticleOde::Surface ParticleOde::surface(const Particle& particle, double E, const double* y) const {
  const std::size_t last = static_cast<std::size_t>(mesh_.cells()) - 1;
  const double level = y[last] + mesh_.inner_weight() * (y[last] - y[last - 1]);
  const double beta = mesh_.slope_weight() * particle.radius / D_;
  const MaterialParameters& material = spec_.material;
  const double z0 = f_ * (E - material.E0.si());
  // excess = -g (y_s - 1/2): z rises with y_s, and with it the miss falls in q: Newton's method meets no other root.
  const double g = material.law == IsothermKind::frumkin ? material.g : 0.0;
  double q = 0.0;
  for (int i = 0;; ++i) {
    const double y_s = level - beta * q;
    const Kinetics rate = kinetics_at(particle.k, material.alpha, z0 + g * (y_s - 0.5));
    const double miss = y_s - rate.formal - q * rate.lag;
    const double by_surface = 1.0 - g * (rate.formal_slope + q * rate.lag_slope);
    const double by_flux = -rate.lag - beta * by_surface;
    const double move = -miss / by_flux;
    q += move;
    // Settled, or all that is left is the round-off of fillings.
    const bool settled =
        std::abs(move) <= 1e-13 * (std::abs(q) + 1e-3 / (beta + rate.lag)) || std::abs(miss) <= round_off;
    if (g == 0.0 || settled) return {q, -by_surface / by_flux};
    if (i == 50) {
      throw SolverError(
          fmt::format("reference engine: the flux at the surface does not settle at E = {:.6g} V, y_N = "
                      "{:.6g} (last move {:.3g} of q = {:.3g} m/s)",
                      E, y[last], move, q));
    }
  }
}

void ParticleOde::rate(double t, std::span<const double> u, std::span<double> du) {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  const std::vector<double>& volume = mesh_.volume();
  const std::vector<double>& conductance = mesh_.conductance();
  const double E = ramp.at(t);
  for (std::size_t p = 0; p < particles_.size(); ++p) {
    const Particle& particle = particles_[p];
    const double* y = u.data() + p * cells;
    const double R = particle.radius;
    double within = 0.0;
    for (std::size_t j = 0; j < cells; ++j) {
      const double outwards =
          j + 1 < cells ? D_ * conductance[j + 1] * (y[j + 1] - y[j]) : -surface(particle, E, y).flux * R;
      du[p * cells + j] = (outwards - within) / (R * R * volume[j]);
      within = outwards;
    }
  }
}

void ParticleOde::jacobian(double t, std::span<const double> u, std::span<double> values) {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  const std::vector<double>& volume = mesh_.volume();
  const std::vector<double>& conductance = mesh_.conductance();
  const double E = ramp.at(t);
  const double w = mesh_.inner_weight();
  std::size_t at = 0;
  for (std::size_t p = 0; p < particles_.size(); ++p) {
    const Particle& particle = particles_[p];
    const double R = particle.radius;
    const Surface s = surface(particle, E, u.data() + p * cells);
    for (std::size_t j = 0; j < cells; ++j) {
      const double left = D_ * conductance[j], right = j + 1 < cells ? D_ * conductance[j + 1] : 0.0;
      const double own = R * R * volume[j];
      if (j > 0) values[at++] = left / (R * R * volume[j - 1]);
      values[at++] = (-left - right - (j + 1 == cells ? R * s.by_level * (1.0 + w) : 0.0)) / own;
      if (j + 1 == cells) continue;
      const double below = R * R * volume[j + 1];
      values[at++] = (right + (j + 2 == cells ? R * s.by_level * w : 0.0)) / below;
    }
  }
}

std::string ParticleOde::name(std::size_t unknown) const {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  return fmt::format("y of particle {}, cell {} of {}", unknown / cells + 1, unknown % cells + 1, cells);
}

std::vector<double> ParticleOde::rest() const {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  std::vector<double> u;
  for (const Particle& particle : particles_) u.insert(u.end(), cells, particle.initial_filling);
  return u;
}

double ParticleOde::intercalation_current(double t, std::span<const double> u) const {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  double sum = 0.0;
  for (std::size_t p = 0; p < particles_.size(); ++p) {
    sum += particles_[p].area * surface(particles_[p], ramp.at(t), u.data() + p * cells).flux;
  }
  return constants::faraday * spec_.material.c_max.si() * sum;
}

double ParticleOde::lithium(std::span<const double> u) const {
  const std::vector<double>& volume = mesh_.volume();
  double sum = 0.0;
  for (std::size_t p = 0; p < particles_.size(); ++p) {
    double filling = 0.0;
    for (std::size_t j = 0; j < volume.size(); ++j) filling += volume[j] * u[p * volume.size() + j];
    sum += particles_[p].volume * filling * sim::dimension_of(spec_.geometry);
  }
  return spec_.material.c_max.si() * sum;
}

}  // namespace seccm::models
