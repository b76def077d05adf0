// The fast engine (fixed steps, elimination towards the surface) against the reference engine (the complete
// differential-algebraic system under error control): a cluster step by step, and the two forms of one cell.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "models/reference/reference_simulate.hpp"
#include "tests/verification/compared_traces.hpp"
#include "tests/verification/record.hpp"

namespace seccm::verification {
namespace {

using models::Cell;
using models::CellSpec;
using models::ReferenceRun;
using models::Trace;

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

}  // namespace
}  // namespace seccm::verification
