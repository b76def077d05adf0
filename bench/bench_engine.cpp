// The fixed-step engine. Each bench answers one question; what was decided on it stands beside it. Rates are per
// particle and step ("particle_steps"), so that a job can be priced before it runs. Quote ratios of one run: the
// machines are shared.
#include <benchmark/benchmark.h>

#include <cmath>

#include "models/cell.hpp"

namespace {

using namespace seccm;
using namespace seccm::models;

CellSpec sphere_cell(int particles) {
  CellSpec spec;
  spec.numerics.cells = 50;
  spec.numerics.grading = 0.05;
  spec.double_layer.titania = ArealCapacitance(0.0);
  for (int i = 0; i < particles; ++i) spec.particles.push_back({.radius = 25e-9 * (1.0 + 0.3 * std::sin(i))});
  return spec;
}

CellSpec cluster(int particles, IsothermKind law) {
  CellSpec spec = sphere_cell(particles);
  spec.material.law = law;
  spec.double_layer.titania = 10.0 * unit::uF_per_cm2;
  spec.series_resistance = 5e6;
  spec.gold_area = 1e-12;
  spec.stray_capacitance = 1e-12;
  for (std::size_t i = 0; i < spec.particles.size(); ++i) {
    spec.particles[i].contact_resistance = 1e9 * (1.0 + std::sin(static_cast<double>(i)));
  }
  return spec;
}

/// One cycle of 2.06 V in all, in `steps` steps.
void run_cycle(CellStepper& stepper, double centre, int steps, double scan_rate) {
  const double half = 0.515;
  const double dE = 2.0 * half / (steps / 2);
  for (int k = 1; k <= steps / 2; ++k) stepper.advance(centre + half - dE * k, dE / scan_rate);
  for (int k = 1; k <= steps / 2; ++k) stepper.advance(centre - half + dE * k, dE / scan_rate);
}

void report(benchmark::State& state, const CellStepper::Counts& counts, int particles) {
  const auto steps = static_cast<double>(counts.steps);
  state.counters["newton_per_step"] = static_cast<double>(counts.newton_iterations) / steps;
  state.counters["fallbacks"] = static_cast<double>(counts.fallbacks);
  state.counters["particle_steps"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * steps * particles, benchmark::Counter::kIsRate);
}

// What does the stand-in job cost on the scalar path: one sphere, R = 25 nm, D = 3e-15 cm²/s, 50 mV/s, 50 graded cells,
// a full cycle of 2.06 V in 1000 or 2000 steps? Decided: one particle keeps a path of its own (blocks of one lane);
// padding it to eight lanes costs more than the sweeps themselves.
void stand_in_sphere(benchmark::State& state) {
  CellSpec spec = sphere_cell(1);
  spec.material.D = 3e-15 * unit::cm2_per_s;
  spec.material.k0 = 1.0 * unit::cm_per_s;
  const Cell cell(spec);
  const auto steps = static_cast<int>(state.range(0));
  CellStepper::Counts counts;
  for (auto _ : state) {
    CellStepper stepper(cell, cell.rest(1.8 + 0.515));
    run_cycle(stepper, 1.8, steps, 0.05);
    benchmark::DoNotOptimize(stepper.currents().total);
    counts = stepper.counts();
  }
  report(state, counts, 1);
}
BENCHMARK(stand_in_sphere)->Arg(1000)->Arg(2000)->Unit(benchmark::kMillisecond);

// What does a particle cost when many of one size class share a potential without resistances: the batch? Decided:
// blocks of sixteen lanes, one pivot array per particle, conductances shared by all.
void batch_of_spheres(benchmark::State& state) {
  const auto particles = static_cast<int>(state.range(0));
  const Cell cell(sphere_cell(particles));
  CellStepper::Counts counts;
  for (auto _ : state) {
    CellStepper stepper(cell, cell.rest(1.8 + 0.515));
    run_cycle(stepper, 1.8, 1000, 0.05);
    benchmark::DoNotOptimize(stepper.currents().total);
    counts = stepper.counts();
  }
  report(state, counts, particles);
}
BENCHMARK(batch_of_spheres)->Arg(16)->Arg(256)->Unit(benchmark::kMillisecond);

// Does the arrowhead stay linear in the number of particles, each with its own radius and contact resistance, double
// layers and a shared series resistance? Decided: nested elimination in lanes, no assembled matrix.
void cluster_on_one_potential(benchmark::State& state) {
  const auto particles = static_cast<int>(state.range(0));
  const Cell cell(cluster(particles, IsothermKind::ideal));
  CellStepper::Counts counts;
  for (auto _ : state) {
    CellStepper stepper(cell, cell.rest(1.8 + 0.515));
    run_cycle(stepper, 1.8, 2000, 0.05);
    benchmark::DoNotOptimize(stepper.currents().total);
    counts = stepper.counts();
  }
  report(state, counts, particles);
}
BENCHMARK(cluster_on_one_potential)->Arg(20)->Arg(200)->Arg(2000)->Unit(benchmark::kMillisecond);

// What does the plateau isotherm with its logarithm cost over the ideal one? Decided: an own logarithm in the lanes, no
// table.
void plateau_cluster(benchmark::State& state) {
  const auto particles = static_cast<int>(state.range(0));
  const Cell cell(cluster(particles, IsothermKind::anatase_plateau));
  CellStepper::Counts counts;
  for (auto _ : state) {
    CellStepper stepper(cell, cell.rest(1.8 + 0.515));
    run_cycle(stepper, 1.8, 2000, 0.05);
    benchmark::DoNotOptimize(stepper.currents().total);
    counts = stepper.counts();
  }
  report(state, counts, particles);
}
BENCHMARK(plateau_cluster)->Arg(200)->Unit(benchmark::kMillisecond);

// What does a new step size cost (the eliminations of both schemes)? Decided: cached per step size, sixteen of them; a
// program has two or three.
void new_step_size(benchmark::State& state) {
  const Cell cell(cluster(static_cast<int>(state.range(0)), IsothermKind::ideal));
  CellStepper stepper(cell, cell.rest(2.5));
  double dt = 0.02;
  for (auto _ : state) {
    dt *= 1.001;
    stepper.advance(2.5, dt);
  }
}
BENCHMARK(new_step_size)->Arg(200)->Unit(benchmark::kMicrosecond);

}  // namespace
