#include "models/reference/reference_system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "models/cell/cell_layout.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double largest_exponent = 600.0;
constexpr double branch_margin = 1e-10;          // of y_s: beyond the end of the plateau
constexpr double shortest_time_constant = 1e-9;  // s, see the header

double logistic(double x) {
  const double e = std::exp(-std::abs(x));
  return x < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
}

double safe_exp(double x) {
  return std::exp(std::clamp(x, -largest_exponent, largest_exponent));
}

/// The D of the scale of a flux.
double typical_diffusivity(const MaterialParameters& material) {
  switch (material.diffusion) {
    case DiffusionKind::per_direction:
      return std::max(material.D_intercalation.si(), material.D_deintercalation.si());
    case DiffusionKind::table:
    case DiffusionKind::exponential:
    case DiffusionKind::thermodynamic:
      return VariableDiffusivity(material).at(0.5).value;
    case DiffusionKind::single:
      break;
  }
  return material.D.si();
}

/// What stands in for a capacitance that vanishes: 1 ns behind its resistance, and at most a billionth of the currents.
double least_capacitance(double resistance, const ReferenceUnits& units) {
  return std::min(shortest_time_constant / resistance, 1e-9 * units.current / units.scan_rate);
}

}  // namespace

ReferenceUnits reference_units(const CellSpec& spec, double scan_rate) {
  const double f = constants::faraday / (constants::gas * spec.temperature);
  const double sigma = f * std::max(scan_rate, 1e-12);
  const double m = sim::dimension_of(spec.geometry);
  const auto peak_flux = [&](double D, double R) {
    return std::min(0.45 * std::sqrt(D * sigma), 0.25 * R / m * sigma);  // semi-infinite, thin layer
  };
  ReferenceUnits units;
  units.scan_rate = std::max(scan_rate, 1e-12);
  double current = spec.ferrocene.i_lim + spec.double_layer.gold.si() * spec.gold_area * scan_rate;
  if (spec.water.enabled) current += spec.water.charge.si() * spec.gold_area * scan_rate / spec.water.width.si();
  for (const CellParticle& particle : spec.particles) {
    const double area = area_of(spec, particle.radius);
    units.flux.push_back(peak_flux(typical_diffusivity(spec.material), particle.radius));
    units.second_flux.push_back(peak_flux(spec.material.second_D.si(), particle.radius));
    if (particle.wetted_fraction == 0.0) continue;
    units.intercalation += constants::faraday * spec.material.c_max.si() * area * units.flux.back();
    current += spec.double_layer.titania.si() * area * particle.wetted_fraction * scan_rate;
  }
  current += units.intercalation;
  if (spec.series_resistance > 0.0) current = std::min(current, 0.1 / spec.series_resistance);  // V over it
  units.current = current > 0.0 ? current : 1e-18;
  if (units.intercalation == 0.0) units.intercalation = units.current;
  return units;
}

ReferenceSystem::ReferenceSystem(const CellSpec& spec, const sim::RadialMesh& mesh, ReferenceUnits units)
    : spec_(spec), mesh_(mesh), units_(std::move(units)), water_(spec.water) {
  check_spec(spec);
  f_ = constants::faraday / (constants::gas * spec.temperature);
  if (depends_on_filling(spec.material.diffusion)) diffusivity_.emplace(spec.material);
  if (spec.material.kinetics == KineticsKind::marcus_hush_chidsey) {
    marcus_ = std::make_shared<const MarcusHushChidsey>(spec.material.reorganisation_energy.si() /
                                                        (constants::boltzmann * spec.temperature));
  }
  plateau_ = AnatasePlateauLaw::with_solubility(spec.material.plateau_solubility);
  gold_capacitance_ = spec.double_layer.gold.si() * spec.gold_area;
  water_charge_ = spec.water.enabled ? spec.water.charge.si() * spec.gold_area : 0.0;
  lay_out();
  const std::vector<double> u = rest(spec.material.E0.si());
  assemble(0.0, u, std::vector<double>(size_, 0.0));
  pattern_ = assembler_.finish(size_);
}

void ReferenceSystem::lay_out() {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  const double m = sim::dimension_of(spec_.geometry);
  const MaterialParameters& material = spec_.material;
  const double R = spec_.series_resistance;
  const auto append = [this](std::size_t count, char differential) {
    differential_.insert(differential_.end(), count, differential);
    return std::exchange(size_, size_ + count);
  };
  node_capacitance_ = gold_capacitance_;
  bool layer_on_node = false;
  for (std::size_t i = 0; i < spec_.particles.size(); ++i) {
    const CellParticle& given = spec_.particles[i];
    const double area = area_of(spec_, given.radius);
    const double wet = area * given.wetted_fraction;
    Particle particle;
    particle.radius = given.radius;
    particle.volume = area * given.radius / m;
    particle.capacitance = spec_.double_layer.titania.si() * wet;
    particle.surface_charge = spec_.surface_redox.enabled ? spec_.surface_redox.charge.si() * wet : 0.0;
    particle.contact = given.contact_resistance;
    particle.initial_filling = given.initial_filling;
    for (const bool second : {false, true}) {
      if (second && !material.second_process) continue;
      Lattice lattice;
      lattice.first = append(cells, 1);
      append(2, 0);
      lattice.is_second = second;
      lattice.k = (second ? material.second_k0 : material.k0).si() * given.wetted_fraction;
      lattice.scale = constants::faraday * material.c_max.si() * area;
      lattice.film = given.wetted_fraction > 0.0 ? constants::faraday * material.c_max.si() *
                                                       material.film_resistance.si() / given.wetted_fraction
                                                 : 0.0;
      lattice.unit = second ? units_.second_flux[i] : units_.flux[i];
      particle.lattices.push_back(lattice);
    }
    if (particle.surface_charge > 0.0 && spec_.surface_redox.rate.si() > 0.0) particle.coverage = append(1, 1);
    if (particle.contact > 0.0) {
      if (in_equilibrium(particle)) {
        particle.capacitance = std::max(particle.capacitance, least_capacitance(particle.contact, units_));
      }
      particle.drop = append(1, particle.capacitance > 0.0 ? 1 : 0);
    } else {
      node_capacitance_ += particle.capacitance;
      layer_on_node = layer_on_node || in_equilibrium(particle);
    }
    particles_.push_back(std::move(particle));
  }
  if (water_charge_ > 0.0) reservoir_ = append(1, 1);
  if (R > 0.0 && (layer_on_node || reservoir_)) {
    const double missing = std::max(0.0, least_capacitance(R, units_) - node_capacitance_);
    node_capacitance_ += missing;
    gold_capacitance_ += missing;
  }
  current_ = append(1, R > 0.0 && node_capacitance_ > 0.0 ? 1 : 0);
  charge_ = append(1, 1);
}

// --- the equations ---------------------------------------------------------------------------------------------------

ReferenceSystem::PotentialRate ReferenceSystem::metal(double t, std::span<const double> u,
                                                      std::span<const double> du) const {
  const double R = spec_.series_resistance * units_.current;
  return {ramp.at(t) - R * u[current_], ramp.slope - R * du[current_]};
}

ReferenceSystem::PotentialRate ReferenceSystem::potential_of(const Particle& particle, double t,
                                                             std::span<const double> u,
                                                             std::span<const double> du) const {
  if (!particle.drop) return metal(t, u, du);
  return {ramp.at(t) - u[*particle.drop], ramp.slope - du[*particle.drop]};
}

ReferenceSystem::Column ReferenceSystem::column_of(const Particle& particle) const {
  if (particle.drop) return {*particle.drop, -1.0};
  return {current_, -spec_.series_resistance * units_.current};
}

Diffusion ReferenceSystem::diffusion(const Lattice& lattice, double y) const {
  const MaterialParameters& material = spec_.material;
  double D = material.D.si();
  if (lattice.is_second) {
    D = material.second_D.si();
  } else if (diffusivity_) {
    return diffusivity_->at(y);
  } else if (material.diffusion == DiffusionKind::per_direction) {
    D = (intercalating ? material.D_intercalation : material.D_deintercalation).si();
  }
  return {D, D * y};
}

Excess ReferenceSystem::excess(const Lattice& lattice, double y) const {
  const MaterialParameters& material = spec_.material;
  if (lattice.is_second || material.law == IsothermKind::ideal) return {0.0, 0.0};
  if (material.law == IsothermKind::frumkin) return {-material.g * (y - 0.5), -material.g};
  // Between the ends of the plateau U = E0: w cancels the lattice gas; outside it is the regular solution.
  const double y_a = plateau_.y_a;
  const bool inside =
      lattice.branch == Branch::plateau || (lattice.branch == Branch::as_it_stands && y > y_a && y < 1.0 - y_a);
  if (inside && y > 0.1 * y_a && y < 1.0 - 0.1 * y_a) return {-std::log((1.0 - y) / y), 1.0 / (y * (1.0 - y))};
  return {-plateau_.omega * (1.0 - 2.0 * y), 2.0 * plateau_.omega};
}

ReferenceSystem::Reaction ReferenceSystem::reaction(double k, double alpha, double z) const {
  const double formal = logistic(-z);
  const double out = safe_exp((1.0 - alpha) * z);
  const double in = safe_exp(-alpha * z);
  const double h = 1.0 / (k * (out + in));
  return {.formal = formal,
          .formal_slope = -formal * (1.0 - formal),
          .lag = h,
          .lag_slope = -h * ((1.0 - alpha) * (1.0 - formal) - alpha * formal)};
}

ReferenceSystem::Reaction ReferenceSystem::reaction(const Lattice& lattice, double z) const {
  if (!marcus_) return reaction(lattice.k, spec_.material.alpha, z);
  const RateConstants rate = marcus_->rate().at(std::clamp(z, -largest_exponent, largest_exponent));
  const double formal = logistic(-z);
  const double h = 1.0 / (lattice.k * (rate.out + rate.in));
  return {.formal = formal,
          .formal_slope = -formal * (1.0 - formal),
          .lag = h,
          .lag_slope = -h * (rate.out_slope * (1.0 - formal) + rate.in_slope * formal)};
}

void ReferenceSystem::lattice_rows(const Particle& particle, const Lattice& lattice, double p,
                                   std::span<const double> u, std::span<const double> du, std::span<double> r) const {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  const double* y = u.data() + lattice.first;
  const double* dy = du.data() + lattice.first;
  double* row = r.data() + lattice.first;
  const double R = particle.radius;
  const double y_s = y[cells];
  const double q = lattice.unit * y[cells + 1];
  const std::vector<double>& volume = mesh_.volume();
  const std::vector<double>& conductance = mesh_.conductance();
  double from_within = 0.0;
  double here = diffusion(lattice, y[0]).integral;
  double before = here;
  for (std::size_t j = 0; j < cells; ++j) {
    const double next = j + 1 < cells ? diffusion(lattice, y[j + 1]).integral : 0.0;
    const double outwards = j + 1 < cells ? conductance[j + 1] * (next - here) : -q * R;
    row[j] = dy[j] - (outwards - from_within) / (R * R * volume[j]);
    from_within = outwards;
    if (j + 1 < cells) {
      before = here;
      here = next;
    }
  }
  const Diffusion at_surface = diffusion(lattice, y_s);
  const double scale = 1.0 / diffusion(lattice, 0.5).value;
  row[cells] =
      scale * (at_surface.integral - here - mesh_.inner_weight() * (here - before) + mesh_.slope_weight() * q * R);
  if (lattice.k == 0.0) {
    row[cells + 1] = y[cells + 1];
    return;
  }
  const double E0 = (lattice.is_second ? spec_.material.second_E0 : spec_.material.E0).si();
  const double z = f_ * (p - lattice.film * q - E0) - excess(lattice, y_s).value;
  const Reaction rate = reaction(lattice, z);
  row[cells + 1] = y_s - rate.formal - q * rate.lag;
}

void ReferenceSystem::lattice_entries(const Particle& particle, const Lattice& lattice, double p, Column column,
                                      std::span<const double> u) {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  const std::size_t first = lattice.first;
  const double* y = u.data() + first;
  const double R = particle.radius;
  const std::vector<double>& volume = mesh_.volume();
  const std::vector<double>& conductance = mesh_.conductance();
  for (std::size_t j = 0; j < cells; ++j) {
    const double share = 1.0 / (R * R * volume[j]);
    const double within = conductance[j];
    const double outside = j + 1 < cells ? conductance[j + 1] : 0.0;
    if (j > 0) assembler_.add(first + j, first + j - 1, -share * within * diffusion(lattice, y[j - 1]).value);
    assembler_.add(first + j, first + j, share * (within + outside) * diffusion(lattice, y[j]).value, 1.0);
    if (j + 1 < cells) assembler_.add(first + j, first + j + 1, -share * outside * diffusion(lattice, y[j + 1]).value);
  }
  const std::size_t surface = first + cells;
  const std::size_t flux = surface + 1;
  assembler_.add(surface - 1, flux, lattice.unit / (R * volume[cells - 1]));
  const double scale = 1.0 / diffusion(lattice, 0.5).value;
  const double w = mesh_.inner_weight();
  const double y_s = y[cells];
  const double q = lattice.unit * y[cells + 1];
  assembler_.add(surface, surface, scale * diffusion(lattice, y_s).value);
  assembler_.add(surface, surface - 1, -scale * (1.0 + w) * diffusion(lattice, y[cells - 1]).value);
  assembler_.add(surface, surface - 2, scale * w * diffusion(lattice, y[cells - 2]).value);
  assembler_.add(surface, flux, scale * mesh_.slope_weight() * lattice.unit * R);
  if (lattice.k == 0.0) {
    assembler_.add(flux, flux, 1.0);
    return;
  }
  const double E0 = (lattice.is_second ? spec_.material.second_E0 : spec_.material.E0).si();
  const Excess w_excess = excess(lattice, y_s);
  const Reaction rate = reaction(lattice, f_ * (p - lattice.film * q - E0) - w_excess.value);
  const double by_z = -rate.formal_slope - q * rate.lag_slope;
  assembler_.add(flux, surface, 1.0 - by_z * w_excess.slope);
  assembler_.add(flux, flux, lattice.unit * (-rate.lag - by_z * f_ * lattice.film));
  assembler_.add(flux, column.unknown, by_z * f_ * column.slope);
}

double ReferenceSystem::equilibrium_coverage(double p) const {
  const SurfaceRedoxParameters& redox = spec_.surface_redox;
  const double target = -f_ * (p - redox.E0.si());
  double low = target - 0.5 * std::abs(redox.g) - 1.0;
  double high = target + 0.5 * std::abs(redox.g) + 1.0;
  double s = target;  // ln(θ/(1-θ)); s + g (θ - 1/2) rises with it
  for (int i = 0; i < 200; ++i) {
    const double theta = logistic(s);
    const double miss = s + redox.g * (theta - 0.5) - target;
    (miss > 0.0 ? high : low) = s;
    const double move = miss / (1.0 + redox.g * theta * (1.0 - theta));
    double next = s - move;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    const bool settled = std::abs(next - s) <= 1e-15 * (1.0 + std::abs(s));
    s = next;
    if (settled) break;
  }
  return logistic(s);
}

ReferenceSystem::Layer ReferenceSystem::equilibrium_layer(const Particle& particle, double p) const {
  if (!in_equilibrium(particle)) return {};
  const double g = spec_.surface_redox.g;
  const double theta = equilibrium_coverage(p);
  const double spread = theta * (1.0 - theta);
  const double stiffness = 1.0 + g * spread;
  const double by_p = -f_ * spread / stiffness;
  const double charge = particle.surface_charge;
  return {.coverage = theta,
          .capacitance = -charge * by_p,
          .slope = charge * f_ * (1.0 - 2.0 * theta) / (stiffness * stiffness) * by_p};
}

double ReferenceSystem::particle_current(const Particle& particle, PotentialRate potential, std::span<const double> u,
                                         std::span<const double> du) const {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  double i = (particle.capacitance + equilibrium_layer(particle, potential.p).capacitance) * potential.rate;
  for (const Lattice& lattice : particle.lattices) i += lattice.scale * lattice.unit * u[lattice.first + cells + 1];
  if (particle.coverage) i -= particle.surface_charge * du[*particle.coverage];
  return i;
}

/// factor times the derivatives of the particle's current.
void ReferenceSystem::current_entries(const Particle& particle, std::size_t row, double factor, PotentialRate potential,
                                      Column column) {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  for (const Lattice& lattice : particle.lattices) {
    assembler_.add(row, lattice.first + cells + 1, factor * lattice.scale * lattice.unit);
  }
  if (particle.coverage) assembler_.add(row, *particle.coverage, 0.0, -factor * particle.surface_charge);
  const Layer layer = equilibrium_layer(particle, potential.p);
  assembler_.add(row, column.unknown, factor * column.slope * layer.slope * potential.rate,
                 factor * column.slope * (particle.capacitance + layer.capacitance));
}

double ReferenceSystem::ferrocene(double phi, double* slope) const {
  const FerroceneWave& wave = spec_.ferrocene;
  if (slope != nullptr) *slope = 0.0;
  if (wave.i_lim == 0.0) return 0.0;
  const double s = f_ * (phi - wave.E0_vs_Li);
  const double kinetic = wave.m_over_k0 * safe_exp(-wave.alpha * s);
  const double back = safe_exp(-s);
  const double i = wave.i_lim / (1.0 + kinetic + back);
  if (slope != nullptr) *slope = i / (1.0 + kinetic + back) * f_ * (wave.alpha * kinetic + back);
  return i;
}

void ReferenceSystem::residual(double t, std::span<const double> u, std::span<const double> du, std::span<double> r) {
  const PotentialRate phi = metal(t, u, du);
  const double metal_drop = spec_.series_resistance * units_.current * u[current_];
  double sum = gold_capacitance_ * phi.rate + ferrocene(phi.p);
  for (const Particle& particle : particles_) {
    const PotentialRate potential = potential_of(particle, t, u, du);
    for (const Lattice& lattice : particle.lattices) lattice_rows(particle, lattice, potential.p, u, du, r);
    if (particle.coverage) {
      const SurfaceRedoxParameters& redox = spec_.surface_redox;
      const double theta = u[*particle.coverage];
      const Reaction rate =
          reaction(redox.rate.si(), redox.alpha, f_ * (potential.p - redox.E0.si()) + redox.g * (theta - 0.5));
      r[*particle.coverage] = du[*particle.coverage] * rate.lag + theta - rate.formal;
    }
    const double i = particle_current(particle, potential, u, du);
    if (particle.drop) r[*particle.drop] = u[*particle.drop] - metal_drop - particle.contact * i;
    sum += i;
  }
  if (reservoir_) {
    const double consumption = water_.survival_slope(phi.p) / water_.survival(phi.p);
    r[*reservoir_] = du[*reservoir_] - u[*reservoir_] * consumption * std::min(phi.rate, 0.0);
    sum += water_charge_ * du[*reservoir_];
  }
  r[current_] = u[current_] - sum / units_.current;
  r[charge_] = du[charge_] - u[current_];
}

void ReferenceSystem::assemble(double t, std::span<const double> u, std::span<const double> du) {
  const PotentialRate phi = metal(t, u, du);
  const double R = spec_.series_resistance * units_.current;
  const double per_unit = -1.0 / units_.current;
  for (const Particle& particle : particles_) {
    const PotentialRate potential = potential_of(particle, t, u, du);
    const Column column = column_of(particle);
    for (const Lattice& lattice : particle.lattices) lattice_entries(particle, lattice, potential.p, column, u);
    if (particle.coverage) {
      const SurfaceRedoxParameters& redox = spec_.surface_redox;
      const std::size_t row = *particle.coverage;
      const Reaction rate =
          reaction(redox.rate.si(), redox.alpha, f_ * (potential.p - redox.E0.si()) + redox.g * (u[row] - 0.5));
      const double by_z = du[row] * rate.lag_slope - rate.formal_slope;
      assembler_.add(row, row, 1.0 + by_z * redox.g, rate.lag);
      assembler_.add(row, column.unknown, by_z * f_ * column.slope);
    }
    if (particle.drop) {
      assembler_.add(*particle.drop, *particle.drop, 1.0);
      assembler_.add(*particle.drop, current_, -R);
      current_entries(particle, *particle.drop, -particle.contact, potential, column);
    }
    current_entries(particle, current_, per_unit, potential, column);
  }
  double slope = 0.0;
  std::ignore = ferrocene(phi.p, &slope);
  assembler_.add(current_, current_, 1.0 - per_unit * R * slope, -per_unit * R * gold_capacitance_);
  if (reservoir_) {
    const double survival = water_.survival(phi.p);
    const double consumption = water_.survival_slope(phi.p) / survival;
    const double sigma = spec_.water.width.si() / (2.0 * std::sqrt(2.0 * std::log(2.0)));
    const double bend = -(phi.p - spec_.water.peak.si()) / (sigma * sigma) * consumption - consumption * consumption;
    const double falling = phi.rate < 0.0 ? 1.0 : 0.0;
    assembler_.add(*reservoir_, *reservoir_, -consumption * falling * phi.rate, 1.0);
    assembler_.add(*reservoir_, current_, u[*reservoir_] * bend * falling * phi.rate * R,
                   u[*reservoir_] * consumption * falling * R);
    assembler_.add(current_, *reservoir_, 0.0, per_unit * water_charge_);
  }
  assembler_.add(charge_, charge_, 0.0, 1.0);
  assembler_.add(charge_, current_, -1.0);
}

void ReferenceSystem::jacobian(double t, std::span<const double> u, std::span<const double> du, double by_state,
                               double by_rate, std::span<double> values) {
  assembler_.begin(by_state, by_rate, values);
  assemble(t, u, du);
}

// --- what stands around them -----------------------------------------------------------------------------------------

std::size_t ReferenceSystem::events() const {
  const std::size_t directions = spec_.material.diffusion == DiffusionKind::per_direction ? 1 : 0;
  return directions + (has_plateau() ? 2 * particles_.size() : 0);
}

void ReferenceSystem::event(double /*t*/, std::span<const double> u, std::span<const double> /*du*/,
                            std::span<double> g) {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  std::size_t n = 0;
  if (has_plateau()) {
    for (const Particle& particle : particles_) {
      const Lattice& lattice = particle.lattices.front();
      const double y = u[lattice.first + cells];
      const double y_a = plateau_.y_a;
      g[n++] = y - y_a - (lattice.branch == Branch::poor ? branch_margin : -branch_margin);
      g[n++] = y - (1.0 - y_a) - (lattice.branch == Branch::rich ? -branch_margin : branch_margin);
    }
  }
  if (n == g.size()) return;
  g[n] = intercalation_current(u) / units_.intercalation + (intercalating ? -event_margin : event_margin);
}

bool ReferenceSystem::settle_branches(std::span<const double> u) {
  if (!has_plateau()) return false;
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  bool changed = false;
  for (Particle& particle : particles_) {
    Lattice& lattice = particle.lattices.front();
    const double y = u[lattice.first + cells];
    const double poor_end = plateau_.y_a + (lattice.branch == Branch::poor ? 0.5 : -0.5) * branch_margin;
    const double rich_end = 1.0 - plateau_.y_a + (lattice.branch == Branch::rich ? -0.5 : 0.5) * branch_margin;
    const Branch now = y < poor_end ? Branch::poor : (y > rich_end ? Branch::rich : Branch::plateau);
    changed = changed || now != lattice.branch;
    lattice.branch = now;
  }
  return changed;
}

void ReferenceSystem::free_branches() {
  for (Particle& particle : particles_) particle.lattices.front().branch = Branch::as_it_stands;
}

void ReferenceSystem::follow_branches(const ReferenceSystem& other) {
  for (std::size_t k = 0; k < particles_.size(); ++k) {
    particles_[k].lattices.front().branch = other.particles_[k].lattices.front().branch;
  }
}

bool ReferenceSystem::runs_against(std::span<const double> u) const {
  if (!depends_on_direction()) return false;
  const double i = intercalation_current(u) / units_.intercalation;
  return intercalating ? i > 0.5 * event_margin : i < -0.5 * event_margin;
}

std::string ReferenceSystem::name(std::size_t unknown) const {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  if (unknown == current_) return "the current";
  if (unknown == charge_) return "the charge";
  if (reservoir_ && unknown == *reservoir_) return "the water reservoir";
  for (std::size_t k = 0; k < particles_.size(); ++k) {
    const Particle& particle = particles_[k];
    if (particle.coverage && unknown == *particle.coverage) return fmt::format("the coverage of particle {}", k + 1);
    if (particle.drop && unknown == *particle.drop) return fmt::format("the potential drop of particle {}", k + 1);
    for (const Lattice& lattice : particle.lattices) {
      if (unknown < lattice.first || unknown >= lattice.first + cells + 2) continue;
      const std::size_t j = unknown - lattice.first;
      const char* which = lattice.is_second ? "second" : "first";
      if (j == cells) return fmt::format("the surface filling of particle {} ({} lattice)", k + 1, which);
      if (j > cells) return fmt::format("the flux of particle {} ({} lattice)", k + 1, which);
      return fmt::format("the filling of shell {} of particle {} ({} lattice)", j + 1, k + 1, which);
    }
  }
  return DaeSystem::name(unknown);
}

std::vector<double> ReferenceSystem::rest(double E) const {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  std::vector<double> u(size_, 0.0);
  for (const Particle& particle : particles_) {
    for (const Lattice& lattice : particle.lattices) {
      const double y = lattice.is_second ? 0.0 : particle.initial_filling;
      std::fill_n(u.begin() + static_cast<std::ptrdiff_t>(lattice.first), cells + 1, y);
    }
    if (particle.coverage) u[*particle.coverage] = equilibrium_coverage(E);
  }
  if (reservoir_) u[*reservoir_] = 1.0;
  return u;
}

void ReferenceSystem::jump(double E_before, double E_after, std::vector<double>& u) const {
  const double rise = E_after - E_before;
  double passed = 0.0;  // C, through no resistance
  for (const Particle& particle : particles_) {
    if (particle.drop) {
      u[*particle.drop] += rise;
    } else if (spec_.series_resistance == 0.0) {
      passed += particle.capacitance * rise;
      if (in_equilibrium(particle)) {
        passed -= particle.surface_charge * (equilibrium_coverage(E_after) - equilibrium_coverage(E_before));
      }
    }
  }
  if (spec_.series_resistance > 0.0) {
    if (differential_[current_] != 0) u[current_] += rise / (spec_.series_resistance * units_.current);
  } else {
    passed += gold_capacitance_ * rise;
    if (reservoir_ && rise < 0.0) {
      const double left = u[*reservoir_] * water_.survival(E_after) / water_.survival(E_before);
      passed += water_charge_ * (left - u[*reservoir_]);
      u[*reservoir_] = left;
    }
  }
  u[charge_] += passed / units_.current;
}

std::vector<double> ReferenceSystem::tolerances(double relative) const {
  constexpr double of_filling = 0.1;
  constexpr double of_potential = 0.01;  // V: F/RT times it is 0.4
  std::vector<double> all(size_, of_filling * relative);
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  for (const Particle& particle : particles_) {
    for (const Lattice& lattice : particle.lattices) all[lattice.first + cells + 1] = relative;
    if (particle.drop) all[*particle.drop] = of_potential * relative;
  }
  all[current_] = relative;
  all[charge_] = 10.0 * relative;  // I0 times 10 s
  return all;
}

double ReferenceSystem::intercalation_current(std::span<const double> u) const {
  const auto cells = static_cast<std::size_t>(mesh_.cells());
  double i = 0.0;
  for (const Particle& particle : particles_) {
    for (const Lattice& lattice : particle.lattices) i += lattice.scale * lattice.unit * u[lattice.first + cells + 1];
  }
  return i;
}

CellCurrents ReferenceSystem::currents(double t, std::span<const double> u, std::span<const double> du) const {
  const PotentialRate phi = metal(t, u, du);
  CellCurrents i;
  i.intercalation = intercalation_current(u);
  i.double_layer = gold_capacitance_ * phi.rate;
  for (const Particle& particle : particles_) {
    const PotentialRate potential = potential_of(particle, t, u, du);
    i.double_layer += particle.capacitance * potential.rate;
    i.surface_redox += equilibrium_layer(particle, potential.p).capacitance * potential.rate;
    if (particle.coverage) i.surface_redox -= particle.surface_charge * du[*particle.coverage];
  }
  if (reservoir_) i.water = water_charge_ * du[*reservoir_];
  i.ferrocene = ferrocene(phi.p);
  i.stray = spec_.stray_capacitance * ramp.slope;
  i.total = units_.current * u[current_] + i.stray;
  return i;
}

double ReferenceSystem::mean_filling(const Lattice& lattice, std::span<const double> u) const {
  double sum = 0.0;
  const std::vector<double>& volume = mesh_.volume();
  for (std::size_t j = 0; j < volume.size(); ++j) sum += volume[j] * u[lattice.first + j];
  return sum * sim::dimension_of(spec_.geometry);
}

double ReferenceSystem::lithium(std::span<const double> u) const {
  double filled = 0.0;
  for (const Particle& particle : particles_) {
    for (const Lattice& lattice : particle.lattices) filled += particle.volume * mean_filling(lattice, u);
  }
  return spec_.material.c_max.si() * filled;
}

CellCurrents ReferenceSystem::charges(double t, std::span<const double> u, double E_rest) const {
  const double E = ramp.at(t);
  const double phi = E - spec_.series_resistance * units_.current * u[current_];
  CellCurrents q;
  q.intercalation = constants::faraday * (lithium(rest(E_rest)) - lithium(u));
  q.double_layer = gold_capacitance_ * (phi - E_rest);
  for (const Particle& particle : particles_) {
    const double p = particle.drop ? E - u[*particle.drop] : phi;
    q.double_layer += particle.capacitance * (p - E_rest);
    if (particle.surface_charge == 0.0) continue;
    const double theta = particle.coverage ? u[*particle.coverage] : equilibrium_coverage(p);
    q.surface_redox -= particle.surface_charge * (theta - equilibrium_coverage(E_rest));
  }
  if (reservoir_) q.water = water_charge_ * (u[*reservoir_] - 1.0);
  q.stray = spec_.stray_capacitance * (E - E_rest);
  q.total = units_.current * u[charge_] + q.stray;
  if (spec_.ferrocene.i_lim > 0.0) {
    q.ferrocene = q.total - q.intercalation - q.double_layer - q.surface_redox - q.water - q.stray;
  }
  return q;
}

}  // namespace seccm::models
