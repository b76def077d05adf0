#include "models/particle/phase_field_host.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/error.hpp"

namespace seccm::models {

PhaseFieldHost::PhaseFieldHost(PhaseFieldSpec spec, std::span<const double> area) : model_(std::move(spec)) {
  if (area.size() != model_.particles()) {
    throw InputError(fmt::format("phase field: {} areas for {} particles", area.size(), model_.particles()));
  }
  full_charge_.assign(model_.lanes(), 0.0);
  const double m = sim::dimension_of(model_.spec().geometry);
  for (std::size_t i = 0; i < area.size(); ++i) {
    const double volume = area[i] * model_.spec().particles[i].radius / m;
    full_charge_[i] = constants::faraday * model_.spec().c_max * volume;
  }
}

PhaseFieldHost::State PhaseFieldHost::rest(double filling, double E_vs_Li) const {
  State state;
  state.particles = model_.rest(filling, 0.0, E_vs_Li);
  state.exchange.assign(model_.lanes(), 0.0);
  return state;
}

double PhaseFieldHost::lithium(const State& state, std::size_t particle) const {
  double y = 0.0;
  for (int i = 0; i < model_.spec().lattices; ++i) y += model_.mean(state.particles, particle, i);
  return full_charge_[particle] / constants::faraday * y;
}

double PhaseFieldHost::capacity(std::size_t particle) const {
  return full_charge_[particle] / constants::faraday * model_.spec().lattices;
}

PhaseFieldHostSolver::PhaseFieldHostSolver(const PhaseFieldHost& host) : host_(&host), integrator_(host.model()) {}

void PhaseFieldHostSolver::begin(const PhaseFieldHost::State& state, const PhaseFieldHost::Step& step) {
  from_ = &state;
  step_ = step;
  integrator_.begin(state.particles, step.time, step.dt, step.electrolyte_activity, step.scheme.before == 0.0);
}

double PhaseFieldHostSolver::current_of(std::size_t lane) const {
  const double change = step_.scheme.now * integrator_.filled()[lane] - step_.scheme.before * from_->exchange[lane];
  return -host_->full_charge()[lane] * change / step_.dt;
}

void PhaseFieldHostSolver::linearise(std::span<const double> p, std::span<double> current,
                                     std::span<double> conductance) {
  integrator_.run(p);
  for (std::size_t lane = 0; lane < p.size(); ++lane) {
    current[lane] += current_of(lane);
    conductance[lane] -= host_->full_charge()[lane] * step_.scheme.now * integrator_.slope()[lane] / step_.dt;
  }
}

double PhaseFieldHostSolver::accept(PhaseFieldHost::State& state) {
  double sum = 0.0;
  for (std::size_t lane = 0; lane < state.exchange.size(); ++lane) sum += current_of(lane);
  std::copy(integrator_.filled().begin(), integrator_.filled().end(), state.exchange.begin());
  integrator_.accept(state.particles);
  return sum;
}

}  // namespace seccm::models
