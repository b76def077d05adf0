// The fast engine (fixed steps, elimination towards the surface) against the reference engine (the complete
// differential-algebraic system under error control): a cluster step by step, and 200 random cells.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "models/reference/reference_simulate.hpp"
#include "sim/error.hpp"
#include "tests/verification/compared_traces.hpp"
#include "tests/verification/cross_random_cells.hpp"
#include "tests/verification/record.hpp"

namespace seccm::verification {
namespace {

using models::Cell;
using models::CellSpec;
using models::ReferenceRun;
using models::Trace;

constexpr std::uint64_t seed = 20260101;

double largest(const std::vector<double>& values) {
  double most = 0.0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

Trace in_steps_of(const CellSpec& spec, const sim::Waveform& program, double step) {
  CellSpec own = spec;
  own.numerics.potential_step = Potential(step);
  return simulate(Cell(own), program);
}

models::ReferenceOptions tolerance_of(double relative, long most_steps = 200000) {
  models::ReferenceOptions options;
  options.relative = relative;
  options.most_steps = most_steps;
  return options;
}

CellSpec cluster() {
  CellSpec spec;
  spec.material.law = models::IsothermKind::frumkin;
  spec.material.g = 1.5;
  spec.material.k0 = 2e-9 * unit::cm_per_s;
  spec.double_layer.titania = 20.0 * unit::uF_per_cm2;
  spec.double_layer.gold = 10.0 * unit::uF_per_cm2;
  spec.surface_redox.enabled = true;
  spec.surface_redox.rate = Frequency(0.05);
  spec.surface_redox.g = 8.0;
  spec.water.enabled = false;
  spec.numerics.cells = 24;
  spec.numerics.grading = 0.1;
  spec.gold_area = 5e-14;
  spec.series_resistance = 2e11;  // large, so that the particles feel each other
  spec.particles = {{.radius = 20e-9, .contact_resistance = 1e11},
                    {.radius = 30e-9, .wetted_fraction = 0.6, .contact_resistance = 1e12},
                    {.radius = 26e-9, .contact_resistance = 1e10, .initial_filling = 0.05}};
  return spec;
}

TEST(CrossEngines, AClusterWithAllItsResistancesAndCapacitancesAgreesToSecondOrder) {
  // Left out: what follows the jump that the half-filled third particle starts with; and ten steps behind the turn,
  // where R C = 2e11 Ohm x 1e-14 F = 2 ms is a tenth of a step of 20 ms: a response that the steps do not resolve and
  // that BDF2 damps by (2 x 10)^-1/2 a step, to 3e-7 of its 3 % of the peak after ten.
  constexpr Rows start{1, 200};
  constexpr Rows turn{800, 810};
  const CellSpec spec = cluster();
  const sim::Waveform program = sim::Waveform::at(2.6).ramp_to(1.0, 0.1).ramp_to(2.6, 0.1);
  CellSpec coarsest = spec;
  coarsest.numerics.potential_step = Potential(2e-3);
  const ReferenceRun exact = run_reference(Cell(coarsest), program, tolerance_of(1e-9));
  const double peak = largest(exact.trace.current);
  const std::vector<double> steps{2e-3, 1e-3, 0.5e-3};
  std::vector<double> errors;
  std::vector<Curve> curves{{.label = "reference engine", .x = exact.trace.E_vs_Li, .y = exact.trace.current}};
  for (const double step : steps) {
    const Trace fast = in_steps_of(spec, program, step);
    errors.push_back(difference(exact.trace, fast, start, turn) / peak);
    if (step == steps.front()) {
      curves.push_back({.label = "fast engine, 2 mV", .x = fast.E_vs_Li, .y = fast.current, .points = true});
    }
  }
  // BDF2 with steps of h = 2 mV on waves that the resistances spread over L ~ 0.25 V: (h/L)²/3 = 2e-5 of the peak.
  check({.name = "three particles, steps of 2 mV",
         .quantity = "worst sample over the peak",
         .computed = errors.front(),
         .bound = 4e-5,
         .note = "(h/L)^2/3 = 2e-5 of BDF2 for waves of L = 0.25 V, with a factor of two"});
  check_order({.name = "three particles",
               .quantity = "worst sample over the peak, fast against reference",
               .size = steps,
               .error = errors,
               .expected = 2.0,
               .tolerance = 0.2,
               .pairs = 2,
               .note = "the reference at 1e-9 is good to 1e-7"});
  plot({.name = "cluster", .x_label = "E vs Li/Li+, V", .y_label = "current, A", .curves = curves});
}

TEST(CrossEngines, OrdinaryAndAlgebraicFormOfOneCellAgree) {
  CellSpec spec;
  spec.material.law = models::IsothermKind::frumkin;
  spec.material.g = 2.0;
  spec.material.k0 = 2e-9 * unit::cm_per_s;
  spec.double_layer.titania = 20.0 * unit::uF_per_cm2;
  spec.stray_capacitance = 1e-15;
  spec.water.enabled = false;
  spec.numerics.cells = 30;
  spec.particles = {{.radius = 20e-9}, {.radius = 30e-9, .wetted_fraction = 0.6, .initial_filling = 0.05}};
  const Cell cell(spec);
  const sim::Waveform program = sim::Waveform::at(2.6).ramp_to(1.2, 0.1).jump(2.0).hold(3.0).ramp_to(2.6, 0.5);
  constexpr double tolerance = 1e-9;
  models::ReferenceOptions algebraic = tolerance_of(tolerance);
  algebraic.as_algebraic = true;
  const ReferenceRun ida = run_reference(cell, program, algebraic);
  const ReferenceRun cvode = run_reference(cell, program, tolerance_of(tolerance));
  ASSERT_EQ(ida.trace.size(), cvode.trace.size());
  double most = 0.0, charge = 0.0;
  for (std::size_t k = 0; k < ida.trace.size(); ++k) {
    most = std::max(most, std::abs(ida.trace.current[k] - cvode.trace.current[k]));
    charge = std::max(charge, std::abs(ida.trace.charge[k] - cvode.trace.charge[k]));
  }
  // Both promise 1000 tolerances of the unit of the currents, and of ten seconds of it for the charge.
  check({.name = "CVODES against IDAS, two particles",
         .quantity = "worst sample over the unit of the currents",
         .computed = most / ida.current_unit,
         .bound = 2000.0 * tolerance,
         .note = "the same equations with and without the surface as unknowns, 1e-9"});
  check({.name = "CVODES against IDAS, charge",
         .quantity = "worst sample over the unit of the currents times 10 s",
         .computed = charge / (10.0 * ida.current_unit),
         .bound = 2000.0 * tolerance,
         .note = "one by its balance, one by integration"});
}

/// What became of one random cell.
struct Outcome {
  enum class Kind { agrees, differs, fast_refuses, reference_refuses };
  Kind kind = Kind::agrees;
  double error = 0.0;  ///< worst sample, of the bound
  double of_peak = 0.0;
  std::string text;
};

/// The fast engine's error from its own halving. If it falls as h^p, e = d/(1 - 2^-p) with d the difference of the runs
/// with h and h/2: 3.42 d at the lowest order that a response can have, p = 1/2 behind a jump of a flux. Where D
/// changes with the direction the moment of the change is rounded up to a step, so that two runs can share it: there,
/// and where the first halving alone would say that the engines differ, the largest of three halvings counts.
Outcome compare(std::uint64_t number) {
  const RandomCase c = random_case(seed, number);
  const sim::Waveform program = c.program();
  constexpr double step = 2e-3;
  constexpr double tolerance = 1e-8;
  constexpr double half_order = 3.42;
  Trace fast;
  double halving = 0.0;
  try {
    fast = in_steps_of(c.spec, program, step);
    halving = difference(fast, in_steps_of(c.spec, program, step / 2.0));
  } catch (const SolverError& e) {
    return {Outcome::Kind::fast_refuses, 0.0, 0.0, e.what()};
  }
  ReferenceRun exact;
  try {
    exact = run_reference(Cell(c.spec), program, tolerance_of(tolerance, 20000));
  } catch (const SolverError& e) {
    return {Outcome::Kind::reference_refuses, 0.0, 0.0, e.what()};
  }
  const double error = difference(fast, exact.trace);
  const double reference_error = 1000.0 * tolerance * exact.current_unit;
  if (!(error <= half_order * halving + reference_error)) {
    Trace before = in_steps_of(c.spec, program, step / 2.0);
    for (const double finer : {step / 4.0, step / 8.0}) {
      Trace after = in_steps_of(c.spec, program, finer);
      halving = std::max(halving, difference(before, after));
      before = std::move(after);
    }
  }
  const double bound = half_order * halving + reference_error;
  const double peak = std::max(largest(exact.trace.current), 1e-300);
  const Outcome::Kind kind = error <= bound ? Outcome::Kind::agrees : Outcome::Kind::differs;
  return {kind, error / bound, error / peak,
          fmt::format("error {:.3g} of the peak, bound {:.3g}", error / peak, bound / peak)};
}

TEST(CrossEngines, TwoHundredRandomCellsAgreeWithinTheStatedErrors) {
  constexpr std::uint64_t count = 200;
  std::array<int, 4> kinds{};
  Outcome worst;
  std::uint64_t worst_number = 0;
  std::string refusals;
  std::vector<double> errors;
  for (std::uint64_t number = 0; number < count; ++number) {
    const Outcome outcome = compare(number);
    ++kinds[static_cast<std::size_t>(outcome.kind)];
    switch (outcome.kind) {
      case Outcome::Kind::differs:
        ADD_FAILURE() << "cell " << number << " of seed " << seed << ": " << outcome.text;
        break;
      case Outcome::Kind::fast_refuses:
      case Outcome::Kind::reference_refuses:
        refusals += fmt::format("{} cell {}: {}", refusals.empty() ? "" : ";", number, outcome.text.substr(0, 60));
        break;
      case Outcome::Kind::agrees:
        errors.push_back(std::max(outcome.of_peak, 1e-16));
        break;
    }
    if (outcome.error > worst.error) {
      worst = outcome;
      worst_number = number;
    }
  }
  check({.name = fmt::format("200 random cells, worst: cell {}", worst_number),
         .quantity = "worst sample over the stated error of both engines",
         .computed = worst.error,
         .bound = 1.0,
         .note = fmt::format("{} agree, {} differ. {}", kinds[0], kinds[1], worst.text)});
  // Refused by name, never wrong in silence: which, and with what words, stands in the record.
  check({.name = "cells that an engine refuses",
         .quantity = "share of the cells",
         .computed = (kinds[2] + kinds[3]) / static_cast<double>(count),
         .bound = 0.1,
         .note = fmt::format("{} by the fast engine, {} by the reference:{}", kinds[2], kinds[3], refusals)});
  std::sort(errors.begin(), errors.end());
  std::vector<double> share;
  for (std::size_t k = 0; k < errors.size(); ++k) {
    share.push_back(static_cast<double>(k + 1) / static_cast<double>(errors.size()));
  }
  plot({.name = "errors",
        .x_label = "worst sample over the peak, steps of 2 mV",
        .y_label = "share of the cells",
        .curves = {{.label = "fast against reference", .x = errors, .y = share}},
        .log_x = true});
}

}  // namespace
}  // namespace seccm::verification
