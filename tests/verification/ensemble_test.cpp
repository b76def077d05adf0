// The batched engine against the scalar one, and its slopes against differences of itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/cell.hpp"
#include "models/ensemble/ensemble.hpp"
#include "sim/random.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models::test {
namespace {

using verification::check;
using verification::plot;

/// Keeps every current, and every slope.
class Keeper final : public EnsembleObserver {
 public:
  Keeper(const Ensemble& ensemble, const EnsembleProgram& program)
      : parameters_(ensemble.spec().slopes.size()),
        current(ensemble.spec().cells.size(), std::vector<double>(program.rows())),
        slope(ensemble.spec().cells.size(),
              std::vector<std::vector<double>>(parameters_, std::vector<double>(program.rows()))),
        ends(ensemble.spec().cells.size()) {}

  void rows(const EnsembleRows& rows) override {
    for (std::size_t l = 0; l < rows.members; ++l) {
      for (std::size_t k = 0; k < rows.current.size(); ++k) {
        current[rows.first + l][rows.first_row + k] = rows.current[k][l];
        for (std::size_t j = 0; j < parameters_; ++j) {
          slope[rows.first + l][j][rows.first_row + k] = rows.slope(k, j)[l];
        }
      }
    }
  }
  void end(const EnsembleEnd& end) override { ends[end.member] = end; }

 private:
  std::size_t parameters_;

 public:
  std::vector<std::vector<double>> current;
  std::vector<std::vector<std::vector<double>>> slope;
  std::vector<EnsembleEnd> ends;
};

/// Largest |a - b| over the largest |a|.
double worst_sample(const std::vector<double>& a, const std::vector<double>& b) {
  double peak = 0.0;
  double worst = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    peak = std::max(peak, std::abs(a[k]));
    worst = std::max(worst, std::abs(a[k] - b[k]));
  }
  return worst / peak;
}

struct Family {
  std::string name;
  IsothermKind law = IsothermKind::ideal;
  sim::Geometry geometry = sim::Geometry::sphere;
  bool circuit = false;
  bool staircase = false;
};

/// A cell drawn over the decades in which the model is used.
CellSpec drawn_cell(const Family& family, std::uint64_t member) {
  RandomStream random(7, "ensemble verification", member);
  const auto between = [&](double low, double high) { return low + (high - low) * random.uniform(); };
  CellSpec spec;
  spec.geometry = family.geometry;
  spec.numerics.cells = 50;
  spec.numerics.grading = 0.05;
  spec.numerics.potential_step = Potential(4e-3);
  spec.material.law = family.law;
  spec.material.D = Diffusivity(std::pow(10.0, between(-19.0, -16.0)));
  spec.material.k0 = Velocity(std::pow(10.0, between(-12.0, -8.0)));
  spec.material.alpha = between(0.3, 0.7);
  spec.material.E0 = Potential(between(1.7, 1.9));
  spec.material.g = between(-2.0, 6.0);
  spec.double_layer.titania = ArealCapacitance(family.circuit ? between(0.01, 0.3) : 0.0);
  spec.stray_capacitance = 1e-16;
  CellParticle particle{.radius = 25e-9 * between(0.5, 1.5), .wetted_fraction = between(0.3, 1.0)};
  if (family.circuit) particle.contact_resistance = std::pow(10.0, between(8.5, 11.5));
  if (family.circuit) spec.series_resistance = 1e8;
  spec.particles.assign(family.circuit ? 3 : 1, particle);
  return spec;
}

sim::Waveform program_of(const Family& family) {
  if (family.staircase) return sim::Waveform::at(2.6).cyclic_staircase(1.2, 2.6, 0.05, 1, {.step_height = 20e-3});
  return sim::Waveform::at(2.6).hold(0.5).cyclic(1.2, 2.6, 0.05, 2);
}

EnsembleSpec drawn_ensemble(const Family& family, std::size_t members) {
  EnsembleSpec spec;
  spec.frame = ensemble_frame(drawn_cell(family, 0));
  for (std::size_t k = 0; k < members; ++k) spec.cells.push_back(ensemble_cell(drawn_cell(family, k)));
  return spec;
}

const std::vector<Family>& families() {
  static const std::vector<Family> all{
      {.name = "ideal host"},
      {.name = "ideal host behind a resistance", .circuit = true},
      {.name = "Frumkin host behind a resistance", .law = IsothermKind::frumkin, .circuit = true},
      {.name = "anatase plateau behind a resistance", .law = IsothermKind::anatase_plateau, .circuit = true},
      {.name = "slab, Frumkin", .law = IsothermKind::frumkin, .geometry = sim::Geometry::slab},
      {.name = "staircase", .law = IsothermKind::frumkin, .circuit = true, .staircase = true}};
  return all;
}

TEST(CrossEnsemble, BatchIsTheScalarEngine) {
  // Both iterate Newton's method until its moves are below 1e-8 (scalar) and 1e-7 (batch); convergence is quadratic,
  // so that 1e-14 is left of a filling of the order of 1, and round-off of 50 cells over some hundred steps.
  constexpr std::size_t members = 20;  // one block and a part of one
  for (const Family& family : families()) {
    const Ensemble ensemble(drawn_ensemble(family, members));
    const EnsembleProgram program(program_of(family), drawn_cell(family, 0).numerics);
    Keeper keeper(ensemble, program);
    ensemble.run(program, keeper);
    double worst = 0.0;
    for (std::size_t k = 0; k < members; ++k) {
      const Trace trace = simulate(Cell(drawn_cell(family, k)), program_of(family));
      ASSERT_EQ(trace.size(), program.rows());
      worst = std::max(worst, worst_sample(trace.current, keeper.current[k]));
    }
    check({.name = family.name,
           .quantity = "worst sample of 20 drawn cells over its peak",
           .computed = worst,
           .bound = 1e-10,
           .note = "the recurrence is the same; the bound is the Newton tolerance of both and round-off"});
  }
}

TEST(IdentityEnsemble, ChargeIsLithiumInEveryMember) {
  const Family family = families()[3];
  const Ensemble ensemble(drawn_ensemble(family, 40));
  const EnsembleProgram program(program_of(family), drawn_cell(family, 0).numerics);
  Keeper keeper(ensemble, program);
  ensemble.run(program, keeper);
  double worst = 0.0;
  for (std::size_t k = 0; k < keeper.ends.size(); ++k) {
    const EnsembleCell& cell = ensemble.spec().cells[k];
    const double full = cell.current_per_flux * cell.radius / 3.0;  // F c_max V
    worst = std::max(worst, std::abs(keeper.ends[k].lithium_charge + full * keeper.ends[k].mean_filling) / full);
  }
  check({.name = "anatase plateau behind a resistance, 40 cells, 2 cycles",
         .quantity = "(charge of intercalation + F dN) over the capacity, worst cell",
         .computed = worst,
         .bound = 1e-10,
         .note = "flux-form surface: the identity holds to round-off"});
}

TEST(IdentityEnsemble, StretchedTimeIsAnotherScanRate) {
  Family family = families()[1];
  CellSpec cell = drawn_cell(family, 3);
  cell.stray_capacitance = 1e-15;
  EnsembleSpec spec{.frame = ensemble_frame(cell), .cells = {ensemble_cell(cell)}};
  spec.cells.front().time_scale = 0.1;
  const Ensemble ensemble(spec);
  const EnsembleProgram program(sim::Waveform::at(2.6).cyclic(1.2, 2.6, 0.05, 1), cell.numerics);
  Keeper keeper(ensemble, program);
  ensemble.run(program, keeper);
  const Trace fast = simulate(Cell(cell), sim::Waveform::at(2.6).cyclic(1.2, 2.6, 0.5, 1));
  check({.name = "0.05 V/s stretched by 0.1 against 0.5 V/s",
         .quantity = "worst sample over the peak",
         .computed = worst_sample(fast.current, keeper.current[0]),
         .bound = 1e-10});
}

TEST(IdentityEnsemble, CompiledFormsAgree) {
  // The forms differ by fused multiplications: round-off alone.
  const Family family = families()[2];
  EnsembleSpec spec = drawn_ensemble(family, 16);
  const EnsembleProgram program(program_of(family), drawn_cell(family, 0).numerics);
  spec.instructions = Instructions::baseline;
  const Ensemble baseline(spec);
  Keeper expected(baseline, program);
  baseline.run(program, expected);
  for (const Instructions form : {Instructions::avx2, Instructions::avx512}) {
    if (!machine_has(form)) continue;
    spec.instructions = form;
    const Ensemble ensemble(spec);
    Keeper keeper(ensemble, program);
    ensemble.run(program, keeper);
    double worst = 0.0;
    for (std::size_t k = 0; k < 16; ++k) worst = std::max(worst, worst_sample(expected.current[k], keeper.current[k]));
    check({.name = form == Instructions::avx2 ? "AVX2 against the baseline" : "AVX-512 against the baseline",
           .quantity = "worst sample of 16 cells over its peak",
           .computed = worst,
           .bound = 1e-10});
  }
}

}  // namespace
}  // namespace seccm::models::test
