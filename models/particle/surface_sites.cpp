#include "models/particle/surface_sites.hpp"

namespace seccm::models {
namespace {

// "In equilibrium at all times": the exchange per step is this many times the capacity.
constexpr double fast_exchange = 1e12;

class SurfaceSitesSolver final : public HostSolver {
 public:
  explicit SurfaceSitesSolver(const SurfaceSitesSpec& spec) : spec_(&spec) {
    for (auto* values : {&y_, &start_, &a_, &B_, &k_, &dy0_, &dyp_, &flux_}) values->assign(spec.charge.size(), 0.0);
  }

  void begin(HostState& state, const StepContext& context) override {
    const auto& sites = std::get<RadialState>(state);
    const sim::StepScheme& scheme = context.scheme;
    const double k = spec_->rate > 0.0 ? spec_->rate : fast_exchange * scheme.now / context.dt;
    activity_ = context.electrolyte_activity;
    for (std::size_t l = 0; l < y_.size(); ++l) {
      y_[l] = sites.filling[l];
      a_[l] = -(scheme.last * sites.filling[l] + scheme.before * sites.before[l]) / scheme.now;
      B_[l] = -context.dt / scheme.now;
      k_[l] = k;
    }
    start_ = y_;
  }

  void linearise(std::span<const double> p, std::span<double> current, std::span<double> conductance) override {
    spec_->reaction.linearise(exchange(), p.data(), current.data(), conductance.data());
  }
  double update(std::span<const double> dp, double limit) override {
    return update_surface(exchange(), dp.data(), limit, 1.0);
  }
  double accept(HostState& state) override {
    auto& sites = std::get<RadialState>(state);
    sites.before.swap(sites.filling);
    sites.filling = y_;
    sites.surface = y_;
    return surface_fluxes(exchange(), flux_.data());
  }

  [[nodiscard]] std::span<const double> surface() const override { return y_; }
  [[nodiscard]] bool one_pass() const override { return spec_->reaction.linear(); }
  [[nodiscard]] bool can_bracket() const override { return true; }

  double current_at(std::size_t lane, double p) override {
    bracket_surface(spec_->reaction, exchange(), lane, p);
    return spec_->charge[lane] * (y_[lane] - a_[lane]) / B_[lane];
  }
  void restart() override { y_ = start_; }
  void settle_surface(std::span<const double> p) override {
    for (std::size_t l = 0; l < y_.size(); ++l) bracket_surface(spec_->reaction, exchange(), l, p[l]);
  }

 private:
  ExchangeLanes exchange() {
    return {.lanes = y_.size(),
            .a = a_.data(),
            .B = B_.data(),
            .k = k_.data(),
            .scale = spec_->charge.data(),
            .film = nullptr,
            .y = y_.data(),
            .dy0 = dy0_.data(),
            .dyp = dyp_.data(),
            .E0 = spec_->E0,
            .f = spec_->f,
            .electrolyte_activity = activity_};
  }

  const SurfaceSitesSpec* spec_;
  double activity_ = 1.0;
  std::vector<double> y_, start_, a_, B_, k_, dy0_, dyp_, flux_;
};

}  // namespace

HostState SurfaceSites::rest(std::span<const double> filling, double /*E_vs_Li*/) const {
  RadialState state;
  state.filling.assign(lanes(), 0.0);
  std::copy(filling.begin(), filling.end(), state.filling.begin());
  state.before = state.surface = state.filling;
  return state;
}

bool SurfaceSites::fits(const HostState& state) const {
  const auto* sites = std::get_if<RadialState>(&state);
  return sites != nullptr && sites->filling.size() == lanes() && sites->before.size() == lanes();
}

double SurfaceSites::mean(const HostState& state, std::size_t particle, int /*lattice*/) const {
  return std::get<RadialState>(state).filling[particle];
}

double SurfaceSites::surface(const HostState& state, std::size_t particle) const {
  return std::get<RadialState>(state).filling[particle];
}

std::vector<double> SurfaceSites::profile(const HostState& state, std::size_t particle) const {
  return {std::get<RadialState>(state).filling[particle]};
}

std::unique_ptr<HostSolver> SurfaceSites::solver() const {
  return std::make_unique<SurfaceSitesSolver>(spec_);
}

}  // namespace seccm::models
