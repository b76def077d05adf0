// Particles whose diffusivity depends on the filling. Quote ratios of one run: the machines are shared.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "models/particle/variable_diffusion.hpp"
#include "sim/quantity.hpp"
#include "sim/radial_lanes.hpp"
#include "sim/radial_newton.hpp"

namespace {

using namespace seccm;
using namespace seccm::models;

constexpr double temperature = 298.15;
const double f = constants::faraday / (constants::gas * temperature);
constexpr double centre = 1.8;
constexpr double half = 1.03;
constexpr double scan_rate = 0.05;
constexpr sim::MeshParameters mesh{.cells = 50, .grading = 0.05};

MaterialParameters material_of(DiffusionKind kind) {
  MaterialParameters material;
  material.D = 3e-15 * unit::cm2_per_s;
  material.k0 = 1.0 * unit::cm_per_s;
  material.diffusion = kind;
  if (kind == DiffusionKind::table) {
    material.D_table_y = {Dimensionless(0.0), Dimensionless(0.5), Dimensionless(1.0)};
    material.D_table = {2e-15 * unit::cm2_per_s, 3e-15 * unit::cm2_per_s, 6e-15 * unit::cm2_per_s};
  }
  if (kind == DiffusionKind::thermodynamic) {
    material.law = IsothermKind::frumkin;
    material.g = 2.0;
  }
  return material;
}

/// The stand-in job on spheres at the applied potential: full cycle of 2.06 V in `steps` steps. Both paths take the
/// same surface kernel and stop at moves below 1e-8.
struct Job {
  sim::RadialLanes lanes;
  VariableDiffusionSpec spec;
  double D;
  long iterations = 0;

  Job(int particles, DiffusionKind kind)
      : lanes(sim::RadialMesh(sim::Geometry::sphere, mesh),
              std::vector<double>(static_cast<std::size_t>(particles), 25e-9)),
        spec{.diffusivity = std::make_shared<const VariableDiffusivity>(material_of(kind)),
             .reaction = SurfaceReaction(material_of(kind), temperature),
             .rate = std::vector<double>(lanes.lanes(), material_of(kind).k0.si()),
             .current_per_flux = std::vector<double>(lanes.lanes(), 1.0),
             .film = std::vector<double>(lanes.lanes(), 0.0),
             .E0 = centre,
             .f = f},
        D(material_of(kind).D.si()) {}

  static double potential(int k, int steps) {
    const double share = 2.0 * k / steps;
    return centre + half - 2.0 * half * (share < 1.0 ? share : 2.0 - share);
  }

  double run_newton(int steps) {
    VariableDiffusionSolver solver(lanes, spec);
    std::vector<double> now(lanes.profile_size(), 0.0), before(now), surface(lanes.lanes(), 0.0), p(surface),
        i(surface), g(surface);
    const std::vector<double> still(lanes.lanes(), 0.0);
    double charge = 0.0;
    iterations = 0;
    for (int k = 1; k <= steps; ++k) {
      const bool corner = k == 1 || k == steps / 2 + 1;
      solver.begin(now, before, surface, 4.0 * half / steps / scan_rate, corner ? sim::backward_euler : sim::bdf2, 1.0);
      std::fill(p.begin(), p.end(), potential(k, steps));
      for (int n = 0; n < 60; ++n) {
        solver.linearise(p, i, g);
        ++iterations;
        if (solver.update(still, 0.25) < 1e-8) break;
      }
      now.swap(before);
      std::copy(solver.profile().begin(), solver.profile().end(), now.begin());
      std::copy(solver.surface().begin(), solver.surface().end(), surface.begin());
      charge += solver.current();
    }
    return charge;
  }

  double run_constant(int steps) const {
    const double dt = 4.0 * half / steps / scan_rate;
    const sim::RadialElimination euler(lanes, D, dt, sim::backward_euler);
    const sim::RadialElimination bdf2(lanes, D, dt, sim::bdf2);
    std::vector<double> now(lanes.profile_size(), 0.0), before(now), y(lanes.lanes(), 0.0), p(y), a(y), i(y), g(y),
        dy0(y), dyp(y), flux(y);
    const std::vector<double> still(lanes.lanes(), 0.0);
    double charge = 0.0;
    for (int k = 1; k <= steps; ++k) {
      const bool corner = k == 1 || k == steps / 2 + 1;
      const sim::RadialElimination& step = corner ? euler : bdf2;
      step.forward(now, before, a);
      std::fill(p.begin(), p.end(), potential(k, steps));
      const ExchangeLanes host{lanes.lanes(),
                               a.data(),
                               step.slope().data(),
                               spec.rate.data(),
                               spec.current_per_flux.data(),
                               spec.film.data(),
                               y.data(),
                               dy0.data(),
                               dyp.data(),
                               centre,
                               f};
      for (int n = 0; n < 60; ++n) {
        spec.reaction.linearise(host, p.data(), i.data(), g.data());
        if (update_surface(host, still.data(), 0.25, 0.1) < 1e-8 || spec.reaction.linear()) break;
      }
      charge += surface_fluxes(host, flux.data());
      step.backward(before, flux);
      now.swap(before);
    }
    return charge;
  }
};

template <class Function>
double seconds(Function&& run) {
  const auto start = std::chrono::steady_clock::now();
  benchmark::DoNotOptimize(run());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// What does Newton's method over the tridiagonal system cost against the elimination that a constant D allows once per
// step size? The stand-in job of one sphere and of a batch of sixteen; A/B/A/B, median of the ratios. Decided: the path
// is chosen per material, constant D keeps its own; the guess is extrapolated, which saves one of three iterations a
// step.
void newton_over_constant(benchmark::State& state) {
  const auto particles = static_cast<int>(state.range(0));
  const auto kind = static_cast<DiffusionKind>(state.range(1));
  const auto steps = static_cast<int>(state.range(2));
  Job job(particles, kind);
  std::vector<double> ratio, newton_time;
  for (auto _ : state) {
    const double constant = seconds([&] { return job.run_constant(steps); });
    const double newton = seconds([&] { return job.run_newton(steps); });
    ratio.push_back(newton / constant);
    newton_time.push_back(newton);
    state.SetIterationTime(newton);
  }
  const auto median = [](std::vector<double>& v) {
    std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
    return v[v.size() / 2];
  };
  state.counters["ratio_to_constant_D"] = median(ratio);
  state.counters["newton_per_step"] = static_cast<double>(job.iterations) / steps;
  state.counters["ns_per_particle_step"] = median(newton_time) * 1e9 / (static_cast<double>(particles) * steps);
}
void all_laws(benchmark::internal::Benchmark* bench) {
  for (const int particles : {1, 16}) {
    for (const DiffusionKind kind :
         {DiffusionKind::single, DiffusionKind::exponential, DiffusionKind::thermodynamic, DiffusionKind::table}) {
      for (const int steps : {1000, 2000}) bench->Args({particles, static_cast<long>(kind), steps});
    }
  }
}
BENCHMARK(newton_over_constant)
    ->ArgNames({"particles", "law", "steps"})
    ->Apply(all_laws)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
