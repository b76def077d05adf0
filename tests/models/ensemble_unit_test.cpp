// What an ensemble refuses, and that it lives on what it has.
#include "models/ensemble/ensemble.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {

long allocations_so_far();  // cell_allocation_test.cpp

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

}  // namespace
}  // namespace seccm::models::test
