#include "models/particle/phase_field_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/particle/phase_field_thermodynamics.hpp"
#include "models/sample/parameter_check.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double avogadro = constants::faraday / constants::elementary_charge;
constexpr double nearest_to_empty = 1e-12;
constexpr double coarsest_spacing = 0.72;  // interface widths: 0.5 nm of 0.70 nm
constexpr int fewest_nodes = 41;
constexpr int most_nodes = 20000;

void require(double value, double low, double high, std::string_view what, std::string_view unit) {
  if (!(value >= low && value <= high)) {
    throw InputError(fmt::format("phase field: {} = {:.6g} {}; {:.6g} to {:.6g} {} is accepted", what, value, unit, low,
                                 high, unit));
  }
}

void check(const PhaseFieldSpec& spec) {
  check_parameters("phase_field", spec.parameters);
  require(spec.lattices, 1, 2, "number of sublattices", "1");
  require(spec.alpha, 0.05, 0.95, "alpha", "1");
  require(spec.c_max, 1e-6, 1e9, "c_max", "mol/m^3");
  require(spec.temperature, 1.0, 5000.0, "temperature", "K");
  if (spec.particles.empty()) throw InputError("phase field: no particle; at least one is needed");
  for (int i = 0; i < spec.lattices; ++i) {
    const SublatticeConstants& lattice = spec.lattice[static_cast<std::size_t>(i)];
    require(lattice.D, 1e-40, 1.0, "diffusion coefficient", "m^2/s");
    require(lattice.k0, 0.0, 1e12, "k0", "m/s");
    require(lattice.E_p, -20.0, 20.0, "plateau potential", "V");
  }
  for (const PhaseFieldParticle& particle : spec.particles) {
    require(particle.radius, 1e-11, 1e-3, "radius of a particle", "m");
    require(particle.wetted_fraction, 0.0, 1.0, "wetted fraction of a particle", "1");
  }
}

double site_density(const PhaseFieldSpec& spec) {
  return spec.c_max * avogadro;
}

/// The narrowest interface of any particle and lattice that separates; 0 if none does. Throws where it has no width.
double narrowest_interface(const PhaseFieldSpec& spec) {
  double strongest = 0.0;
  for (const PhaseFieldParticle& particle : spec.particles) {
    for (int i = 0; i < spec.lattices; ++i) {
      strongest = std::max(strongest, interaction_of(spec.parameters, i, 2.0 * particle.radius));
    }
  }
  if (strongest <= 2.0) return 0.0;
  const double kappa = spec.parameters.kappa.si();
  if (kappa == 0.0) {
    throw InputError(fmt::format(
        "phase field: kappa = 0 with omega = {:.4g} kT: above 2 kT phases separate and an interface without "
        "gradient energy has no width; accepted is kappa > 0, e.g. \"1e-10 J/m\"",
        strongest));
  }
  return interface_width(kappa, site_density(spec), strongest, spec.temperature);
}

double largest_radius(const PhaseFieldSpec& spec) {
  double largest = 0.0;
  for (const PhaseFieldParticle& particle : spec.particles) largest = std::max(largest, particle.radius);
  return largest;
}

void require_resolved(const PhaseFieldSpec& spec, int nodes) {
  if (nodes < 3 || nodes > most_nodes) {
    throw InputError(fmt::format("phase field: {} nodes; 3 to {} are accepted", nodes, most_nodes));
  }
  const double width = narrowest_interface(spec);
  if (width == 0.0) return;
  const double spacing = largest_radius(spec) / (nodes - 1);
  if (spacing <= coarsest_spacing * width) return;
  throw InputError(fmt::format(
      "phase field: {} nodes over {:.4g} nm are {:.3g} nm apart, too coarse for an interface of {:.3g} nm (the phase "
      "boundary would stick to the mesh); at least {} nodes (spacing {:.3g} nm) are needed, {} are advised",
      nodes, largest_radius(spec) * 1e9, spacing * 1e9, width * 1e9,
      static_cast<int>(std::ceil(largest_radius(spec) / (coarsest_spacing * width))) + 1,
      coarsest_spacing * width * 1e9, static_cast<int>(std::ceil(2.0 * largest_radius(spec) / width)) + 1));
}

}  // namespace

int phase_field_nodes(const PhaseFieldSpec& spec) {
  const double asked = spec.parameters.node_spacing.si();
  const double width = narrowest_interface(spec);
  const double spacing = asked > 0.0 ? asked : 0.5 * width;
  if (spacing == 0.0) return fewest_nodes;
  const double wanted = std::ceil(largest_radius(spec) / spacing - 1e-9) + 1.0;
  if (!(wanted <= most_nodes)) {
    throw InputError(fmt::format(
        "phase field: a spacing of {:.3g} nm over a particle of {:.4g} nm needs {:.0f} nodes; at most {} are accepted. "
        "The model is for particles below some micrometres: take a Fick model with law = \"anatase_plateau\"",
        spacing * 1e9, largest_radius(spec) * 1e9, wanted, most_nodes));
  }
  return std::max(asked > 0.0 ? 3 : fewest_nodes, static_cast<int>(wanted));
}

PhaseFieldModel::PhaseFieldModel(PhaseFieldSpec spec) : spec_(std::move(spec)) {
  check(spec_);
  nodes_ = spec_.nodes > 0 ? spec_.nodes : phase_field_nodes(spec_);
  require_resolved(spec_, nodes_);
  width_ = spec_.particles.size() == 1 ? 1 : phase_field::widest_block;
  make_mesh();
  make_blocks();
}

void PhaseFieldModel::make_mesh() {
  const int m = sim::dimension_of(spec_.geometry);
  const double intervals = nodes_ - 1;
  const auto face = [&](int k) { return (k + 0.5) / intervals; };  // between k and k+1
  for (int k = 0; k < nodes_; ++k) {
    const double inner = k > 0 ? face(k - 1) : 0.0;
    const double outer = k + 1 < nodes_ ? face(k) : 1.0;
    volume_.push_back((std::pow(outer, m) - std::pow(inner, m)) / m);
    if (k + 1 < nodes_) conductance_.push_back(std::pow(face(k), m - 1) * intervals);
  }
}

void PhaseFieldModel::make_blocks() {
  const PhaseFieldParameters& p = spec_.parameters;
  const double kT = constants::boltzmann * spec_.temperature;
  const double rho = site_density(spec_);
  const auto width = static_cast<std::size_t>(width_);
  blocks_.resize((spec_.particles.size() + width - 1) / width);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    phase_field::BlockConstants& c = blocks_[b];
    c.nodes = nodes_;
    c.dimension = sim::dimension_of(spec_.geometry);
    c.volume = volume_.data();
    c.conductance = conductance_.data();
    c.f = constants::faraday / (constants::gas * spec_.temperature);
    c.alpha = spec_.alpha;
    c.coupling = spec_.lattices == 2 ? p.coupling : 0.0;
    c.coherent = p.coherency.si() > 0.0;
    for (std::size_t l = 0; l < width; ++l) {
      const std::size_t at = std::min(b * width + l, spec_.particles.size() - 1);
      const bool padding = at != b * width + l;
      const PhaseFieldParticle& particle = spec_.particles[at];
      const double R = particle.radius;
      c.coherency[l] = p.coherency.si() / (rho * kT);
      c.kappa[l] = p.kappa.si() / (rho * kT * R * R);
      for (int i = 0; i < spec_.lattices; ++i) {
        const SublatticeConstants& lattice = spec_.lattice[static_cast<std::size_t>(i)];
        c.omega[i][l] = interaction_of(p, i, 2.0 * R);
        c.rate[i][l] = padding ? 0.0 : R * lattice.k0 * particle.wetted_fraction / lattice.D;
      }
      // ex = -κ lap with lap = (g - G Δy)/V: the surface gradient g = -R γ'/κ adds κ-free terms. Face area is 1.
      const double per_energy = R * c.kappa[l] / volume_.back();
      if (p.wetting == WettingKind::energy && p.kappa.si() > 0.0) {
        c.wetting[l] = per_energy * p.wetting_energy.si() / p.kappa.si();
      } else if (p.wetting == WettingKind::filling) {
        c.wetting[l] = -per_energy * p.wetting_filling / p.wetting_length.si();
        c.wetting_slope[l] = per_energy / p.wetting_length.si();
      }
    }
  }
}

double PhaseFieldModel::interaction(std::size_t particle, int lattice) const {
  return interaction_of(spec_.parameters, lattice, 2.0 * spec_.particles.at(particle).radius);
}

std::size_t PhaseFieldModel::index(std::size_t particle, int node, int lattice) const {
  const auto width = static_cast<std::size_t>(width_);
  const auto lattices = static_cast<std::size_t>(spec_.lattices);
  const std::size_t row = static_cast<std::size_t>(node) * lattices + static_cast<std::size_t>(lattice);
  return (particle / width * static_cast<std::size_t>(rows()) + row) * width + particle % width;
}

PhaseFieldState PhaseFieldModel::rest(double filling, double second_filling, double p) const {
  require(filling, 0.0, 1.0, "initial filling", "1");
  require(second_filling, 0.0, 1.0, "initial filling of the second lattice", "1");
  const auto inside = [](double y) { return std::clamp(y, nearest_to_empty, 1.0 - nearest_to_empty); };
  PhaseFieldState state;
  state.y.assign(lanes() * static_cast<std::size_t>(rows()), inside(filling));
  if (spec_.lattices == 2) {
    const auto width = static_cast<std::size_t>(width_);
    for (std::size_t n = 0; n < state.y.size(); ++n) {
      if ((n / width) % 2 == 1) state.y[n] = inside(second_filling);
    }
  }
  state.before = state.y;
  state.curvature.assign(state.y.size(), 0.0);
  state.potential.assign(lanes(), p);
  state.last_step.assign(lanes(), 0.0);
  state.next_step.assign(lanes(), 1e300);
  state.last_exchange.assign(lanes(), 0.0);
  return state;
}

double PhaseFieldModel::mean(const PhaseFieldState& state, std::size_t particle, int lattice) const {
  double sum = 0.0;
  for (int k = 0; k < nodes_; ++k) {
    sum += volume_[static_cast<std::size_t>(k)] * state.y[index(particle, k, lattice)];
  }
  return sum * sim::dimension_of(spec_.geometry);
}

std::vector<double> PhaseFieldModel::profile(const PhaseFieldState& state, std::size_t particle, int lattice) const {
  if (particle >= particles() || lattice < 0 || lattice >= spec_.lattices) {
    throw InputError(fmt::format("phase field: lattice {} of particle {}; there are {} particles with {} lattices each",
                                 lattice, particle, particles(), spec_.lattices));
  }
  std::vector<double> y;
  for (int k = 0; k < nodes_; ++k) y.push_back(state.y[index(particle, k, lattice)]);
  return y;
}

void PhaseFieldModel::set_profile(PhaseFieldState& state, std::size_t particle, int lattice,
                                  std::span<const double> y) const {
  if (y.size() != static_cast<std::size_t>(nodes_) || particle >= particles() || lattice >= spec_.lattices) {
    throw InputError(fmt::format("phase field: a profile of {} values for {} nodes", y.size(), nodes_));
  }
  for (int k = 0; k < nodes_; ++k) {
    const double value = y[static_cast<std::size_t>(k)];
    if (!(value > 0.0 && value < 1.0)) {
      throw InputError(fmt::format("phase field: y = {:.6g} at node {}; between 0 and 1, exclusive", value, k));
    }
    state.y[index(particle, k, lattice)] = state.before[index(particle, k, lattice)] = value;
  }
  state.last_step[particle] = 0.0;
  state.next_step[particle] = 1e300;
}

std::vector<double> PhaseFieldModel::chemical_potential(const PhaseFieldState& state, std::size_t particle,
                                                        int lattice) const {
  const std::vector<double> y = profile(state, particle, lattice);
  const auto width = static_cast<std::size_t>(width_);
  const phase_field::BlockConstants& c = blocks_[particle / width];
  const std::size_t l = particle % width;
  const double average = mean(state, particle, lattice);
  std::vector<double> mu;
  for (std::size_t k = 0; k < y.size(); ++k) {
    const double in = k > 0 ? conductance_[k - 1] * (y[k] - y[k - 1]) : 0.0;
    const double out = k + 1 < y.size() ? conductance_[k] * (y[k + 1] - y[k]) : 0.0;
    double value = regular_solution_potential(c.omega[lattice][l], y[k]) - c.kappa[l] * (out - in) / volume_[k] +
                   c.coherency[l] * (y[k] - average);
    if (k + 1 == y.size()) value += c.wetting[l] + c.wetting_slope[l] * y[k];
    if (spec_.lattices == 2) value += c.coupling * state.y[index(particle, static_cast<int>(k), 1 - lattice)];
    mu.push_back(value);
  }
  return mu;
}

double PhaseFieldModel::free_energy(const PhaseFieldState& state, std::size_t particle) const {
  const auto width = static_cast<std::size_t>(width_);
  const phase_field::BlockConstants& c = blocks_[particle / width];
  const std::size_t l = particle % width;
  double sum = 0.0;
  for (int i = 0; i < spec_.lattices; ++i) {
    const std::vector<double> y = profile(state, particle, i);
    const double average = mean(state, particle, i);
    for (std::size_t k = 0; k < y.size(); ++k) {
      const double mixing = y[k] * std::log(y[k]) + (1.0 - y[k]) * std::log1p(-y[k]);
      const double deviation = y[k] - average;
      sum += volume_[k] * (mixing + c.omega[i][l] * y[k] * (1.0 - y[k]) + 0.5 * c.coherency[l] * deviation * deviation);
      if (k + 1 < y.size()) sum += 0.5 * c.kappa[l] * conductance_[k] * (y[k + 1] - y[k]) * (y[k + 1] - y[k]);
      if (i == 1) sum += volume_[k] * c.coupling * y[k] * state.y[index(particle, static_cast<int>(k), 0)];
    }
    sum += volume_.back() * (c.wetting[l] + 0.5 * c.wetting_slope[l] * y.back()) * y.back();
  }
  return sum * c.dimension;
}

}  // namespace seccm::models
