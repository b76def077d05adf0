#include "models/reference/phase_field_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/reference/formal_rate.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double purest_at_rest = 1e-12;  // as the model's: fillings start this far from 0 and 1

/// B(x) = x/(e^x - 1) and its slope.
struct JumpWeight {
  double value = 0.0, slope = 0.0;
};
JumpWeight jump_weight(double x) {
  if (std::abs(x) < 1e-2) {  // the next terms are x⁶/30240 and x⁵/5040: below 1e-14
    const double x2 = x * x;
    return {1.0 - 0.5 * x + x2 / 12.0 - x2 * x2 / 720.0, -0.5 + x / 6.0 - x * x2 / 180.0};
  }
  const double inverse = 1.0 / std::expm1(std::min(x, largest_exponent));
  return {x * inverse, (1.0 - x * inverse - x) * inverse};
}

}  // namespace

PhaseFieldLaws::PhaseFieldLaws(const CellSpec& cell, int given_nodes) : spec(phase_field_of(cell)) {
  spec.nodes = given_nodes;
  const PhaseFieldModel model(spec);  // checks
  nodes = static_cast<std::size_t>(model.nodes());
  f = constants::faraday / (constants::gas * spec.temperature);
  site_energy = spec.c_max * constants::gas * spec.temperature;
  const int m = sim::dimension_of(spec.geometry);
  const double spacing = 1.0 / static_cast<double>(nodes - 1);
  for (std::size_t k = 0; k < nodes; ++k) {
    const double inner = k > 0 ? (static_cast<double>(k) - 0.5) * spacing : 0.0;
    const double outer = k + 1 < nodes ? (static_cast<double>(k) + 0.5) * spacing : 1.0;
    volume.push_back((std::pow(outer, m) - std::pow(inner, m)) / m);
    if (k + 1 < nodes) conductance.push_back(std::pow(outer, m - 1) / spacing);
  }
}

PhaseFieldBlock::PhaseFieldBlock(std::shared_ptr<const PhaseFieldLaws> laws, std::size_t particle, double area,
                                 std::array<double, 2> units, Unknowns& unknowns)
    : laws_(std::move(laws)),
      particle_(particle),
      radius_(laws_->spec.particles[particle].radius),
      wetted_(laws_->spec.particles[particle].wetted_fraction),
      units_(units),
      lattices_(static_cast<std::size_t>(laws_->spec.lattices)) {
  const PhaseFieldSpec& spec = laws_->spec;
  const PhaseFieldParameters& p = spec.parameters;
  kappa_ = p.kappa.si() / (laws_->site_energy * radius_ * radius_);
  coherency_ = p.coherency.si() / laws_->site_energy;
  coupling_ = lattices_ == 2 ? p.coupling : 0.0;
  // The gradient at the surface enters lap as R dy/dn/V: -κ/(ρ kT R²) R dy/dn/V.
  const double per_gradient = -kappa_ * radius_ / laws_->volume.back();
  if (p.wetting == WettingKind::energy && p.kappa.si() > 0.0) {
    wetting_ = -per_gradient * p.wetting_energy.si() / p.kappa.si();
  } else if (p.wetting == WettingKind::filling) {
    wetting_ = per_gradient * p.wetting_filling / p.wetting_length.si();
    wetting_slope_ = -per_gradient / p.wetting_length.si();
  }
  first_ = unknowns.append(nodes() * lattices_, true);
  flux_ = unknowns.append(lattices_, false);
  for (std::size_t i = 0; i < lattices_; ++i) {
    omega_[i] = interaction_of(p, static_cast<int>(i), 2.0 * radius_);
    fluxes_.push_back({flux_ + i, constants::faraday * spec.c_max * area * units_[i]});
  }
}

double PhaseFieldBlock::rate_of(std::size_t node, std::size_t lattice) const {
  return laws_->spec.lattice[lattice].D / (radius_ * radius_ * laws_->volume[node]);
}

PhaseFieldBlock::ExcessSlopes PhaseFieldBlock::slopes(std::size_t node, std::size_t lattice) const {
  const double per_volume = kappa_ / laws_->volume[node];
  const double inner = node > 0 ? laws_->conductance[node - 1] * per_volume : 0.0;
  const double outer = node + 1 < nodes() ? laws_->conductance[node] * per_volume : 0.0;
  const double wetting = node + 1 == nodes() ? wetting_slope_ : 0.0;
  return {-inner, coherency_ - 2.0 * omega_[lattice] + inner + outer + wetting, -outer};
}

double PhaseFieldBlock::excess(std::span<const double> u, std::size_t node, std::size_t lattice) const {
  const ExcessSlopes s = slopes(node, lattice);
  double ex = s.own * u[at(node, lattice)];
  if (node > 0) ex += s.below * u[at(node - 1, lattice)];
  if (node + 1 < nodes()) ex += s.above * u[at(node + 1, lattice)];
  if (node + 1 == nodes()) ex += wetting_;
  if (lattices_ == 2) ex += coupling_ * u[at(node, 1 - lattice)];
  return ex;
}

PhaseFieldBlock::Face PhaseFieldBlock::face(std::span<const double> u, std::size_t node, std::size_t lattice) const {
  const double first = u[at(node, lattice)];
  const double second = u[at(node + 1, lattice)];
  const double drop = excess(u, node + 1, lattice) - excess(u, node, lattice);
  const double G = laws_->conductance[node];
  const JumpWeight B = jump_weight(drop);
  return {.flux = -G * (B.value * (second - first) + drop * second * (1.0 - first)),
          .by_first = G * (B.value + drop * second),
          .by_second = -G * (B.value + drop * (1.0 - first)),
          .by_drop = -G * (B.slope * (second - first) + second * (1.0 - first))};
}

double PhaseFieldBlock::mean(std::span<const double> u, std::size_t lattice) const {
  double sum = 0.0;
  for (std::size_t k = 0; k < nodes(); ++k) sum += laws_->volume[k] * u[at(k, lattice)];
  return sum * sim::dimension_of(laws_->spec.geometry);
}

double PhaseFieldBlock::surface_excess(std::span<const double> u, std::size_t lattice) const {
  const double whole = coherency_ > 0.0 ? coherency_ * mean(u, lattice) : 0.0;
  return excess(u, nodes() - 1, lattice) + omega_[lattice] - whole;
}

void PhaseFieldBlock::rows(const Around& around, std::span<const double> u, std::span<const double> du,
                           std::span<double> r) const {
  for (std::size_t i = 0; i < lattices_; ++i) {
    const SublatticeConstants& lattice = laws_->spec.lattice[i];
    const double q = units_[i] * u[flux_ + i];
    double inner = 0.0;
    for (std::size_t k = 0; k < nodes(); ++k) {
      const double outer = k + 1 < nodes() ? face(u, k, i).flux : radius_ / lattice.D * q;
      r[at(k, i)] = du[at(k, i)] + rate_of(k, i) * (outer - inner);
      inner = outer;
    }
    const double k0 = lattice.k0 * wetted_;
    if (k0 == 0.0) {
      r[flux_ + i] = u[flux_ + i];
      continue;
    }
    const double mu = surface_excess(u, i);
    const double Z = laws_->f * (around.p - lattice.E_p) + mu;
    const FormalRate rate = butler_volmer_rate(k0, laws_->spec.alpha, Z, around.activity.log);
    r[flux_ + i] = u[at(nodes() - 1, i)] - rate.formal - q * safe_exp(-laws_->spec.alpha * mu) * rate.lag;
  }
}

void PhaseFieldBlock::face_entries(JacobianAssembler& jacobian, std::span<const double> u, std::size_t node,
                                   std::size_t lattice) const {
  const Face f = face(u, node, lattice);
  const ExcessSlopes a = slopes(node, lattice);
  const ExcessSlopes b = slopes(node + 1, lattice);
  const double inner = rate_of(node, lattice);
  const double outer = rate_of(node + 1, lattice);
  const auto add = [&](std::size_t column, double slope) {
    jacobian.add(at(node, lattice), column, inner * slope);
    jacobian.add(at(node + 1, lattice), column, -outer * slope);
  };
  if (node > 0) add(at(node - 1, lattice), -f.by_drop * a.below);
  add(at(node, lattice), f.by_first + f.by_drop * (b.below - a.own));
  add(at(node + 1, lattice), f.by_second + f.by_drop * (b.own - a.above));
  if (node + 2 < nodes()) add(at(node + 2, lattice), f.by_drop * b.above);
  if (lattices_ == 1) return;
  add(at(node, 1 - lattice), -f.by_drop * coupling_);
  add(at(node + 1, 1 - lattice), f.by_drop * coupling_);
}

void PhaseFieldBlock::reaction_entries(JacobianAssembler& jacobian, const Around& around, std::span<const double> u,
                                       std::size_t lattice) const {
  const PhaseFieldSpec& spec = laws_->spec;
  const SublatticeConstants& constants = spec.lattice[lattice];
  const std::size_t last = nodes() - 1;
  const std::size_t row = flux_ + lattice;
  jacobian.add(at(last, lattice), row, rate_of(last, lattice) * radius_ / constants.D * units_[lattice]);
  const double k0 = constants.k0 * wetted_;
  if (k0 == 0.0) {
    jacobian.add(row, row, 1.0);
    return;
  }
  const double mu = surface_excess(u, lattice);
  const double Z = laws_->f * (around.p - constants.E_p) + mu;
  const FormalRate rate = butler_volmer_rate(k0, spec.alpha, Z, around.activity.log);
  const double weight = safe_exp(-spec.alpha * mu);
  const double q = units_[lattice] * u[row] * weight;
  const double by_mu = rate.by_z(q) + spec.alpha * q * rate.lag;
  const ExcessSlopes s = slopes(last, lattice);
  jacobian.add(row, row, -units_[lattice] * weight * rate.lag);
  jacobian.add(row, at(last, lattice), 1.0 + by_mu * s.own);
  jacobian.add(row, at(last - 1, lattice), by_mu * s.below);
  if (lattices_ == 2) jacobian.add(row, at(last, 1 - lattice), by_mu * coupling_);
  if (coherency_ > 0.0) {
    const double m = sim::dimension_of(spec.geometry);
    for (std::size_t k = 0; k <= last; ++k) {
      jacobian.add(row, at(k, lattice), -by_mu * coherency_ * m * laws_->volume[k]);
    }
  }
  jacobian.add(row, around.potential.unknown, rate.by_z(q) * laws_->f * around.potential.slope);
  if (const auto& salt = around.activity.column) jacobian.add(row, salt->unknown, rate.by_salt(q) * salt->slope);
}

void PhaseFieldBlock::entries(JacobianAssembler& jacobian, const Around& around, std::span<const double> u) const {
  for (std::size_t i = 0; i < lattices_; ++i) {
    for (std::size_t k = 0; k < nodes(); ++k) {
      jacobian.add(at(k, i), at(k, i), 0.0, 1.0);
      if (k + 1 < nodes()) face_entries(jacobian, u, k, i);
    }
    reaction_entries(jacobian, around, u, i);
  }
}

double PhaseFieldBlock::filling(std::span<const double> u) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < lattices_; ++i) sum += mean(u, i);
  return sum;
}

void PhaseFieldBlock::rest(double filling, std::span<double> u) const {
  for (std::size_t k = 0; k < nodes(); ++k) {
    u[at(k, 0)] = std::clamp(filling, purest_at_rest, 1.0 - purest_at_rest);
    if (lattices_ == 2) u[at(k, 1)] = purest_at_rest;
  }
}

std::optional<std::string> PhaseFieldBlock::name(std::size_t unknown) const {
  if (unknown < first_ || unknown >= flux_ + lattices_) return std::nullopt;
  const std::size_t k = particle_ + 1;
  if (unknown >= flux_) return fmt::format("the flux of particle {} (sublattice {})", k, unknown - flux_ + 1);
  const std::size_t j = unknown - first_;
  return fmt::format("the filling of node {} of particle {} (sublattice {})", j / lattices_ + 1, k, j % lattices_ + 1);
}

}  // namespace seccm::models
