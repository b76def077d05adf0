// What b, eq. 3 and the reversible law return on known truths (reference tables a, b, e, f1, j, l1).
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "pipeline/analysis/exponent_curve.hpp"
#include "pipeline/analysis/premises.hpp"
#include "pipeline/analysis/randles_sevcik.hpp"
#include "pipeline/analysis/regression.hpp"
#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

using test::PlanarHost;
using test::row;

struct Estimated {
  PointAnalysis point;
  std::vector<files::Estimate> rows;
};
Estimated estimate(const PointInput& input, const AnalysisParameters& p = test::plain_parameters()) {
  Estimated e{analyse_point(input, test::no_background(), p), {}};
  EXPECT_TRUE(e.point.accepted) << e.point.reason;
  e.rows = test::estimate_all(e.point, p);
  return e;
}
PlanarHost irreversible_host() {
  PlanarHost host;
  host.k0 = 3.5e-13;
  return host;
}
double decades(double estimated, double truth) {
  return std::log10(estimated / truth);
}

// The peak is good to 5e-4 (peak_test); D = slope² doubles it; 0.4958 for 0.495763 adds -1.5e-4.
TEST(DiffusivityEq3, RecoversDOfAPlanarIrreversibleHost) {
  const PlanarHost host = irreversible_host();
  const auto e = estimate(test::multi_rate(host, test::paper_rates));
  EXPECT_NEAR(row(e.rows, "randles_sevcik_eq3", "D", -1).value / host.D, 1, 1.2e-3);
  EXPECT_NEAR(row(e.rows, "b_value", "b", -1).value, 0.5, 5e-4);
  const double f = constants::faraday / (constants::gas * 298.15);
  const double slope = 0.495763 * constants::faraday * host.area * host.concentration * std::sqrt(host.D * 0.5 * f);
  EXPECT_NEAR(row(e.rows, "peak_current_slope", "slope", -1).value / slope, 1, 6e-4);
}

TEST(DiffusivityReversible, RecoversDOfAPlanarReversibleHost) {
  const PlanarHost host;
  const auto e = estimate(test::multi_rate(host, test::paper_rates));
  EXPECT_NEAR(row(e.rows, "randles_sevcik_reversible", "D", -1).value / host.D, 1, 1.2e-3);
  // eq. 3 on a reversible host: (0.446295/(0.4958 √0.5))² = +0.21 decades (table j, g = 0)
  EXPECT_NEAR(decades(row(e.rows, "randles_sevcik_eq3", "D", -1).value, host.D), 0.209725, 1e-3);
}

// The paper's own numbers: slope 2.9e-11 A (V/s)^-1/2, C = 0.024 mol/cm³, D = 3e-15 cm²/s close with A = 10.45 um².
TEST(DiffusivityEq3, ClosesTheReferenceMeasurement) {
  EXPECT_NEAR(diffusivity(WaveLaw::irreversible, 2.9e-11, 10.45e-12, {}) / 3e-19, 1, 2e-3);
  // √(DRT/Fv): 0.62 nm at 20 mV/s, 0.12 nm at 500 mV/s
  EXPECT_NEAR(diffusion_layer(3e-19, 0.02, {}), 0.62e-9, 0.005e-9);
  EXPECT_NEAR(diffusion_layer(3e-19, 0.5, {}), 0.124e-9, 0.001e-9);
}

TEST(DiffusivityEq3, WarnsOfALayerThinnerThanAUnitCell) {
  const auto e = estimate(test::multi_rate(irreversible_host(), test::paper_rates));
  EXPECT_NE(row(e.rows, "randles_sevcik_eq3", "D", -1).reason.find("thinner than a unit cell"), std::string::npos);
  PlanarHost fast = irreversible_host();
  fast.D = 1e-16;  // layer 2.3 nm at 0.5 V/s
  fast.k0 = 3.5e-12;
  EXPECT_EQ(row(estimate(test::multi_rate(fast, test::paper_rates)).rows, "randles_sevcik_eq3", "D", -1).reason, "");
}

// Mistakes of units and geometry move D by amounts known in advance: the estimator must show each of them in full.
TEST(DiffusivityEq3, MovesByTheKnownAmountUnderUnitMistakes) {
  const AnalysisParameters p;
  const double slope = 2.9e-11, A = 10.45e-12, D = diffusivity(WaveLaw::irreversible, slope, A, p);
  // v in mV/s for V/s: i_p/√v falls by √1000
  EXPECT_NEAR(decades(diffusivity(WaveLaw::irreversible, slope / std::sqrt(1000.0), A, p), D), -3.0, 1e-12);
  // 10e-3 for 1e-3: one decade
  EXPECT_NEAR(decades(diffusivity(WaveLaw::irreversible, slope / std::sqrt(10.0), A, p), D), -1.0, 1e-12);
  // diameter for radius: four times the area, 2 log10 4 = 1.20
  EXPECT_NEAR(decades(diffusivity(WaveLaw::irreversible, slope, 4 * A, p), D), -1.204, 1e-3);
  // C of x = 1 for that of x = 0.5: 2 log10 2 = 0.60
  AnalysisParameters full = p;
  full.host_concentration = 2.0 * p.host_concentration;
  EXPECT_NEAR(decades(diffusivity(WaveLaw::irreversible, slope, A, full), D), -0.602, 1e-3);
  EXPECT_NEAR(decades(diffusivity(WaveLaw::irreversible, slope, A, p), diffusivity(WaveLaw::reversible, slope, A, p)),
              0.2097, 1e-3);
}

// Table e: the reversible law on spheres is wrong by log10_bias_D, which is 2 log10 of the tabulated peak over √w
// 0.4463.
TEST(DiffusivityReversible, ReturnsTheTabulatedBiasOnSpheres) {
  const AnalysisParameters p;
  const double f = constants::faraday / (constants::gas * 298.15), D = 1e-17, R = 25e-9, A = 1e-12;
  for (const auto& r : test::read_table("e_sphere_reversible.csv")) {
    const double v = r[0] * D / (R * R * f);
    const double i_p = r[2] * constants::faraday * A * D * p.host_concentration.si() / R;
    // 0.446295 has six digits: 1e-6 of it is 1e-6 decades
    EXPECT_NEAR(decades(diffusivity(WaveLaw::reversible, i_p / std::sqrt(v), A, p), D), r[6], 2e-6) << r[0];
  }
}

// Peak currents of spheres at the five rates from table e by cubic Hermite interpolation (the table holds the local
// exponent b = dlnΨ/dlnw), fitted as the estimator fits them; l1 has 0.5586 at w = 300 for 100 mV/s. The interpolation
// over gaps of 0.25 to 0.75 decades is good to ~1e-3 in ln Ψ, so to 1e-3 in b.
TEST(Exponent, OfSpheresIsThatOfTheTable) {
  const auto table = test::read_table("e_sphere_reversible.csv");
  const auto ln_psi = [&](double w) {
    std::size_t k = 0;
    while (table[k + 1][0] < w) ++k;
    const auto &a = table[k], &b = table[k + 1];
    const double h = std::log(b[0] / a[0]), t = std::log(w / a[0]) / h, s = 1 - t;
    return (1 + 2 * t) * s * s * std::log(a[2]) + t * s * s * h * a[3] + t * t * (3 - 2 * t) * std::log(b[2]) -
           t * t * s * h * b[3];
  };
  std::vector<double> x, y, sigma(5, 1e-3);
  for (const double v : test::paper_rates) {
    x.push_back(std::log(v));
    y.push_back(ln_psi(300 * v / 0.1));
  }
  EXPECT_NEAR(fit_line(x, y, sigma).value().slope, 0.5585884, 1.5e-3);
}

// A capacitor of c times the peak at 100 mV/s in parallel with a reversible planar wave, background left in. Forward
// peaks are p_max(√v + c v): b is an exact number, and the table l1 has it for c = 0.05, 0.1, 1.
TEST(Exponent, IsRaisedByACapacitorLeftInAsTabulated) {
  const auto table = test::read_table("l1_b_and_dunn_on_known_truths.csv");
  ASSERT_EQ(table.size(), 9U);
  for (std::size_t k = 6; k < 9; ++k) {  // the rows planar_rev+cap
    const auto& r = table[k];
    PlanarHost host;
    const double f = constants::faraday / (constants::gas * 298.15);
    const double peak = 0.4462947 * constants::faraday * host.area * host.concentration * std::sqrt(host.D * f * 0.1);
    host.capacitance = r[1] * peak / 0.1;
    AnalysisParameters p = test::plain_parameters();
    p.current_model_error = 0.01;
    p.prominence_min = 0.01;  // a capacitor as large as the wave
    const auto e = estimate(test::multi_rate(host, test::paper_rates), p);
    // the table is good to 1e-3 as the reference README says
    EXPECT_NEAR(row(e.rows, "b_value", "b", -1).value, r[2], 1e-3) << r[1];
  }
}

// A bare capacitor behind a resistor: at fixed potential b = 1 - u/(e^u - 1), any value between 0 and 1 (table f1).
TEST(ExponentCurve, OfAnRcRampIsTheClosedForm) {
  PointInput input = test::target({}, 1e-12);
  const double RC = 8.0;
  int cycle = 2;
  for (const double v : {0.099, 0.1, 0.101}) {
    Voltammogram s;
    s.cycle = cycle++;
    s.direction = 1;
    s.scan_rate = v;
    for (int k = 0; k < 20000; ++k) {
      s.E_vs_Li.push_back(1.0 + 1e-4 * k);
      s.t.push_back(1e-4 * k / v);
      s.i.push_back(1e-12 * v * -std::expm1(-1e-4 * k / (v * RC)));
    }
    input.voltammograms.push_back(std::move(s));
  }
  const AnalysisParameters p = test::plain_parameters();
  const auto curve = exponent_curve(analyse_point(input, test::no_background(), p), 1, p);
  ASSERT_TRUE(curve);
  ASSERT_GT(curve->E_vs_Li.size(), 100U);
  for (std::size_t k = 0; k < curve->b.size(); ++k) {
    const double u = (curve->E_vs_Li[k] - 1.0) / (0.1 * RC);
    // fitted over ±1 % in v about 0.1: second order, 1e-4; smoothing over 10 mV of u = 0.0125: relative (0.0125)²/24
    EXPECT_NEAR(curve->b[k], 1 - u / std::expm1(u), 1e-3) << u;
  }
}

// b(E) on the wave itself: 0.5 everywhere on a reversible planar wave, and towards 1 at the foot with a 10 % capacitor
// (l1: 0.745 at xi = -3, 0.556 at 0, 0.549 at 1.1).
TEST(ExponentCurve, AtTheFootRisesWithACapacitorOfTenPerCent) {
  PlanarHost host;
  const double f = constants::faraday / (constants::gas * 298.15);
  host.capacitance =
      0.1 * 0.4462947 * constants::faraday * host.area * host.concentration * std::sqrt(host.D * f * 0.1) / 0.1;
  AnalysisParameters p = test::plain_parameters();
  p.current_model_error = 0.01;
  const auto curve =
      exponent_curve(analyse_point(test::multi_rate(host, test::paper_rates), test::no_background(), p), -1, p);
  ASSERT_TRUE(curve);
  const auto b_at = [&](double xi) { return interpolate(curve->E_vs_Li, curve->b, host.E0 - xi / f); };
  // linear interpolation over 10 mV (0.39 in xi) where b curves by ~0.05 per xi²: 0.05 x 0.39²/8 = 1e-3, and smoothing
  EXPECT_NEAR(b_at(-3), 0.7451485, 4e-3);
  EXPECT_NEAR(b_at(0), 0.556017, 2e-3);
  EXPECT_NEAR(b_at(1.1), 0.5486392, 2e-3);
  EXPECT_NEAR(b_at(5), 0.5752316, 2e-3);
}

// One scan rate: the single-rate variants speak, the slope variants stay silent; several: the other way round.
TEST(DiffusivityEq3, SingleRateAndSlopeAreDistinctEstimators) {
  const PlanarHost host = irreversible_host();
  const auto one = estimate(test::multi_rate(host, {0.05}));
  EXPECT_NEAR(row(one.rows, "randles_sevcik_eq3_single_rate", "D", -1, 0.05).value / host.D, 1, 1.2e-3);
  for (const auto& r : one.rows) EXPECT_NE(r.estimator, "randles_sevcik_eq3");
  const auto many = estimate(test::multi_rate(host, test::paper_rates));
  for (const auto& r : many.rows) EXPECT_NE(r.estimator, "randles_sevcik_eq3_single_rate");
}

TEST(DiffusivityEq3, StatesWhyItHasNoNumber) {
  PointInput input = test::multi_rate(irreversible_host(), test::paper_rates);
  input.image_area = 0;
  const auto e = estimate(input);
  const auto none = row(e.rows, "randles_sevcik_eq3", "D", -1);
  EXPECT_EQ(none.verdict, files::Verdict::refused);
  EXPECT_EQ(none.reason, "no area in the optical image");
  EXPECT_TRUE(row(e.rows, "randles_sevcik_eq3_pipette_area", "D", -1).usable());
}

// The area that a user states is an area: the same D, its error twice that of the area, and where it comes from.
TEST(DiffusivityEq3, TakesAnAreaThatTheUserStates) {
  PointInput input = test::multi_rate(irreversible_host(), test::paper_rates);
  const auto optical = row(estimate(input).rows, "randles_sevcik_eq3", "D", -1);
  for (const files::Estimate& e : estimate(input).rows) EXPECT_EQ(e.estimator.find("stated"), std::string::npos);
  const double area = input.image_area;
  input.image_area = 0;
  input.stated.push_back({"area", area, 0.1 * area, "m^2", "SEM"});
  const auto stated = row(estimate(input).rows, "randles_sevcik_eq3_stated_area", "D", -1);
  EXPECT_NEAR(stated.value, optical.value, 1e-9 * optical.value);
  EXPECT_NEAR(std::log(stated.upper / stated.lower), 2 * 1.96 * 0.2, 0.08);  // and the scatter of the slope
  EXPECT_GT(std::log(stated.upper / stated.lower), 2 * 1.96 * 0.2 - 1e-3);
  EXPECT_NE(stated.reason.find("um^2 stated (SEM)"), std::string::npos) << stated.reason;
  EXPECT_EQ(row(estimate(input).rows, "area_stated", "area", 0).value, area);
}

TEST(DiffusivityEq3, TheErrorOfAStatedDiameterWidensTheOpening) {
  PointInput input = test::multi_rate(irreversible_host(), test::paper_rates);
  const auto width = [&] {
    const auto e = row(estimate(input).rows, "area_pipette", "area", 0);
    return std::log(e.upper / e.lower) / (2 * 1.96);
  };
  EXPECT_NEAR(width(), 0.1, 1e-4);
  input.stated.push_back({"pipette_diameter", 3e-6, 0.3e-6, "m", "SEM"});
  EXPECT_NEAR(width(), std::hypot(0.1, 0.2), 1e-4);
}

TEST(Premises, AStatedRadiusCountsWithItsError) {
  const AnalysisParameters p = test::plain_parameters();  // states none
  const double D = 6.25e-16 * 0.02 / 0.025693 / 1100;     // w = 1100 at R = 25 nm
  const Measured exact{.value = 25e-9, .known = true, .reason = "as stated"};
  EXPECT_EQ(finite_size_caveat(D, 0.02, p), "");
  EXPECT_EQ(finite_size_caveat(D, 0.02, p, exact), "");
  Measured unsure = exact;
  unsure.log_error = 0.1;
  const std::string caveat = finite_size_caveat(D, 0.02, p, unsure);
  EXPECT_NE(caveat.find("R = 25 nm (as stated), within its error below 1000"), std::string::npos) << caveat;
}

// R^2 Fv/(RT D) for R = 25 nm at 20 mV/s and D = 1e-17 m2/s: 6.25e-16 * 0.02/(0.025693 * 1e-17) = 48.6.
TEST(Premises, AFiniteParticleIsFlaggedWithItsNumber) {
  PlanarHost host = irreversible_host();
  host.D = 1e-17;
  AnalysisParameters p = test::plain_parameters();
  p.lattice_constant = 0.1 * unit::nm;  // its check stays out of the way
  EXPECT_EQ(row(estimate(test::multi_rate(host, test::paper_rates), p).rows, "randles_sevcik_eq3", "D", -1).reason, "");
  p.particle_radius = 25.0 * unit::nm;
  EXPECT_NEAR(finite_size_group(1e-17, 0.02, p), 48.65, 0.05);
  const auto D = row(estimate(test::multi_rate(host, test::paper_rates), p).rows, "randles_sevcik_eq3", "D", -1);
  EXPECT_EQ(D.reason, "R^2 Fv/(RT D) = 48.7 at 20 mV/s and R = 25 nm, below 1000: not semi-infinite");
  EXPECT_EQ(D.verdict, files::Verdict::caveat);
  EXPECT_EQ(finite_size_caveat(6.25e-16 * 0.02 / 0.025693 / 1001, 0.02, p), "");
  EXPECT_NE(finite_size_caveat(6.25e-16 * 0.02 / 0.025693 / 999, 0.02, p), "");
}

// Each law is flagged on the other's host, and neither on its own.
TEST(Premises, TheKineticRegimeIsReadFromTheSeparationOfThePeaks) {
  const auto reasons = [](const PlanarHost& host) {
    AnalysisParameters p = test::plain_parameters();
    p.lattice_constant = 0.1 * unit::nm;  // its check stays out of the way
    const auto e = estimate(test::multi_rate(host, test::paper_rates), p);
    return std::pair(row(e.rows, "randles_sevcik_reversible", "D", -1).reason,
                     row(e.rows, "randles_sevcik_eq3", "D", -1).reason);
  };
  PlanarHost host;
  const auto [reversible, eq3_on_it] = reasons(host);
  EXPECT_EQ(reversible, "");
  EXPECT_NE(eq3_on_it.find("not irreversible"), std::string::npos) << eq3_on_it;
  host.k0 = 3e-12;
  const auto [on_irreversible, eq3] = reasons(host);
  EXPECT_NE(on_irreversible.find("not reversible"), std::string::npos) << on_irreversible;
  EXPECT_EQ(eq3, "");
}

// Nicholson's separations, to the millivolt: 82.8 mV at psi = 1, 154.6 at 0.2, 212 at 0.1; both limits go with T.
TEST(Premises, TheLimitsOfTheRegimesAreThoseOfNicholson) {
  const auto caveat = [](WaveLaw law, double separation, double kelvin, double noise = 0.0) {
    PointAnalysis point;
    RateAnalysis& rate = point.rates.emplace_back();
    rate.scan_rate = 0.1;
    rate.anodic.well_defined = rate.cathodic.well_defined = true;
    rate.anodic.E = {.value = 1.8 + separation, .known = true};
    rate.cathodic.E = {.value = 1.8, .known = true};
    rate.anodic.E_noise = 0.6 * noise;
    rate.cathodic.E_noise = 0.8 * noise;
    AnalysisParameters p;
    p.temperature = kelvin * unit::K;
    return regime_caveat(law, point, p);
  };
  EXPECT_EQ(caveat(WaveLaw::reversible, 0.0825, 298.15), "");
  EXPECT_NE(caveat(WaveLaw::reversible, 0.090, 298.15), "");
  EXPECT_EQ(caveat(WaveLaw::reversible, 0.090, 330.0), "");
  EXPECT_NE(caveat(WaveLaw::irreversible, 0.155, 298.15), "");
  EXPECT_EQ(caveat(WaveLaw::irreversible, 0.212, 298.15), "");
  EXPECT_NE(caveat(WaveLaw::irreversible, 0.190, 330.0), "");
  EXPECT_EQ(caveat(WaveLaw::reversible, 0.0575, 298.15), "");
  EXPECT_NE(caveat(WaveLaw::reversible, 0.030, 298.15).find("thin layer"), std::string::npos);
  EXPECT_EQ(caveat(WaveLaw::reversible, 0.055, 273.15), "");
  // four standard errors of the separation beyond a limit, or nothing is said
  EXPECT_EQ(caveat(WaveLaw::reversible, 0.090, 298.15, 2e-3), "");
  EXPECT_NE(caveat(WaveLaw::reversible, 0.090, 298.15, 1.5e-3), "");
  EXPECT_EQ(caveat(WaveLaw::irreversible, 0.173, 298.15, 2e-3), "");
  EXPECT_NE(caveat(WaveLaw::irreversible, 0.173, 298.15, 1.5e-3), "");
  EXPECT_EQ(caveat(WaveLaw::reversible, 0.050, 298.15, 2e-3), "");
  EXPECT_NE(caveat(WaveLaw::reversible, 0.050, 298.15, 1.5e-3), "");
}

/// Two hosts side by side: their currents add.
PointInput two_couples(const PlanarHost& a, const PlanarHost& b) {
  PointInput sum = test::multi_rate(a, test::paper_rates);
  const PointInput other = test::multi_rate(b, test::paper_rates);
  for (std::size_t k = 0; k < sum.voltammograms.size(); ++k)
    for (std::size_t j = 0; j < sum.voltammograms[k].i.size(); ++j)
      sum.voltammograms[k].i[j] += other.voltammograms[k].i[j];
  return sum;
}

// Two couples 0.35 V apart, as two lattices have them, one of them a quarter of the other: what rises with the scan
// rate is no single couple's, so no fit over the rates is made. Where the maximum passes from one to the other it moves
// further than one couple's does.
TEST(Premises, MoreThanOneCoupleIsRefusedByName) {
  PlanarHost first, second;
  first.D = second.D = 1e-17;
  second.E0 = first.E0 - 0.35;
  second.area = 0.25 * first.area;
  const auto e = estimate(two_couples(first, second));
  for (const char* name : {"randles_sevcik_eq3", "randles_sevcik_reversible", "b_value", "peak_current_slope"}) {
    for (const auto& r : e.rows) {
      if (r.estimator != name) continue;
      EXPECT_EQ(r.verdict, files::Verdict::refused) << name;
      EXPECT_NE(r.reason.find("more than one couple"), std::string::npos) << name << ": " << r.reason;
    }
  }
  EXPECT_EQ(several_couples(estimate(test::multi_rate(first, test::paper_rates)).point, -1, test::plain_parameters()),
            "");
}

// Slow wander of a tenth of the slowest peak (AR(1) of 0.999 per frame: 1 s) is no second couple, at any rate of 20
// points.
TEST(Premises, SlowWanderIsNoCouple) {
  const PlanarHost host = irreversible_host();
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const auto e =
        estimate(test::multi_rate(host, test::paper_rates, {.sigma = 0.4e-12, .correlation = 0.999, .seed = seed}));
    for (const int direction : {1, -1}) EXPECT_EQ(several_couples(e.point, direction, test::plain_parameters()), "");
  }
}

// A couple whose maximum only one sweep resolves is in the other sweep's peak as well.
TEST(Premises, TwoCouplesInOneSweepAreTwoInTheOther) {
  PointAnalysis point;
  RateAnalysis& rate = point.rates.emplace_back();
  rate.scan_rate = 0.1;
  for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
    d->well_defined = true;
    d->sweeps.emplace_back().peak.found = true;
  }
  rate.anodic.E = {.value = 2.1, .known = true};
  EXPECT_EQ(several_couples(point, -1, {}), "");
  rate.anodic.sweeps.front().peak.other_maxima = {1.6};
  const std::string two = "peaks at 2.10 and 1.60 V in the window at 100 mV/s: more than one couple";
  EXPECT_EQ(several_couples(point, +1, {}), two);
  EXPECT_EQ(several_couples(point, -1, {}), "in the opposite sweep " + two);
  rate.anodic.sweeps.emplace_back().peak.found = true;  // a cycle without it: noise, or something passing
  EXPECT_EQ(several_couples(point, +1, {}), "");
}

// 30 mV/decade over alpha is a couple's own: 0.3 V from 20 mV/s to 100 mV/s is not.
TEST(Premises, APeakThatMovesTooFarIsAnotherCouples) {
  const auto moved_by = [](double volts) {
    PointAnalysis point;
    for (const double v : {0.02, 0.1}) {
      RateAnalysis& rate = point.rates.emplace_back();
      rate.scan_rate = v;
      rate.cathodic.well_defined = true;
      rate.cathodic.direction = -1;
      rate.cathodic.E = {.value = v < 0.05 ? 1.8 : 1.8 - volts, .known = true};
      rate.cathodic.sweeps.emplace_back();
      rate.cathodic.sweeps.back().peak.half_width = 0.05;
    }
    return several_couples(point, -1, {});
  };
  // 0.05 V of width and RT/(2 alpha F) ln 5 = 25.7 mV * 1.609 = 41.4 mV
  EXPECT_EQ(moved_by(0.09), "");
  EXPECT_EQ(moved_by(-0.09), "");
  EXPECT_NE(moved_by(0.093).find("moves from 1.80 V at 20 mV/s to 1.71 V at 100 mV/s"), std::string::npos);
  EXPECT_NE(moved_by(-0.3), "");
}

// 60 points with 2 % noise of a frame's... the slowest peak has SNR ~6 per frame. The error of ln D from noise alone
// (area error 0) against the scatter: mean square within 5 √(2/60) = 0.91 of one, and not below a third: an error
// stated three times too large would be as useless.
TEST(DiffusivityEq3, StatesItsErrorUnderNoise) {
  const PlanarHost host = irreversible_host();
  AnalysisParameters p = test::plain_parameters();
  p.optical_resolution = 0.0 * unit::um;
  p.current_model_error = 0;
  constexpr int replicates = 60;
  double z2_D = 0, z2_b = 0, bias_b = 0;
  for (int r = 0; r < replicates; ++r) {
    const test::FrameNoise noise{.sigma = 2e-12, .correlation = 0.3, .seed = 40 + static_cast<std::uint64_t>(r)};
    const auto e = estimate(test::multi_rate(host, test::paper_rates, noise), p);
    const auto D = row(e.rows, "randles_sevcik_eq3", "D", -1), b = row(e.rows, "b_value", "b", -1);
    z2_D += std::pow((D.value - host.D) / D.standard_error, 2) / replicates;
    z2_b += std::pow((b.value - 0.5) / b.standard_error, 2) / replicates;
    bias_b += (b.value - 0.5) / replicates;
  }
  printf("noise: z2 of D %.2f, of b %.2f, mean bias of b %.4f\n", z2_D, z2_b, bias_b);
  EXPECT_LT(z2_D, 1.91);
  EXPECT_GT(z2_D, 0.33);
  EXPECT_LT(z2_b, 1.91);
  EXPECT_LT(std::abs(bias_b), 0.005);
}

}  // namespace
}  // namespace seccm::analysis
