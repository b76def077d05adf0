// Programs, scenarios and their validity: from the sections of a `simulate` job to a trace.
#include <map>

#include "models/engine/engine_choice.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

/// Collects the keys that a struct declares.
class KeyCollector : public ParameterVisitor {
 public:
  void begin_section(std::string_view, std::string_view) override {}
  void end_section() override {}
  void quantity(const ParameterInfo& info, Dimension, double&) override { add(info); }
  void quantities(const ParameterInfo& info, Dimension, std::vector<double>&) override { add(info); }
  void integer(const ParameterInfo& info, long long&) override { add(info); }
  void boolean(const ParameterInfo& info, bool&) override { add(info); }
  void text(const ParameterInfo& info, std::string&) override { add(info); }
  void choice(const ParameterInfo& info, std::span<const std::string_view>, int&) override { add(info); }
  std::map<std::string, int> keys;

 private:
  void add(const ParameterInfo& info) {
    ++keys[std::string(info.key)];
    EXPECT_FALSE(info.text.empty()) << info.key;
    EXPECT_FALSE(info.source.empty()) << info.key;
    EXPECT_LE(info.low, info.high) << info.key;
  }
};

template <class Parameters>
std::map<std::string, int> keys_of() {
  Parameters parameters;
  KeyCollector collector;
  Parameters::visit(collector, parameters);
  return collector.keys;
}

TEST(CellParameters, AreDeclaredOnceWithTextAndSource) {
  for (const auto& keys :
       {keys_of<MaterialParameters>(), keys_of<DoubleLayerParameters>(), keys_of<SurfaceRedoxParameters>(),
        keys_of<WaterReductionParameters>(), keys_of<NumericsParameters>(), keys_of<CellScenarioParameters>(),
        keys_of<ProgramParameters>()}) {
    EXPECT_GE(keys.size(), 2U);
    for (const auto& [key, count] : keys) EXPECT_EQ(count, 1) << key;
  }
  EXPECT_EQ(keys_of<MaterialParameters>().count("D_deintercalation"), 1U);
}

TEST(CellScenario, WSetsTheDiffusivity) {
  CellScenarioParameters cell;
  cell.w = 4054.0;
  ProgramParameters program;
  program.scan_rates = {50.0 * unit::mV_per_s};
  const CellSpec spec = assemble_cell(cell, {}, program);
  EXPECT_NEAR(spec.material.D.in(unit::cm2_per_s), 3.0e-15, 0.001e-15);  // the stand-in sphere: R = 25 nm, 3e-15 cm²/s
  EXPECT_EQ(spec.numerics.fastest_scan_rate, 0.05 * unit::V_per_s);
}

TEST(CellScenario, ProgramsBecomeWaveforms) {
  ProgramParameters program;
  program.scan_rates = {20.0 * unit::mV_per_s, 100.0 * unit::mV_per_s};
  program.cycles = 2;
  program.rest = Time(3.0);
  EXPECT_NEAR(to_waveform(program).duration(), 2 * 3.0 + 2 * 4.0 / 0.02 + 2 * 4.0 / 0.1, 1e-9);
  program.kind = ProgramKind::linear;
  EXPECT_NEAR(to_waveform(program).duration(), 2 * 3.0 + 2.0 / 0.02 + 2.0 / 0.1, 1e-9);
  program.kind = ProgramKind::hold;
  EXPECT_NEAR(to_waveform(program).duration(), 13.0, 1e-12);
  program.kind = ProgramKind::staircase;
  EXPECT_NEAR(to_waveform(program).duration(), 2 * 3.0 + 2 * 4.0 / 0.02 + 2 * 4.0 / 0.1, 1e-9);
  program.scan_rates.clear();
  EXPECT_THROW(to_waveform(program), InputError);
  program.scan_rates = {ScanRate(0.05)};
  program.kind = ProgramKind::cyclic;
  program.vertex1 = program.start;
  EXPECT_THROW(to_waveform(program), InputError);
}

TEST(CellProgram, FineStaircasesConvergeToTheRamp) {
  // A staircase stands on average half a step h/2 ahead of its ramp: it has passed i (h/2)/v more charge, to first
  // order in h.
  const Case c{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = 1.0};
  const Cell cell(c.spec());
  const Trace ramp = simulate(cell, sim::Waveform::at(E0 + 0.3).ramp_to(E0 - 0.1, scan_rate));
  std::vector<double> errors;
  for (const double height : {8e-3, 4e-3, 2e-3}) {
    const auto stairs =
        sim::Waveform::at(E0 + 0.3).staircase_to(E0 - 0.1, scan_rate, {.step_height = height, .window = 1.0});
    const Trace trace = simulate(cell, stairs);
    ASSERT_EQ(trace.size(), static_cast<std::size_t>(std::lround(0.4 / height)) + 1);
    const double ahead = ramp.current.back() / ramp.charge.back() * 0.5 * height / scan_rate;
    EXPECT_NEAR((trace.charge.back() / ramp.charge.back() - 1.0) / ahead, 1.0, 0.1);
    errors.push_back(std::abs(trace.current.back() / ramp.current.back() - 1.0));
  }
  EXPECT_LT(errors[1], 0.6 * errors[0]);
  EXPECT_LT(errors[2], 0.6 * errors[1]);
}

TEST(CellProgram, LateSamplingOfAStaircaseHidesTheCapacitiveCurrent) {
  // Why a staircase is not a ramp: behind a small RC the charging current is over before the window opens.
  CellSpec spec = Case{}.spec();
  spec.material.k0 = Velocity(0.0);
  spec.numerics.cells = 3;
  spec.double_layer.titania = 10.0 * unit::uF_per_cm2;
  const double C = spec.double_layer.titania.si() * spec.face_area;
  spec.series_resistance = 0.1 * (5e-3 / scan_rate) / C;  // RC a tenth of a tread
  spec.numerics.hold_step = Time(5e-3 / scan_rate / 64);
  const auto late = sim::Waveform::at(2.0).staircase_to(1.5, scan_rate, {.step_height = 5e-3, .window = 0.25});
  const auto whole = sim::Waveform::at(2.0).staircase_to(1.5, scan_rate, {.step_height = 5e-3, .window = 1.0});
  const Cell cell(spec);
  // Mean of 10 v C e^(-10 s) over s in (0.75, 1): 4 (e^-7.5 - e^-10) v C. BDF2 in steps of z = 10/64 of RC decays with
  // a rate that is off by z^2/3, over 10 RC by 8 %.
  const double exact = 4.0 * (std::exp(-7.5) - std::exp(-10.0));
  EXPECT_NEAR(-simulate(cell, late).current.back() / (scan_rate * C), exact, 0.1 * exact);
  EXPECT_NEAR(-simulate(cell, whole).current.back() / (scan_rate * C), 1.0, 1e-4);
}

TEST(CellProgram, ADriftingReferenceKeepsTheSecondOrder) {
  // A reference that drifts by 1 mV/h with a wobble changes the slope of every step a little. If each change counted as
  // a corner, every step would be one of backward Euler and 1e-2 off; the drift itself moves the wave by 2 uV.
  const Case c{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = 1.0};
  const Cell cell(c.spec());
  CellStepper steady(cell, cell.rest(E0 + 0.3));
  CellStepper drifting(cell, cell.rest(E0 + 0.3));
  double worst = 0.0;
  double peak = 0.0;
  for (int k = 1; k <= 400; ++k) {
    const double E = E0 + 0.3 - 1e-3 * k;
    const double t = 0.02 * k;
    steady.advance(E, 0.02);
    drifting.advance(E + 1e-3 / 3600.0 * (t + 0.01 * std::sin(7.0 * k)), 0.02);
    worst = std::max(worst, std::abs(steady.currents().total - drifting.currents().total));
    peak = std::max(peak, std::abs(steady.currents().total));
  }
  EXPECT_LT(worst / peak, 2e-4);  // 2.2 uV at a slope of at most 1/(RT/F): 1e-4
}

TEST(CellProgram, ProgressCanStopARun) {
  const Cell cell(Case{}.spec());
  const auto program = sim::Waveform::at(2.3).cyclic(1.8, 2.3, scan_rate, 3);
  EXPECT_THROW(simulate(cell, program, [](double done) { return done < 0.5; }), Cancelled);
}

TEST(CellValidity, WarnsOfALayerBelowOneUnitCellWithTheNumbers) {
  CellSpec spec;
  spec.particles = {{.radius = 25e-9}};
  spec.material.D = 3e-15 * unit::cm2_per_s;
  const auto warnings = validity_warnings(spec, 0.05);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], testing::AllOf(testing::HasSubstr("0.393 nm"), testing::HasSubstr("3e-15"),
                                          testing::HasSubstr("unit cell")));
  spec.material.D = 1e-13 * unit::cm2_per_s;
  EXPECT_TRUE(validity_warnings(spec, 0.05).empty());
}

TEST(CellEngine, SensitivitiesNeedTheReference) {
  NumericsParameters numerics;
  EXPECT_EQ(choose_engine(numerics).engine, EngineKind::fast);
  numerics.sensitivities = "material.D";
  EXPECT_EQ(choose_engine(numerics).engine, EngineKind::reference);
  numerics.engine = EngineKind::fast;
  EXPECT_THROW((void)choose_engine(numerics), InputError);
  numerics.sensitivities.clear();
  EXPECT_EQ(choose_engine(numerics).engine, EngineKind::fast);
  numerics.engine = EngineKind::reference;
  EXPECT_EQ(choose_engine(numerics).engine, EngineKind::reference);
}

TEST(CellPaper, LithiumOfASecondCycleFollowsTheIndependentTable) {
  // An independent finite-volume calculation (backward Euler, 1 - 2.5 mV steps) of a 50 nm sphere at 100
  // mV/s, 3.0-1.0-3.0 V, E0 = 1.80 V, k0 = 3.5e-10 cm/s: x that the second cycle takes out, printed to three digits.
  // Its first-order steps are good to about 1 %.
  for (const auto& [D, x] :
       {std::pair{3e-15, 0.064}, {2e-14, 0.165}, {6e-14, 0.283}, {8e-14, 0.325}, {1e-13, 0.361}, {3e-13, 0.488}}) {
    CellSpec spec;
    spec.material.D = D * unit::cm2_per_s;
    spec.material.k0 = 3.5e-10 * unit::cm_per_s;
    spec.double_layer.titania = ArealCapacitance(0.0);
    spec.particles = {{.radius = 25e-9}};
    const Cell cell(spec);
    const Trace trace = simulate(cell, sim::Waveform::at(3.0).cyclic(1.0, 3.0, 0.1, 2));
    double most = 0.0;
    for (std::size_t k = 0; k < trace.size(); ++k) {
      if (trace.cycle[k] == 2) most = std::max(most, trace.lithium[k]);
    }
    const double released = (most - trace.lithium.back()) / cell.capacity() * spec.material.x_max;
    EXPECT_NEAR(released, x, 0.01 * x + 0.001) << D;
  }
}

TEST(CellPaper, ReconciledTruthPutsTheCathodicPeakWhereTheMeasurementHasIt) {
  // E_pc(50 mV/s) = 1.5 V is what k0 = 2e-9 cm/s of the truth set was chosen for.
  CellSpec spec;
  apply_truth_set("reconciled", spec.material);
  spec.double_layer.titania = ArealCapacitance(0.0);
  spec.particles = {{.radius = 25e-9}};
  const Trace trace = simulate(Cell(spec), sim::Waveform::at(3.0).cyclic(1.0, 3.0, 0.05, 2));
  std::size_t k = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) k = trace.cycle[i] == 2 && trace.current[i] < trace.current[k] ? i : k;
  EXPECT_NEAR(trace.E_vs_Li[k], 1.50, 0.02);
}

}  // namespace
}  // namespace seccm::models::test
