// The batched engine. Each bench answers one question; what was decided on it stands beside it. Quote ratios of one
// run: the machines are shared.
#include <benchmark/benchmark.h>
#include <omp.h>

#include <algorithm>
#include <cmath>

#include "models/cell.hpp"
#include "models/ensemble/ensemble.hpp"

namespace {

using namespace seccm;
using namespace seccm::models;

constexpr int mesh_cells = 50;

/// The stand-in job, each member with its own radius, D and k0.
CellSpec member(int k, int cells) {
  CellSpec spec;
  spec.numerics.cells = cells;
  spec.numerics.grading = 0.05;
  spec.double_layer.titania = ArealCapacitance(0.0);
  spec.material.D = Diffusivity(3e-19 * std::exp(std::sin(k)));
  spec.material.k0 = Velocity(1e-2 * std::exp(std::cos(k)));
  spec.particles = {{.radius = 25e-9 * (1.0 + 0.3 * std::sin(k + 1.0))}};
  return spec;
}

/// The same behind a contact resistance, with a double layer: Newton's method iterates.
CellSpec member_with_circuit(int k, int cells) {
  CellSpec spec = member(k, cells);
  spec.material.k0 = Velocity(2e-11 * std::exp(std::cos(k)));
  spec.double_layer.titania = 10.0 * unit::uF_per_cm2;
  spec.particles.front().contact_resistance = 1e9 * (1.5 + std::sin(k + 2.0));
  return spec;
}

EnsembleSpec ensemble(int members, int cells, bool circuit = false) {
  EnsembleSpec spec;
  spec.frame = ensemble_frame(member(0, cells));
  for (int k = 0; k < members; ++k)
    spec.cells.push_back(ensemble_cell(circuit ? member_with_circuit(k, cells) : member(k, cells)));
  return spec;
}

/// One cycle over 2.06 V in `steps` steps.
EnsembleProgram cycle(int steps, int cycles = 1) {
  return {sim::Waveform::at(2.83).cyclic(0.77, 2.83, 0.05, cycles), 4.12 / steps, 1.0};
}

class PeakSeeker final : public EnsembleObserver {
 public:
  explicit PeakSeeker(std::size_t members) : peak(members) {}
  void rows(const EnsembleRows& rows) override {
    for (std::size_t l = 0; l < rows.members; ++l) {
      double lowest = peak[rows.first + l];
      for (const LaneRow& row : rows.current) lowest = std::min(lowest, row[l]);
      peak[rows.first + l] = lowest;
    }
  }
  std::vector<double> peak;
};

void run(benchmark::State& state, const EnsembleSpec& spec, const EnsembleProgram& program, int cells, int threads) {
  if (!machine_has(spec.instructions)) {
    state.SkipWithError("the machine lacks these instructions");
    return;
  }
  const int before = omp_get_max_threads();
  omp_set_num_threads(threads);
  const Ensemble ensemble(spec);
  PeakSeeker seeker(spec.cells.size());
  for (auto _ : state) {
    ensemble.run(program, seeker);
    benchmark::DoNotOptimize(seeker.peak.data());
  }
  omp_set_num_threads(before);
  const auto members = static_cast<double>(spec.cells.size());
  const double cell_steps = members * static_cast<double>(program.steps()) * cells;
  const auto runs = static_cast<double>(state.iterations());
  state.counters["voltammograms"] = benchmark::Counter(runs * members, benchmark::Counter::kIsRate);
  state.counters["s_per_member"] =
      benchmark::Counter(runs * members, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["ns_per_cell_step"] =
      benchmark::Counter(runs * cell_steps * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// What does one member cost alone, on the scalar path, in the same run as the batch?
void scalar(benchmark::State& state) {
  const bool circuit = state.range(0) != 0;
  const EnsembleProgram program = cycle(2000);
  for (auto _ : state) {
    for (int k = 0; k < 16; ++k) {
      const Cell cell(circuit ? member_with_circuit(k, mesh_cells) : member(k, mesh_cells));
      CellStepper stepper(cell, cell.rest(2.83));
      for (const EnsembleRun& run : program.runs()) {
        for (int step = 1; step <= run.count; ++step) stepper.advance(run.potential(step), run.dt);
      }
      benchmark::DoNotOptimize(stepper.currents().total);
    }
  }
  const auto runs = static_cast<double>(state.iterations());
  state.counters["s_per_member"] =
      benchmark::Counter(runs * 16.0, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["ns_per_cell_step"] = benchmark::Counter(runs * 16.0 * 2000.0 * mesh_cells * 1e-9,
                                                          benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(scalar)->ArgName("circuit")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// And in lanes, by instruction set (1 baseline, 2 AVX2, 3 AVX-512)? Decided: sixteen lanes in every form; plain loops
// over them, no intrinsics.
void batch(benchmark::State& state) {
  EnsembleSpec spec = ensemble(160, mesh_cells, state.range(1) != 0);
  spec.instructions = static_cast<Instructions>(state.range(0));
  run(state, spec, cycle(2000), mesh_cells, 1);
}
BENCHMARK(batch)
    ->ArgNames({"instructions", "circuit"})
    ->ArgsProduct({{1, 2, 3}, {0, 1}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// What do exact slopes by n parameters cost? Decided: the tangent shares the pivots; each parameter is a further pair
// of sweeps.
void batch_with_slopes(benchmark::State& state) {
  EnsembleSpec spec = ensemble(160, mesh_cells, true);
  constexpr std::array<EnsembleParameter, 6> wanted{EnsembleParameter::ln_D,       EnsembleParameter::ln_k0,
                                                    EnsembleParameter::E0,         EnsembleParameter::ln_area,
                                                    EnsembleParameter::resistance, EnsembleParameter::capacitance};
  spec.slopes.assign(wanted.begin(), wanted.begin() + state.range(0));
  run(state, spec, cycle(2000), mesh_cells, 1);
}
BENCHMARK(batch_with_slopes)->ArgName("slopes")->Arg(1)->Arg(6)->UseRealTime()->Unit(benchmark::kMillisecond);

// Do two threads halve it? Decided: blocks of sixteen are handed out one by one.
void threads(benchmark::State& state) {
  run(state, ensemble(1600, mesh_cells), cycle(1000), mesh_cells, static_cast<int>(state.range(0)));
}
BENCHMARK(threads)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

// How many different voltammograms a second?
void ten_thousand_cells(benchmark::State& state) {
  run(state, ensemble(10000, mesh_cells), cycle(2000), mesh_cells, static_cast<int>(state.range(0)));
}
BENCHMARK(ten_thousand_cells)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

// Is the cost linear in members, mesh cells and steps, over three decades each?
void by_members(benchmark::State& state) {
  run(state, ensemble(static_cast<int>(state.range(0)), mesh_cells), cycle(200), mesh_cells, 1);
}
BENCHMARK(by_members)->RangeMultiplier(10)->Range(16, 16000)->UseRealTime()->Unit(benchmark::kMillisecond);

void by_cells(benchmark::State& state) {
  const auto cells = static_cast<int>(state.range(0));
  run(state, ensemble(16, cells), cycle(200), cells, 1);
}
BENCHMARK(by_cells)->RangeMultiplier(10)->Range(10, 10000)->UseRealTime()->Unit(benchmark::kMillisecond);

void by_steps(benchmark::State& state) {
  run(state, ensemble(16, mesh_cells), cycle(static_cast<int>(state.range(0))), mesh_cells, 1);
}
BENCHMARK(by_steps)->RangeMultiplier(10)->Range(100, 100000)->UseRealTime()->Unit(benchmark::kMillisecond);

// What does a cluster of 2000 particles, each behind its own contact, cost over 2000 members that know nothing of each
// other, three cycles? (The cluster engine runs on one thread.)
void cluster_of_2000(benchmark::State& state) {
  CellSpec spec = member(0, mesh_cells);
  spec.material.k0 = Velocity(2e-11);
  spec.double_layer.titania = 10.0 * unit::uF_per_cm2;
  spec.particles.clear();
  for (int k = 0; k < 2000; ++k) spec.particles.push_back(member_with_circuit(k, mesh_cells).particles.front());
  const Cell cell(spec);
  const EnsembleProgram program = cycle(400, 3);
  for (auto _ : state) {
    CellStepper stepper(cell, cell.rest(2.83));
    for (const EnsembleRun& run : program.runs()) {
      for (int step = 1; step <= run.count; ++step) stepper.advance(run.potential(step), run.dt);
    }
    benchmark::DoNotOptimize(stepper.currents().total);
  }
}
BENCHMARK(cluster_of_2000)->UseRealTime()->Unit(benchmark::kMillisecond);

void batch_of_2000(benchmark::State& state) {
  run(state, ensemble(2000, mesh_cells, true), cycle(400, 3), mesh_cells, 1);
}
BENCHMARK(batch_of_2000)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
