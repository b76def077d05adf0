#include "models/reference/fick_block.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/bracketed_root.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
FickLaws::FickLaws(const CellSpec& spec, const sim::RadialMesh& radial)
    : material(spec.material),
      mesh(radial),
      dimension(sim::dimension_of(spec.geometry)),
      f(constants::faraday / (constants::gas * spec.temperature)) {
  if (depends_on_filling(material.diffusion)) diffusivity = std::make_unique<const VariableDiffusivity>(material);
  if (material.kinetics == KineticsKind::marcus_hush_chidsey) {
    marcus = std::make_unique<const MarcusHushChidsey>(material.reorganisation_energy.si() /
                                                       (constants::boltzmann * spec.temperature));
  }
}

FickBlock::FickBlock(std::shared_ptr<const FickLaws> laws, const FickLattice& lattice, Unknowns& unknowns)
    : laws_(std::move(laws)),
      lattice_(lattice),
      isotherm_(lattice.second ? BranchedIsotherm() : BranchedIsotherm(laws_->material)),
      cells_(static_cast<std::size_t>(laws_->mesh.cells())) {
  const MaterialParameters& material = laws_->material;
  const double charge = constants::faraday * material.c_max.si();
  first_ = unknowns.append(cells_, true);
  surface_ = unknowns.append(1, false);
  flux_ = unknowns.append(1, false);
  k_ = (lattice.second ? material.second_k0 : material.k0).si() * lattice.wetted_fraction;
  if (lattice.wetted_fraction > 0.0) film_ = charge * material.film_resistance.si() / lattice.wetted_fraction;
  fluxes_ = {{flux_, charge * lattice.area * lattice.unit}};
}

Diffusion FickBlock::diffusion(double y, bool intercalating) const {
  const MaterialParameters& material = laws_->material;
  double D = material.D.si();
  if (lattice_.second) {
    D = material.second_D.si();
  } else if (laws_->diffusivity) {
    return laws_->diffusivity->at(y);
  } else if (material.diffusion == DiffusionKind::per_direction) {
    D = (intercalating ? material.D_intercalation : material.D_deintercalation).si();
  }
  return {D, D * y};
}

FormalRate FickBlock::rate(double z, double log_activity) const {
  if (laws_->marcus) return marcus_rate(*laws_->marcus, k_, z, log_activity);
  return butler_volmer_rate(k_, laws_->material.alpha, z, log_activity);
}

double FickBlock::overpotential(double p, double q, double w) const {
  const double E0 = (lattice_.second ? laws_->material.second_E0 : laws_->material.E0).si();
  return laws_->f * (p - film_ * q - E0) - w;
}

void FickBlock::rows(const Around& around, std::span<const double> u, std::span<const double> du,
                     std::span<double> r) const {
  const double* y = u.data() + first_;
  const double* dy = du.data() + first_;
  double* row = r.data() + first_;
  const sim::RadialMesh& mesh = laws_->mesh;
  const double R = lattice_.radius;
  const double y_s = u[surface_];
  const double q = lattice_.unit * u[flux_];
  double from_within = 0.0;
  double here = diffusion(y[0], around.intercalating).integral;
  double before = here;
  for (std::size_t j = 0; j < cells_; ++j) {
    const double next = j + 1 < cells_ ? diffusion(y[j + 1], around.intercalating).integral : 0.0;
    const double outwards = j + 1 < cells_ ? mesh.conductance()[j + 1] * (next - here) : -q * R;
    row[j] = dy[j] - (outwards - from_within) / (R * R * mesh.volume()[j]);
    from_within = outwards;
    if (j + 1 < cells_) {
      before = here;
      here = next;
    }
  }
  r[surface_] =
      surface_scale(around.intercalating) * (diffusion(y_s, around.intercalating).integral - here -
                                             mesh.inner_weight() * (here - before) + mesh.slope_weight() * q * R);
  if (k_ == 0.0) {
    r[flux_] = u[flux_];
    return;
  }
  const FormalRate reaction = rate(overpotential(around.p, q, isotherm_.excess(y_s).value), around.activity.log);
  r[flux_] = y_s - reaction.formal - q * reaction.lag;
}

void FickBlock::entries(JacobianAssembler& jacobian, const Around& around, std::span<const double> u) const {
  const double* y = u.data() + first_;
  const sim::RadialMesh& mesh = laws_->mesh;
  const double R = lattice_.radius;
  const auto D = [&](double filling) { return diffusion(filling, around.intercalating).value; };
  for (std::size_t j = 0; j < cells_; ++j) {
    const double share = 1.0 / (R * R * mesh.volume()[j]);
    const double within = mesh.conductance()[j];
    const double outside = j + 1 < cells_ ? mesh.conductance()[j + 1] : 0.0;
    if (j > 0) jacobian.add(first_ + j, first_ + j - 1, -share * within * D(y[j - 1]));
    jacobian.add(first_ + j, first_ + j, share * (within + outside) * D(y[j]), 1.0);
    if (j + 1 < cells_) jacobian.add(first_ + j, first_ + j + 1, -share * outside * D(y[j + 1]));
  }
  jacobian.add(surface_ - 1, flux_, lattice_.unit / (R * mesh.volume()[cells_ - 1]));
  const double scale = surface_scale(around.intercalating);
  const double w = mesh.inner_weight();
  const double y_s = u[surface_];
  const double q = lattice_.unit * u[flux_];
  jacobian.add(surface_, surface_, scale * D(y_s));
  jacobian.add(surface_, surface_ - 1, -scale * (1.0 + w) * D(y[cells_ - 1]));
  jacobian.add(surface_, surface_ - 2, scale * w * D(y[cells_ - 2]));
  jacobian.add(surface_, flux_, scale * mesh.slope_weight() * lattice_.unit * R);
  if (k_ == 0.0) {
    jacobian.add(flux_, flux_, 1.0);
    return;
  }
  const Excess w_excess = isotherm_.excess(y_s);
  const FormalRate reaction = rate(overpotential(around.p, q, w_excess.value), around.activity.log);
  const double by_z = reaction.by_z(q);
  jacobian.add(flux_, surface_, 1.0 - by_z * w_excess.slope);
  jacobian.add(flux_, flux_, lattice_.unit * (-reaction.lag - by_z * laws_->f * film_));
  jacobian.add(flux_, around.potential.unknown, by_z * laws_->f * around.potential.slope);
  if (const auto& salt = around.activity.column) {
    jacobian.add(flux_, salt->unknown, reaction.by_salt(q) * salt->slope);
  }
}

std::vector<UnknownColumn> FickBlock::outflow(bool intercalating) const {
  // What the flux of the electrode does to the same two rows, of D that does not depend on y.
  const sim::RadialMesh& mesh = laws_->mesh;
  const double R = lattice_.radius;
  return {{surface_ - 1, 1.0 / (R * mesh.volume()[cells_ - 1])},
          {surface_, surface_scale(intercalating) * mesh.slope_weight() * R}};
}

double FickBlock::filling(std::span<const double> u) const {
  double sum = 0.0;
  for (std::size_t j = 0; j < cells_; ++j) sum += laws_->mesh.volume()[j] * u[first_ + j];
  return sum * laws_->dimension;
}

void FickBlock::rest(double filling, std::span<double> u) const {
  for (std::size_t j = 0; j <= cells_; ++j) u[first_ + j] = lattice_.second ? 0.0 : filling;
}

void FickBlock::settle_surface(const Around& around, std::span<double> u) const {
  const sim::RadialMesh& mesh = laws_->mesh;
  const auto integral = [&](double y) { return diffusion(y, around.intercalating).integral; };
  const double here = integral(u[surface_ - 1]);
  const double level = here + mesh.inner_weight() * (here - integral(u[surface_ - 2]));
  const auto flux_at = [&](double y) {
    return k_ == 0.0 ? 0.0 : (level - integral(y)) / (mesh.slope_weight() * lattice_.radius);
  };
  const auto left = [&](double y) {
    if (k_ == 0.0) return level - integral(y);
    const double q = flux_at(y);
    const FormalRate reaction = rate(overpotential(around.p, q, isotherm_.excess(y).value), around.activity.log);
    return q * reaction.lag - y + reaction.formal;
  };
  u[surface_] = sim::bracketed_root(left, 0.0, 1.0, 1e-14);
  u[flux_] = flux_at(u[surface_]) / lattice_.unit;
}

std::optional<std::string> FickBlock::name(std::size_t unknown) const {
  if (unknown < first_ || unknown > flux_) return std::nullopt;
  const char* which = lattice_.second ? "second" : "first";
  const std::size_t k = lattice_.particle + 1;
  if (unknown == surface_) return fmt::format("the surface filling of particle {} ({} lattice)", k, which);
  if (unknown == flux_) return fmt::format("the flux of particle {} ({} lattice)", k, which);
  return fmt::format("the filling of shell {} of particle {} ({} lattice)", unknown - first_ + 1, k, which);
}

void FickBlock::event(std::span<const double> u, std::span<double> g) const {
  isotherm_.event(u[surface_], g);
}

bool FickBlock::settle_branch(std::span<const double> u) {
  return isotherm_.settle(u[surface_]);
}

void FickBlock::follow_branch(const HostBlock& other) {
  if (const auto* lattice = dynamic_cast<const FickBlock*>(&other)) isotherm_.follow(lattice->isotherm_);
}

}  // namespace seccm::models
