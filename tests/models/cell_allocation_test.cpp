// No allocation in the hot path: after the first step of each step size and scheme the stepper lives on what it has.
#include "tests/models/allocation_count.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

CellSpec cluster(int particles) {
  CellSpec spec;
  spec.surface_redox.enabled = true;
  spec.gold_area = 1e-12;
  spec.series_resistance = 1e7;
  for (int i = 0; i < particles; ++i) spec.particles.push_back({.radius = 20e-9 + 1e-9 * i, .contact_resistance = 1e9});
  return spec;
}

/// Allocations of a cycle of `steps` steps between two potentials, behind one that meets every scheme and direction.
long allocations_of(const CellSpec& spec, double high, double low, int steps, double duration) {
  const Cell cell(spec);
  CellStepper stepper(cell, cell.rest(high));
  const double dE = (high - low) / steps;
  const auto cycle = [&] {
    for (int k = 1; k <= steps; ++k) stepper.advance(high - dE * k, duration / steps);
    for (int k = 1; k <= steps; ++k) stepper.advance(low + dE * k, duration / steps);
  };
  cycle();
  const long before = allocations_so_far();
  cycle();
  return allocations_so_far() - before;
}

TEST(CellAllocation, NoneAfterTheFirstStepsOfAnyHost) {
  CellSpec plateau = cluster(20);
  plateau.material.law = IsothermKind::anatase_plateau;
  plateau.material.second_process = true;
  EXPECT_EQ(allocations_of(plateau, 3.0, 1.0, 500, 20.0), 0);
  CellSpec film = cluster(20);
  film.material.diffusion = DiffusionKind::exponential;
  film.material.kinetics = KineticsKind::marcus_hush_chidsey;
  film.material.film_resistance = ArealResistance(0.02);
  EXPECT_EQ(allocations_of(film, 3.0, 1.0, 200, 20.0), 0);
  CellSpec phases = cluster(3);
  phases.model = ParticleModel::cahn_hilliard;
  phases.material.E0 = Potential(1.84);
  phases.material.D = 4.7e-12 * unit::cm2_per_s;
  EXPECT_EQ(allocations_of(phases, 2.3, 1.3, 200, 100.0), 0);
  CellSpec gold = cluster(0);
  EXPECT_EQ(allocations_of(gold, 3.0, 1.0, 200, 20.0), 0);
}

TEST(CellAllocation, OnlyTheSearchForAChangeOfDirectionTakesStepsOfNewLengths) {
  CellSpec spec = cluster(20);
  apply_truth_set("paper_literal", spec.material);
  // Two changes a cycle, each with at most 40 trial steps, the one behind it and 15 that grow; an elimination has
  // some ten arrays, and a search may begin twice.
  EXPECT_LE(allocations_of(spec, 3.0, 1.0, 500, 20.0), 2 * 2 * 56 * 10);
}

TEST(CellAllocation, NoneInStepsThatFollowTheSolutionButThoseOfTheirFirstUse) {
  CellSpec spec = cluster(5);
  const Cell cell(spec);
  CellStepper stepper(cell, cell.rest(3.0));
  AdaptiveSteps steps(cell, stepper, 1e-4, {});
  const std::function<void(const CellReading&)> row = [](const CellReading&) {};
  const auto cycle = [&] {
    steps.run(1.0, 0.02, 500, row);
    steps.run(3.0, 0.02, 500, row);
  };
  cycle();
  cycle();  // the second one has another surface and so other rungs
  const long before = allocations_so_far();
  cycle();
  // A rung of a ladder that was not met before is eliminated once.
  EXPECT_LE(allocations_so_far() - before, 60);
}

}  // namespace
}  // namespace seccm::models::test
