// The reference engine with the liquid of [electrolyte]: its Jacobian, its balance of salt, its slopes, and the fast
// engine (SurroundedCell) against it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/engine/simulate.hpp"
#include "models/reference/parameter_path.hpp"
#include "models/reference/reference_simulate.hpp"
#include "models/reference/reference_system.hpp"
#include "sim/error.hpp"
#include "tests/models/reference_test_support.hpp"

namespace seccm::models {
namespace {

using test::at_tolerance;
using test::difference;
using test::Left;
using test::peak_of;

constexpr double faraday = constants::faraday;

/// A thin slab of fast kinetics that can empty a pipette of 1 um.
CellSpec greedy(double area) {
  CellSpec spec;
  spec.geometry = sim::Geometry::slab;
  spec.face_area = area;
  spec.material.E0 = Potential(2.0);
  spec.material.D = Diffusivity(1e-13);
  spec.material.k0 = Velocity(1e-8);
  spec.double_layer.titania = ArealCapacitance(0.0);
  spec.water.enabled = false;
  spec.particles = {{.radius = 1e-6}};
  spec.numerics.cells = 30;
  spec.numerics.grading = 0.1;
  return spec;
}

/// Two spheres with everything that a star of Fick particles can have.
CellSpec complete() {
  CellSpec spec;
  spec.material.law = IsothermKind::frumkin;
  spec.material.g = 1.5;
  spec.material.k0 = 2e-9 * unit::cm_per_s;
  spec.material.film_resistance = ArealResistance(0.01);
  spec.material.second_process = true;
  spec.surface_redox.enabled = true;
  spec.surface_redox.rate = Frequency(0.5);
  spec.surface_redox.g = 8.0;
  spec.numerics.cells = 12;
  spec.numerics.grading = 0.2;
  spec.gold_area = 2e-13;
  spec.series_resistance = 1e6;
  spec.ferrocene.i_lim = 1e-13;
  spec.particles = {{.radius = 20e-9, .contact_resistance = 1e11}, {.radius = 30e-9, .wetted_fraction = 0.6}};
  return spec;
}

ElectrolyteSpec cone(SaltLaw law, double flow = 0.0, int cells = 40) {
  ElectrolyteSpec spec;
  spec.electrolyte.salt.transport = SaltTransport::cone;
  spec.electrolyte.salt.properties = law;
  spec.electrolyte.salt.evaporation = flow;
  spec.geometry = {.droplet_height = 0.15e-6, .footprint_radius = 0.55e-6, .cells = cells, .first_cell = 0.05};
  return spec;
}

ElectrolyteSpec spreading(ElectrolyteSpec spec, Spreading law) {
  spec.electrolyte.salt.spreading = law;
  spec.electrolyte.salt.spreading_time = Time(5.0);
  spec.electrolyte.salt.gold_pzc = Potential(2.4);
  return spec;
}

CellSpec in_steps(CellSpec cell, double step, double hold = 0.02) {
  cell.numerics.potential_step = Potential(step);
  cell.numerics.hold_step = Time(hold);
  return cell;
}

const sim::Waveform& cycle() {
  static const sim::Waveform program = sim::Waveform::at(2.6).cyclic(1.4, 2.6, 0.1, 1);
  return program;
}

// --- pointwise -------------------------------------------------------------------------------------------------------

TEST(ReferenceLiquid, SlopesOfTheSaltsPropertiesAreThoseOfTheirDifferences) {
  for (const SaltLaw law : {SaltLaw::constant, SaltLaw::dilute, SaltLaw::landesfeind}) {
    const SaltProperties salt(cone(law).electrolyte, 298.15);
    for (const double c : {150.0, 1000.0, 2700.0}) {
      const double h = 1e-4 * c;  // truncation 1e-8 of the value, round-off 1e-12
      const auto slope = [&](double (SaltProperties::*of)(double) const) {
        return ((salt.*of)(c + h) - (salt.*of)(c - h)) / (2.0 * h);
      };
      const auto bound = [&](double value) { return 1e-7 * std::abs(value) / c + 1e-30; };
      EXPECT_NEAR(salt.diffusivity_slope(c), slope(&SaltProperties::diffusivity), bound(salt.diffusivity(c)));
      EXPECT_NEAR(salt.conductivity_slope(c), slope(&SaltProperties::conductivity), bound(salt.conductivity(c)));
      EXPECT_NEAR(salt.transference_slope(c), slope(&SaltProperties::transference), bound(1.0));
    }
  }
}

TEST(ReferenceLiquid, JacobianIsThatOfTheResidual) {
  for (const KineticsKind kinetics : {KineticsKind::butler_volmer, KineticsKind::marcus_hush_chidsey}) {
    for (const SaltLaw law : {SaltLaw::constant, SaltLaw::dilute, SaltLaw::landesfeind}) {
      CellSpec cell = complete();
      cell.material.kinetics = kinetics;
      const ReferenceSpec spec{cell, spreading(cone(law, 0.01e-15, 10), Spreading::power)};
      ReferenceSystem system(spec, reference_mesh(cell), reference_units(spec, 0.1));
      system.ramp = {.time = 0.0, .E = 2.0, .slope = -0.1};
      const test::RandomPoint point = test::random_point(system, 2.0);
      // Truncation of a central difference, f'''/f' h²/6: the fastest exponential goes with F/RT x 1 V = 39 of an
      // unknown, 3e-8.
      EXPECT_LT(test::worst_entry(system, point, false), 1e-7);
      EXPECT_LT(test::worst_entry(system, point, true), 1e-7);
    }
  }
}

// --- balances and limits ---------------------------------------------------------------------------------------------

TEST(ReferenceLiquid, SaltIsConservedAndCarriesTheCharge) {
  for (const SaltLaw law : {SaltLaw::constant, SaltLaw::dilute, SaltLaw::landesfeind}) {
    for (const double flow : {0.0, 0.02e-15}) {
      CellSpec cell = greedy(10e-12);
      cell.stray_capacitance = 1e-12;
      const ElectrolyteSpec liquid = cone(law, flow);
      const ReferenceRun run = run_reference(Cell(in_steps(cell, 8e-3)), cycle(), at_tolerance(1e-7), {}, &liquid);
      double largest = 0.0;
      double off = 0.0;
      double lowest = 1e9;
      double highest = 0.0;
      ASSERT_EQ(run.salt.size(), run.trace.size());
      for (std::size_t k = 0; k < run.salt.size(); ++k) {
        largest = std::max(largest, std::abs(run.salt[k].excess));
        off = std::max(off, std::abs(run.salt[k].excess + run.salt[k].left));
        lowest = std::min(lowest, run.trace.liquid[k].concentration);
        highest = std::max(highest, run.trace.liquid[k].concentration);
      }
      EXPECT_GT(highest - lowest, 500.0) << "a run in which nothing happens proves nothing";
      EXPECT_LT(off, 1e-10 * largest);
      if (law == SaltLaw::landesfeind || flow > 0.0) continue;
      // 12 s reach 0.06 mm of a cone of 3 mm: nothing diffuses out of the far end.
      const std::size_t half = run.salt.size() / 2;
      const double stray = cell.stray_capacitance * (run.trace.E_vs_Li[half] - 2.6);
      EXPECT_NEAR(faraday * run.salt[half].excess / (0.75 * (run.trace.charge[half] - stray)), 1.0, 1e-9);
    }
  }
}

TEST(ReferenceLiquid, FastSaltIsTheCellBehindTheResistanceOfTheCone) {
  // Diffusion a million times as fast: the surface concentration moves by i/i_lim, with i_lim of that D.
  ElectrolyteSpec liquid = cone(SaltLaw::constant);
  liquid.electrolyte.salt_diffusivity = Diffusivity(2.5e-4);
  CellSpec cell = complete();
  cell.numerics.potential_step = Potential(8e-3);
  const ReferenceRun with = run_reference(Cell(cell), cycle(), at_tolerance(1e-8), {}, &liquid);
  cell.series_resistance += SaltColumn(liquid.geometry).resistance() / liquid.electrolyte.conductivity.si();
  const ReferenceRun without = run_reference(Cell(cell), cycle(), at_tolerance(1e-8));
  EXPECT_NEAR(with.trace.liquid.back().series_resistance, cell.series_resistance, 1e-9 * cell.series_resistance);
  const double peak = peak_of(without.trace);
  // 2 (1 - t+) Γ i/i_lim is the shift of potential times F/RT, and d ln i/dE is at most F/RT; both runs' errors.
  const double shift = 2.0 * 0.75 * 2.15 * peak / salt_limiting_current(liquid);
  const double bound = shift * peak + 2.0 * 1000.0 * 1e-8 * with.current_unit;
  EXPECT_LT(difference(with.trace, without.trace), bound);
  EXPECT_LT(bound, 1e-3 * peak);
}

TEST(ReferenceLiquid, BandAndKluSolveTheSameSystem) {
  const ElectrolyteSpec liquid = cone(SaltLaw::landesfeind, 0.01e-15, 20);
  const CellSpec cell = in_steps(complete(), 20e-3);
  ReferenceOptions options = at_tolerance(1e-7);
  const ReferenceRun sparse = run_reference(Cell(cell), cycle(), options, {}, &liquid);
  options.linear = sim::LinearAlgebra::band;
  const ReferenceRun band = run_reference(Cell(cell), cycle(), options, {}, &liquid);
  EXPECT_LT(difference(sparse.trace, band.trace), 2.0 * 1000.0 * 1e-7 * sparse.current_unit);
}

// --- against the fast engine -----------------------------------------------------------------------------------------

struct Comparison {
  const char* name;
  CellSpec cell;
  ElectrolyteSpec liquid;
  std::size_t start = 0;                     ///< rows, of 300 a sweep, that the order leaves out
  double least_salt = 1e9, most_salt = 0.0;  ///< mol/m³ that the run has to reach for the case to mean something
};

std::vector<Comparison> comparisons() {
  CellSpec layered = greedy(20e-12);
  layered.double_layer.titania = ArealCapacitance(0.1);
  layered.gold_area = 1e-12;
  CellSpec kinetic = complete();
  kinetic.material.second_process = false;
  kinetic.water.enabled = false;
  kinetic.surface_redox.charge = ArealCharge(4.0);
  kinetic.particles.back().contact_resistance = 1e10;
  CellSpec at_once = kinetic;
  at_once.surface_redox.rate = Frequency(0.0);
  CellSpec watery = greedy(1e-14);
  watery.water.enabled = true;
  watery.gold_area = 1e-12;
  ElectrolyteSpec still = spreading(cone(SaltLaw::landesfeind), Spreading::power);
  still.electrolyte.salt.transport = SaltTransport::none;
  CellSpec resisted = watery;
  resisted.series_resistance = 1e9;
  // Evaporation starts with a layer of salt that grows from nothing: a second of it is left out.
  return {{"depletion", layered, cone(SaltLaw::landesfeind), 0, 300.0, 2400.0},
          {"depletion of a dilute salt", greedy(20e-12), cone(SaltLaw::dilute), 0, 100.0, 2000.0},
          {"evaporation", greedy(1e-14), cone(SaltLaw::landesfeind, 0.02e-15), 25, 1e9, 1400.0},
          {"evaporation, everything else", kinetic, cone(SaltLaw::landesfeind, 0.02e-15), 25, 1e9, 1400.0},
          {"evaporation, redox at once", at_once, cone(SaltLaw::landesfeind, 0.02e-15), 25, 1e9, 1400.0},
          {"spreading", watery, spreading(cone(SaltLaw::constant), Spreading::exponential)},
          {"spreading alone", watery, still},
          {"spreading behind 1 GOhm", resisted, still}};
}

TEST(ReferenceLiquid, FastEngineTendsToItInSecondOrder) {
  constexpr double tolerance = 1e-8;
  for (const Comparison& c : comparisons()) {
    SCOPED_TRACE(c.name);
    const ReferenceRun exact =
        run_reference(Cell(in_steps(c.cell, 4e-3)), cycle(), at_tolerance(tolerance), {}, &c.liquid);
    const Trace coarse = simulate(Cell(in_steps(c.cell, 4e-3)), c.liquid, cycle());
    const Trace fine = simulate(Cell(in_steps(c.cell, 2e-3)), c.liquid, cycle());
    // The stated errors of both: of the fast one from its change on halving, if its order were the least that a
    // response can have, 1/2; and 1000 tolerances.
    const double stated = 1000.0 * tolerance * exact.current_unit;
    const double off = difference(exact.trace, coarse);
    EXPECT_LT(off, 3.42 * difference(coarse, fine) + stated);
    // The order is that of what the steps resolve: not a kink of RC < 1 ms behind the turn.
    const Left left{.start = c.start, .turn = 300, .ten = 10};
    const double smooth = difference(exact.trace, coarse, left);
    const double halved = difference(exact.trace, fine, left);
    EXPECT_GT(std::log2(smooth / halved), 1.8);
    EXPECT_LT(std::log2(smooth / halved), 2.2);
    double lowest = 1e9;
    double highest = 0.0;
    double salt_off = 0.0;
    double salt_step = 0.0;
    for (std::size_t k = 1; k < exact.trace.size(); ++k) {
      const LiquidRow& row = exact.trace.liquid[k];
      lowest = std::min(lowest, row.concentration);
      highest = std::max(highest, row.concentration);
      salt_off = std::max(salt_off, std::abs(row.concentration - coarse.liquid[k].concentration));
      salt_step = std::max(salt_step, std::abs(fine.liquid[2 * k].concentration - coarse.liquid[k].concentration));
      EXPECT_NEAR(row.footprint_radius, coarse.liquid[k].footprint_radius, 1e-12 * row.footprint_radius);
    }
    EXPECT_LE(salt_off, 3.42 * salt_step + 1000.0 * tolerance * 1e3);
    EXPECT_LT(lowest, c.least_salt);
    EXPECT_GT(highest, c.most_salt);
  }
}

TEST(ReferenceLiquid, AJumpLeavesTheChargeOfTheDoubleLayersToThePipette) {
  CellSpec cell = greedy(5e-12);
  cell.double_layer.titania = ArealCapacitance(0.1);
  cell.gold_area = 1e-12;
  const ElectrolyteSpec liquid = cone(SaltLaw::landesfeind);
  const sim::Waveform program = sim::Waveform::at(2.4).hold(0.2).jump(1.9).hold(1.0);
  const ReferenceRun exact = run_reference(Cell(in_steps(cell, 1e-3, 4e-3)), program, at_tolerance(1e-8), {}, &liquid);
  const Trace coarse = simulate(Cell(in_steps(cell, 1e-3, 4e-3)), liquid, program);
  const Trace fine = simulate(Cell(in_steps(cell, 1e-3, 2e-3)), liquid, program);
  EXPECT_GT(peak_of(exact.trace), 5e-10);
  const double stated = 1000.0 * 1e-8 * exact.current_unit;
  EXPECT_LT(difference(exact.trace, coarse), 3.42 * difference(coarse, fine) + stated);
  // Their R C is 3 us, a thousandth of a step of the fast engine, which halving does not resolve: its charge is off by
  // some of what they hold (2e-5 of all; with steps of 20 us it is 3e-6).
  const double held = 0.1 * (5e-12 + 1e-12) * 0.5;
  EXPECT_NEAR(exact.trace.charge.back(), coarse.charge.back(), 0.1 * held);
}

// --- slopes ----------------------------------------------------------------------------------------------------------

TEST(ReferenceLiquid, SlopesAreThoseOfDifferencesOfRuns) {
  CellSpec cell = in_steps(greedy(20e-12), 20e-3);
  cell.double_layer.titania = ArealCapacitance(0.1);
  cell.gold_area = 1e-12;
  cell.numerics.cells = 15;
  test::expect_slopes(
      {{cell, cone(SaltLaw::constant, 0.02e-15, 15)},
       cycle(),
       {"electrolyte.salt_diffusivity", "electrolyte.conductivity", "electrolyte.salt_concentration",
        "electrolyte.transference_number", "electrolyte.evaporation", "pipette.diameter", "cell.temperature"}});
  CellSpec watery = in_steps(greedy(1e-14), 20e-3);
  watery.water.enabled = true;
  watery.gold_area = 1e-12;
  watery.numerics.cells = 15;
  test::expect_slopes({{watery, spreading(cone(SaltLaw::landesfeind, 0.0, 15), Spreading::exponential)},
                       cycle(),
                       {"electrolyte.spreading_ratio", "electrolyte.gold_pzc", "meniscus.footprint_ratio"}});
}

TEST(ReferenceLiquid, NamesOfTheLiquidNeedALiquid) {
  const ReferenceSpec spec{greedy(1e-12), cone(SaltLaw::constant)};
  EXPECT_DOUBLE_EQ(parameter_value(spec, "pipette.diameter"), 1e-6);
  EXPECT_DOUBLE_EQ(parameter_value(spec, "meniscus.height_fraction"), 0.3);
  const ReferenceSpec wider = with_parameter(spec, "pipette.diameter", 2e-6);
  EXPECT_DOUBLE_EQ(wider.liquid->geometry.footprint_radius, 1.1e-6);
  EXPECT_DOUBLE_EQ(wider.liquid->geometry.droplet_height, 0.3e-6);
  EXPECT_DOUBLE_EQ(with_parameter(spec, "cell.temperature", 300.0).liquid->temperature, 300.0);
  EXPECT_THROW((void)parameter_value(spec.cell, "electrolyte.evaporation"), InputError);
  // From no evaporation on, a slope is taken over a Péclet number, not over 1 m³/s.
  EXPECT_NEAR(parameter_scale(spec, "electrolyte.evaporation") * SaltColumn(spec.liquid->geometry).resistance(),
              2.5e-10, 1e-19);
}

// --- ends ------------------------------------------------------------------------------------------------------------

std::string end_of(const CellSpec& cell, const ElectrolyteSpec& liquid) {
  try {
    (void)run_reference(Cell(cell), cycle(), at_tolerance(1e-7), {}, &liquid);
  } catch (const SolverError& e) {
    return e.what();
  }
  return {};
}

TEST(ReferenceLiquid, ARunEndsWhereTheSaltPrecipitatesOrIsUsedUp) {
  EXPECT_THAT(end_of(greedy(1e-14), cone(SaltLaw::landesfeind, 0.1e-15)),
              testing::AllOf(testing::HasSubstr("t = 0.02"), testing::HasSubstr("precipitates at the surface"),
                             testing::HasSubstr("3.5 mol/L")));
  // A double layer takes the charge that it needs, whatever salt there is.
  CellSpec layer = greedy(1e-14);
  layer.gold_area = 2e-6;
  EXPECT_THAT(end_of(layer, cone(SaltLaw::constant)), testing::HasSubstr("the salt at the surface is used up"));
}

}  // namespace
}  // namespace seccm::models
