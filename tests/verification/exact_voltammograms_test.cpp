// The cell at its default settings (mesh chosen, 1 mV steps) against the exact voltammograms of tests/data.
//
// Every peak has to be right within 0.1 %, the accuracy that the default mesh and step are chosen for: a surface cell
// of 1/20 of the diffusion layer costs 0.05 %, 1 mV steps 0.01 % (docs/physics-cell.md). Whole waves are compared in
// units of their peak. Peak positions carry the same relative error through the curvature of the peak: δξ ≈ 1e-3 p/p'
// with p' of the order 0.1 p per unit ξ a unit away, hence 0.02.
#include <fmt/format.h>

#include "tests/models/cell_test_support.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models::test {
namespace {

constexpr double peak_tolerance = 1e-3;
constexpr double position_tolerance = 0.02;

using verification::check;

void check_peak(const std::string& name, const Peak& computed, const Peak& exact,
                double position = position_tolerance) {
  check({.name = name,
         .quantity = "peak current",
         .exact = exact.p,
         .computed = computed.p,
         .bound = peak_tolerance,
         .relative = true,
         .note = "default mesh and step"});
  check({.name = name,
         .quantity = "peak position",
         .unit = "RT/F",
         .exact = exact.xi,
         .computed = computed.xi,
         .bound = position,
         .note = "1e-3 of the peak through its curvature"});
}

/// The worst sample of a wave in units of its peak.
void check_wave(const std::string& name, const std::vector<double>& x, const std::vector<double>& exact,
                const std::vector<double>& computed, double peak) {
  double worst = 0.0;
  for (std::size_t k = 0; k < exact.size(); ++k) worst = std::max(worst, std::abs(computed[k] - exact[k]) / peak);
  for (const double value : computed) ASSERT_TRUE(std::isfinite(value)) << name;
  check({.name = name,
         .quantity = "worst sample over the peak",
         .computed = worst,
         .bound = peak_tolerance,
         .note = "all rows of the table"});
  verification::plot({.name = name,
                      .x_label = "xi",
                      .y_label = "p",
                      .curves = {{.label = "computed", .x = x, .y = computed},
                                 {.label = "exact", .x = x, .y = exact, .points = true}}});
}

TEST(ExactVoltammogram, PlanarReversibleWaveFollowsTheExactOne) {
  const Case c;
  const Wave wave = cathodic_sweep(c, c.spec(), -16.0, 40.0);
  std::vector<double> x, exact, computed;
  for (const auto& row : table("a_reversible_planar.csv")) {
    x.push_back(row[0]);
    exact.push_back(row[2]);
    computed.push_back(value_at(wave, row[0], 0, wave.p.size()));
  }
  check_wave("planar, reversible (table a)", x, exact, computed, 0.446294694845);
  check_peak("planar, reversible", peak_of(wave), {1.108949233422, 0.446294694844991});
}

TEST(ExactVoltammogram, PlanarIrreversibleWaveFollowsTheExactOne) {
  for (const double alpha : {0.5, 0.3, 0.7}) {
    const Case c{.lam = 1e-6, .alpha = alpha};
    const double shift = std::log(c.lam / std::sqrt(alpha));  // x = α ξ + ln(k0/sqrt(D α σ))
    const Wave wave = cathodic_sweep(c, c.spec(), (-12.0 - shift) / alpha, (25.0 - shift) / alpha);
    std::vector<double> x, exact, computed;
    for (const auto& row : table("b_irreversible_planar.csv")) {
      x.push_back(row[0]);
      exact.push_back(row[1]);
      computed.push_back(value_at(wave, (row[0] - shift) / alpha, 0, wave.p.size()) / std::sqrt(alpha));
    }
    const std::string name = fmt::format("planar, irreversible, alpha = {}", alpha);
    check_wave(name + " (table b)", x, exact, computed, 0.495762860477);
    const Peak peak = peak_of(wave);
    check_peak(name, {alpha * peak.xi + shift, peak.p / std::sqrt(alpha)}, {0.780384383963, 0.495762860476535});
  }
}

TEST(ExactVoltammogram, QuasiReversiblePeakSeparationsFollowTheConvergedNicholsonTable) {
  for (const auto& row : table("c_quasireversible_nicholson.csv")) {
    const double psi = row[1];
    if (std::isnan(row[3])) continue;  // no cathodic peak before the switch
    Case c;
    c.alpha = std::isnan(row[0]) ? 0.5 : row[0];
    c.lam = std::isinf(psi) ? reversible : psi * std::sqrt(constants::pi);
    const double switching = row[2] * 1e-3 * f;
    const Cell cell(c.spec());
    const auto program = sim::Waveform::at(potential_at(-20.0))
                             .ramp_to(potential_at(switching), scan_rate)
                             .ramp_to(potential_at(-20.0), scan_rate);
    const Wave wave = wave_of(simulate(cell, program), c);
    const std::size_t turn = wave.p.size() / 2;
    const Peak cathodic = peak_of(wave, 1, turn);
    const Peak anodic = peak_of(wave, turn + 2, wave.p.size(), -1.0);
    const std::string name =
        fmt::format("quasi-reversible, alpha = {}, psi = {}, switched at {} mV (table c)", c.alpha, psi, row[2]);
    check({.name = name,
           .quantity = "peak separation",
           .unit = "mV",
           .exact = row[3],
           .computed = (anodic.xi - cathodic.xi) / f * -1e3,
           .bound = 0.25,
           .note = "0.02 RT/F is 0.5 mV; half of it, both peaks shift together"});
    check({.name = name,
           .quantity = "cathodic peak",
           .exact = row[6],
           .computed = cathodic.p,
           .bound = peak_tolerance,
           .relative = true});
    check({.name = name,
           .quantity = "anodic peak",
           .exact = row[7],
           .computed = anodic.p,
           .bound = peak_tolerance * row[6],
           .note = "in units of the cathodic peak"});
  }
}

void expect_peaks(sim::Geometry geometry, const std::string& file, bool irreversible) {
  for (const auto& row : table(file)) {
    const double alpha = 0.5;
    Case c{.geometry = geometry, .w = irreversible ? row[0] / alpha : row[0]};
    double from = -16.0;
    double to = 12.0;
    double shift = 0.0;
    if (irreversible) {
      c.lam = 1e-6;
      shift = std::log(c.lam * std::sqrt(c.w));  // x = α ξ + ln(k0 R/D)
      from = (row[1] - 14.0 - shift) / alpha;
      to = (row[1] + 4.0 - shift) / alpha;
    } else {
      c.lam = reversible * std::max(1.0, 1.0 / std::sqrt(c.w));
    }
    const Peak peak = peak_of(cathodic_sweep(c, c.spec(), from, to));
    check_peak(fmt::format("{}, w = {}", file, row[0]),
               {irreversible ? alpha * peak.xi + shift : peak.xi, peak.p * std::sqrt(c.w)},
               {row[1], row[irreversible ? 3 : 2]});
  }
}

TEST(ExactVoltammogram, SlabReversiblePeaks) {
  expect_peaks(sim::Geometry::slab, "d_slab_reversible.csv", false);
}
TEST(ExactVoltammogram, SlabIrreversiblePeaks) {
  expect_peaks(sim::Geometry::slab, "d_slab_irreversible.csv", true);
}
TEST(ExactVoltammogram, SphereReversiblePeaks) {
  expect_peaks(sim::Geometry::sphere, "e_sphere_reversible.csv", false);
}
TEST(ExactVoltammogram, SphereIrreversiblePeaks) {
  expect_peaks(sim::Geometry::sphere, "e_sphere_irreversible.csv", true);
}

TEST(ExactVoltammogram, SpherePeaksOfTheExactMap) {
  // psi_sphere(ξ) = psi_planar(ξ) - θ_s/sqrt(w) before the centre is felt.
  const Case small{.geometry = sim::Geometry::sphere, .w = 100.0};
  const Case large{.geometry = sim::Geometry::sphere, .w = 4054.0};
  const Peak a = peak_of(cathodic_sweep(small, small.spec(), -16.0, 12.0));
  const Peak b = peak_of(cathodic_sweep(large, large.spec(), -16.0, 12.0));
  check_peak("sphere, reversible, w = 100, exact map", a, {0.9037, 0.373059});
  check_peak("sphere, reversible, w = 4054, exact map", b, {1.0775, 0.434531});
}

TEST(ExactVoltammogram, FrumkinHostsHaveTheirOwnRandlesSevcikConstant) {
  for (const auto& row : table("j_frumkin_isotherm_rs_constant.csv")) {
    // A sharp isotherm takes proportionally finer steps: its wave is 1/(1 + g/4) times as wide as the ideal one.
    const double sharpness = row[0] < 0.0 ? 1.0 + row[0] / 4.0 : 1.0;
    const double to = 14.0 + row[0];
    Case c{.g = row[0], .potential_step = 1e-3 * sharpness};
    const double from = -16.0 - std::max(0.0, row[0]) * 0.5;
    const Peak planar = peak_of(cathodic_sweep(c, c.spec(), from, to));
    check_peak(fmt::format("Frumkin host, planar, g = {} (table j)", row[0]), planar, {row[1], row[2]},
               position_tolerance * std::max(1.0, row[1]));
    for (const auto& [w, column] : {std::pair{10.0, 7}, {100.0, 9}, {1000.0, 11}}) {
      c.geometry = sim::Geometry::sphere;
      c.w = w;
      const Peak sphere = peak_of(cathodic_sweep(c, c.spec(), from, to));
      check({.name = fmt::format("Frumkin host, sphere, g = {}, w = {} (table j)", row[0], w),
             .quantity = "peak current",
             .exact = row[static_cast<std::size_t>(column)],
             .computed = sphere.p * std::sqrt(w),
             .bound = peak_tolerance,
             .relative = true});
    }
  }
}

void expect_golden(const std::string& name, const Case& c, std::size_t column, double unit) {
  const Cell cell(c.spec());
  const auto program = sim::Waveform::at(potential_at(-16.0))
                           .ramp_to(potential_at(12.0), scan_rate)
                           .ramp_to(potential_at(-16.0), scan_rate);
  const Wave wave = wave_of(simulate(cell, program), c);
  const std::size_t turn = wave.p.size() / 2;
  const auto rows = table("golden_cv_traces.csv");
  double peak = 0.0;
  for (const auto& row : rows) peak = std::max(peak, row[column]);
  std::vector<double> xi, exact, computed;
  for (const auto& row : rows) {
    const bool forward = row[1] <= 28.0;
    const double p = forward ? value_at(wave, row[2], 0, turn + 1) : value_at(wave, row[2], turn, wave.p.size());
    xi.push_back(row[2]);
    exact.push_back(row[column]);
    computed.push_back(p * unit);
  }
  check_wave(name, xi, exact, computed, peak);
}

TEST(ExactVoltammogram, GoldenFullCycles) {
  expect_golden("full cycle, sphere, w = 100", {.geometry = sim::Geometry::sphere, .w = 100.0}, 3, 10.0);
  expect_golden("full cycle, sphere, w = 1e4", {.geometry = sim::Geometry::sphere, .w = 1e4}, 4, 100.0);
  expect_golden("full cycle, planar, Lambda = 1", {.lam = 1.0}, 5, 1.0);
}

/// R_u of ρ = (F/RT) R_u F A C sqrt(D σ).
double resistance_for(double rho, const Case& c) {
  return rho / (f * c.current_unit());
}

TEST(ExactVoltammogram, OhmicDropOnAPlanarReversibleWave) {
  for (const auto& row : table("f2_planar_reversible_ohmic.csv")) {
    const double rho = row[0];
    const Case c{.w = 1e5};
    CellSpec spec = c.spec();
    spec.series_resistance = resistance_for(rho, c);
    const Peak peak = peak_of(cathodic_sweep(c, spec, -16.0, row[1] + 10.0 + 0.4 * row[1]));
    check_peak(fmt::format("planar, reversible, ohmic drop rho = {} (table f2)", rho), peak, {row[1], row[2]},
               position_tolerance * std::max(1.0, row[1]));
  }
}

TEST(ExactVoltammogram, OhmicDropOnAPlanarIrreversibleWave) {
  for (const auto& row : table("f2b_planar_irreversible_ohmic.csv")) {
    const double alpha = 0.5;
    const Case c{.w = 1e5, .lam = 1e-6, .alpha = alpha};
    const double shift = std::log(c.lam / std::sqrt(alpha));
    CellSpec spec = c.spec();
    // ρ = (α F/RT) R_u F A C sqrt(D α σ)
    spec.series_resistance = row[0] / (alpha * f * c.current_unit() * std::sqrt(alpha));
    const Wave wave = cathodic_sweep(c, spec, (-12.0 - shift) / alpha, (row[1] * 1.4 + 8.0 - shift) / alpha);
    const Peak peak = peak_of(wave);
    check_peak(fmt::format("planar, irreversible, ohmic drop rho = {} (table f2b)", row[0]),
               {alpha * peak.xi + shift, peak.p / std::sqrt(alpha)}, {row[1], row[2]},
               position_tolerance * std::max(1.0, row[1]));
  }
}

TEST(ExactVoltammogram, OhmicDropOnAThinLayer) {
  const auto rows = table("f3_thinlayer_ohmic.csv");
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const bool irreversible = k >= 8;  // the first column names the kinetics
    const double rho = rows[k][1];
    const double alpha = irreversible ? 0.5 : 1.0;
    // w so small that diffusion is felt below 1e-4: psi = (1/4)(1 - O(w)).
    Case c{.geometry = sim::Geometry::sphere, .w = 1e-4, .lam = 1e10};
    // Depletes at the rate 3 k0/R e^(αξ) = 1e-6 σ e^(αξ): the peak is 26 units past E0, the back reaction e^-26.
    if (irreversible) c.lam = 1e-6 * std::sqrt(c.w) / 3.0;
    CellSpec spec = c.spec();
    const double Q = c.full_charge();
    spec.series_resistance = rho / (f * f * alpha * alpha * Q * scan_rate);
    const double start = irreversible ? 0.0 : -16.0;
    const double width = (rows[k][2] / alpha) * 1.5 + 20.0;
    const Wave wave = cathodic_sweep(c, spec, start, irreversible ? 30.0 + width : width);
    const Peak peak = peak_of(wave);
    const double psi = peak.p * c.current_unit() / (Q * c.sigma() * alpha);
    check({.name = fmt::format("thin layer, {}, ohmic drop rho = {} (table f3)",
                               irreversible ? "irreversible" : "reversible", rho),
           .quantity = "peak current",
           .exact = rows[k][3],
           .computed = psi,
           .bound = peak_tolerance,
           .relative = true});
  }
}

}  // namespace
}  // namespace seccm::models::test
