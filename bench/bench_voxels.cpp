// Clusters resolved in voxels. What does a cycle cost, and which preconditioner carries it?
//
// Decided: conjugate gradients with one V-cycle of our own geometric multigrid in single precision. Its iterations
// hardly grow with the mesh, those of Eigen's incomplete Cholesky factor and of the diagonal do; and it needs no
// assembled matrix.
#include <benchmark/benchmark.h>

#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>
#include <cmath>
#include <vector>

#include "models/voxels/voxel_cluster.hpp"
#include "models/voxels/voxel_parameters.hpp"
#include "sim/random.hpp"

namespace {

using namespace seccm;
using namespace seccm::models;

/// Twenty spheres of 50 nm settled on gold, all pores wet, voxels of `edge` nm; the D that NMR sees.
VoxelSpec pile(double edge) {
  VoxelParameters voxels;
  voxels.source = VoxelSource::packing;
  voxels.voxel = Length(edge * 1e-9);
  voxels.neck_ratio = 0.2;
  CellScenarioParameters cell;
  cell.particles = 20;
  CellSections sections;
  sections.material.E0 = Potential(1.8);
  sections.material.D = 4.7e-12 * unit::cm2_per_s;
  sections.material.k0 = 1e-8 * unit::cm_per_s;
  sections.water_reduction.enabled = false;
  ProgramParameters program;
  program.scan_rates = {ScanRate(0.02)};
  return assemble_voxels(voxels, cell, sections, program, 1);
}

/// A cycle of 2 x 1 V in `steps` steps, `done` of them run.
void run_steps(benchmark::State& state, const VoxelSpec& spec, int steps, int done,
               sim::GridPreconditioner preconditioner) {
  const VoxelCluster cluster(spec);
  VoxelStepper::Counts counts;
  for (auto _ : state) {
    VoxelStepper stepper(cluster, 2.3, preconditioner);
    const double dE = 2.0 / steps;
    for (int k = 1; k <= done; ++k) {
      const int turn = steps / 2;
      stepper.advance(k <= turn ? 2.3 - dE * k : 1.3 + dE * (k - turn), dE / 0.02);
    }
    benchmark::DoNotOptimize(stepper.lithium());
    counts = stepper.counts();
  }
  const auto per_step = [&](long n) { return static_cast<double>(n) / static_cast<double>(counts.steps); };
  state.counters["unknowns"] = static_cast<double>(cluster.grid().voxels());
  state.counters["newton_per_step"] = per_step(counts.newton_iterations);
  state.counters["iterations_per_step"] = per_step(counts.linear_iterations);
  state.counters["ns_per_unknown_step"] =
      benchmark::Counter(static_cast<double>(cluster.grid().voxels()) * done * 1e-9,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// What does a step cost, and how do the iterations grow as the mesh is refined? The first forty of 400 steps: they hold
// the rise of the wave.
void voxels_step(benchmark::State& state) {
  run_steps(state, pile(static_cast<double>(state.range(0)) * 0.5), 400, 40, sim::GridPreconditioner::multigrid);
}
void voxels_step_jacobi(benchmark::State& state) {
  run_steps(state, pile(static_cast<double>(state.range(0)) * 0.5), 400, 40, sim::GridPreconditioner::jacobi);
}
BENCHMARK(voxels_step)->ArgName("half_nm")->Arg(8)->Arg(4)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(voxels_step_jacobi)->ArgName("half_nm")->Arg(8)->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);

// A whole cycle of 400 steps over more than a million unknowns.
void voxels_million_cycle(benchmark::State& state) {
  run_steps(state, pile(1.0), 400, 400, sim::GridPreconditioner::multigrid);
}
BENCHMARK(voxels_million_cycle)->Iterations(1)->Repetitions(1)->UseRealTime()->Unit(benchmark::kSecond);

/// (1 + τ L) x = b of one step on the pile, b alternating over the voxels: every scale of the mesh is in it.
struct LinearSystem {
  explicit LinearSystem(double edge) : grid(pile(edge)), shape(grid.links().shape), mass(shape), b(shape), x(shape) {
    for (std::size_t i = 0; i < shape.cells(); ++i) {
      if (grid.solid()[i] == 0) continue;
      mass[i] = 1.0;
      b[i] = std::sin(0.37 * static_cast<double>(i)) + 0.2;
    }
  }
  VoxelGrid grid;
  sim::GridShape shape;
  sim::GridVector<double> mass, b, x;
  static constexpr double tau = 2.0 / 3.0 * 0.25;  // s: BDF2, steps of 5 mV at 20 mV/s
};
constexpr double solved = 1e-8;

void voxels_solve(benchmark::State& state, sim::GridPreconditioner preconditioner) {
  LinearSystem system(static_cast<double>(state.range(0)) * 0.5);
  sim::GridConjugateGradients solver(system.grid.links(), preconditioner);
  int iterations = 0;
  for (auto _ : state) {
    solver.prepare(system.mass, LinearSystem::tau);
    system.x = sim::GridVector<double>(system.shape);
    iterations = solver.solve(system.b, system.x, solved, 10000).iterations;
  }
  state.counters["iterations"] = iterations;
  state.counters["unknowns"] = static_cast<double>(system.grid.voxels());
}
void voxels_solve_multigrid(benchmark::State& state) {
  voxels_solve(state, sim::GridPreconditioner::multigrid);
}
void voxels_solve_jacobi(benchmark::State& state) {
  voxels_solve(state, sim::GridPreconditioner::jacobi);
}

/// The same matrix, assembled.
Eigen::SparseMatrix<double> matrix_of(const LinearSystem& system, std::vector<int>& unknown) {
  unknown.assign(system.shape.cells(), -1);
  int n = 0;
  for (std::size_t i = 0; i < system.shape.cells(); ++i) {
    if (system.mass[i] > 0.0) unknown[i] = n++;
  }
  std::vector<Eigen::Triplet<double>> entries;
  const auto strides = system.shape.strides();
  for (std::size_t i = 0; i < system.shape.cells(); ++i) {
    if (unknown[i] < 0) continue;
    entries.emplace_back(unknown[i], unknown[i], system.mass[i]);
    for (std::size_t a = 0; a < 3; ++a) {
      const double link = LinearSystem::tau * static_cast<double>(system.grid.links().axis[a][i]);
      if (link == 0.0) continue;
      const int j = unknown[i + strides[a]];
      entries.emplace_back(unknown[i], unknown[i], link);
      entries.emplace_back(j, j, link);
      entries.emplace_back(unknown[i], j, -link);
      entries.emplace_back(j, unknown[i], -link);
    }
  }
  Eigen::SparseMatrix<double> A(n, n);
  A.setFromTriplets(entries.begin(), entries.end());
  return A;
}

void voxels_solve_eigen_cholesky(benchmark::State& state) {
  const LinearSystem system(static_cast<double>(state.range(0)) * 0.5);
  std::vector<int> unknown;
  const Eigen::SparseMatrix<double> A = matrix_of(system, unknown);
  Eigen::VectorXd b(A.rows());
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    if (unknown[i] >= 0) b[unknown[i]] = system.b[i];
  }
  Eigen::ConjugateGradient<Eigen::SparseMatrix<double>, Eigen::Lower | Eigen::Upper, Eigen::IncompleteCholesky<double>>
      solver;
  solver.setTolerance(solved);
  for (auto _ : state) {
    solver.compute(A);
    benchmark::DoNotOptimize(solver.solve(b).eval());
  }
  state.counters["iterations"] = static_cast<double>(solver.iterations());
  state.counters["unknowns"] = static_cast<double>(A.rows());
}
BENCHMARK(voxels_solve_multigrid)
    ->ArgName("half_nm")
    ->Arg(8)
    ->Arg(4)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(voxels_solve_jacobi)
    ->ArgName("half_nm")
    ->Arg(8)
    ->Arg(4)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(voxels_solve_eigen_cholesky)
    ->ArgName("half_nm")
    ->Arg(8)
    ->Arg(4)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
