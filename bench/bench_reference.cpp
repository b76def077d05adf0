// The two engines at equal error. What does error control cost, and what does the elimination of the diffusion win?
//
// The stand-in job: one sphere, R = 25 nm, D = 3e-15 cm²/s, 50 mV/s, 50 graded cells, reversible, a cycle of 2.06 V
// in all: 1.8 V ± 0.515 V. Error of a run: its worst sample over the peak against the reference engine at 1e-11 on the
// same mesh. Each solver takes the loosest of its settings that keeps the error within 8e-5; the setting and the error
// stand beside its time. Decided: `auto` begins with the fast engine.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "models/cell.hpp"
#include "models/engine/measured_run.hpp"
#include "models/reference/reference_simulate.hpp"

namespace {

using namespace seccm;
using namespace seccm::models;

constexpr double measured_tolerance = 1e-3;
constexpr double most_error = 8e-5;  // worst sample over the peak
constexpr double half = 0.515, centre = 1.8, scan_rate = 0.05;

sim::Waveform cycle() {
  return sim::Waveform::at(centre + half).ramp_to(centre - half, scan_rate).ramp_to(centre + half, scan_rate);
}

CellSpec stand_in(int steps) {
  CellSpec spec;
  spec.material.D = 3e-15 * unit::cm2_per_s;
  spec.material.k0 = 1.0 * unit::cm_per_s;
  spec.double_layer.titania = ArealCapacitance(0.0);
  spec.particles = {{.radius = 25e-9}};
  spec.numerics.cells = 50;
  spec.numerics.grading = 0.05;
  spec.numerics.engine = EngineKind::fast;
  spec.numerics.potential_step = Potential(4.0 * half / steps * (1.0 + 1e-12));
  return spec;
}

/// The exact rows at 4000 steps: every tested number of steps divides them.
const Trace& exact() {
  static const Trace trace = [] {
    ReferenceOptions options;
    options.relative = 1e-11;
    return simulate_reference(Cell(stand_in(4000)), cycle(), options);
  }();
  return trace;
}

double error_of(const Trace& trace) {
  const Trace& fine = exact();
  const std::size_t stride = (fine.size() - 1) / (trace.size() - 1);
  double peak = 0.0, most = 0.0;
  for (std::size_t k = 1; k < trace.size(); ++k) {
    peak = std::max(peak, std::abs(fine.current[k * stride]));
    most = std::max(most, std::abs(trace.current[k] - fine.current[k * stride]));
  }
  return most / peak;
}

/// The cycle in fixed steps, its current kept at each.
void run_fixed(const Cell& cell, int steps, std::vector<double>& current) {
  CellStepper stepper(cell, cell.rest(centre + half));
  const int turn = steps / 2;
  const double dE = 2.0 * half / turn;
  for (int k = 1; k <= steps; ++k) {
    stepper.advance(k <= turn ? centre + half - dE * k : centre - half + dE * (k - turn), dE / scan_rate);
    current[static_cast<std::size_t>(k)] = stepper.currents().total;
  }
}

double error_of_fixed(int steps) {
  Trace trace;
  trace.current.resize(static_cast<std::size_t>(steps) + 1);
  trace.time = trace.current;
  run_fixed(Cell(stand_in(steps)), steps, trace.current);
  return error_of(trace);
}

void fast_scalar(benchmark::State& state) {
  const std::array numbers{500, 800, 1000, 1250, 1600, 2000, 2500, 4000};  // divide 4000
  std::size_t choice = 0;
  while (choice + 1 < numbers.size() && error_of_fixed(numbers.at(choice)) > most_error) ++choice;
  const int steps = numbers.at(choice);
  const Cell cell(stand_in(steps));
  std::vector<double> current(static_cast<std::size_t>(steps) + 1);
  for (auto _ : state) {
    run_fixed(cell, steps, current);
    benchmark::DoNotOptimize(current.data());
  }
  state.counters["error"] = error_of_fixed(steps);
  state.counters["steps"] = steps;
}

// Steps that follow the solution, rows and all.
void fast_adaptive(benchmark::State& state) {
  CellSpec spec = stand_in(500);
  spec.numerics.step = StepKind::adaptive;
  for (spec.numerics.tolerance = 1e-3; spec.numerics.tolerance > 1e-7; spec.numerics.tolerance *= 0.9) {
    if (error_of(simulate(Cell(spec), cycle())) <= most_error) break;
  }
  const Cell cell(spec);
  Trace trace;
  for (auto _ : state) benchmark::DoNotOptimize(trace = simulate(cell, cycle()));
  state.counters["error"] = error_of(trace);
  state.counters["tolerance"] = spec.numerics.tolerance;
  state.counters["steps"] = static_cast<double>(trace.counts.steps);
}

// What does it cost that a run knows its error? The finer run of the pair alone, and both.
CellSpec with_steps_that_follow(double tolerance) {
  CellSpec spec = stand_in(2000);
  spec.numerics.step = StepKind::adaptive;
  spec.numerics.tolerance = tolerance;
  return spec;
}
void measured(benchmark::State& state) {
  const CellSpec spec = with_steps_that_follow(measured_tolerance);
  MeasuredRun run;
  for (auto _ : state) benchmark::DoNotOptimize(run = simulate_measured(spec, cycle()));
  state.counters["stated_error"] = run.error;
}
void unmeasured(benchmark::State& state) {
  const CellSpec spec = with_steps_that_follow(measured_tolerance / 128.0);
  Trace trace;
  for (auto _ : state) benchmark::DoNotOptimize(trace = simulate(Cell(spec), cycle()));
}
BENCHMARK(measured)->Unit(benchmark::kMillisecond);
BENCHMARK(unmeasured)->Unit(benchmark::kMillisecond);

/// Rows as sparse as an error estimate needs them: interpolating more is not what is measured.
void error_controlled(benchmark::State& state, bool as_algebraic, sim::LinearAlgebra linear) {
  const Cell cell(stand_in(500));
  ReferenceOptions options;
  options.as_algebraic = as_algebraic;
  options.linear = linear;
  for (options.relative = 1e-4; options.relative > 1e-10; options.relative *= 0.9) {
    if (error_of(simulate_reference(cell, cycle(), options)) <= most_error) break;
  }
  ReferenceRun run;
  for (auto _ : state) benchmark::DoNotOptimize(run = run_reference(cell, cycle(), options));
  state.counters["error"] = error_of(run.trace);
  state.counters["relative_tolerance"] = options.relative;
  state.counters["steps"] = static_cast<double>(run.statistics.steps);
}
void cvode_band(benchmark::State& state) {
  error_controlled(state, false, sim::LinearAlgebra::band);
}
void ida_klu(benchmark::State& state) {
  error_controlled(state, true, sim::LinearAlgebra::klu);
}
void ida_band(benchmark::State& state) {
  error_controlled(state, true, sim::LinearAlgebra::band);
}
BENCHMARK(fast_scalar)->Unit(benchmark::kMillisecond);
BENCHMARK(fast_adaptive)->Unit(benchmark::kMillisecond);
BENCHMARK(cvode_band)->Unit(benchmark::kMillisecond);
BENCHMARK(ida_klu)->Unit(benchmark::kMillisecond);
BENCHMARK(ida_band)->Unit(benchmark::kMillisecond);

// What does a sensitivity cost beside the solution it belongs to?
void sensitivities(benchmark::State& state) {
  CellSpec spec = stand_in(500);
  spec.material.k0 = 2e-9 * unit::cm_per_s;
  ReferenceOptions options;
  options.as_algebraic = true;
  const std::array<const char*, 3> names{"material.D", "material.k0", "cell.radius"};
  for (int k = 0; k < state.range(0); ++k) options.sensitivities.emplace_back(names[static_cast<std::size_t>(k)]);
  const Cell cell(spec);
  for (auto _ : state) benchmark::DoNotOptimize(run_reference(cell, cycle(), options));
}
BENCHMARK(sensitivities)->ArgName("parameters")->Arg(0)->Arg(1)->Arg(3)->Unit(benchmark::kMillisecond);

}  // namespace
