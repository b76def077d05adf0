// Longer than 500 lines: residual, Jacobian and the layout of one system, which are read and changed together.
#include "models/reference/reference_system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

#include "models/cell/cell_layout.hpp"
#include "models/network/network_wiring.hpp"
#include "models/reference/fick_block.hpp"
#include "models/reference/formal_rate.hpp"
#include "models/reference/phase_field_block.hpp"
#include "models/reference/voxel_block.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double shortest_time_constant = 1e-9;  // s, see the header

const ElectrolyteSpec* liquid_of(const ReferenceSpec& spec) {
  return spec.liquid ? &*spec.liquid : nullptr;
}

/// The contacts of a cell that has them, or null.
const NetworkSpec* network_of(const CellSpec& spec) {
  if (!spec.wiring || spec.particles.empty()) return nullptr;
  const auto* wiring = dynamic_cast<const NetworkWiringModel*>(spec.wiring.get());
  if (wiring == nullptr)
    throw InputError("reference engine: a wiring of the particles that is neither star nor network");
  return &wiring->network();
}

/// What stands in for a capacitance that vanishes: 1 ns behind its resistance, and at most a billionth of the currents.
double least_capacitance(double resistance, const ReferenceUnits& units) {
  return std::min(shortest_time_constant / resistance, 1e-9 * units.current / units.scan_rate);
}

}  // namespace

ReferenceMesh reference_mesh(const CellSpec& spec) {
  const bool phases = spec.model != ParticleModel::fick && !spec.particles.empty();
  const sim::MeshParameters radial = spec.particles.empty() ? sim::MeshParameters{} : mesh_for(spec);
  return {.radial = sim::RadialMesh(spec.geometry, radial),
          .nodes = phases ? phase_field_nodes(phase_field_of(spec)) : 0};
}

ReferenceSystem::ReferenceSystem(const ReferenceSpec& whole, const ReferenceMesh& mesh, ReferenceUnits units)
    : spec_(whole.cell),
      units_(std::move(units)),
      f_(constants::faraday / (constants::gas * whole.cell.temperature)),
      gold_(whole.cell, liquid_of(whole)) {
  check_spec(spec_);
  if (whole.liquid) salt_concentration_ = whole.liquid->electrolyte.salt_concentration.si();
  if (whole.liquid && whole.moves_salt()) {
    salt_.emplace(*whole.liquid, spec_.series_resistance, units_.current, units_.resistance);
  }
  lay_out(mesh, whole.voxels);
  const std::vector<double> u = rest(spec_.material.E0.si());
  assemble(0.0, u, std::vector<double>(unknowns_.size(), 0.0));
  pattern_ = assembler_.finish(unknowns_.size());
}

std::vector<std::unique_ptr<HostBlock>> ReferenceSystem::hosts_of(std::size_t particle, const HostLaws& laws) {
  const CellParticle& given = spec_.particles[particle];
  const double area = area_of(spec_, given.radius);
  const std::array<double, 2> units{units_.flux[particle], units_.second_flux[particle]};
  std::vector<std::unique_ptr<HostBlock>> hosts;
  if (laws.phases) {
    hosts.push_back(std::make_unique<PhaseFieldBlock>(laws.phases, particle, area, units, unknowns_));
    return hosts;
  }
  for (const bool second : {false, true}) {
    if (second && !spec_.material.second_process) continue;
    const FickLattice lattice{.particle = particle,
                              .second = second,
                              .radius = given.radius,
                              .area = area,
                              .wetted_fraction = given.wetted_fraction,
                              .unit = units[second ? 1 : 0]};
    hosts.push_back(std::make_unique<FickBlock>(laws.fick, lattice, unknowns_));
  }
  return hosts;
}

void ReferenceSystem::lay_out(const ReferenceMesh& mesh, const std::optional<ResolvedCluster>& voxels) {
  HostLaws laws;
  if (spec_.model == ParticleModel::fick) {
    laws.fick = std::make_shared<const FickLaws>(spec_, mesh.radial);
  } else if (!spec_.particles.empty()) {
    laws.phases = std::make_shared<const PhaseFieldLaws>(spec_, mesh.nodes);
  }
  std::vector<double> contacts;
  for (const CellParticle& particle : spec_.particles) contacts.push_back(particle.contact_resistance);
  if (const NetworkSpec* network = network_of(spec_)) {
    std::vector<double> filling;
    for (const CellParticle& particle : spec_.particles) filling.push_back(particle.initial_filling);
    network_.emplace(*network);
    contacts = network_->resistances(filling);
  }
  double node_capacitance = gold_.capacitance();
  bool layer_on_node = false;
  for (std::size_t i = 0; i < spec_.particles.size(); ++i) {
    const CellParticle& given = spec_.particles[i];
    const double area = area_of(spec_, given.radius);
    const double wet = area * given.wetted_fraction;
    Particle particle;
    particle.volume = area * given.radius / sim::dimension_of(spec_.geometry);
    particle.area = area;
    particle.capacitance = spec_.double_layer.titania.si() * wet;
    particle.surface_charge = spec_.surface_redox.enabled ? spec_.surface_redox.charge.si() * wet : 0.0;
    particle.contact = contacts[i];
    particle.initial_filling = given.initial_filling;
    particle.hosts = hosts_of(i, laws);
    const double rate = spec_.surface_redox.rate.si();
    const bool at_once = particle.surface_charge > 0.0 && rate == 0.0;
    particle.surface_rate = rate > 0.0 ? rate : 1.0 / shortest_time_constant;
    if (particle.surface_charge > 0.0 && (rate > 0.0 || salt_)) particle.coverage = unknowns_.append(1, true);
    if (particle.contact > 0.0) {
      if (at_once) particle.capacitance = std::max(particle.capacitance, least_capacitance(particle.contact, units_));
      particle.drop = unknowns_.append(1, particle.capacitance > 0.0);
    } else {
      node_capacitance += particle.capacitance;
      layer_on_node = layer_on_node || at_once;
    }
    particles_.push_back(std::move(particle));
  }
  if (voxels) node_capacitance += lay_out_voxels(*voxels);
  lay_out_metal(node_capacitance, layer_on_node);
  if (!network_) return;
  std::vector<NetworkBlock::Node> nodes;
  for (const Particle& particle : particles_) {
    const HostBlock* host = particle.hosts.front().get();
    nodes.push_back({*particle.drop, host->surface().value(), host, particle.area, particle.contact});
  }
  network_->set_nodes(std::move(nodes));
}

/// One particle whose host is all voxels; returns its capacitance, F.
double ReferenceSystem::lay_out_voxels(const ResolvedCluster& cluster) {
  Particle particle;
  particle.volume = cluster.grid->volume();
  particle.area = cluster.grid->wetted_area();
  particle.capacitance = spec_.double_layer.titania.si() * particle.area;
  particle.initial_filling = cluster.initial_filling;
  particle.hosts.push_back(std::make_unique<VoxelBlock>(cluster, spec_, units_.flux.front(), unknowns_));
  particles_.push_back(std::move(particle));
  return particles_.back().capacitance;
}

void ReferenceSystem::lay_out_metal(double node_capacitance, bool layer_on_node) {
  const double R = units_.resistance;
  gold_.lay_out(unknowns_);
  if (R > 0.0 && (layer_on_node || gold_.follows_rate())) {
    const double missing = std::max(0.0, least_capacitance(R, units_) - node_capacitance);
    node_capacitance += missing;
    gold_.raise_capacitance(missing);
  }
  const bool drop_is_differential = R > 0.0 && node_capacitance > 0.0;
  if (salt_) salt_->lay_out(unknowns_, drop_is_differential);
  current_ = unknowns_.append(1, drop_is_differential && !salt_);
  charge_ = unknowns_.append(1, true);
  metal_ = {current_, -spec_.series_resistance * units_.current};
  if (!salt_) return;
  salt_->set_current(current_);
  metal_ = salt_->metal();
}

// --- the equations ---------------------------------------------------------------------------------------------------

PotentialRate ReferenceSystem::metal(double t, std::span<const double> u, std::span<const double> du) const {
  return {ramp.at(t) + metal_.slope * u[metal_.unknown], ramp.slope + metal_.slope * du[metal_.unknown]};
}

PotentialRate ReferenceSystem::potential_of(const Particle& particle, double t, std::span<const double> u,
                                            std::span<const double> du) const {
  if (!particle.drop) return metal(t, u, du);
  return {ramp.at(t) - u[*particle.drop], ramp.slope - du[*particle.drop]};
}

UnknownColumn ReferenceSystem::column_of(const Particle& particle) const {
  if (particle.drop) return {*particle.drop, -1.0};
  return metal_;
}

SurfaceActivity ReferenceSystem::activity(std::span<const double> u) const {
  return salt_ ? salt_->activity(u) : SurfaceActivity{};
}

Around ReferenceSystem::around(const Particle& particle, double p, const SurfaceActivity& activity) const {
  return {.p = p, .potential = column_of(particle), .activity = activity, .intercalating = intercalating};
}

FormalRate ReferenceSystem::coverage_rate(const Particle& particle, double p, double theta, double log_activity) const {
  const SurfaceRedoxParameters& redox = spec_.surface_redox;
  return butler_volmer_rate(particle.surface_rate, redox.alpha, f_ * (p - redox.E0.si()) + redox.g * (theta - 0.5),
                            log_activity);
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
  double i = (particle.capacitance + equilibrium_layer(particle, potential.p).capacitance) * potential.rate;
  for (const auto& host : particle.hosts) {
    for (const HostBlock::Flux& flux : host->fluxes()) i += flux.current * u[flux.unknown];
  }
  if (particle.coverage) i -= particle.surface_charge * du[*particle.coverage];
  return i;
}

/// factor times the derivatives of the particle's current.
void ReferenceSystem::current_entries(const Particle& particle, std::size_t row, double factor, PotentialRate potential,
                                      UnknownColumn column) {
  for (const auto& host : particle.hosts) {
    for (const HostBlock::Flux& flux : host->fluxes()) assembler_.add(row, flux.unknown, factor * flux.current);
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
  const SurfaceActivity a_e = activity(u);
  double sum = ferrocene(phi.p);
  for (const Particle& particle : particles_) {
    const PotentialRate potential = potential_of(particle, t, u, du);
    for (const auto& host : particle.hosts) host->rows(around(particle, potential.p, a_e), u, du, r);
    if (particle.coverage) {
      const double theta = u[*particle.coverage];
      const FormalRate rate = coverage_rate(particle, potential.p, theta, a_e.log);
      r[*particle.coverage] = du[*particle.coverage] * rate.lag + theta - rate.formal;
    }
    if (particle.drop) r[*particle.drop] = u[*particle.drop] + metal_.slope * u[metal_.unknown];
  }
  if (network_) network_->rows(metal_, intercalating, u, r);
  for (const Particle& particle : particles_) {
    const double i = particle_current(particle, potential_of(particle, t, u, du), u, du);
    if (particle.drop) r[*particle.drop] -= particle.contact * i;
    sum += i;
  }
  gold_.rows(t, phi, u, du, r);
  const GoldBlock::Parts on_gold = gold_.currents(t, phi, du);
  sum += on_gold.double_layer + on_gold.water;
  if (salt_) salt_->rows(u, du, r);
  r[current_] = u[current_] - sum / units_.current;
  r[charge_] = du[charge_] - u[current_];
}

void ReferenceSystem::assemble(double t, std::span<const double> u, std::span<const double> du) {
  const PotentialRate phi = metal(t, u, du);
  const SurfaceActivity a_e = activity(u);
  const double per_unit = -1.0 / units_.current;
  for (const Particle& particle : particles_) {
    const PotentialRate potential = potential_of(particle, t, u, du);
    const UnknownColumn column = column_of(particle);
    for (const auto& host : particle.hosts) host->entries(assembler_, around(particle, potential.p, a_e), u);
    if (particle.coverage) {
      const std::size_t row = *particle.coverage;
      const FormalRate rate = coverage_rate(particle, potential.p, u[row], a_e.log);
      // y - formal - q h of the rate law with q = -θ'.
      const double by_z = rate.by_z(-du[row]);
      assembler_.add(row, row, 1.0 + by_z * spec_.surface_redox.g, rate.lag);
      assembler_.add(row, column.unknown, by_z * f_ * column.slope);
      if (a_e.column) assembler_.add(row, a_e.column->unknown, rate.by_salt(-du[row]) * a_e.column->slope);
    }
    if (particle.drop) {
      if (!network_) {
        assembler_.add(*particle.drop, *particle.drop, 1.0);
        assembler_.add(*particle.drop, metal_.unknown, metal_.slope);
      }
      current_entries(particle, *particle.drop, -particle.contact, potential, column);
    }
    current_entries(particle, current_, per_unit, potential, column);
  }
  if (network_) network_->entries(assembler_, metal_, intercalating, u);
  double slope = 0.0;
  std::ignore = ferrocene(phi.p, &slope);
  assembler_.add(current_, current_, 1.0);
  assembler_.add(current_, metal_.unknown, per_unit * metal_.slope * slope);
  gold_.entries(assembler_, current_, per_unit, t, phi, metal_, u);
  if (salt_) salt_->entries(assembler_, u);
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
  std::size_t n = depends_on_direction() ? 1 : 0;
  if (salt_) n += SaltBlock::events;
  for (const Particle& particle : particles_) {
    for (const auto& host : particle.hosts) n += host->events();
  }
  return n;
}

void ReferenceSystem::event(double /*t*/, std::span<const double> u, std::span<const double> /*du*/,
                            std::span<double> g) {
  std::size_t n = 0;
  if (salt_) {
    salt_->event(u, g);
    n = SaltBlock::events;
  }
  for (const Particle& particle : particles_) {
    for (const auto& host : particle.hosts) {
      host->event(u, g.subspan(n));
      n += host->events();
    }
  }
  if (n == g.size()) return;
  g[n] = intercalation_current(u) / units_.intercalation + (intercalating ? -event_margin : event_margin);
}

bool ReferenceSystem::settle_branches(std::span<const double> u) {
  bool changed = false;
  for (Particle& particle : particles_) {
    for (const auto& host : particle.hosts) changed = host->settle_branch(u) || changed;
  }
  return changed;
}

void ReferenceSystem::free_branches() {
  for (Particle& particle : particles_) {
    for (const auto& host : particle.hosts) host->free_branch();
  }
}

void ReferenceSystem::follow_branches(const ReferenceSystem& other) {
  for (std::size_t k = 0; k < particles_.size(); ++k) {
    for (std::size_t j = 0; j < particles_[k].hosts.size(); ++j) {
      particles_[k].hosts[j]->follow_branch(*other.particles_[k].hosts[j]);
    }
  }
}

bool ReferenceSystem::runs_against(std::span<const double> u) const {
  if (!depends_on_direction()) return false;
  const double i = intercalation_current(u) / units_.intercalation;
  return intercalating ? i > 0.5 * event_margin : i < -0.5 * event_margin;
}

std::string ReferenceSystem::name(std::size_t unknown) const {
  if (unknown == current_) return "the current";
  if (unknown == charge_) return "the charge";
  if (const auto on_gold = gold_.name(unknown)) return *on_gold;
  if (salt_) {
    if (const auto of_salt = salt_->name(unknown)) return *of_salt;
  }
  for (std::size_t k = 0; k < particles_.size(); ++k) {
    const Particle& particle = particles_[k];
    if (particle.coverage && unknown == *particle.coverage) return fmt::format("the coverage of particle {}", k + 1);
    if (particle.drop && unknown == *particle.drop) return fmt::format("the potential drop of particle {}", k + 1);
    for (const auto& host : particle.hosts) {
      if (const auto in_host = host->name(unknown)) return *in_host;
    }
  }
  return DaeSystem::name(unknown);
}

std::vector<double> ReferenceSystem::rest(double E) const {
  std::vector<double> u(unknowns_.size(), 0.0);
  for (const Particle& particle : particles_) {
    for (const auto& host : particle.hosts) host->rest(particle.initial_filling, u);
    if (particle.coverage) u[*particle.coverage] = equilibrium_coverage(E);
  }
  gold_.rest(u);
  return u;
}

void ReferenceSystem::jump(double t, double E_before, double E_after, std::vector<double>& u) const {
  const double rise = E_after - E_before;
  const bool at_once = metal_.slope == 0.0;
  double passed = 0.0;  // C, through no resistance
  for (const Particle& particle : particles_) {
    if (particle.drop) {
      u[*particle.drop] += rise;
    } else if (at_once) {
      passed += particle.capacitance * rise;
      if (in_equilibrium(particle)) {
        passed -= particle.surface_charge * (equilibrium_coverage(E_after) - equilibrium_coverage(E_before));
      }
    }
  }
  if (at_once) {
    passed += gold_.jump(t, E_before, E_after, u);
  } else if (differential()[metal_.unknown] != 0) {
    u[metal_.unknown] -= rise / metal_.slope;
  }
  u[charge_] += passed / units_.current;
}

double ReferenceSystem::intercalation_current(std::span<const double> u) const {
  double i = 0.0;
  for (const Particle& particle : particles_) {
    for (const auto& host : particle.hosts) {
      for (const HostBlock::Flux& flux : host->fluxes()) i += flux.current * u[flux.unknown];
    }
  }
  return i;
}

CellCurrents ReferenceSystem::currents(double t, std::span<const double> u, std::span<const double> du) const {
  const PotentialRate phi = metal(t, u, du);
  CellCurrents i;
  i.intercalation = intercalation_current(u);
  const GoldBlock::Parts on_gold = gold_.currents(t, phi, du);
  i.double_layer = on_gold.double_layer;
  i.water = on_gold.water;
  for (const Particle& particle : particles_) {
    const PotentialRate potential = potential_of(particle, t, u, du);
    i.double_layer += particle.capacitance * potential.rate;
    i.surface_redox += equilibrium_layer(particle, potential.p).capacitance * potential.rate;
    if (particle.coverage) i.surface_redox -= particle.surface_charge * du[*particle.coverage];
  }
  i.ferrocene = ferrocene(phi.p);
  i.stray = spec_.stray_capacitance * ramp.slope;
  i.total = units_.current * u[current_] + i.stray;
  return i;
}

LiquidRow ReferenceSystem::liquid(double t, std::span<const double> u) const {
  LiquidRow row{.concentration = salt_concentration_,
                .series_resistance = spec_.series_resistance,
                .footprint_radius = gold_.footprint(t)};
  if (!salt_) return row;
  const double log_activity = salt_->activity(u).log;
  row.concentration = salt_->surface_concentration(u);
  row.activity = std::exp(log_activity);
  row.nernst_potential = log_activity / f_;
  row.diffusion_potential = salt_->diffusion_potential(u);
  row.series_resistance = salt_->resistance(u);
  return row;
}

double ReferenceSystem::lithium(std::span<const double> u) const {
  double filled = 0.0;
  for (const Particle& particle : particles_) {
    for (const auto& host : particle.hosts) filled += particle.volume * host->filling(u);
  }
  return spec_.material.c_max.si() * filled;
}

CellCurrents ReferenceSystem::charges(double t, std::span<const double> u, double E_rest) const {
  const double E = ramp.at(t);
  const double phi = E + metal_.slope * u[metal_.unknown];
  CellCurrents q;
  q.intercalation = constants::faraday * (lithium(rest(E_rest)) - lithium(u));
  const GoldBlock::Parts on_gold = gold_.charges(t, phi, E_rest, u);
  q.double_layer = on_gold.double_layer;
  q.water = on_gold.water;
  for (const Particle& particle : particles_) {
    const double p = particle.drop ? E - u[*particle.drop] : phi;
    q.double_layer += particle.capacitance * (p - E_rest);
    if (particle.surface_charge == 0.0) continue;
    const double theta = particle.coverage ? u[*particle.coverage] : equilibrium_coverage(p);
    q.surface_redox -= particle.surface_charge * (theta - equilibrium_coverage(E_rest));
  }
  q.stray = spec_.stray_capacitance * (E - E_rest);
  q.total = units_.current * u[charge_] + q.stray;
  if (spec_.ferrocene.i_lim > 0.0) {
    q.ferrocene = q.total - q.intercalation - q.double_layer - q.surface_redox - q.water - q.stray;
  }
  return q;
}

}  // namespace seccm::models
