#include "models/reference/ordinary_simulate.hpp"

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/cell/progress.hpp"
#include "models/reference/particle_ode.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

using sim::Segment;

constexpr double of_filling = 0.1;           // absolute tolerance of a filling over the relative one
constexpr double longest_sweep_step = 0.05;  // V of a sweep: no wave is stepped over

class OrdinaryRunner {
 public:
  OrdinaryRunner(const Cell& cell, const sim::Waveform& program, const ReferenceOptions& options,
                 const std::function<bool(double)>& progress)
      : cell_(cell),
        progress_(progress, program.duration()),
        ode_(cell.spec(), sim::RadialMesh(cell.spec().geometry, mesh_for(cell.spec()))),
        u_(ode_.rest()),
        solver_(ode_, solver_options(options)),
        E_rest_(program.start_potential()),
        lithium_at_rest_(ode_.lithium(u_)) {}

  ReferenceRun run(const sim::Waveform& program) {
    const NumericsParameters& numerics = cell_.spec().numerics;
    const auto plan = sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si());
    const auto segments = program.segments();
    ode_.ramp = {.time = 0.0, .E = E_rest_, .slope = 0.0};
    append(0.0, {}, segments.empty() ? Segment{} : segments.front());
    for (std::size_t k = 0; k < segments.size(); ++k) {
      const Segment& segment = segments[k];
      if (segment.kind != Segment::Kind::jump) sweep(segment, plan[k]);
      progress_.at(segment.start_time + segment.duration);
    }
    run_.statistics = solver_.statistics();
    return std::move(run_);
  }

 private:
  [[nodiscard]] sim::OdeOptions solver_options(const ReferenceOptions& options) {
    sim::OdeOptions of_solver;
    of_solver.relative = options.relative;
    of_solver.absolute.assign(ode_.pattern().size, of_filling * options.relative);
    of_solver.linear = options.linear;
    of_solver.most_steps = options.most_steps;
    of_solver.watch = [this](double t) { progress_.at(t); };
    return of_solver;
  }

  void sweep(const Segment& segment, sim::SegmentSteps steps) {
    ode_.ramp = {.time = segment.start_time, .E = segment.E_start, .slope = segment.slope()};
    solver_.limit_step(segment.slope() != 0.0 ? longest_sweep_step / std::abs(segment.slope()) : 0.0);
    solver_.start(segment.start_time, u_);
    const double end = segment.start_time + segment.duration;
    for (int k = 1; k <= steps.count; ++k) {
      const double t = k == steps.count ? end : segment.start_time + segment.duration * k / steps.count;
      solver_.advance(t, end);
      u_.assign(solver_.state().begin(), solver_.state().end());
      append(t, currents(t), segment);
    }
  }

  [[nodiscard]] CellCurrents currents(double t) const {
    CellCurrents i;
    i.intercalation = ode_.intercalation_current(t, u_);
    i.double_layer = ode_.capacitance() * ode_.ramp.slope;
    i.stray = cell_.spec().stray_capacitance * ode_.ramp.slope;
    i.total = i.intercalation + i.double_layer + i.stray;
    return i;
  }

  void append(double t, const CellCurrents& i, const Segment& segment) {
    Trace& trace = run_.trace;
    const double E = ode_.ramp.at(t), lithium = ode_.lithium(u_);
    trace.time.push_back(t);
    trace.E_vs_Li.push_back(E);
    trace.current.push_back(i.total);
    trace.scan_rate.push_back(segment.scan_rate);
    trace.cycle.push_back(segment.cycle);
    trace.components.push_back(i);
    // What the capacitances took needs no integration, nor does what left the particles: there is no other path.
    trace.charge.push_back(constants::faraday * (lithium_at_rest_ - lithium) +
                           (ode_.capacitance() + cell_.spec().stray_capacitance) * (E - E_rest_));
    trace.lithium.push_back(lithium);
  }

  const Cell& cell_;
  Progress progress_;
  ParticleOde ode_;
  std::vector<double> u_;
  sim::OdeSolver solver_;
  double E_rest_;
  double lithium_at_rest_;
  ReferenceRun run_;
};

}  // namespace

bool runs_ordinary(const Cell& cell, const sim::Waveform& program, const ReferenceOptions& options) {
  const auto segments = program.segments();
  return options.sensitivities.empty() && !options.as_algebraic && is_ordinary(cell.spec()) &&
         std::none_of(segments.begin(), segments.end(), [](const Segment& s) { return s.tread; });
}

ReferenceRun run_ordinary(const Cell& cell, const sim::Waveform& program, const ReferenceOptions& options,
                          const std::function<bool(double)>& progress) {
  ReferenceRun run = OrdinaryRunner(cell, program, options, progress).run(program);
  const double rate = program.fastest_scan_rate();
  run.current_unit =
      reference_units(cell.spec(), rate > 0.0 ? rate : cell.spec().numerics.fastest_scan_rate.si()).current;
  return run;
}

}  // namespace seccm::models
