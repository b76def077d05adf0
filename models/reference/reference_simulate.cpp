#include "models/reference/reference_simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/cell/progress.hpp"
#include "models/reference/ordinary_simulate.hpp"
#include "models/reference/reference_sensitivity.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

using sim::Segment;

constexpr double longest_step = 0.05;  // V of a sweep: no wave is stepped over
// Within one segment, beside two for each function whose zero is one: the ends of a plateau that a surface passes.
constexpr std::size_t most_events = 1000;
constexpr int most_turns = 50;  // of the direction of D within one segment, as in models/cell/adaptive_steps.cpp

class ReferenceRunner {
 public:
  ReferenceRunner(const ReferenceSpec& spec, const sim::Waveform& program, const ReferenceOptions& options,
                  const std::function<bool(double)>& progress)
      : progress_(progress, program.duration()),
        numerics_(spec.cell.numerics),
        has_liquid_(spec.liquid.has_value()),
        has_voxels_(spec.voxels.has_value()),
        options_(options),
        system_(
            spec,
            program.fastest_scan_rate() > 0.0 ? program.fastest_scan_rate() : spec.cell.numerics.fastest_scan_rate.si(),
            options.sensitivities),
        solver_(system_, solver_options()),
        E_rest_(program.start_potential()) {
    system_.base().event_margin = 0.1 * options.relative;
    system_.set_ramp({.time = 0.0, .E = E_rest_, .slope = 0.0});
    u_ = system_.base().rest(E_rest_);
    s_ = system_.rest(E_rest_);
  }

  ReferenceRun run(const sim::Waveform& program) {
    const auto plan = sim::plan_steps(program, numerics_.potential_step.si(), numerics_.hold_step.si());
    const auto segments = program.segments();
    run_.sensitivity.resize(system_.parameters());
    append(0.0, E_rest_, {}, {}, segments.empty() ? Segment{} : segments.front());
    for (auto& column : run_.sensitivity) column.push_back(0.0);
    for (std::size_t k = 0; k < segments.size(); ++k) {
      if (segments[k].kind == Segment::Kind::jump) {
        jump(segments[k]);
      } else {
        sweep(segments[k], plan[k]);
      }
      progress_.at(segments[k].start_time + segments[k].duration);
    }
    run_.statistics = solver_.statistics();
    run_.current_unit = system_.base().current_unit();
    return std::move(run_);
  }

 private:
  [[nodiscard]] sim::DaeOptions solver_options() {
    const bool in_three_dimensions = has_voxels_ && options_.linear == sim::LinearAlgebra::klu;
    return {.relative = options_.relative,
            .absolute = system_.base().tolerances(options_.relative),
            .by_size = system_.base().judged_by_size(options_.relative),
            .linear = in_three_dimensions ? sim::LinearAlgebra::klu_amd : options_.linear,
            .most_steps = options_.most_steps,
            .watch = [this](double t) { progress_.at(t); }};
  }

  void jump(const Segment& segment) {
    s_ = system_.jump(segment.start_time, segment.E_start, segment.E_end, u_, s_);
    system_.base().jump(segment.start_time, segment.E_start, segment.E_end, u_);
    system_.set_ramp({.time = segment.start_time, .E = segment.E_end, .slope = 0.0});
  }

  void start(double t) {
    try {
      solver_.start(t, u_, s_);
    } catch (const SolverError&) {
      system_.base().settle_surfaces(t, u_);
      solver_.start(t, u_, s_);
    }
    steps_at_start_ = solver_.statistics().steps;
    keep();
  }
  void keep() {
    u_.assign(solver_.state().begin(), solver_.state().end());
    for (std::size_t k = 0; k < s_.size(); ++k) s_[k] = solver_.sensitivity(k);
  }

  /// Starts on the branches of the plateau where the surfaces stand and with the D of the direction of the current.
  void start_segment(double t) {
    system_.free_branches();
    start(t);
    require_salt();
    if (system_.settle_branches(u_)) start(t);
    keep_direction(t);
  }

  /// The D of the direction of the current, which jumps with D: the surface is what the gradient next to it makes it.
  void keep_direction(double t) {
    while (system_.base().runs_against(u_)) {
      count_turn();
      system_.set_direction(!system_.base().intercalating);
      start(t);
    }
  }

  void pass_event() {
    const double t = solver_.time();
    keep();
    require_salt();
    const std::vector<double> rate(solver_.rate().begin(), solver_.rate().end());
    system_.settle_branches(u_);
    const bool turns = system_.base().runs_against(u_);
    if (turns) {
      count_turn();
      system_.set_direction(!system_.base().intercalating);
    }
    if (!turns || s_.empty()) {
      start(t);
      keep_direction(t);
      return;
    }
    // D jumps: the rates do, at a moment that depends on the parameters.
    const std::vector<double> delay = system_.event_delay(u_, rate, s_);
    const std::vector<std::vector<double>> before = s_;
    start(t);
    for (std::size_t k = 0; k < s_.size(); ++k) {
      for (std::size_t i = 0; i < u_.size(); ++i) s_[k][i] = before[k][i] + (rate[i] - solver_.rate()[i]) * delay[k];
    }
    start(t);
    keep_direction(t);
  }

  void count_turn() {
    if (++turns_ <= most_turns) return;
    throw SolverError(fmt::format(
        "reference engine at t = {:.6g} s: the lithium current changes its direction more than {} times within one "
        "sweep or hold; with D on its sign (diffusion = \"per_direction\") there is no solution beyond, take one D",
        solver_.time(), most_turns));
  }

  /// A run ends where the surface precipitates or is emptied.
  void require_salt() const {
    const SaltBlock* salt = system_.base().salt();
    if (salt == nullptr) return;
    const std::string why = salt->exhausted(u_);
    if (!why.empty()) throw SolverError(fmt::format("reference engine at t = {:.9g} s: {}", solver_.time(), why));
  }

  /// True at an event. Where the integrator gives up it starts anew from consistent values, as behind a corner: its
  /// prediction may hold a rate that a kink of the data (the end of a fall of the potential, a transition time) has
  /// ended. Twice from one moment: there is no way on.
  bool integrate(double t, double t_end) {
    for (;;) {
      try {
        return solver_.advance(t, t_end);
      } catch (const SolverError&) {
        if (solver_.time() <= given_up_ || solver_.statistics().steps - steps_at_start_ >= options_.most_steps) throw;
        given_up_ = solver_.time();
        keep();
        start(given_up_);
      }
    }
  }

  void advance(double t, double t_end) {
    while (integrate(t, t_end)) {
      if (++events_ > most_events + 2 * system_.events()) {
        throw SolverError(
            fmt::format("reference engine at t = {:.9g} s: {} ends of branches of the plateau within one sweep",
                        solver_.time(), events_));
      }
      pass_event();
    }
  }

  void sweep(const Segment& segment, sim::SegmentSteps steps) {
    system_.set_ramp({.time = segment.start_time, .E = segment.E_start, .slope = segment.slope()});
    events_ = 0;
    turns_ = 0;
    solver_.limit_step(segment.slope() != 0.0 ? longest_step / std::abs(segment.slope()) : 0.0);
    start_segment(segment.start_time);
    const double end = segment.start_time + segment.duration;
    CellCurrents before = charges(segment.start_time);
    std::vector<double> charge_before = charge_sensitivity();
    for (int k = 1; k <= steps.count; ++k) {
      const double t = k == steps.count ? end : segment.start_time + segment.duration * k / steps.count;
      if (segment.tread && k != steps.window_start && k != steps.count) continue;
      advance(t, end);
      if (segment.tread && k == steps.window_start) {
        before = charges(t);
        charge_before = charge_sensitivity();
      }
      if (!segment.tread) append_now(t, segment);
    }
    if (segment.tread) {
      const double window = segment.duration * (steps.count - steps.window_start) / steps.count;
      append(end, segment.E_end, mean(before, charges(end), window), charges(end), segment);
      const std::vector<double> charge = charge_sensitivity();
      for (std::size_t k = 0; k < charge.size(); ++k) {
        run_.sensitivity[k].push_back((charge[k] - charge_before[k]) / window);
      }
    }
    keep();
  }

  [[nodiscard]] CellCurrents charges(double t) const { return system_.base().charges(t, solver_.state(), E_rest_); }

  static CellCurrents mean(const CellCurrents& a, const CellCurrents& b, double time) {
    return {.total = (b.total - a.total) / time,
            .intercalation = (b.intercalation - a.intercalation) / time,
            .double_layer = (b.double_layer - a.double_layer) / time,
            .stray = (b.stray - a.stray) / time,
            .surface_redox = (b.surface_redox - a.surface_redox) / time,
            .water = (b.water - a.water) / time,
            .ferrocene = (b.ferrocene - a.ferrocene) / time};
  }

  void append_now(double t, const Segment& segment) {
    const ReferenceSystem& base = system_.base();
    append(t, base.ramp.at(t), base.currents(t, solver_.state(), solver_.rate()), charges(t), segment);
    for (std::size_t k = 0; k < run_.sensitivity.size(); ++k) {
      run_.sensitivity[k].push_back(system_.current_sensitivity(k, solver_.sensitivity(k)));
    }
  }

  std::vector<double> charge_sensitivity() {
    std::vector<double> all;
    for (std::size_t k = 0; k < run_.sensitivity.size(); ++k) {
      all.push_back(system_.charge_sensitivity(k, solver_.sensitivity(k)));
    }
    return all;
  }

  void append(double t, double E, const CellCurrents& i, const CellCurrents& charge, const Segment& segment) {
    Trace& trace = run_.trace;
    trace.time.push_back(t);
    trace.E_vs_Li.push_back(E);
    trace.current.push_back(i.total);
    trace.scan_rate.push_back(segment.scan_rate);
    trace.cycle.push_back(segment.cycle);
    trace.components.push_back(i);
    trace.charge.push_back(charge.total);
    const ReferenceSystem& base = system_.base();
    const std::vector<double> u =
        trace.time.size() == 1 ? u_ : std::vector<double>(solver_.state().begin(), solver_.state().end());
    trace.lithium.push_back(base.lithium(u));
    if (has_liquid_) trace.liquid.push_back(base.liquid(t, u));
    if (base.salt() != nullptr) run_.salt.push_back({base.salt()->excess(u), base.salt()->left(u)});
  }

  Progress progress_;
  NumericsParameters numerics_;
  bool has_liquid_;
  bool has_voxels_;
  ReferenceOptions options_;
  SensitiveSystem system_;
  sim::DaeSolver solver_;
  double E_rest_;
  std::vector<double> u_;
  std::vector<std::vector<double>> s_;
  std::size_t events_ = 0;
  int turns_ = 0;
  long steps_at_start_ = 0;
  double given_up_ = -1.0;  ///< s, where the integrator last did
  ReferenceRun run_;
};

void check_options(const ReferenceOptions& options) {
  if (options.relative >= 1e-13 && options.relative <= 1e-2) return;
  throw InputError(fmt::format("reference engine: a tolerance of {}; 1e-13 to 1e-2 is accepted", options.relative));
}

}  // namespace

ReferenceRun run_reference(const Cell& cell, const sim::Waveform& program, const ReferenceOptions& options,
                           const std::function<bool(double)>& progress, const ElectrolyteSpec* liquid) {
  check_options(options);
  if (liquid == nullptr && runs_ordinary(cell, program, options)) {
    return run_ordinary(cell, program, options, progress);
  }
  ReferenceSpec spec{.cell = cell.spec()};
  if (liquid != nullptr) spec.liquid = *liquid;
  return run_reference(spec, program, options, progress);
}

ReferenceRun run_reference(const ReferenceSpec& spec, const sim::Waveform& program, const ReferenceOptions& options,
                           const std::function<bool(double)>& progress) {
  check_options(options);
  if (spec.liquid) check_electrolyte(*spec.liquid, program.duration());
  return ReferenceRunner(spec, program, options, progress).run(program);
}

Trace simulate_reference(const Cell& cell, const sim::Waveform& program, const ReferenceOptions& options,
                         const std::function<bool(double)>& progress) {
  return run_reference(cell, program, options, progress).trace;
}

}  // namespace seccm::models
