// Measured runs against exact solutions and the other engine: where a current is hard to get right (sharp waves, jumps,
// starts off equilibrium, events, cold cells) the stated error holds it, and meets the tolerance.
#include "models/engine/measured_run.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/network/packed_cluster.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

using std::numbers::pi;
using ::testing::HasSubstr;

double largest_current(const Trace& trace) {
  double most = 0.0;
  for (const double i : trace.current) most = std::max(most, std::abs(i));
  return most;
}

MeasuredRun measured(CellSpec spec, const sim::Waveform& program, EngineKind engine, double tolerance) {
  spec.numerics.engine = engine;
  spec.numerics.tolerance = tolerance;
  return simulate_measured(spec, program);
}

/// An error that is stated too small by more than 3 is a defect; one above the tolerance is not returned.
void expect_honest(const MeasuredRun& run, double value, double stated, double exact) {
  EXPECT_LE(std::abs(value - exact), 3.0 * stated) << value << " for " << exact << ", stated " << stated;
  EXPECT_LE(run.error, run.tolerance);
}

void expect_agreement(const MeasuredRun& a, const MeasuredRun& b) {
  ASSERT_EQ(a.trace.size(), b.trace.size());
  const double rounding = 1e-12 * largest_current(b.trace);
  for (std::size_t k = 0; k < a.trace.size(); ++k) {
    const double stated = a.trace.current_error[k] + b.trace.current_error[k];
    EXPECT_LE(std::abs(a.trace.current[k] - b.trace.current[k]), 3.0 * stated + rounding)
        << "row " << k << " at " << a.trace.E_vs_Li[k] << " V: " << a.trace.current[k] << " and " << b.trace.current[k]
        << ", stated " << a.trace.current_error[k] << " and " << b.trace.current_error[k];
  }
}

std::size_t row_at(const Trace& trace, double E) {
  std::size_t next = 0;
  for (std::size_t k = 1; k < trace.size(); ++k) {
    if (std::abs(trace.E_vs_Li[k] - E) < std::abs(trace.E_vs_Li[next] - E)) next = k;
  }
  return next;
}

/// A slab that takes no lithium.
CellSpec surface_only() {
  CellSpec spec = Case{}.spec();
  spec.material.k0 = Velocity(0.0);
  spec.water.enabled = false;
  return spec;
}

TEST(MeasuredRun, SharpHostHasTheCurrentOfAFinerGrid) {
  Case c{.geometry = sim::Geometry::sphere, .w = 10.0, .g = -3.98};
  CellSpec spec = c.spec();
  spec.material.k0 = Velocity(10.0);
  const auto program = sim::Waveform::at(2.05).ramp_to(1.95, scan_rate);
  for (const EngineKind engine : {EngineKind::fast, EngineKind::reference}) {
    const MeasuredRun run = measured(spec, program, engine, 1e-3);
    const std::size_t k = row_at(run.trace, 2.0);
    ASSERT_NEAR(run.trace.E_vs_Li[k], 2.0, 1e-9);
    // Both engines at tolerances of 1e-5 and their finest meshes: -7.6633e-13 A to its last digit.
    expect_honest(run, run.trace.current[k], run.trace.current_error[k] + 5e-18, -7.6633e-13);
  }
}

TEST(MeasuredRun, SharpSurfaceRedoxHasItsExactPeakAtAnyTemperature) {
  // dθ/dE at θ = 1/2: Q f v/(4 + g).
  for (const double T : {200.0, 298.15}) {
    CellSpec spec = surface_only();
    spec.temperature = T;
    spec.surface_redox.enabled = true;
    spec.surface_redox.E0 = Potential(E0);
    spec.surface_redox.g = -3.9;
    const double peak = spec.surface_redox.charge.si() * spec.face_area * F / (R_gas * T) * scan_rate / 0.1;
    const MeasuredRun run =
        measured(spec, sim::Waveform::at(2.1).cyclic(1.9, 2.1, scan_rate, 1), EngineKind::automatic, 1e-3);
    expect_honest(run, run.trace.highest.current, run.trace.highest.error, peak);
    expect_honest(run, run.trace.lowest.current, run.trace.lowest.error, -peak);
    EXPECT_NEAR(run.trace.highest.current, peak, 1e-3 * peak);
    if (T > 250.0) {
      EXPECT_NEAR(peak, 15.958e-12, 1e-15);
    }
  }
}

/// A capacitor behind a resistor with RC = `rows` rows of 1 mV.
struct Circuit {
  CellSpec spec = surface_only();
  double C = 0.0, RC = 0.0;
  explicit Circuit(double rows) {
    spec.double_layer.titania = 10.0 * unit::uF_per_cm2;
    C = spec.double_layer.titania.si() * spec.face_area;
    RC = rows * 1e-3 / scan_rate;
    spec.series_resistance = RC / C;
  }
};

TEST(MeasuredRun, FirstRowsOfARampOnResistorAndCapacitorAreExact) {
  for (const double rows : {0.2, 3.0, 50.0}) {
    const Circuit circuit(rows);
    const MeasuredRun run =
        measured(circuit.spec, sim::Waveform::at(2.0).ramp_to(2.1, scan_rate), EngineKind::fast, 1e-4);
    for (std::size_t k = 1; k < run.trace.size(); ++k) {
      const double exact = scan_rate * circuit.C * -std::expm1(-run.trace.time[k] / circuit.RC);
      expect_honest(run, run.trace.current[k], run.trace.current_error[k], exact);
    }
  }
}

TEST(MeasuredRun, JumpOnResistorAndCapacitorDecaysExactlyFromItsFirstRowOn) {
  for (const double rows : {0.5, 10.0}) {
    const Circuit circuit(rows);
    const auto program = sim::Waveform::at(2.0).jump(1.5).hold(30.0 * 0.02).ramp_to(1.6, scan_rate);
    const MeasuredRun run = measured(circuit.spec, program, EngineKind::fast, 1e-4);
    for (std::size_t k = 1; k < run.trace.size(); ++k) {
      const double t = run.trace.time[k];
      const double ramp = t > 0.6 ? scan_rate * circuit.C * -std::expm1(-(t - 0.6) / circuit.RC) : 0.0;
      const double exact = -0.5 / circuit.spec.series_resistance * std::exp(-t / circuit.RC) + ramp;
      expect_honest(run, run.trace.current[k], run.trace.current_error[k], exact);
    }
  }
}

TEST(MeasuredRun, StepOfASlabIsCottrellsInItsFirstRows) {
  CellSpec spec = Case{}.spec();
  const double L = radius;
  spec.material.D = Diffusivity(1e-18);
  spec.material.k0 = Velocity(1.0);
  const double unit_time = L * L / 1e-18;
  spec.numerics.hold_step = Time(2e-4 * unit_time);
  const auto program = sim::Waveform::at(E0 + 1.0).jump(E0 - 1.0).hold(0.02 * unit_time);
  for (const EngineKind engine : {EngineKind::fast, EngineKind::reference}) {
    const MeasuredRun run = measured(spec, program, engine, 1e-3);
    for (std::size_t k = 1; k < run.trace.size(); ++k) {
      double sum = 0.0;
      for (int n = 0; n < 200; ++n) {
        sum += std::exp(-std::pow((n + 0.5) * pi, 2) * run.trace.time[k] / unit_time);
      }
      const double exact = -F * spec.face_area * 2.4e4 * 1e-18 / L * 2.0 * sum;
      expect_honest(run, run.trace.current[k], run.trace.current_error[k], exact);
      // Reversible to D/(k0 sqrt(pi D t)) < 1e-7.
      EXPECT_NEAR(run.trace.current[k], exact, 1e-2 * std::abs(exact)) << "row " << k;
    }
  }
}

TEST(MeasuredRun, StartThatDrivesLithiumOutHasTheSeriesOfTheSphere) {
  CellSpec spec;
  spec.material.alpha = 0.8;
  spec.material.D = 2.8e-10 * unit::cm2_per_s;
  spec.material.k0 = 1.33e-8 * unit::cm_per_s;
  spec.particles = {{.radius = radius, .initial_filling = 0.5}};
  const MeasuredRun run = measured(spec, sim::Waveform::at(4.4).ramp_to(4.3, scan_rate), EngineKind::automatic, 0.0);
  const double volume = 4.0 / 3.0 * pi * std::pow(radius, 3);
  const double rate = 2.8e-14 / (radius * radius);
  const double capacitive = -4.0 * pi * radius * radius * 0.1 * scan_rate;
  for (std::size_t k = 1; k <= 2; ++k) {
    double sum = 0.0;
    for (int n = 1; n < 10; ++n) sum += std::exp(-n * n * pi * pi * rate * run.trace.time[k]);
    const double out = 6.0 * F * 2.4e4 * volume * 0.5 * rate * sum;
    // The surface is not quite empty: Bi = k0 e^(0.2 f 2.6 V) R/D = 7e4 takes 2/Bi off the exponent pi^2 D t/R^2.
    const double kinetics = out * 2.0 * pi * pi * rate * run.trace.time[k] / 7e4;
    expect_honest(run, run.trace.current[k], run.trace.current_error[k] + kinetics, out + capacitive);
  }
  EXPECT_NEAR(run.trace.current[1], 2.902e-15, 0.001e-15);
  EXPECT_NEAR(run.trace.current[2], -0.039e-15, 0.001e-15);
  EXPECT_LT(largest_current(run.trace), 3e-15);
}

TEST(MeasuredRun, PhasesThatFormBehindAJumpTakeLithiumInOnEveryRow) {
  CellSpec spec;
  spec.model = ParticleModel::cahn_hilliard;
  spec.material.E0 = Potential(1.84);
  spec.double_layer.titania = ArealCapacitance(0.0);
  spec.particles = {{.radius = radius}};
  const auto program = sim::Waveform::at(3.0).jump(1.0).hold(1.0);
  const MeasuredRun fast = measured(spec, program, EngineKind::fast, 0.0);
  const MeasuredRun reference = measured(spec, program, EngineKind::reference, 0.0);
  expect_agreement(fast, reference);
  for (std::size_t k = 1; k < fast.trace.size(); ++k) EXPECT_LT(fast.trace.current[k], 0.0) << "row " << k;
  // Nodes 0.25, 0.125, 0.0625, ... 0.0078 nm apart have -1.4328, -1.4795, -1.5051, -1.5121, -1.5064 and -1.4915e-13 A
  // in row 1 and -8.475, -8.668, -8.785, -8.831, -8.827 and -8.790e-14 in row 2.
  expect_honest(fast, fast.trace.current[1], fast.trace.current_error[1], -1.4915e-13);
  expect_honest(fast, fast.trace.current[2], fast.trace.current_error[2], -8.790e-14);
}

TEST(MeasuredRun, AChangeOfTheDirectionIsLocated) {
  CellSpec spec;
  apply_truth_set("paper_literal", spec.material);
  spec.particles = {{.radius = radius}};
  spec.double_layer.titania = 10.0 * unit::uF_per_cm2;
  spec.numerics.fastest_scan_rate = ScanRate(0.1);
  spec.numerics.potential_step = 4.0 * unit::mV;
  const auto program = sim::Waveform::at(3.0).cyclic(1.0, 3.0, 0.1, 1);
  const MeasuredRun fast = measured(spec, program, EngineKind::fast, 1e-3);
  expect_agreement(fast, measured(spec, program, EngineKind::reference, 1e-3));
  const MeasuredRun finer = measured(spec, program, EngineKind::fast, 1e-5);
  expect_agreement(fast, finer);
  EXPECT_LE(finer.error, 1e-5);
  EXPECT_LE(std::abs(fast.trace.highest.current - finer.trace.highest.current),
            3.0 * (fast.trace.highest.error + finer.trace.highest.error));
  // The first cycle of the reference measurement's own numbers.
  EXPECT_LT(finer.trace.highest.error, 1e-4 * finer.trace.highest.current);
}

TEST(MeasuredRun, NecksBetweenSharpHostsConvergeToOneCharge) {
  CellSpec spec;
  spec.temperature = 273.0;
  spec.material.law = IsothermKind::frumkin;
  spec.material.g = -3.98;
  spec.material.alpha = 0.143;
  spec.material.E0 = Potential(1.52);
  spec.material.D = 3.05e-13 * unit::cm2_per_s;
  spec.material.k0 = 1.97e-8 * unit::cm_per_s;
  spec.double_layer.titania = 571.0 * unit::uF_per_cm2;
  spec.numerics.fastest_scan_rate = ScanRate(1.11);
  spec.numerics.potential_step = 5.0 * unit::mV;
  ClusterParameters cluster;
  cluster.particles = ParticleArrangement::packed;
  cluster.wiring = WiringKind::network;
  cluster.isolated = IsolatedParticles::drop;
  cluster.neck_share = 0.5;
  cluster.neck_diffusivity = 5e-16 * unit::cm2_per_s;
  SampleParameters sample;
  sample.dead_fraction = 0.0;
  sample.contact_resistance = Resistance(3.95e9);
  sample.contact_resistance_sigma = 1.2;
  CellScenarioParameters cell;
  cell.particles = 2;
  cell.wetted_fraction = 0.05;
  arrange_particles(cluster, sample, cell, 46, spec);
  const auto program = sim::Waveform::at(2.949).ramp_to(0.708, 1.11).ramp_to(2.949, 1.11);
  const MeasuredRun run = measured(spec, program, EngineKind::automatic, 1e-3);
  const double left = F * run.trace.lithium.back();
  // 2.809e-15 C by the reference engine at 1e-5, to its last digit.
  EXPECT_NEAR(left, 2.809e-15, 3.0 * F * run.trace.lithium_error + 0.5e-18);
  EXPECT_LE(run.error, 1e-3);
}

TEST(MeasuredRun, CoarseStepsAndMeshesThatAreAskedForStateTheErrorTheyHave) {
  CellSpec spec = Case{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = 10.0}.spec();
  const auto program = sim::Waveform::at(2.4).ramp_to(1.6, scan_rate);
  spec.numerics.potential_step = 5.0 * unit::mV;
  const MeasuredRun exact = measured(spec, program, EngineKind::reference, 1e-5);
  CellSpec coarse_mesh = spec, fewest_cells = spec, four_cells = spec, coarse_steps = spec;
  fewest_cells.numerics.cells = 3;  // half of them are no mesh
  four_cells.numerics.cells = 4;
  coarse_mesh.numerics.cells = 10;
  coarse_mesh.numerics.grading = 1.0;
  coarse_steps.numerics.step = StepKind::fixed;
  for (const CellSpec& coarse : {coarse_mesh, fewest_cells, four_cells, coarse_steps}) {
    const MeasuredRun run = measured(coarse, program, EngineKind::fast, 1e-4);
    expect_agreement(run, exact);
    EXPECT_GT(run.error, 1e-4);  // returned all the same, with its error
  }
}

TEST(MeasuredRun, TwoCellsAreNotMadeThree) {
  CellSpec spec = Case{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = 10.0}.spec();
  spec.numerics.cells = 2;
  try {
    (void)measured(spec, sim::Waveform::at(2.4).ramp_to(1.6, scan_rate), EngineKind::fast, 1e-4);
    FAIL() << "a mesh of two cells";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("2 cells; between 3 and 10000 are accepted"));
  }
}

TEST(MeasuredRun, ARunThatCanNotMeetItsToleranceEndsByName) {
  CellSpec spec = Case{.geometry = sim::Geometry::sphere, .w = 100.0, .lam = 1.0}.spec();
  const auto program = sim::Waveform::at(2.2).ramp_to(1.8, scan_rate);
  spec.numerics.potential_step = 20.0 * unit::mV;
  spec.numerics.engine = EngineKind::fast;
  spec.numerics.tolerance = 1e-6;
  const auto liquid = [](double step) {
    ElectrolyteParameters electrolyte;
    electrolyte.salt.transport = SaltTransport::cone;
    return assemble_electrolyte(electrolyte, {}, {}, 298.15, step);
  };
  try {
    (void)simulate_measured(spec, liquid, program);
    FAIL() << "320 fixed steps of BDF2 over 0.4 V leave (1.25 mV f)^2/3 = 8e-4 of a wave as wide as RT/F";
  } catch (const SolverError& error) {
    EXPECT_THAT(error.what(), HasSubstr("numerics.tolerance = 1.0e-06 of the largest current was not met"));
    EXPECT_THAT(error.what(), HasSubstr("currents are off by up to"));
  }
}

}  // namespace
}  // namespace seccm::models::test
