#include "models/particle/phase_field_host.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/particle/phase_field_integrator.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double purest = 1e-12;  // fillings at rest stay this far from 0 and 1

class PhaseFieldHostSolver final : public HostSolver {
 public:
  explicit PhaseFieldHostSolver(const PhaseFieldHost& host) : host_(&host), integrator_(host.model()) {}

  void begin(HostState& state, const StepContext& context) override {
    from_ = &std::get<PhaseFieldHostState>(state);
    context_ = context;
    integrator_.begin(from_->particles, context.time, context.dt, context.electrolyte_activity, !context.has_history());
  }

  void linearise(std::span<const double> p, std::span<double> current, std::span<double> conductance) override {
    integrator_.run(p);
    for (std::size_t lane = 0; lane < p.size(); ++lane) {
      current[lane] += current_of(lane);
      conductance[lane] -= host_->full_charge()[lane] * context_.scheme.now * integrator_.slope()[lane] / context_.dt;
    }
  }

  double update(std::span<const double> dp, double /*limit*/) override {
    integrator_.move(dp);
    return 0.0;
  }

  double accept(HostState& state) override {
    auto& to = std::get<PhaseFieldHostState>(state);
    double sum = 0.0;
    for (std::size_t lane = 0; lane < to.filled.size(); ++lane) {
      sum += current_of(lane);
      to.before[lane] = to.filled[lane];
      to.filled[lane] += integrator_.filled()[lane];
    }
    integrator_.accept(to.particles);
    return sum;
  }

  [[nodiscard]] std::span<const double> surface() const override { return integrator_.surface(); }
  [[nodiscard]] bool one_pass() const override { return true; }

 private:
  [[nodiscard]] double current_of(std::size_t lane) const {
    const sim::StepScheme& scheme = context_.scheme;
    const double filled = from_->filled[lane];
    const double change =
        scheme.now * (filled + integrator_.filled()[lane]) + scheme.last * filled + scheme.before * from_->before[lane];
    return -host_->full_charge()[lane] * change / context_.dt;
  }

  const PhaseFieldHost* host_;
  PhaseFieldIntegrator integrator_;
  const PhaseFieldHostState* from_ = nullptr;
  StepContext context_;
};

}  // namespace

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

HostState PhaseFieldHost::rest(std::span<const double> filling, double E_vs_Li) const {
  PhaseFieldHostState state;
  state.particles = model_.rest(filling.front(), 0.0, E_vs_Li);
  const auto nodes = static_cast<std::size_t>(model_.nodes());
  for (std::size_t i = 1; i < filling.size(); ++i) {
    if (filling[i] == filling.front()) continue;
    const std::vector<double> uniform(nodes, std::clamp(filling[i], purest, 1.0 - purest));
    model_.set_profile(state.particles, i, 0, uniform);
  }
  state.filled.assign(model_.lanes(), 0.0);
  state.before = state.filled;
  return state;
}

bool PhaseFieldHost::fits(const HostState& state) const {
  const auto* phases = std::get_if<PhaseFieldHostState>(&state);
  const auto size = model_.lanes() * static_cast<std::size_t>(model_.rows());
  return phases != nullptr && phases->filled.size() == model_.lanes() && phases->particles.y.size() == size;
}

double PhaseFieldHost::mean(const HostState& state, std::size_t particle, int lattice) const {
  return model_.mean(std::get<PhaseFieldHostState>(state).particles, particle, lattice);
}

double PhaseFieldHost::surface(const HostState& state, std::size_t particle) const {
  return std::get<PhaseFieldHostState>(state).particles.y[model_.index(particle, model_.nodes() - 1, 0)];
}

std::vector<double> PhaseFieldHost::profile(const HostState& state, std::size_t particle) const {
  return model_.profile(std::get<PhaseFieldHostState>(state).particles, particle, 0);
}

std::unique_ptr<HostSolver> PhaseFieldHost::solver() const {
  return std::make_unique<PhaseFieldHostSolver>(*this);
}

}  // namespace seccm::models
