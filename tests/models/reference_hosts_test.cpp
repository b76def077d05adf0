// The reference engine with particles that separate into phases, and with the contacts and necks of a network: its
// Jacobian, its balances, and the fast engine against it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/engine/simulate.hpp"
#include "models/network/network_wiring.hpp"
#include "models/reference/parameter_path.hpp"
#include "models/reference/reference_simulate.hpp"
#include "tests/models/reference_test_support.hpp"

namespace seccm::models {
namespace {

using test::at_tolerance;
using test::difference;
using test::Left;
using test::peak_of;

CellSpec with_step(CellSpec cell, double step) {
  cell.numerics.potential_step = Potential(step);
  return cell;
}

/// One particle of 20 nm that separates, in a slow enough sweep that it fills.
CellSpec separating() {
  CellSpec cell;
  cell.model = ParticleModel::cahn_hilliard;
  cell.material.D = 4.7e-12 * unit::cm2_per_s;
  cell.material.k0 = 2e-9 * unit::cm_per_s;
  cell.material.E0 = Potential(1.84);
  cell.double_layer.titania = ArealCapacitance(0.0);
  cell.water.enabled = false;
  cell.phase_field.tolerance = 1e-6;
  cell.particles = {{.radius = 10e-9}};
  return cell;
}

/// Two sublattices that feel each other, with coherency strain and a wetted surface.
CellSpec two_lattices() {
  CellSpec cell = separating();
  cell.model = ParticleModel::cahn_hilliard_two_lattices;
  cell.material.second_D = 1e-13 * unit::cm2_per_s;
  cell.material.second_k0 = 1e-9 * unit::cm_per_s;
  cell.phase_field.omega = 3.0;
  cell.phase_field.omega_second = 2.5;
  cell.phase_field.coupling = 0.4;
  cell.phase_field.coherency = Pressure(0.05e9);
  cell.phase_field.wetting = WettingKind::filling;
  cell.phase_field.wetting_filling = 0.7;
  cell.phase_field.wetting_length = 1.0 * unit::nm;
  return cell;
}

/// Two particles of different size behind contacts, on one series resistance, with double layers.
CellSpec separating_pair() {
  CellSpec cell = separating();
  cell.double_layer.titania = 10.0 * unit::uF_per_cm2;
  cell.series_resistance = 1e11;
  cell.phase_field.size_dependent = true;
  cell.particles = {{.radius = 8e-9, .contact_resistance = 1e12}, {.radius = 10e-9, .contact_resistance = 3e12}};
  return cell;
}

/// A chain of particles on gold with a branch, contacts that conduct as the particles fill, and two necks.
CellSpec chain(bool limited) {
  CellSpec cell;
  cell.material.k0 = 2e-9 * unit::cm_per_s;
  cell.material.D = 1e-13 * unit::cm2_per_s;
  cell.double_layer.titania = 10.0 * unit::uF_per_cm2;
  cell.water.enabled = false;
  cell.series_resistance = 5e9;
  cell.numerics.cells = 20;
  cell.numerics.grading = 0.2;
  NetworkSpec network;
  for (int k = 0; k < 6; ++k) {
    cell.particles.push_back({.radius = (20.0 + 2.0 * k) * 1e-9, .wetted_fraction = 1.0 - 0.1 * k});
    network.contacts.push_back(
        {.first = k, .second = k - 1, .interface_resistance = 1e11 * (1.0 + 0.3 * k), .radius = 5e-9});
  }
  network.contacts.push_back({.first = 5, .second = 1, .interface_resistance = 4e11, .radius = 4e-9});
  network.contacts.push_back({.first = 3, .second = on_gold, .interface_resistance = 8e11, .radius = 4e-9});
  network.conductivity = {.limited = limited, .pristine = 1e-4, .lithiated = 1e-2, .full_filling = 0.6};
  network.necks = {{.first = 0, .second = 1, .exchange = 1e-26}, {.first = 2, .second = 4, .exchange = 3e-26}};
  cell.wiring = std::make_shared<const NetworkWiringModel>(network, cell.material.c_max.si());
  return cell;
}

ElectrolyteSpec drying_cone() {
  ElectrolyteSpec spec;
  spec.electrolyte.salt.transport = SaltTransport::cone;
  spec.electrolyte.salt.evaporation = 0.02e-15;
  spec.geometry = {.droplet_height = 0.15e-6, .footprint_radius = 0.55e-6, .cells = 30, .first_cell = 0.05};
  return spec;
}

TEST(ReferenceHosts, JacobianIsThatOfTheResidual) {
  CellSpec redox = chain(true);
  redox.surface_redox.enabled = true;
  redox.surface_redox.rate = Frequency(0.5);
  redox.material.diffusion = DiffusionKind::per_direction;
  for (const CellSpec& cell : {separating(), two_lattices(), separating_pair(), chain(true), redox}) {
    for (const bool liquid : {false, true}) {
      ReferenceSpec spec{cell, std::nullopt};
      if (liquid) spec.liquid = drying_cone();
      ReferenceSystem system(spec, reference_mesh(cell), reference_units(spec, 0.01));
      system.ramp = {.time = 0.0, .E = 1.9, .slope = -0.01};
      const test::RandomPoint point = test::random_point(system, 1.9);
      // Truncation of a central difference, f'''/f' h²/6: the gradient energy of a surface node raises μ by up to 100
      // of an unknown, 1.7e-7.
      EXPECT_LT(test::worst_entry(system, point, false), 2e-7);
      EXPECT_LT(test::worst_entry(system, point, true), 2e-7);
    }
  }
}

/// Largest difference of the lithium of two traces at the instants of the coarser one.
double lithium_off(const Trace& coarse, const Trace& fine) {
  const std::size_t stride = (fine.size() - 1) / (coarse.size() - 1);
  double most = 0.0;
  for (std::size_t k = 0; k < coarse.size(); ++k) {
    most = std::max(most, std::abs(coarse.lithium[k] - fine.lithium[k * stride]));
  }
  return most;
}

// --- phases ----------------------------------------------------------------------------------------------------------

const sim::Waveform& slow_cycle() {
  static const sim::Waveform program = sim::Waveform::at(2.4).cyclic(1.3, 2.4, 0.01, 1);
  return program;
}

Trace in_inner_steps(CellSpec cell, double tolerance) {
  cell.phase_field.tolerance = tolerance;
  return simulate(Cell(cell), slow_cycle());
}

/// A full charge and discharge by the reference engine, its lithium that of its charge.
Trace cycle_of(const CellSpec& cell) {
  const ReferenceRun run = run_reference(Cell(cell), slow_cycle(), at_tolerance(1e-8));
  const double capacity = Cell(cell).capacity();
  EXPECT_GT(*std::max_element(run.trace.lithium.begin(), run.trace.lithium.end()), 0.95 * capacity);
  // ∫ i dt is what the particle took up, to the precision of Newton's method.
  for (std::size_t k = 0; k < run.trace.size(); ++k) {
    const double taken = constants::faraday * (run.trace.lithium[k] - run.trace.lithium.front());
    EXPECT_NEAR(run.trace.charge[k], -taken, 1e-10 * constants::faraday * capacity);
  }
  return run.trace;
}

TEST(ReferenceHosts, PhasesOfTheFastStepperTendToItWithTheToleranceOfTheInnerSteps) {
  const CellSpec cell = with_step(separating(), 4e-3);
  const Trace exact = cycle_of(cell);
  // Local errors of third order make inner steps of tolerance^(1/3) and errors of their square.
  const double coarse = lithium_off(exact, in_inner_steps(cell, 1e-6));
  const double fine = lithium_off(exact, in_inner_steps(cell, 1e-8));
  EXPECT_NEAR(0.5 * std::log10(coarse / fine), 2.0 / 3.0, 0.1);
  EXPECT_LT(fine, 2e-4 * Cell(cell).capacity());
}

TEST(ReferenceHosts, TwoSublatticesTurnWithTheFastStepperAsWithIt) {
  // In the interval behind a corner the fast stepper holds the end potential; that interval is 2^-14 of a step, so that
  // at the turn too, where the second lattice fills, the error is that of the inner steps, 1e-8^(2/3) on either side.
  const CellSpec cell = with_step(two_lattices(), 4e-3);
  const Trace exact = cycle_of(cell);
  EXPECT_LT(lithium_off(exact, in_inner_steps(cell, 1e-8)), 2.0 * 4.6e-6 * Cell(cell).capacity());
}

TEST(ReferenceHosts, TwoParticlesBehindTheirContactsSeparateAsByTheFastStepper) {
  const CellSpec cell = separating_pair();
  const double capacity = Cell(cell).capacity();
  const ReferenceRun exact = run_reference(Cell(with_step(cell, 4e-3)), slow_cycle(), at_tolerance(1e-8));
  const Trace coarse = simulate(Cell(with_step(cell, 2e-3)), slow_cycle());
  const Trace fine = simulate(Cell(with_step(cell, 1e-3)), slow_cycle());
  // The potentials behind the contacts are good to the second order of the outer step where the current is smooth.
  EXPECT_LT(lithium_off(exact.trace, coarse), 3.42 * lithium_off(coarse, fine) + 1000.0 * 1e-8 * capacity);
  EXPECT_LT(lithium_off(exact.trace, fine), 1e-3 * capacity);
}

// --- networks --------------------------------------------------------------------------------------------------------

TEST(ReferenceHosts, FastNetworkTendsToItInSecondOrder) {
  const sim::Waveform program = sim::Waveform::at(2.6).cyclic(1.2, 2.6, 0.1, 1);
  for (const bool limited : {false, true}) {
    SCOPED_TRACE(limited ? "lithiation" : "constant");
    constexpr double tolerance = 1e-8;
    const CellSpec cell = chain(limited);
    const ReferenceRun exact = run_reference(Cell(with_step(cell, 4e-3)), program, at_tolerance(tolerance));
    const Trace coarse = simulate(Cell(with_step(cell, 4e-3)), program);
    const Trace fine = simulate(Cell(with_step(cell, 2e-3)), program);
    EXPECT_GT(exact.trace.lithium[350], 0.5 * Cell(cell).capacity());
    EXPECT_LT(difference(exact.trace, coarse),
              3.42 * difference(coarse, fine) + 1000.0 * tolerance * exact.current_unit);
    const Left left{.start = 25, .turn = 350, .ten = 10};
    const double smooth = difference(exact.trace, coarse, left);
    const double halved = difference(exact.trace, fine, left);
    EXPECT_NEAR(std::log2(smooth / halved), 2.0, 0.2);
    EXPECT_LT(smooth, 3e-4 * peak_of(exact.trace));
  }
}

TEST(ReferenceHosts, NetworkUnderADryingConeIsThatOfTheFastEngine) {
  const ElectrolyteSpec liquid = drying_cone();
  const sim::Waveform program = sim::Waveform::at(2.6).cyclic(1.2, 2.6, 0.1, 1);
  const CellSpec cell = chain(true);
  const ReferenceRun exact = run_reference(Cell(with_step(cell, 8e-3)), program, at_tolerance(1e-8), {}, &liquid);
  const Trace coarse = simulate(Cell(with_step(cell, 8e-3)), liquid, program);
  const Trace fine = simulate(Cell(with_step(cell, 4e-3)), liquid, program);
  EXPECT_GT(exact.trace.liquid.back().concentration, 1400.0);
  EXPECT_LT(difference(exact.trace, coarse), 3.42 * difference(coarse, fine) + 1000.0 * 1e-8 * exact.current_unit);
}

TEST(ReferenceHosts, LithiumThroughNecksIsNeitherMadeNorLost) {
  CellSpec cell = with_step(chain(true), 20e-3);
  cell.double_layer.titania = ArealCapacitance(0.0);
  cell.series_resistance = 0.0;
  const sim::Waveform program = sim::Waveform::at(2.6).cyclic(1.2, 2.6, 0.1, 1);
  const ReferenceRun run = run_reference(Cell(cell), program, at_tolerance(1e-7));
  const double capacity = constants::faraday * Cell(cell).capacity();
  for (std::size_t k = 0; k < run.trace.size(); ++k) {
    const double taken = constants::faraday * (run.trace.lithium[k] - run.trace.lithium.front());
    EXPECT_NEAR(run.trace.charge[k], -taken, 1e-10 * capacity);
  }
}

// --- no host at all --------------------------------------------------------------------------------------------------

TEST(ReferenceHosts, BareGoldChargesThroughItsResistance) {
  CellSpec cell = with_step(CellSpec{}, 10e-3);
  cell.water.enabled = false;
  cell.gold_area = 1e-12;
  cell.series_resistance = 1e13;
  const double C = cell.double_layer.gold.si() * cell.gold_area;
  const double RC = C * cell.series_resistance;  // 1 s
  const sim::Waveform program = sim::Waveform::at(2.0).ramp_to(1.5, 0.1);
  const ReferenceRun run = run_reference(Cell(cell), program, at_tolerance(1e-8));
  for (std::size_t k = 1; k < run.trace.size(); ++k) {
    EXPECT_NEAR(run.trace.current[k], 0.1 * C * std::expm1(-run.trace.time[k] / RC), 1000.0 * 1e-8 * run.current_unit);
  }
  // Behind a drying cone the double layer follows the diffusion potential: its charge is that of the potential behind
  // it.
  cell.series_resistance = 0.0;
  const ElectrolyteSpec liquid = drying_cone();
  const ReferenceRun dry = run_reference(Cell(cell), program, at_tolerance(1e-8), {}, &liquid);
  const LiquidRow& end = dry.trace.liquid.back();
  const double phi = 1.5 - end.diffusion_potential - end.series_resistance * dry.trace.current.back();
  EXPECT_NEAR(dry.trace.charge.back(), C * (phi - 2.0), 1e-8 * C);
  EXPECT_GT(end.diffusion_potential, 0.01);
}

// --- slopes ----------------------------------------------------------------------------------------------------------

TEST(ReferenceHosts, SlopesAreThoseOfDifferencesOfRuns) {
  const sim::Waveform cycle = sim::Waveform::at(2.6).cyclic(1.2, 2.6, 0.1, 1);
  test::expect_slopes({{with_step(chain(true), 20e-3), std::nullopt}, cycle, {"material.D"}});
  // Down to the nucleation of the lithium-rich phase: behind it a current depends on when that was.
  const sim::Waveform down = sim::Waveform::at(2.4).ramp_to(1.3, 0.01);
  test::expect_slopes({{with_step(separating_pair(), 20e-3), std::nullopt}, down, {"phase_field.omega"}});
}

}  // namespace
}  // namespace seccm::models
