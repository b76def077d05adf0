// The batched engine against the scalar one, and its slopes against differences of itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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

double largest(const std::vector<double>& a) {
  double peak = 0.0;
  for (const double value : a) peak = std::max(peak, std::abs(value));
  return peak;
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
           .bound = 1e-10,
           .some_machines = true});
  }
}

/// The cell with one parameter moved by h: relative for the logarithms.
EnsembleCell moved(EnsembleCell cell, sim::Geometry geometry, EnsembleParameter parameter, double h) {
  const double factor = std::exp(h);
  switch (parameter) {
    case EnsembleParameter::ln_D:
      cell.D *= factor;
      break;
    case EnsembleParameter::ln_k0:
      cell.k0 *= factor;
      break;
    case EnsembleParameter::ln_radius:
      cell.radius *= factor;
      if (geometry != sim::Geometry::sphere) break;
      cell.current_per_flux *= factor * factor;
      cell.capacitance *= factor * factor;
      break;
    case EnsembleParameter::ln_area:
      cell.current_per_flux *= factor;
      break;
    case EnsembleParameter::E0:
      cell.E0 += h;
      break;
    case EnsembleParameter::alpha:
      cell.alpha += h;
      break;
    case EnsembleParameter::g:
      cell.g += h;
      break;
    case EnsembleParameter::resistance:
      cell.resistance += h;
      break;
    case EnsembleParameter::capacitance:
      cell.fixed_capacitance += h;
      break;
  }
  return cell;
}

/// The scale on which the current changes with the parameter.
double scale_of(EnsembleParameter parameter, const EnsembleCell& cell) {
  switch (parameter) {
    case EnsembleParameter::E0:
      return 0.0257;
    case EnsembleParameter::resistance:
      return cell.resistance;
    case EnsembleParameter::capacitance:
      return cell.capacitance;
    default:
      return 1.0;
  }
}

constexpr std::array<EnsembleParameter, 9> all_parameters{
    EnsembleParameter::ln_D,    EnsembleParameter::ln_k0,      EnsembleParameter::ln_radius,
    EnsembleParameter::ln_area, EnsembleParameter::E0,         EnsembleParameter::alpha,
    EnsembleParameter::g,       EnsembleParameter::resistance, EnsembleParameter::capacitance};

/// The slopes of one cell and its currents with each parameter at -2h, -h, h and 2h: all in one ensemble.
struct SlopeCheck {
  std::vector<std::string> names = {};
  std::vector<double> worst = {}, bound = {};
  std::vector<std::vector<double>> slope = {}, difference = {};
  std::vector<double> E_vs_Li = {};
};

SlopeCheck slopes_against_differences(const Family& family, std::uint64_t member) {
  // Richardson's central difference with h = 3e-3 of the parameter's own scale leaves 4 h^4/30 of the fifth derivative:
  // 1e-11, times up to 1e3 on a steep wave. Round-off and Newton tolerance leave 1e-13 of the peak in each current; a
  // parameter that hardly moves the current shows them.
  // U of the plateau has kinks at its ends: a surface that passes one within the four currents of a difference has no
  // derivative there, so that its steps are short.
  const double share = family.law == IsothermKind::anatase_plateau ? 2e-5 : 3e-3;
  constexpr double truncation = 1e-8;
  constexpr double round_off = 1e-13;
  CellSpec cell = drawn_cell(family, member);
  EnsembleSpec spec{.frame = ensemble_frame(cell)};
  EnsembleCell base = ensemble_cell(cell);
  if (!family.circuit) base.capacitance = 1e-16;  // for the scale of its step
  if (!family.circuit) base.resistance = 1e8;
  base.fixed_capacitance = 0.1 * base.capacitance;
  spec.cells = {base};
  for (const EnsembleParameter parameter : all_parameters) {
    if (parameter == EnsembleParameter::g && family.law != IsothermKind::frumkin) continue;
    const double h = share * scale_of(parameter, base);
    spec.slopes.push_back(parameter);
    for (const double by : {-2.0, -1.0, 1.0, 2.0})
      spec.cells.push_back(moved(base, family.geometry, parameter, by * h));
  }
  const Ensemble ensemble(spec);
  const EnsembleProgram program(program_of(family), cell.numerics);
  Keeper keeper(ensemble, program);
  ensemble.run(program, keeper);
  SlopeCheck result{.E_vs_Li = program.E_vs_Li()};
  for (std::size_t j = 0; j < spec.slopes.size(); ++j) {
    const double h = share * scale_of(spec.slopes[j], base);
    const auto* lane = &keeper.current[1 + 4 * j];
    std::vector<double> difference;
    for (std::size_t k = 0; k < program.rows(); ++k) {
      const double wide = (lane[3][k] - lane[0][k]) / (4.0 * h);
      const double narrow = (lane[2][k] - lane[1][k]) / (2.0 * h);
      difference.push_back((4.0 * narrow - wide) / 3.0);
    }
    result.names.emplace_back(ensemble_parameter_names[static_cast<std::size_t>(spec.slopes[j])]);
    result.worst.push_back(worst_sample(keeper.slope[0][j], difference));
    result.bound.push_back(truncation + round_off * largest(keeper.current[0]) / (h * largest(keeper.slope[0][j])));
    result.slope.push_back(keeper.slope[0][j]);
    result.difference.push_back(difference);
  }
  return result;
}

TEST(IdentityEnsembleSlopes, AreTheDifferencesOfTheBatch) {
  for (const Family& family : families()) {
    const SlopeCheck result = slopes_against_differences(family, 2);
    for (std::size_t j = 0; j < result.names.size(); ++j) {
      check({.name = family.name + ", by " + result.names[j],
             .quantity = "worst sample of di/dp over its largest",
             .computed = result.worst[j],
             .bound = result.bound[j],
             .note = "against Richardson's central differences of the same engine; bound: truncation and round-off"});
    }
    if (family.name != families()[2].name) continue;
    std::vector<verification::Curve> curves;
    for (const std::size_t j : {std::size_t{0}, std::size_t{1}}) {
      curves.push_back({.label = "di/d" + result.names[j] + ", tangent", .x = result.E_vs_Li, .y = result.slope[j]});
      curves.push_back({.label = "difference", .x = result.E_vs_Li, .y = result.difference[j], .points = true});
    }
    plot({.name = "slopes of a Frumkin host behind a resistance",
          .x_label = "E vs Li/Li+ / V",
          .y_label = "di/dp / A",
          .curves = curves});
  }
}

}  // namespace
}  // namespace seccm::models::test
