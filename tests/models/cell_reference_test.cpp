// The cell at its default settings (mesh chosen, 1 mV steps) against the exact voltammograms of tests/data.
//
// Every peak has to be right within 0.1 %, the accuracy that the default mesh and step are chosen for: a surface cell
// of 1/20 of the diffusion layer costs 0.05 %, 1 mV steps 0.01 % (docs/physics-cell.md). Whole waves are compared in
// units of their peak. Peak positions carry the same relative error through the curvature of the peak: δξ ≈ 1e-3 p/p'
// with p' of the order 0.1 p per unit ξ a unit away, hence 0.02.
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

constexpr double peak_tolerance = 1e-3;
constexpr double position_tolerance = 0.02;

TEST(CellReference, PlanarReversibleWaveFollowsTheExactOne) {
  const Case c;
  const Wave wave = cathodic_sweep(c, c.spec(), -16.0, 40.0);
  for (const auto& row : table("a_reversible_planar.csv")) {
    EXPECT_NEAR(value_at(wave, row[0], 0, wave.p.size()), row[2], peak_tolerance * 0.446294694845) << "xi " << row[0];
  }
  const Peak peak = peak_of(wave);
  EXPECT_NEAR(peak.p / 0.446294694844991, 1.0, peak_tolerance);
  EXPECT_NEAR(peak.xi, 1.108949233422, position_tolerance);
}

TEST(CellReference, PlanarIrreversibleWaveFollowsTheExactOne) {
  for (const double alpha : {0.5, 0.3, 0.7}) {
    const Case c{.lam = 1e-6, .alpha = alpha};
    const double shift = std::log(c.lam / std::sqrt(alpha));  // x = α ξ + ln(k0/sqrt(D α σ))
    const Wave wave = cathodic_sweep(c, c.spec(), (-12.0 - shift) / alpha, (25.0 - shift) / alpha);
    for (const auto& row : table("b_irreversible_planar.csv")) {
      const double p_b = value_at(wave, (row[0] - shift) / alpha, 0, wave.p.size()) / std::sqrt(alpha);
      EXPECT_NEAR(p_b, row[1], peak_tolerance * 0.495762860477) << "x " << row[0] << " alpha " << alpha;
    }
    const Peak peak = peak_of(wave);
    EXPECT_NEAR(peak.p / std::sqrt(alpha) / 0.495762860476535, 1.0, peak_tolerance);
    EXPECT_NEAR(alpha * peak.xi + shift, 0.780384383963, position_tolerance);
  }
}

TEST(CellReference, QuasiReversiblePeakSeparationsFollowTheConvergedNicholsonTable) {
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
    const std::string where =
        "alpha " + std::to_string(c.alpha) + " psi " + std::to_string(psi) + " switch " + std::to_string(row[2]);
    // 0.02 in ξ is 0.5 mV; the separation is good to half of that because both peaks shift together.
    EXPECT_NEAR((anodic.xi - cathodic.xi) / f * -1e3, row[3], 0.25) << where;
    EXPECT_NEAR(cathodic.p / row[6], 1.0, peak_tolerance) << where;
    EXPECT_NEAR(anodic.p, row[7], peak_tolerance * row[6]) << where;
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
    EXPECT_NEAR(peak.p * std::sqrt(c.w) / row[irreversible ? 3 : 2], 1.0, peak_tolerance) << file << " " << row[0];
    EXPECT_NEAR(irreversible ? alpha * peak.xi + shift : peak.xi, row[1], position_tolerance) << file << " " << row[0];
  }
}

TEST(CellReference, SlabReversiblePeaks) {
  expect_peaks(sim::Geometry::slab, "d_slab_reversible.csv", false);
}
TEST(CellReference, SlabIrreversiblePeaks) {
  expect_peaks(sim::Geometry::slab, "d_slab_irreversible.csv", true);
}
TEST(CellReference, SphereReversiblePeaks) {
  expect_peaks(sim::Geometry::sphere, "e_sphere_reversible.csv", false);
}
TEST(CellReference, SphereIrreversiblePeaks) {
  expect_peaks(sim::Geometry::sphere, "e_sphere_irreversible.csv", true);
}

TEST(CellReference, SpherePeaksOfTheExactMap) {
  // psi_sphere(ξ) = psi_planar(ξ) - θ_s/sqrt(w) before the centre is felt.
  const Case small{.geometry = sim::Geometry::sphere, .w = 100.0};
  const Case large{.geometry = sim::Geometry::sphere, .w = 4054.0};
  const Peak a = peak_of(cathodic_sweep(small, small.spec(), -16.0, 12.0));
  const Peak b = peak_of(cathodic_sweep(large, large.spec(), -16.0, 12.0));
  EXPECT_NEAR(a.p / 0.373059, 1.0, peak_tolerance);
  EXPECT_NEAR(a.xi, 0.9037, position_tolerance);
  EXPECT_NEAR(b.p / 0.434531, 1.0, peak_tolerance);
  EXPECT_NEAR(b.xi, 1.0775, position_tolerance);
}

TEST(CellReference, FrumkinHostsHaveTheirOwnRandlesSevcikConstant) {
  for (const auto& row : table("j_frumkin_isotherm_rs_constant.csv")) {
    // A sharp isotherm takes proportionally finer steps: its wave is 1/(1 + g/4) times as wide as the ideal one.
    const double sharpness = row[0] < 0.0 ? 1.0 + row[0] / 4.0 : 1.0;
    const double to = 14.0 + row[0];
    Case c{.g = row[0], .potential_step = 1e-3 * sharpness};
    const double from = -16.0 - std::max(0.0, row[0]) * 0.5;
    const Peak planar = peak_of(cathodic_sweep(c, c.spec(), from, to));
    EXPECT_NEAR(planar.p / row[2], 1.0, peak_tolerance) << "g " << row[0];
    EXPECT_NEAR(planar.xi, row[1], position_tolerance * std::max(1.0, row[1])) << "g " << row[0];
    for (const auto& [w, column] : {std::pair{10.0, 7}, {100.0, 9}, {1000.0, 11}}) {
      c.geometry = sim::Geometry::sphere;
      c.w = w;
      const Peak sphere = peak_of(cathodic_sweep(c, c.spec(), from, to));
      EXPECT_NEAR(sphere.p * std::sqrt(w) / row[static_cast<std::size_t>(column)], 1.0, peak_tolerance)
          << "g " << row[0] << " w " << w;
    }
  }
}

void expect_golden(const Case& c, std::size_t column, double unit) {
  const Cell cell(c.spec());
  const auto program = sim::Waveform::at(potential_at(-16.0))
                           .ramp_to(potential_at(12.0), scan_rate)
                           .ramp_to(potential_at(-16.0), scan_rate);
  const Wave wave = wave_of(simulate(cell, program), c);
  const std::size_t turn = wave.p.size() / 2;
  const auto rows = table("golden_cv_traces.csv");
  double peak = 0.0;
  for (const auto& row : rows) peak = std::max(peak, row[column]);
  for (const auto& row : rows) {
    const bool forward = row[1] <= 28.0;
    const double p = forward ? value_at(wave, row[2], 0, turn + 1) : value_at(wave, row[2], turn, wave.p.size());
    EXPECT_NEAR(p * unit, row[column], peak_tolerance * peak) << "tau " << row[1] << " column " << column;
  }
}

TEST(CellReference, GoldenFullCycles) {
  expect_golden({.geometry = sim::Geometry::sphere, .w = 100.0}, 3, 10.0);
  expect_golden({.geometry = sim::Geometry::sphere, .w = 1e4}, 4, 100.0);
  expect_golden({.lam = 1.0}, 5, 1.0);
}

/// R_u of ρ = (F/RT) R_u F A C sqrt(D σ).
double resistance_for(double rho, const Case& c) {
  return rho / (f * c.current_unit());
}

TEST(CellReference, OhmicDropOnAPlanarReversibleWave) {
  for (const auto& row : table("f2_planar_reversible_ohmic.csv")) {
    const double rho = row[0];
    const Case c{.w = 1e5};
    CellSpec spec = c.spec();
    spec.series_resistance = resistance_for(rho, c);
    const Peak peak = peak_of(cathodic_sweep(c, spec, -16.0, row[1] + 10.0 + 0.4 * row[1]));
    EXPECT_NEAR(peak.p / row[2], 1.0, peak_tolerance) << "rho " << rho;
    EXPECT_NEAR(peak.xi, row[1], position_tolerance * std::max(1.0, row[1])) << "rho " << rho;
  }
}

TEST(CellReference, OhmicDropOnAPlanarIrreversibleWave) {
  for (const auto& row : table("f2b_planar_irreversible_ohmic.csv")) {
    const double alpha = 0.5;
    const Case c{.w = 1e5, .lam = 1e-6, .alpha = alpha};
    const double shift = std::log(c.lam / std::sqrt(alpha));
    CellSpec spec = c.spec();
    // ρ = (α F/RT) R_u F A C sqrt(D α σ)
    spec.series_resistance = row[0] / (alpha * f * c.current_unit() * std::sqrt(alpha));
    const Wave wave = cathodic_sweep(c, spec, (-12.0 - shift) / alpha, (row[1] * 1.4 + 8.0 - shift) / alpha);
    const Peak peak = peak_of(wave);
    EXPECT_NEAR(peak.p / std::sqrt(alpha) / row[2], 1.0, peak_tolerance) << "rho " << row[0];
    EXPECT_NEAR(alpha * peak.xi + shift, row[1], position_tolerance * std::max(1.0, row[1])) << "rho " << row[0];
  }
}

TEST(CellReference, OhmicDropOnAThinLayer) {
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
    EXPECT_NEAR(psi / rows[k][3], 1.0, peak_tolerance) << "rho " << rho << (irreversible ? " irr" : " rev");
  }
}

}  // namespace
}  // namespace seccm::models::test
