#include "models/particle/radial_host.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace seccm::models {
namespace {

// Steps that follow the solution come back to some twenty lengths at four orders; many particles keep fewer.
constexpr std::size_t most_cached = 160, fewest_cached = 48, cached_values = std::size_t{1} << 22;
constexpr double same_step = 1e-9;         // relative difference of two step sizes that count as one
constexpr double longest_film_move = 0.1;  // V per iteration, like that of every potential
constexpr double unlimited = 1e300;

/// Constant D: eliminations kept per step size, formula and direction.
class ConstantDiffusionSolver final : public HostSolver {
 public:
  ConstantDiffusionSolver(const sim::RadialLanes& lanes, const RadialHostSpec& spec) : lanes_(&lanes), spec_(&spec) {
    for (auto* values : {&y_, &start_, &a_, &dy0_, &dyp_, &flux_}) values->assign(lanes.lanes(), 0.0);
    const auto& film = spec.insertion.film;
    has_film_ = std::any_of(film.begin(), film.end(), [](double v) { return v > 0.0; });
    linear_ = spec.insertion.reaction.linear() && !has_film_;
    cached_ = std::clamp(cached_values / std::max<std::size_t>(1, lanes.profile_size()), fewest_cached, most_cached);
    cache_.reserve(cached_);
  }

  void begin(HostState& state, const StepContext& context) override {
    auto& radial = std::get<RadialState>(state);
    elimination_ = &cached(context);
    activity_ = context.electrolyte_activity;
    y_ = radial.surface;
    start_ = y_;
    elimination_->forward(radial.filling, radial.before, a_);
  }

  void linearise(std::span<const double> p, std::span<double> current, std::span<double> conductance) override {
    if (outflow_.empty()) {
      spec_->insertion.reaction.linearise(exchange(), p.data(), current.data(), conductance.data());
    } else {
      linearise_joined(p, current, conductance);
    }
  }

  SurfacePort* surface_port() override {
    for (auto* values : {&outflow_, &shifted_, &stiffness_}) values->assign(y_.size(), 0.0);
    const std::vector<double>& scale = spec_->insertion.current_per_flux;
    port_ = {.scale = scale, .B = {}, .stiffness = stiffness_, .dyp = dyp_, .dy0 = dy0_, .outflow = outflow_};
    return &port_;
  }

  double update(std::span<const double> dp, double limit) override {
    return update_surface(exchange(), dp.data(), linear_ ? unlimited : limit, longest_film_move);
  }

  double accept(HostState& state) override {
    auto& radial = std::get<RadialState>(state);
    const double current = surface_fluxes(exchange(), flux_.data());
    elimination_->backward(radial.before, flux_);
    radial.filling.swap(radial.before);
    radial.surface.swap(y_);
    return current;
  }

  [[nodiscard]] std::span<const double> surface() const override { return y_; }
  [[nodiscard]] bool one_pass() const override { return linear_; }
  [[nodiscard]] bool can_bracket() const override { return true; }

  double current_at(std::size_t lane, double p) override {
    bracket_surface(spec_->insertion.reaction, exchange(), lane, p);
    return spec_->insertion.current_per_flux[lane] * (y_[lane] - a_[lane]) / elimination_->slope()[lane];
  }

  void restart() override { y_ = start_; }

  void settle_surface(std::span<const double> p) override {
    const ExchangeLanes lanes = outflow_.empty() ? exchange() : joined();
    for (std::size_t l = 0; l < y_.size(); ++l) bracket_surface(spec_->insertion.reaction, lanes, l, p[l]);
  }

  [[nodiscard]] long eliminations() const override { return eliminations_; }

 private:
  struct Cached {
    double dt;
    double now;
    double before;
    bool intercalating;
    sim::RadialElimination elimination;
  };

  /// The outflow acts like a shift of a.
  ExchangeLanes joined() {
    ExchangeLanes lanes = exchange();
    for (std::size_t l = 0; l < y_.size(); ++l) shifted_[l] = a_[l] + lanes.B[l] * outflow_[l];
    lanes.a = shifted_.data();
    return lanes;
  }

  void linearise_joined(std::span<const double> p, std::span<double> current, std::span<double> conductance) {
    const VariableDiffusionSpec& s = spec_->insertion;
    port_.B = elimination_->slope();
    for (std::size_t l = 0; l < y_.size(); ++l) {
      stiffness_[l] = s.reaction.rate(s.rate[l], activity_, s.f * (p[l] - s.E0), y_[l]).by_filling - 1.0 / port_.B[l];
    }
    s.reaction.linearise(joined(), p.data(), current.data(), conductance.data());
  }

  ExchangeLanes exchange() {
    const VariableDiffusionSpec& s = spec_->insertion;
    return {.lanes = y_.size(),
            .a = a_.data(),
            .B = elimination_->slope().data(),
            .k = s.rate.data(),
            .scale = s.current_per_flux.data(),
            .film = has_film_ ? s.film.data() : nullptr,
            .y = y_.data(),
            .dy0 = dy0_.data(),
            .dyp = dyp_.data(),
            .E0 = s.E0,
            .f = s.f,
            .electrolyte_activity = activity_};
  }

  const sim::RadialElimination& cached(const StepContext& context) {
    const bool one_D = spec_->D_intercalation == spec_->D_deintercalation;
    const sim::StepScheme& scheme = context.scheme;
    const auto fits = [&](const Cached& c) {
      return std::abs(context.dt - c.dt) <= same_step * context.dt && c.now == scheme.now &&
             c.before == scheme.before && (one_D || c.intercalating == context.intercalating);
    };
    if (latest_ < cache_.size() && fits(cache_[latest_])) return cache_[latest_].elimination;
    for (latest_ = 0; latest_ < cache_.size(); ++latest_) {
      if (fits(cache_[latest_])) return cache_[latest_].elimination;
    }
    const double D = context.intercalating ? spec_->D_intercalation : spec_->D_deintercalation;
    Cached made{context.dt, scheme.now, scheme.before, context.intercalating,
                sim::RadialElimination(*lanes_, D, context.dt, scheme)};
    ++eliminations_;
    if (cache_.size() < cached_) return cache_.emplace_back(std::move(made)).elimination;
    latest_ = oldest_ = (oldest_ + 1) % cached_;
    return (cache_[oldest_] = std::move(made)).elimination;
  }

  const sim::RadialLanes* lanes_;
  const RadialHostSpec* spec_;
  bool has_film_ = false;
  bool linear_ = false;
  double activity_ = 1.0;
  const sim::RadialElimination* elimination_ = nullptr;
  std::vector<Cached> cache_;
  std::size_t cached_ = fewest_cached;
  std::size_t latest_ = 0, oldest_ = 0;
  long eliminations_ = 0;
  std::vector<double> y_, start_, a_, dy0_, dyp_, flux_;
  SurfacePort port_;
  std::vector<double> outflow_, shifted_, stiffness_;  // empty unless the surfaces are joined
};

/// D(y): the profile takes part in Newton's method.
class VariableDiffusionHostSolver final : public HostSolver {
 public:
  VariableDiffusionHostSolver(const sim::RadialLanes& lanes, const VariableDiffusionSpec& spec)
      : solver_(lanes, spec) {}

  void begin(HostState& state, const StepContext& context) override {
    const auto& radial = std::get<RadialState>(state);
    solver_.begin(radial.filling, radial.before, radial.surface, context.dt, context.scheme,
                  context.electrolyte_activity, context.predicted);
  }
  void linearise(std::span<const double> p, std::span<double> current, std::span<double> conductance) override {
    solver_.linearise(p, current, conductance);
  }
  double update(std::span<const double> dp, double limit) override { return solver_.update(dp, limit); }
  void restart() override { solver_.restart(); }
  void settle_surface(std::span<const double> p) override { solver_.settle_surface(p); }
  double accept(HostState& state) override {
    auto& radial = std::get<RadialState>(state);
    radial.before.swap(radial.filling);
    std::copy(solver_.profile().begin(), solver_.profile().end(), radial.filling.begin());
    std::copy(solver_.surface().begin(), solver_.surface().end(), radial.surface.begin());
    return solver_.current();
  }
  [[nodiscard]] std::span<const double> surface() const override { return solver_.surface(); }
  [[nodiscard]] bool one_pass() const override { return false; }

 private:
  VariableDiffusionSolver solver_;
};

}  // namespace

RadialHost::RadialHost(std::shared_ptr<const sim::RadialLanes> lanes, RadialHostSpec spec)
    : lanes_(std::move(lanes)), spec_(std::move(spec)) {}

HostState RadialHost::rest(std::span<const double> filling, double /*E_vs_Li*/) const {
  RadialState state;
  state.filling.assign(lanes_->profile_size(), 0.0);
  state.surface.assign(lanes_->lanes(), 0.0);
  for (std::size_t i = 0; i < filling.size(); ++i) {
    state.surface[i] = filling[i];
    for (int k = 0; k < lanes_->mesh().cells(); ++k) {
      state.filling[lanes_->index(i, static_cast<std::size_t>(k))] = filling[i];
    }
  }
  state.before = state.filling;
  return state;
}

bool RadialHost::fits(const HostState& state) const {
  const auto* radial = std::get_if<RadialState>(&state);
  return radial != nullptr && radial->filling.size() == lanes_->profile_size() &&
         radial->before.size() == lanes_->profile_size() && radial->surface.size() == lanes_->lanes();
}

double RadialHost::mean(const HostState& state, std::size_t particle, int /*lattice*/) const {
  return lanes_->mean(std::get<RadialState>(state).filling, particle);
}

double RadialHost::surface(const HostState& state, std::size_t particle) const {
  return std::get<RadialState>(state).surface[particle];
}

std::vector<double> RadialHost::profile(const HostState& state, std::size_t particle) const {
  const auto& radial = std::get<RadialState>(state);
  std::vector<double> y;
  for (int k = 0; k < lanes_->mesh().cells(); ++k) {
    y.push_back(radial.filling[lanes_->index(particle, static_cast<std::size_t>(k))]);
  }
  return y;
}

bool RadialHost::can_join() const {
  const auto& film = spec_.insertion.film;
  return !spec_.insertion.diffusivity && std::all_of(film.begin(), film.end(), [](double v) { return v == 0.0; });
}

std::unique_ptr<HostSolver> RadialHost::solver() const {
  if (spec_.insertion.diffusivity) return std::make_unique<VariableDiffusionHostSolver>(*lanes_, spec_.insertion);
  return std::make_unique<ConstantDiffusionSolver>(*lanes_, spec_);
}

}  // namespace seccm::models
