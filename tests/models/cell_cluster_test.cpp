// Many particles on one potential.
#include "models/cell/cell_layout.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

CellSpec cluster_of(std::size_t count) {
  CellSpec spec;
  spec.material.law = IsothermKind::anatase_plateau;
  spec.surface_redox.enabled = true;
  spec.numerics.cells = 40;
  spec.numerics.grading = 0.05;
  for (std::size_t i = 0; i < count; ++i) {
    const double phase = static_cast<double>(i);
    spec.particles.push_back({.radius = 25e-9 * (1.0 + 0.4 * std::sin(phase)),
                              .wetted_fraction = 0.6 + 0.4 * std::cos(2.0 * phase),
                              .contact_resistance = i % 3 == 0 ? 0.0 : 1e9 * (1.0 + std::sin(phase + 1.0))});
  }
  return spec;
}

Trace triangle(const CellSpec& spec) {
  return simulate(Cell(spec), sim::Waveform::at(2.8).ramp_to(1.0, 0.1).ramp_to(2.8, 0.1));
}

double largest(const std::vector<double>& current) {
  double peak = 0.0;
  for (const double i : current) peak = std::max(peak, std::abs(i));
  return peak;
}

/// Currents of the particles, each in a cell of its own, added up.
std::vector<double> sum_of_separate_currents(const CellSpec& spec) {
  std::vector<double> sum;
  for (const CellParticle& particle : spec.particles) {
    CellSpec one = spec;
    one.particles = {particle};
    const Trace alone = triangle(one);
    sum.resize(alone.size(), 0.0);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += alone.current[k];
  }
  return sum;
}

TEST(CellCluster, IsTheSumOfItsParticlesWithoutSeriesResistance) {
  const CellSpec spec = cluster_of(5);
  const Trace together = triangle(spec);
  const std::vector<double> sum = sum_of_separate_currents(spec);
  const double peak = largest(sum);
  // One body per lane and eight per block go through the same arithmetic; only the rounding of sums and the last Newton
  // moves (1e-8 squared) differ.
  for (std::size_t k = 0; k < sum.size(); ++k) EXPECT_NEAR(together.current[k], sum[k], 1e-10 * peak) << k;
}

TEST(CellCluster, LanesOfEveryWidthAgreeWithTheScalarPath) {
  // The same particle 1, 8, 16 and 37 times, on a series resistance that scales with the number: the same current each.
  CellSpec spec = cluster_of(2);
  spec.particles.resize(1);
  spec.particles[0].contact_resistance = 1e9;
  spec.series_resistance = 8e9;
  const Trace alone = triangle(spec);
  const double peak = largest(alone.current);
  for (const std::size_t count : {8U, 16U, 37U}) {
    CellSpec many = spec;
    many.particles.assign(count, spec.particles[0]);
    many.series_resistance = spec.series_resistance / static_cast<double>(count);
    const Trace trace = triangle(many);
    for (std::size_t k = 0; k < trace.size(); ++k) {
      EXPECT_NEAR(trace.current[k] / static_cast<double>(count), alone.current[k], 1e-10 * peak) << count << " " << k;
    }
  }
}

TEST(CellCluster, ContactResistanceAloneEqualsSeriesResistanceOfOneParticle) {
  // The same circuit written twice: the particle's double layer and faradaic current behind one resistor.
  CellSpec contact = cluster_of(1);
  contact.particles[0] = {.radius = 25e-9, .contact_resistance = 5e10};
  CellSpec series = contact;
  series.particles[0].contact_resistance = 0.0;
  series.series_resistance = 5e10;
  const Trace a = triangle(contact);
  const Trace b = triangle(series);
  const double peak = largest(a.current);
  for (std::size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a.current[k], b.current[k], 1e-9 * peak) << k;
}

TEST(CellCluster, TheNodeBalancesAtEveryStep) {
  CellSpec spec = cluster_of(20);
  spec.series_resistance = 3e9;
  spec.gold_area = 1e-12;
  spec.stray_capacitance = 2e-12;
  const Cell cell(spec);
  CellStepper stepper(cell, cell.rest(2.8));
  for (int k = 1; k <= 900; ++k) {
    stepper.advance(2.8 - 2e-3 * k, 0.02);
    const CellState& state = stepper.state();
    const double through = (state.E_vs_Li - state.electrode_potential) / spec.series_resistance;
    const double stray = -0.1 * spec.stray_capacitance;
    // The last Newton move is below 1e-8 RT/F, so 1e-9 V over the resistance at the very most; the residual behind it
    // is its square.
    EXPECT_NEAR(stepper.currents().total, through + stray, 1e-16) << k;
  }
}

TEST(CellCluster, LargeJumpsSettle) {
  // 2 V at once through resistances from zero to very large, near-Nernstian and sluggish: every combination has a
  // solution.
  for (const auto law : {IsothermKind::ideal, IsothermKind::frumkin, IsothermKind::anatase_plateau}) {
    for (const double k0 : {1e-16, 1e-9, 1.0}) {
      for (const double R : {0.0, 1e6, 1e12}) {
        CellSpec spec = cluster_of(9);
        spec.material.law = law;
        spec.material.g = -2.0;
        spec.material.k0 = Velocity(k0);
        spec.series_resistance = R;
        spec.gold_area = 1e-13;
        const Cell cell(spec);
        CellStepper stepper(cell, cell.rest(3.0));
        for (const double E : {1.0, 3.0, 0.2, 1.8}) {
          stepper.jump(E);
          for (int k = 0; k < 5; ++k) stepper.advance(E, 0.01);
          EXPECT_TRUE(std::isfinite(stepper.currents().total)) << k0 << " " << R;
          for (const double y : cell.mean_filling(stepper.state())) {
            EXPECT_GT(y, -1e-6);
            EXPECT_LT(y, 1.0 + 1e-6);
          }
        }
        const double stored = F * cell.lithium(stepper.state());
        EXPECT_NEAR(stored, -stepper.state().charge.intercalation, 1e-10 * F * cell.capacity());
      }
    }
  }
}

TEST(CellCluster, AParticleThatIsNotWettedCarriesNoCurrent) {
  CellSpec spec = cluster_of(2);
  spec.particles[1].wetted_fraction = 0.0;
  CellSpec one = spec;
  one.particles.resize(1);
  const Trace a = triangle(spec);
  const Trace b = triangle(one);
  for (std::size_t k = 0; k < a.size(); ++k)
    EXPECT_NEAR(a.current[k], b.current[k], 1e-12 * std::abs(b.current[k]) + 1e-25);
}

TEST(CellCluster, BareGoldIsACellWithoutParticles) {
  CellSpec dry = cluster_of(1);
  dry.gold_area = 1e-12;
  dry.series_resistance = 1e8;
  dry.surface_redox.enabled = true;
  dry.particles[0].wetted_fraction = 0.0;
  CellSpec bare = dry;
  bare.particles.clear();
  const Trace a = triangle(dry);
  const Trace b = triangle(bare);
  for (std::size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a.current[k], b.current[k], 1e-12 * std::abs(a.current[k]));
  EXPECT_GT(std::abs(b.current.back()), 0.0);
  const Cell cell(bare);
  EXPECT_EQ(cell.mean_x(cell.rest(3.0)), 0.0);
  EXPECT_EQ(cell.lithium(cell.rest(3.0)), 0.0);
}

TEST(CellCluster, ReducesToEquilibriumOnALongHold) {
  CellSpec spec = cluster_of(3);
  spec.material.law = IsothermKind::frumkin;
  spec.material.g = 3.0;
  spec.material.k0 = 1e-6 * unit::cm_per_s;
  const Cell cell(spec);
  CellStepper stepper(cell, cell.rest(3.0));
  stepper.jump(1.75);
  for (int k = 0; k < 4000; ++k) stepper.advance(1.75, 0.1);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(cell.mean_filling(stepper.state())[i], cell.equilibrium_filling(1.75), 1e-8);
  EXPECT_NEAR(cell.equilibrium_potential(cell.equilibrium_filling(1.75)), 1.75, 1e-12);
}

TEST(CellCluster, RefusesWhatIsNoCell) {
  CellSpec spec = cluster_of(1);
  spec.particles[0].radius = -1.0;
  EXPECT_THROW(Cell{spec}, InputError);
  spec = cluster_of(1);
  spec.material.law = IsothermKind::frumkin;
  spec.material.g = -4.0;
  try {
    const Cell cell(spec);
    FAIL() << "a spinodal must be refused";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("chemical diffusivity is negative"));
    EXPECT_THAT(error.what(), testing::HasSubstr("anatase_plateau"));
  }
  const Cell cell(cluster_of(1));
  CellStepper stepper(cell, cell.rest(2.0));
  EXPECT_THROW(stepper.advance(std::nan(""), 0.1), InputError);
  EXPECT_THROW(stepper.advance(2.0, 0.0), InputError);
  EXPECT_THROW(stepper.jump(INFINITY), InputError);
  EXPECT_THROW((CellStepper{Cell(cluster_of(3)), cell.rest(2.0)}), InputError);
}

TEST(CellCluster, AStateIsAValueThatReplaysExactly) {
  CellSpec spec = cluster_of(11);
  spec.series_resistance = 1e8;
  const Cell cell(spec);
  CellStepper first(cell, cell.rest(3.0));
  for (int k = 1; k <= 300; ++k) first.advance(3.0 - 4e-3 * k, 0.04);
  CellStepper second(cell, first.state());
  for (int k = 301; k <= 400; ++k) {
    first.advance(3.0 - 4e-3 * k, 0.04);
    second.advance(3.0 - 4e-3 * k, 0.04);
    EXPECT_EQ(first.currents().total, second.currents().total) << k;
  }
}

}  // namespace
}  // namespace seccm::models::test
