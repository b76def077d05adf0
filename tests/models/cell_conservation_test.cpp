// Lithium is conserved to round-off: the charge that passed equals F times the change of the inventory, for every law,
// mesh, geometry and program. Each step leaves a relative residual of a few 1e-16 of the inventory; 1e4 steps of ten
// cycles add up to 1e-12 at most, so 1e-10 only passes if the surface is a true flux.
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

struct Setting {
  const char* name;
  IsothermKind law;
  double g;
  sim::Geometry geometry;
  int cells;
  double grading;
  bool second = false;
  bool per_direction = false;
};

const std::vector<Setting> settings{
    {"ideal sphere", IsothermKind::ideal, 0, sim::Geometry::sphere, 0, 0},
    {"ideal sphere, uniform", IsothermKind::ideal, 0, sim::Geometry::sphere, 20, 1.0},
    {"ideal sphere, extreme grading", IsothermKind::ideal, 0, sim::Geometry::sphere, 80, 1e-4},
    {"ideal slab", IsothermKind::ideal, 0, sim::Geometry::slab, 50, 0.05},
    {"ideal cylinder", IsothermKind::ideal, 0, sim::Geometry::cylinder, 50, 0.05},
    {"repulsive sphere", IsothermKind::frumkin, 6, sim::Geometry::sphere, 0, 0},
    {"attractive slab", IsothermKind::frumkin, -3, sim::Geometry::slab, 60, 0.02},
    {"plateau sphere", IsothermKind::anatase_plateau, 0, sim::Geometry::sphere, 0, 0},
    {"plateau cylinder", IsothermKind::anatase_plateau, 0, sim::Geometry::cylinder, 30, 0.3},
    {"two lattices", IsothermKind::anatase_plateau, 0, sim::Geometry::sphere, 50, 0.05, true},
    {"D per direction", IsothermKind::ideal, 0, sim::Geometry::sphere, 50, 0.05, false, true},
};

CellSpec spec_of(const Setting& s) {
  CellSpec spec;
  spec.material.law = s.law;
  spec.material.g = s.g;
  spec.material.second_process = s.second;
  if (s.per_direction) apply_truth_set("paper_literal", spec.material);
  spec.geometry = s.geometry;
  spec.face_area = 1e-14;
  spec.numerics.cells = s.cells;
  spec.numerics.grading = s.grading;
  spec.numerics.potential_step = 4.0 * unit::mV;
  spec.series_resistance = 5e6;
  spec.gold_area = 1e-12;
  spec.stray_capacitance = 1e-12;
  spec.surface_redox.enabled = true;
  for (int i = 0; i < 3; ++i) {
    spec.particles.push_back(
        {.radius = 15e-9 + 10e-9 * i, .wetted_fraction = 1.0 - 0.3 * i, .contact_resistance = 1e9 * i});
  }
  return spec;
}

TEST(CellConservation, ChargeIsFaradayTimesTheChangeOfTheInventoryOverTenCycles) {
  for (const Setting& s : settings) {
    const Cell cell(spec_of(s));
    CellStepper stepper(cell, cell.rest(3.0));
    const double start = cell.lithium(stepper.state());
    // Ten cycles and the half of an eleventh: the inventory ends far from where it started.
    const auto program = sim::Waveform::at(3.0).cyclic(1.0, 3.0, 0.1, 10).ramp_to(1.0, 0.1);
    for (std::size_t k = 0; k < program.segments().size(); ++k) {
      const sim::Segment& segment = program.segments()[k];
      const sim::SegmentSteps steps = sim::plan_steps(program, 4e-3, 0.02)[k];
      for (int i = 1; i <= steps.count; ++i) {
        stepper.advance(segment.E_start + (segment.E_end - segment.E_start) * i / steps.count, steps.dt);
      }
    }
    const double stored = F * (cell.lithium(stepper.state()) - start);
    EXPECT_GT(stored, 0.0) << s.name;
    EXPECT_LT(std::abs(stored + stepper.state().charge.intercalation) / stored, 1e-10) << s.name;
    EXPECT_EQ(stepper.counts().fallbacks, 0) << s.name;
  }
}

TEST(CellConservation, JumpsAndChangesOfTheStepKeepTheBalance) {
  const Cell cell(spec_of(settings[0]));
  CellStepper stepper(cell, cell.rest(3.0));
  const auto check = [&](const char* what) {
    const double stored = F * cell.lithium(stepper.state());
    EXPECT_LT(std::abs(stored + stepper.state().charge.intercalation), 1e-10 * stored) << what;
  };
  stepper.jump(1.2);
  for (int i = 0; i < 50; ++i) stepper.advance(1.2, 1e-3);
  check("behind a jump");
  for (int i = 0; i < 20; ++i) stepper.advance(1.2 + 0.01 * (i + 1), i % 2 == 0 ? 0.05 : 0.013);
  check("with changing steps");
  stepper.jump(3.0);
  for (int i = 0; i < 20; ++i) stepper.advance(3.0, 0.5);
  check("after the way out");
}

TEST(CellConservation, TheTraceIntegratesToTheStoredLithium) {
  // An independent sum: Simpson's rule over the currents of the trace, whose error on 1 mV steps of a wave 100 mV wide
  // is that of the second-order steps, (1/25)^2/12 = 1.3e-4.
  Case c{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = 1.0};
  const Cell cell(c.spec());
  const Trace trace = simulate(cell, sim::Waveform::at(E0 + 0.5).ramp_to(E0 - 0.5, scan_rate));
  double charge = 0.0;
  for (std::size_t k = 2; k < trace.size(); k += 2) {
    charge += (trace.time[k] - trace.time[k - 2]) / 6.0 *
              (trace.current[k - 2] + 4.0 * trace.current[k - 1] + trace.current[k]);
  }
  const double stored = F * (trace.lithium.back() - trace.lithium.front());
  EXPECT_NEAR(-charge / stored, 1.0, 1.3e-4);
  EXPECT_NEAR(-trace.charge.back() / stored, 1.0, 1e-12);
}

TEST(CellConservation, MeanCurrentsOfTheStepsAddUpToTheCharge) {
  const Cell cell(spec_of(settings[7]));
  CellStepper stepper(cell, cell.rest(3.0));
  double charge = 0.0;
  for (int i = 1; i <= 500; ++i) {
    stepper.advance(3.0 - 2e-3 * i, 0.02);
    charge += 0.02 * stepper.mean_currents().total;
  }
  EXPECT_NEAR(charge / stepper.state().charge.total, 1.0, 1e-12);
  const CellCurrents i = stepper.currents();
  EXPECT_NEAR(i.total, i.intercalation + i.double_layer + i.stray + i.surface_redox + i.water + i.ferrocene,
              1e-14 * std::abs(i.total));
}

}  // namespace
}  // namespace seccm::models::test
