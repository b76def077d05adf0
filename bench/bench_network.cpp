// A pile of particles that touch: what does Kirchhoff's law cost beside particles that share a potential? Compared
// within one run, on the same pile: `packed` particles on one potential without a resistance (the batch), each behind
// its best chain (the star), all contacts (the network), and with a conductivity that rises, and with necks.
#include <benchmark/benchmark.h>

#include "models/cell.hpp"
#include "models/network/network_wiring.hpp"
#include "models/network/packed_cluster.hpp"

namespace {

using namespace seccm;
using namespace seccm::models;

enum Wired { batch, star, network, conducting, necks };

CellSpec pile(int particles, Wired wired) {
  SampleParameters sample;
  ClusterParameters cluster;
  cluster.isolated = IsolatedParticles::drop;
  sample.dead_fraction = 0.0;
  if (wired == conducting) cluster.conduction = ConductionKind::lithiation;
  cluster.conductivity_pristine = Conductivity(1e-4);
  cluster.neck_share = wired == necks ? 0.3 : 0.0;
  PackedCluster packed = pack_cluster(cluster, sample, {.count = particles, .seed = 1});
  CellSpec spec;
  spec.particles = packed.particles;
  spec.numerics.cells = 50;
  spec.numerics.grading = 0.05;
  if (wired == batch) {
    for (CellParticle& particle : spec.particles) particle.contact_resistance = 0.0;
    return spec;
  }
  spec.series_resistance = 5e6;
  if (wired != star) {
    spec.wiring = std::make_shared<const NetworkWiringModel>(std::move(packed.network), spec.material.c_max.si());
  }
  return spec;
}

/// 400 steps of 2 mV through the wave, there and back.
void sweep(benchmark::State& state, Wired wired) {
  const Cell cell(pile(static_cast<int>(state.range(0)), wired));
  constexpr int steps = 400;
  CellStepper::Counts counts;
  for (auto _ : state) {
    CellStepper stepper(cell, cell.rest(2.0));
    for (int k = 1; k <= steps / 2; ++k) stepper.advance(2.0 - 2e-3 * k, 0.04);
    for (int k = 1; k <= steps / 2; ++k) stepper.advance(1.6 + 2e-3 * k, 0.04);
    benchmark::DoNotOptimize(stepper.currents().total);
    counts = stepper.counts();
  }
  state.counters["newton_per_step"] = static_cast<double>(counts.newton_iterations) / static_cast<double>(counts.steps);
  state.counters["particle_steps"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(counts.steps) *
                             static_cast<double>(cell.spec().particles.size()),
                         benchmark::Counter::kIsRate);
}

void pile_on_one_potential(benchmark::State& state) {
  sweep(state, batch);
}
void pile_of_independent_particles(benchmark::State& state) {
  sweep(state, star);
}
void pile_with_all_contacts(benchmark::State& state) {
  sweep(state, network);
}
void pile_with_rising_conductivity(benchmark::State& state) {
  sweep(state, conducting);
}
void pile_with_necks(benchmark::State& state) {
  sweep(state, necks);
}
BENCHMARK(pile_on_one_potential)->Arg(2000)->Unit(benchmark::kMillisecond);
BENCHMARK(pile_of_independent_particles)->Arg(2000)->Unit(benchmark::kMillisecond);
BENCHMARK(pile_with_all_contacts)->Arg(20)->Arg(200)->Arg(2000)->Unit(benchmark::kMillisecond);
BENCHMARK(pile_with_rising_conductivity)->Arg(2000)->Unit(benchmark::kMillisecond);
BENCHMARK(pile_with_necks)->Arg(20)->Arg(200)->Unit(benchmark::kMillisecond);

}  // namespace
