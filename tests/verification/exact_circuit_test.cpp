// The parts of a cell that take no lithium, against their closed forms: tables f1 and h1 of tests/data, and the
// textbook peaks of surface redox.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tests/models/cell_test_support.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models::test {
namespace {

using verification::check;

/// A slab that takes no lithium: an electrode of surface processes only.
CellSpec blocking() {
  CellSpec spec = Case{}.spec();
  spec.material.k0 = Velocity(0.0);
  spec.numerics.cells = 3;
  spec.numerics.grading = 1.0;
  return spec;
}

CellSpec surface_redox(double g) {
  CellSpec spec = blocking();
  spec.surface_redox.enabled = true;
  spec.surface_redox.E0 = Potential(E0);
  spec.surface_redox.g = g;
  return spec;
}

TEST(ExactCircuit, CapacitorBehindAResistorFollowsTheExponential) {
  CellSpec spec = blocking();
  spec.double_layer.titania = 10.0 * unit::uF_per_cm2;
  const double C = spec.double_layer.titania.si() * spec.face_area;
  spec.series_resistance = 0.2 / (scan_rate * C);  // one unit of u = (E - Ei)/(v R C) takes 200 steps of 1 mV
  const Trace trace = simulate(Cell(spec), sim::Waveform::at(1.0).ramp_to(5.2, scan_rate));
  verification::Curve exact{.label = "1 - exp(-u) (table f1)", .points = true};
  verification::Curve computed{.label = "computed"};
  for (const auto& row : table("f1_rc_ramp.csv")) {
    const double u = row[0];
    if (u > 20.5 || u < 5e-3) continue;  // u = 0.001 is a fifth of one step
    const double position = u * 200.0;
    const auto k = static_cast<std::size_t>(std::floor(position + 1e-9));
    const double share = position - static_cast<double>(k);
    const double i = (1.0 - share) * trace.current[k] + share * trace.current[std::min(k + 1, trace.size() - 1)];
    check({.name = fmt::format("ramp on R and C, u = {:.4g} (table f1)", u),
           .quantity = "i/(v C)",
           .exact = row[1],
           .computed = i / (scan_rate * C),
           .bound = 3e-5,
           .note = "h = 1/200: the first step is one of backward Euler, h²/2 = 1.3e-5, BDF2 adds u²e^-u h²/3"});
    exact.x.push_back(u);
    exact.y.push_back(row[1]);
    computed.x.push_back(u);
    computed.y.push_back(i / (scan_rate * C));
  }
  verification::plot(
      {.name = "ramp on R and C", .x_label = "u = t/RC", .y_label = "i/(v C)", .curves = {computed, exact}});
}

TEST(ExactCircuit, SurfaceRedoxPeaksAndWidthsOfTheFrumkinIsotherm) {
  for (const auto& row : table("h1_surface_frumkin.csv")) {
    const double g = row[0];
    CellSpec spec = surface_redox(g);
    // 1/200 of the width or 1 mV, whatever is shorter.
    const double step = std::min(1e-3, row[2] / f / 200.0);
    spec.numerics.potential_step = Potential(step);
    const double Q = spec.surface_redox.charge.si() * spec.face_area;
    const double reach = std::max(1.5 * row[2], 0.2);
    const Trace trace =
        simulate(Cell(spec), sim::Waveform::at(potential_at(-reach)).ramp_to(potential_at(reach), scan_rate));
    Wave wave;
    for (std::size_t k = 0; k < trace.size(); ++k) {
      wave.xi.push_back(f * (E0 - trace.E_vs_Li[k]));
      wave.p.push_back(-trace.current[k] / (Q * f * scan_rate));
    }
    const Peak peak = peak_of(wave);
    const std::string note =
        "BDF2 differentiates θ(E): h²/3 θ'''/θ' is (1/200)² for the narrow ones, (1/25)²/6 for g = 0";
    const std::string name = fmt::format("Frumkin surface redox, g = {:g} (table h1)", g);
    check({.name = name,
           .quantity = "peak i/(F v Q/RT)",
           .exact = row[1],
           .computed = peak.p,
           .bound = 4e-4,
           .relative = true,
           .note = note});
    const auto crossing = [&](std::size_t from, int direction) {
      auto k = static_cast<std::ptrdiff_t>(from);
      while (wave.p[static_cast<std::size_t>(k)] > 0.5 * peak.p) k += direction;
      const auto a = static_cast<std::size_t>(k);
      const auto b = static_cast<std::size_t>(k - direction);
      return wave.xi[a] + (0.5 * peak.p - wave.p[a]) / (wave.p[b] - wave.p[a]) * (wave.xi[b] - wave.xi[a]);
    };
    const std::size_t middle = wave.p.size() / 2;
    check({.name = name,
           .quantity = "width at half the peak, F E/RT",
           .exact = row[2],
           .computed = crossing(middle, 1) - crossing(middle, -1),
           .bound = 1e-3,
           .relative = true,
           .note = note});
  }
}

TEST(ExactCircuit, LangmuirSurfaceRedox) {
  CellSpec spec = surface_redox(0.0);
  spec.numerics.potential_step = 0.5 * unit::mV;
  const double Q = spec.surface_redox.charge.si() * spec.face_area;
  const Trace trace = simulate(Cell(spec), sim::Waveform::at(2.5).ramp_to(1.5, scan_rate));
  const double deepest = *std::min_element(trace.current.begin(), trace.current.end());
  check({.name = "Langmuir surface redox, in equilibrium",
         .quantity = "peak i/(F v Q/4RT)",
         .exact = 1.0,
         .computed = -deepest / (f * scan_rate * Q / 4.0),
         .bound = 1e-4,
         .note = "(0.5 mV f)²/6 = 6e-5"});
  check({.name = "Langmuir surface redox, in equilibrium",
         .quantity = "charge over Q",
         .exact = -1.0,
         .computed = trace.charge.back() / Q,
         .bound = 1e-6,
         .note = "what is left beyond ±19 RT/F is 4e-9"});
}

TEST(ExactCircuit, SlowSurfaceRedoxIsTheIrreversiblePeak) {
  CellSpec spec = surface_redox(0.0);
  spec.surface_redox.rate = Frequency(1e-4);
  spec.numerics.potential_step = 0.5 * unit::mV;
  const double Q = spec.surface_redox.charge.si() * spec.face_area;
  const Trace trace = simulate(Cell(spec), sim::Waveform::at(2.5).ramp_to(1.0, scan_rate));
  std::size_t k = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) k = trace.current[i] < trace.current[k] ? i : k;
  const std::string note = "Laviron 1979; (0.5 mV f)²/3 = 1.3e-4, two samples for the position";
  check({.name = "irreversible surface redox",
         .quantity = "peak i/(α F v Q/(e RT))",
         .exact = 1.0,
         .computed = -trace.current[k] / (0.5 * f * scan_rate * Q * std::exp(-1.0)),
         .bound = 2e-4,
         .note = note});
  check({.name = "irreversible surface redox",
         .quantity = "peak potential",
         .unit = "V",
         .exact = E0 - std::log(0.5 * f * scan_rate / 1e-4) / (0.5 * f),
         .computed = trace.E_vs_Li[k],
         .bound = 1e-3,
         .note = note});
}

}  // namespace
}  // namespace seccm::models::test
