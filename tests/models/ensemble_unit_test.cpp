// What an ensemble refuses, and that it lives on what it has.
#include <algorithm>
#include <cmath>

#include "models/ensemble/cramer_rao.hpp"
#include "models/ensemble/ensemble.hpp"
#include "models/ensemble/ensemble_draw.hpp"
#include "models/ensemble/ensemble_survey.hpp"
#include "tests/models/allocation_count.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {

namespace {

using ::testing::HasSubstr;

CellSpec plain_cell() {
  CellSpec spec;
  spec.numerics.cells = 40;
  spec.numerics.grading = 0.05;
  spec.numerics.potential_step = Potential(5e-3);
  spec.particles = {{.radius = 25e-9}};
  return spec;
}

template <class Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

class Nothing final : public EnsembleObserver {
 public:
  void rows(const EnsembleRows& /*rows*/) override {}
};

TEST(EnsembleCell, RefusesWhatTheBatchedPathDoesNotKnowByName) {
  CellSpec spec = plain_cell();
  spec.material.second_process = true;
  EXPECT_THAT(refusal([&] { ensemble_cell(spec); }), HasSubstr("second_process"));
  spec = plain_cell();
  spec.material.diffusion = DiffusionKind::per_direction;
  EXPECT_THAT(refusal([&] { ensemble_cell(spec); }), HasSubstr("diffusion = \"per_direction\""));
  spec = plain_cell();
  spec.surface_redox.enabled = true;
  EXPECT_THAT(refusal([&] { ensemble_cell(spec); }), HasSubstr("[surface_redox]"));
  spec = plain_cell();
  spec.particles.push_back({.radius = 30e-9});
  EXPECT_THAT(refusal([&] { ensemble_cell(spec); }), HasSubstr("unlike particles"));
  spec = plain_cell();
  spec.gold_area = 1e-12;
  EXPECT_THAT(refusal([&] { ensemble_cell(spec); }), HasSubstr("[water_reduction]"));
}

TEST(EnsembleCell, EqualParticlesAreOneBranch) {
  CellSpec spec = plain_cell();
  spec.particles.assign(4, {.radius = 25e-9, .contact_resistance = 8e9});
  spec.series_resistance = 1e8;
  const EnsembleCell cell = ensemble_cell(spec);
  EXPECT_DOUBLE_EQ(cell.resistance, 1e8 + 2e9);
  spec.particles.resize(1);
  EXPECT_DOUBLE_EQ(cell.current_per_flux, 4.0 * ensemble_cell(spec).current_per_flux);
}

TEST(Ensemble, NamesTheMemberThatIsOutOfRange) {
  const EnsembleCell good = ensemble_cell(plain_cell());
  EnsembleSpec spec{.frame = ensemble_frame(plain_cell()), .cells = {good, good, good}};
  spec.cells[2].D = -1e-17;
  EXPECT_THAT(refusal([&] { Ensemble{spec}; }), HasSubstr("D of cell 2 = -1e-17 m^2/s"));
  spec.cells[2] = good;
  spec.slopes = {EnsembleParameter::g};
  EXPECT_THAT(refusal([&] { Ensemble{spec}; }), HasSubstr("frumkin"));
  spec.cells.clear();
  EXPECT_THAT(refusal([&] { Ensemble{spec}; }), HasSubstr("no cell"));
}

TEST(Ensemble, StopsOnRequest) {
  const EnsembleSpec spec{.frame = ensemble_frame(plain_cell()),
                          .cells = std::vector<EnsembleCell>(40, ensemble_cell(plain_cell()))};
  const EnsembleProgram program(sim::Waveform::at(2.5).cyclic(1.2, 2.5, 0.1, 1), plain_cell().numerics);
  Nothing nothing;
  EXPECT_THROW(Ensemble(spec).run(program, nothing, [](double) { return false; }), Cancelled);
}

TEST(EnsembleAllocation, StepsAllocateNothing) {
  EnsembleSpec spec{.frame = ensemble_frame(plain_cell()),
                    .cells = std::vector<EnsembleCell>(20, ensemble_cell(plain_cell())),
                    .slopes = {EnsembleParameter::ln_D, EnsembleParameter::resistance}};
  spec.cells[7].resistance = 1e10;
  const Ensemble ensemble(spec);
  Nothing nothing;
  const auto allocations_of = [&](int cycles) {
    const EnsembleProgram program(sim::Waveform::at(2.5).hold(1.0).cyclic(1.2, 2.5, 0.1, cycles),
                                  plain_cell().numerics);
    ensemble.run(program, nothing);  // the threads are there
    const long before = allocations_so_far();
    ensemble.run(program, nothing);
    return allocations_so_far() - before;
  };
  EXPECT_EQ(allocations_of(1), allocations_of(4));
}

TEST(CramerRao, IsTheInverseOfTheInformation) {
  // I = [[4, 2], [2, 5]]: I⁻¹ = [[5, -2], [-2, 4]]/16.
  const auto bounds = cramer_rao_bounds(std::vector<double>{4.0, 2.0, 5.0}, 2);
  EXPECT_NEAR(bounds[0], std::sqrt(5.0 / 16.0), 1e-15);
  EXPECT_NEAR(bounds[1], std::sqrt(4.0 / 16.0), 1e-15);
}

TEST(CramerRao, IsInfiniteForParametersThatOnlyActTogether) {
  // θ0 and θ1 with the same slope, θ2 on its own.
  const auto bounds = cramer_rao_bounds(std::vector<double>{1.0, 1.0, 0.0, 1.0, 0.0, 4.0}, 3);
  EXPECT_TRUE(std::isinf(bounds[0]));
  EXPECT_TRUE(std::isinf(bounds[1]));
  EXPECT_DOUBLE_EQ(bounds[2], 0.5);
}

TEST(EnsembleDraw, DoesNotDependOnWhatElseIsDrawn) {
  EnsembleParameters few;
  few.cells = 3;
  few.D_range = {1e-16 * unit::cm2_per_s, 1e-12 * unit::cm2_per_s};
  EnsembleParameters many = few;
  many.cells = 50;
  many.k0_spread = 1.0;
  many.E0_range = {Potential(1.7), Potential(1.9)};
  const DrawnEnsemble a = draw_ensemble(plain_cell(), few, 0.05, 4);
  const DrawnEnsemble b = draw_ensemble(plain_cell(), many, 0.05, 4);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(a.drawn[k].D, b.drawn[k].D);
  for (const DrawnCell& cell : b.drawn) {
    EXPECT_GT(cell.D, 1e-20);
    EXPECT_LT(cell.D, 1e-16);
    EXPECT_GT(cell.E0, 1.7);
    EXPECT_LT(cell.E0, 1.9);
  }
}

TEST(EnsembleDraw, RefusesARangeThatIsNone) {
  EnsembleParameters p;
  p.D_range = {1e-12 * unit::cm2_per_s, 1e-16 * unit::cm2_per_s};
  EXPECT_THAT(refusal([&] { draw_ensemble(plain_cell(), p, 0.05, 1); }), HasSubstr("D_range"));
  p = {};
  p.k0_range = {1e-10 * unit::cm_per_s, 1e-8 * unit::cm_per_s};
  p.k0_spread = 1.0;
  EXPECT_THAT(refusal([&] { draw_ensemble(plain_cell(), p, 0.05, 1); }), HasSubstr("k0_range beside k0_spread"));
  p = {};
  p.g_spread = 1.0;
  EXPECT_THAT(refusal([&] { draw_ensemble(plain_cell(), p, 0.05, 1); }), HasSubstr("frumkin"));
}

TEST(EnsembleUnknowns, AreReadByName) {
  const EnsembleUnknowns unknowns = unknowns_from("ln_D, E0 offset");
  EXPECT_THAT(unknowns.names(), testing::ElementsAre("ln_D", "E0", "offset"));
  EXPECT_THAT(refusal([] { unknowns_from("ln_D, colour"); }), HasSubstr("\"colour\""));
  EXPECT_THAT(refusal([] { unknowns_from("ln_D, ln_D"); }), HasSubstr("twice"));
}

TEST(EnsembleSurvey, FindsPeaksAndChargesOfTheVoltammogram) {
  EnsembleParameters p;
  p.cells = 3;
  p.scan_rate_range = {ScanRate(0.05), ScanRate(0.5)};
  const DrawnEnsemble ensemble = draw_ensemble(plain_cell(), p, 0.1, 1);
  const EnsembleProgram program(sim::Waveform::at(2.6).cyclic(1.2, 2.6, 0.1, 1), plain_cell().numerics);
  const EnsembleSurvey found = survey(ensemble.spec, program, {.traces = true});
  for (std::size_t k = 0; k < 3; ++k) {
    const double rate = ensemble.drawn[k].scan_rate;
    CellSpec cell = plain_cell();
    const sim::RadialMesh mesh(ensemble.spec.frame.geometry, ensemble.spec.frame.mesh);
    cell.numerics.cells = mesh.cells();
    cell.numerics.grading = ensemble.spec.frame.mesh.grading;
    const Trace trace = simulate(Cell(cell), sim::Waveform::at(2.6).cyclic(1.2, 2.6, rate, 1));
    const auto low = std::min_element(trace.current.begin(), trace.current.end());
    const EnsembleMember& member = found.members[k];
    EXPECT_NEAR(member.peak_cathodic_current / *low, 1.0, 1e-9);
    EXPECT_DOUBLE_EQ(member.peak_cathodic_potential,
                     trace.E_vs_Li[static_cast<std::size_t>(low - trace.current.begin())]);
    EXPECT_NEAR(member.charge, trace.charge.back(), 1e-9 * member.inserted_charge);
    EXPECT_EQ(found.traces[k].size(), trace.size());
    // The trapezoid of the rows against the charge of the steps: the jump of the double layer's current at the start
    // and second order elsewhere.
    const double most = *std::min_element(trace.charge.begin(), trace.charge.end());
    EXPECT_NEAR(member.inserted_charge / -most, 1.0, 1e-3);
    EXPECT_NEAR(member.capacity, constants::faraday * Cell(cell).capacity(), 1e-12 * member.capacity);
  }
}

}  // namespace
}  // namespace seccm::models::test
