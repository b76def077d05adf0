// Every estimator on a point whose treated numbers are round ones put in by hand: what comes out is arithmetic that can
// be done on paper. Both directions, away from the default temperature, concentration, x_cap, alpha and areas.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "pipeline/analysis/randles_sevcik.hpp"
#include "sim/random.hpp"
#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

using test::row;

constexpr double F = 96485.33212331, R = 8.31446261815324;

/// 320 K, 10 mol/dm³ at x = 0.25, alpha 0.3.
AnalysisParameters elsewhere() {
  AnalysisParameters p = test::plain_parameters();
  p.temperature = 320.0 * unit::K;
  p.host_concentration = 1.0e4 * unit::mol_per_m3;
  p.x_cap = 0.25;
  p.alpha = 0.3;
  p.current_model_error = 0.0;
  return p;
}

Measured known(double value, double error) {
  return {.value = value, .error = error, .known = true, .reason = {}};
}

/// One cycle with a peak; its currents are not looked at.
SweepAnalysis cycle(int number, double E, double current, double height) {
  SweepAnalysis s;
  s.sweep.cycle = number;
  s.sweep.E_vs_Li = {1.0, 1.5, 2.0};
  s.sweep.i = s.sweep.t = s.sweep.background = {0.0, 0.0, 0.0};
  s.sweep.E_standard_error = 4e-3;
  s.peak.found = true;
  s.peak.E = E;
  s.peak.E_error = 3e-3;
  s.peak.current = current;
  s.peak.current_error = 0.05e-12;
  s.peak.height = height;
  s.peak.height_error = 0.07e-12;
  return s;
}

/// Peaks of slope √v + intercept, anodic and cathodic of different size; nothing else is defined.
PointAnalysis peaks(const std::vector<double>& rates, double slope, double intercept, double relative_error) {
  PointAnalysis point{.index = 3};
  point.accepted = true;
  for (const double v : rates) {
    RateAnalysis rate{.scan_rate = v};
    rate.anodic.direction = 1;
    rate.cathodic.direction = -1;
    for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
      const double size = d->direction > 0 ? 1.0 : 1.5;
      const double i = size * (slope * std::sqrt(v) + intercept);
      d->well_defined = true;
      d->current = known(d->direction * i, relative_error * i);
      d->height = known(d->direction * 0.8 * i, relative_error * 0.8 * i);
      d->sweeps = {cycle(2, 1.8, d->current.value, d->height.value)};
    }
    point.rates.push_back(rate);
  }
  return point;
}

// i_p = 0.4958 F A C √(D α F/RT) √v and i_p = 0.4463 F A C √(D F/RT) √v, forwards, with D in.
TEST(WorkedCase, DiffusivityIsTheOneThatTheSlopeWasMadeOfAtAnyTemperature) {
  const double D = 2e-16, A = 3e-12, C = 1.0e4;
  for (const double T : {273.15, 298.15, 320.0}) {
    for (const double alpha : {0.3, 0.5, 0.7}) {
      AnalysisParameters p = elsewhere();
      p.temperature = T * unit::K;
      p.alpha = alpha;
      const double irreversible = 0.4958 * F * A * C * std::sqrt(D * alpha * F / (R * T));
      const double reversible = 0.446295 * F * A * C * std::sqrt(D * F / (R * T));
      EXPECT_NEAR(diffusivity(WaveLaw::irreversible, irreversible, A, p) / D, 1, 1e-12) << T << " " << alpha;
      EXPECT_NEAR(diffusivity(WaveLaw::reversible, reversible, A, p) / D, 1, 1e-12) << T << " " << alpha;
      EXPECT_NEAR(diffusion_layer(D, 0.2, p), std::sqrt(D * R * T / (F * 0.2)), 1e-20);
    }
  }
}

// Slopes of 2 and 3 pA (V/s)^-1/2 through the origin; areas of 3, 5, 7 and 11 um² with errors of their own. σ_D/D is
// twice that of slope and area together; the slope of exact peaks has the propagated one alone.
TEST(WorkedCase, EachDiffusivityHasItsOwnAreaLawAndFit) {
  const AnalysisParameters p = elsewhere();
  PointAnalysis point = peaks({0.04, 0.09, 0.16, 0.25}, 2e-12, 0.0, 0.01);
  point.optical_area = known(3e-12, 0.3e-12);
  point.pipette_area = known(5e-12, 0.25e-12);
  point.footprint_area = known(7e-12, 0.0);
  point.micrograph_area = known(11e-12, 1.1e-12);
  const auto rows = test::estimate_all(point, p);
  // weights 1/(0.01 i)², x = √v: S = Σw, and so on, in units of 1/(0.01 slope)²
  double S = 0, Sx = 0, Sxx = 0;
  for (const double x : {0.2, 0.3, 0.4, 0.5}) {
    S += 1 / (x * x);
    Sx += 1 / x;
    Sxx += 1;
  }
  const double with_intercept = 0.01 * std::sqrt(S / (S * Sxx - Sx * Sx)), through_origin = 0.01 / std::sqrt(Sxx);
  const double f = F / (R * 320.0);
  for (const int d : {1, -1}) {
    const double slope = d > 0 ? 2e-12 : 3e-12;
    const auto expect = [&](const char* name, double A, double area_error, bool reversible, double slope_error) {
      const double root = slope / ((reversible ? 0.446295 : 0.4958 * std::sqrt(0.3)) * F * A * 1.0e4 * std::sqrt(f));
      const auto e = row(rows, name, "D", d);
      ASSERT_TRUE(e.usable()) << name << ": " << e.reason;
      EXPECT_NEAR(e.value / (root * root), 1, 1e-9) << name;
      EXPECT_NEAR(e.standard_error / e.value, 2 * std::hypot(slope_error, area_error), 1e-9) << name;
    };
    expect("randles_sevcik_eq3", 3e-12, 0.1, false, with_intercept);
    expect("randles_sevcik_eq3_through_origin", 3e-12, 0.1, false, through_origin);
    expect("randles_sevcik_eq3_pipette_area", 5e-12, 0.05, false, with_intercept);
    expect("randles_sevcik_eq3_footprint_area", 7e-12, 0.0, false, with_intercept);
    expect("randles_sevcik_eq3_micrograph_area", 11e-12, 0.1, false, with_intercept);
    expect("randles_sevcik_reversible", 3e-12, 0.1, true, with_intercept);
    const auto s = row(rows, "peak_current_slope", "slope", d), i0 = row(rows, "peak_current_slope", "intercept", d);
    EXPECT_NEAR(s.value / slope, 1, 1e-9);
    EXPECT_NEAR(s.standard_error / slope, with_intercept, 1e-9);
    EXPECT_NEAR(i0.value, 0.0, 1e-9 * slope);
    EXPECT_NEAR(i0.standard_error / slope, 0.01 * std::sqrt(Sxx / (S * Sxx - Sx * Sx)), 1e-9);
  }
}

// D goes with the square of the slope: its interval is the square of the slope's, 4.3027 standard errors either way at
// two degrees of freedom. An area that may be larger by a quarter, or smaller by a fifth, bounds D from the other side.
TEST(WorkedCase, TheIntervalOfADiffusivityIsTheSquareOfThatOfTheSlopeAndOfTheBoundsOfTheArea) {
  PointAnalysis point = peaks({0.04, 0.09, 0.16, 0.25}, 2e-12, 0.0, 0.01);
  point.footprint_area = known(7e-12, 0.0);
  auto rows = test::estimate_all(point, elsewhere());
  auto D = row(rows, "randles_sevcik_eq3_footprint_area", "D", -1);
  const auto slope = row(rows, "peak_current_slope", "slope", -1);
  const double g = 4.302653 * slope.standard_error / slope.value;
  EXPECT_NEAR(D.upper / D.value, (1 + g) * (1 + g), 1e-6);
  EXPECT_NEAR(D.lower / D.value, (1 - g) * (1 - g), 1e-6);
  point = peaks({0.04, 0.09, 0.16, 0.25}, 2e-12, 0.0, 0.0);
  point.optical_area = known(3e-12, 0.0);
  point.optical_area.above = 0.75e-12;
  point.optical_area.below = 0.6e-12;
  rows = test::estimate_all(point, elsewhere());
  D = row(rows, "randles_sevcik_eq3", "D", 1);
  EXPECT_NEAR(D.lower / D.value, 1 / (1.25 * 1.25), 1e-6);
  EXPECT_NEAR(D.upper / D.value, 1 / (0.8 * 0.8), 1e-6);
}

// An intercept is said from two of its standard errors on, if it is a twentieth of the largest peak as well: of peaks
// known to 5 % 0.1 pA in 1.1 pA has 1.9 of them, of peaks known to 4.6 % 2.1.
TEST(WorkedCase, AnInterceptWithinTwoStandardErrorsIsNotSaid) {
  const auto said = [](double relative_error) {
    PointAnalysis point = peaks({0.04, 0.09, 0.16, 0.25}, 2e-12, 0.1e-12, relative_error);
    point.optical_area = known(3e-12, 0.0);
    const auto rows = test::estimate_all(point, elsewhere());
    const auto intercept = row(rows, "peak_current_slope", "intercept", 1);
    const bool beyond = intercept.value > 2 * intercept.standard_error;
    EXPECT_EQ(row(rows, "randles_sevcik_eq3", "D", 1).reason.find("intercept") != std::string::npos, beyond);
    return beyond;
  };
  EXPECT_TRUE(said(0.046));
  EXPECT_FALSE(said(0.050));
}

// An intercept of either sign belongs to the line, and a third of the largest peak is said.
TEST(WorkedCase, AnInterceptIsReportedWithItsSignAndSaid) {
  for (const double intercept : {0.4e-12, -0.2e-12}) {
    PointAnalysis point = peaks({0.04, 0.09, 0.16, 0.25}, 2e-12, intercept, 0.001);
    point.optical_area = known(3e-12, 0.0);
    const auto rows = test::estimate_all(point, elsewhere());
    EXPECT_NEAR(row(rows, "peak_current_slope", "intercept", 1).value, intercept, 1e-18);
    EXPECT_NEAR(row(rows, "peak_current_slope", "intercept", -1).value, 1.5 * intercept, 1e-18);
    EXPECT_NEAR(row(rows, "peak_current_slope", "slope", 1).value, 2e-12, 1e-20);
    EXPECT_NE(row(rows, "randles_sevcik_eq3", "D", 1).reason.find("intercept"), std::string::npos);
  }
}

// √(D RT/(F v)) at the fastest rate against the unit cell of the parameters: D = 2e-17 m²/s at 320 K and 0.25 V/s has
// 1.49 nm.
TEST(WorkedCase, ALayerThinnerThanTheUnitCellIsSaidAtTheFastestRate) {
  AnalysisParameters p = elsewhere();
  const double A = 3e-12, D = 2e-17;
  const double slope = 0.4958 * F * A * 1.0e4 * std::sqrt(D * 0.3 * F / (R * 320.0));
  PointAnalysis point = peaks({0.04, 0.09, 0.16, 0.25}, slope, 0.0, 0.01);
  point.optical_area = known(A, 0.0);
  const auto caveat = [&](double nanometres) {
    p.lattice_constant = nanometres * unit::nm;
    return row(test::estimate_all(point, p), "randles_sevcik_eq3", "D", 1).reason.find("thinner than a unit cell") !=
           std::string::npos;
  };
  EXPECT_FALSE(caveat(1.4));
  EXPECT_TRUE(caveat(1.6));
}

// A peak against the direction of its sweep is none of it.
TEST(WorkedCase, APeakOfTheWrongSignIsLeftOut) {
  PointAnalysis point = peaks({0.04, 0.09, 0.16, 0.25}, 2e-12, 0.0, 0.01);
  for (RateAnalysis& rate : point.rates) rate.anodic.current.value = -rate.anodic.current.value;
  const auto rows = test::estimate_all(point, elsewhere());
  EXPECT_EQ(row(rows, "b_value", "b", 1).value, 0.0);
  EXPECT_NEAR(row(rows, "b_value", "b", -1).value, 0.5, 1e-9);
}

TEST(WorkedCase, OneRateGivesOneDiffusivity) {
  PointAnalysis point = peaks({0.25}, 2e-12, 0.0, 0.02);
  point.optical_area = known(3e-12, 0.15e-12);
  const AnalysisParameters p = elsewhere();
  const auto rows = test::estimate_all(point, p);
  const double root = 3e-12 / (0.4958 * std::sqrt(0.3) * F * 3e-12 * 1.0e4 * std::sqrt(F / (R * 320.0)));
  const auto e = row(rows, "randles_sevcik_eq3_single_rate", "D", -1, 0.25);
  EXPECT_NEAR(e.value / (root * root), 1, 1e-9);
  EXPECT_NEAR(e.standard_error / e.value, 2 * std::hypot(0.02, 0.05), 1e-9);
}

// i = a v^0.7 exactly: b = 0.7 from zero and from the baseline; the half width of the interval is Student's t (2
// degrees: 4.3027) times the standard error, which for equal errors s of ln i is s/√Σ(ln v - mean)².
TEST(WorkedCase, ExponentAndItsErrorAreThoseOfTheRegression) {
  const std::vector<double> rates{0.02, 0.05, 0.1, 0.5};
  PointAnalysis point = peaks(rates, 1.0, 0.0, 0.0);
  double mean = 0, spread = 0;
  for (const double v : rates) mean += std::log(v) / 4;
  for (const double v : rates) spread += std::pow(std::log(v) - mean, 2);
  for (RateAnalysis& rate : point.rates) {
    for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
      const double i = 3e-12 * std::pow(rate.scan_rate, d->direction > 0 ? 0.7 : 0.6);
      d->current = known(d->direction * i, 0.02 * i);
      const double height = 2e-12 * std::pow(rate.scan_rate, d->direction > 0 ? 0.9 : 0.8);
      d->height = known(d->direction * height, 0.03 * height);
    }
  }
  const auto rows = test::estimate_all(point, elsewhere());
  const std::pair<const char*, double> cases[] = {{"b_value", 0.02}, {"b_value_above_baseline", 0.03}};
  for (const auto& [name, error] : cases) {
    for (const int d : {1, -1}) {
      const bool from_zero = std::string(name) == "b_value";
      const auto b = row(rows, name, "b", d);
      EXPECT_NEAR(b.value, from_zero ? (d > 0 ? 0.7 : 0.6) : (d > 0 ? 0.9 : 0.8), 1e-12);
      EXPECT_NEAR(b.standard_error, error / std::sqrt(spread), 1e-12);
      EXPECT_NEAR((b.upper - b.value) / b.standard_error, 4.3027, 1e-3);
      EXPECT_NEAR((b.value - b.lower) / b.standard_error, 4.3027, 1e-3);
    }
  }
}

// The model error is a share of the current, in quadrature with the noise.
TEST(WorkedCase, TheModelErrorOfTheCurrentWidensB) {
  const std::vector<double> rates{0.02, 0.05, 0.1, 0.5};
  double mean = 0, spread = 0;
  for (const double v : rates) mean += std::log(v) / 4;
  for (const double v : rates) spread += std::pow(std::log(v) - mean, 2);
  AnalysisParameters p = elsewhere();
  p.current_model_error = 0.04;
  const auto rows = test::estimate_all(peaks(rates, 1e-12, 0.0, 0.03), p);
  EXPECT_NEAR(row(rows, "b_value", "b", 1).standard_error, 0.05 / std::sqrt(spread), 1e-12);
}

// 4000 draws of five peaks with 3 % noise. The stated error is the propagated one times max(1, √(χ²/3)), so the mean of
// z² is E[1/max(1, χ²₃/3)] = P(χ²₃ < 3) + 3 E[1/χ²₃; χ²₃ > 3] = 0.608 + 3 P(χ²₁ > 3) = 0.858; one draw of z² has a
// standard deviation below √3, the mean of 4000 one of 0.027. Four of them, and 3 % x 3 % of the logarithm's curvature.
TEST(WorkedCase, TheErrorOfBIsNeitherTooSmallNorTooLarge) {
  RandomStream random(17, "error of b");
  const std::vector<double> rates{0.02, 0.05, 0.1, 0.2, 0.5};
  const PointAnalysis exact = peaks(rates, 2e-12, 0.0, 0.03);
  constexpr int draws = 4000;
  double z2[2] = {0, 0};
  for (int k = 0; k < draws; ++k) {
    PointAnalysis point = exact;
    for (RateAnalysis& rate : point.rates)
      for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) d->current.value *= 1 + 0.03 * random.normal();
    const auto rows = test::estimate_all(point, elsewhere());
    for (const int d : {1, -1}) {
      const auto b = row(rows, "b_value", "b", d);
      z2[d > 0 ? 0 : 1] += std::pow((b.value - 0.5) / b.standard_error, 2) / draws;
    }
  }
  for (const double value : z2) EXPECT_NEAR(value, 0.858, 4 * 0.027 + 1e-3);
}

// Charges 30 and 20 pC in all, 12 and 9 pC above the baseline; a volume of 0.05 um³ known to 10 %.
TEST(WorkedCase, ChargesRatioCompositionAndRates) {
  PointAnalysis point = peaks({0.2}, 1e-12, 0.0, 0.01);
  RateAnalysis& rate = point.rates[0];
  rate.background = BackgroundMethod::blank;
  rate.anodic.total = known(30e-12, 0.6e-12);
  rate.anodic.intercalation = known(12e-12, 0.8e-12);
  rate.anodic.double_layer = known(5e-12, 0.1e-12);
  rate.cathodic.total = known(20e-12, 0.5e-12);
  rate.cathodic.intercalation = known(9e-12, 1.2e-12);
  rate.cathodic.double_layer = known(4e-12, 0.2e-12);
  for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
    d->window = d->direction > 0 ? 0.5 : 0.8;
    d->span = 1.6;
  }
  point.volume = known(0.05e-18, 0.005e-18);
  const auto rows = test::estimate_all(point, elsewhere());
  const auto expect = [&](const char* name, const char* quantity, int d, double value, double error) {
    const auto e = row(rows, name, quantity, d, 0.2);
    // What lies below the baseline may all be the tail of the wave: an upper limit.
    const bool bounded = std::string(name) == "charge_surface";
    EXPECT_EQ(e.verdict == files::Verdict::one_sided, bounded) << name << ": " << e.reason;
    ASSERT_TRUE(bounded || e.usable()) << name << ": " << e.reason;
    EXPECT_NEAR(e.value, value, 1e-9 * std::abs(value)) << name << " " << d;
    EXPECT_NEAR(e.standard_error, error, 1e-9 * std::abs(value)) << name << " " << d;
  };
  expect("charge_total", "charge", 1, 30e-12, 0.6e-12);
  expect("charge_total", "charge", -1, 20e-12, 0.5e-12);
  expect("charge_intercalation", "charge", 1, 12e-12, 0.8e-12);
  expect("charge_intercalation", "charge", -1, 9e-12, 1.2e-12);
  expect("charge_double_layer", "charge", 1, 5e-12, 0.1e-12);
  expect("charge_double_layer", "charge", -1, 4e-12, 0.2e-12);
  expect("charge_surface", "charge", 1, 18e-12, 1.0e-12);
  expect("charge_surface", "charge", -1, 11e-12, 1.3e-12);
  expect("charge_ratio", "charge_ratio", 0, 1.5, std::hypot(0.6 / 20, 1.5 * 0.5 / 20));
  EXPECT_EQ(row(rows, "charge_double_layer", "charge", 1, 0.2).reason, "background by blank");
  // sites: F x 0.05 um³ x 1e4/0.25 mol/m³ = 193 pC
  const double sites = F * 0.05e-18 * 4.0e4;
  expect("composition", "x", 1, 12e-12 / sites, std::hypot(0.8e-12, 0.1 * 12e-12) / sites);
  expect("composition", "x", -1, 9e-12 / sites, std::hypot(1.2e-12, 0.1 * 9e-12) / sites);
  expect("composition_total", "x", 1, 30e-12 / sites, std::hypot(0.6e-12, 0.1 * 30e-12) / sites);
  // x per hour of 0.5 V (0.8 V) at 0.2 V/s: 2.5 s and 4 s; x/x_cap per hour of 1.6 V: 8 s
  const double x = 12e-12 / sites, x_error = std::hypot(0.8e-12, 0.1 * 12e-12) / sites;
  expect("c_rate", "C_rate", 1, x * 3600 / 2.5, x_error * 3600 / 2.5);
  expect("c_rate", "C_rate", -1, 9e-12 / sites * 3600 / 4, std::hypot(1.2e-12, 0.1 * 9e-12) / sites * 3600 / 4);
  expect("c_rate_sweep", "C_rate", 1, x / 0.25 * 3600 / 8, x_error / 0.25 * 3600 / 8);
  expect("c_rate_inverse_time", "C_rate", 1, 3600 / 2.5, 0.0);
  expect("c_rate_inverse_time", "C_rate", -1, 3600 / 4.0, 0.0);
}

// A pipette of 3 um: 7.069 um² to 20 %; a volume to its own error and that of the grey law.
TEST(WorkedCase, GeometryAndItsErrors) {
  PointInput input = test::target(test::frames_of(test::planar_cycle({}, 0.5), 0.5, 2, 1, {}), 2e-12);
  input.micrograph.emplace();
  input.micrograph->cluster_area = known(1.1e-12, 0.2e-12);
  input.micrograph->footprint_area = known(4e-12, 0.3e-12);
  input.micrograph->volume = known(0.4e-18, 0.04e-18);
  AnalysisParameters p = test::plain_parameters();
  p.pipette_area_error = 0.2;
  p.micrograph_volume_error = 0.3;
  const PointAnalysis point = analyse_point(input, test::no_background(), p);
  EXPECT_NEAR(point.pipette_area.value, std::numbers::pi * 1.5e-6 * 1.5e-6, 1e-24);
  EXPECT_EQ(point.pipette_area.log_error, 0.2);
  EXPECT_EQ(point.micrograph_area.value, 1.1e-12);
  EXPECT_EQ(point.micrograph_area.error, 0.2e-12);
  EXPECT_EQ(point.footprint_area.value, 4e-12);
  EXPECT_EQ(point.footprint_area.error, 0.3e-12);
  EXPECT_EQ(point.volume.error, 0.04e-18);
  EXPECT_EQ(point.volume.log_error, 0.3);
  const auto rows = test::estimate_all(point, p);
  EXPECT_EQ(row(rows, "area_optical", "area", 0).value, point.optical_area.value);
  EXPECT_EQ(row(rows, "area_pipette", "area", 0).value, point.pipette_area.value);
  EXPECT_EQ(row(rows, "area_footprint", "area", 0).value, 4e-12);
  EXPECT_EQ(row(rows, "area_micrograph", "area", 0).value, 1.1e-12);
  EXPECT_EQ(row(rows, "volume_micrograph", "volume", 0).value, 0.4e-18);
}

TEST(WorkedCase, PeaksPerCycleAndTheirMeans) {
  PointAnalysis point{.index = 3};
  RateAnalysis rate{.scan_rate = 0.2};
  rate.anodic.direction = 1;
  rate.anodic.sweeps = {cycle(2, 1.9, 2e-12, 1.5e-12), cycle(3, 1.92, 2.4e-12, 1.7e-12)};
  rate.cathodic.direction = -1;
  rate.cathodic.sweeps = {cycle(2, 1.7, -3e-12, -2.5e-12)};
  for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) d->well_defined = true;
  rate.anodic.E = known(1.91, 6e-3);
  rate.anodic.E_noise = 3e-3;
  rate.anodic.current = known(2.2e-12, 0.2e-12);
  rate.anodic.height = known(1.6e-12, 0.1e-12);
  rate.cathodic.E = known(1.7, 5e-3);
  rate.cathodic.E_noise = 4e-3;
  rate.cathodic.current = known(-3e-12, 0.05e-12);
  rate.cathodic.height = known(-2.5e-12, 0.07e-12);
  point.rates = {rate};
  const auto rows = test::estimate_all(point, elsewhere());
  const auto of_cycle = [&](const char* name, int d, int number) {
    for (const auto& e : rows)
      if (e.estimator == name && e.direction == d && e.cycle == number && e.scan_rate == 0.2) return e;
    ADD_FAILURE() << name << d << number;
    return files::Estimate{};
  };
  EXPECT_EQ(of_cycle("peak_potential", 1, 3).value, 1.92);
  EXPECT_NEAR(of_cycle("peak_potential", 1, 3).standard_error, 5e-3, 1e-15);  // with that of the reference
  EXPECT_EQ(of_cycle("peak_current", 1, 3).value, 2.4e-12);
  EXPECT_EQ(of_cycle("peak_current", 1, 3).standard_error, 0.05e-12);
  EXPECT_EQ(of_cycle("peak_height", 1, 2).value, 1.5e-12);
  EXPECT_EQ(of_cycle("peak_height", -1, 2).value, -2.5e-12);
  EXPECT_EQ(of_cycle("peak_height", -1, 2).standard_error, 0.07e-12);
  EXPECT_EQ(of_cycle("peak_current", -1, 2).value, -3e-12);
  EXPECT_EQ(row(rows, "peak_potential", "peak_potential", 1, 0.2).value, 1.91);
  EXPECT_EQ(row(rows, "peak_current", "peak_current", 1, 0.2).value, 2.2e-12);
  EXPECT_EQ(row(rows, "peak_height", "peak_current", 1, 0.2).value, 1.6e-12);
  EXPECT_EQ(row(rows, "peak_height", "peak_current", -1, 0.2).value, -2.5e-12);
  // the reference is common to both and cancels
  EXPECT_NEAR(row(rows, "peak_separation", "peak_separation", 0, 0.2).value, 0.21, 1e-12);
  EXPECT_NEAR(row(rows, "peak_separation", "peak_separation", 0, 0.2).standard_error, 5e-3, 1e-15);
}

TEST(WorkedCase, APeakThatIsNotWellDefinedHasNoNumberAnywhere) {
  PointAnalysis point = peaks({0.04, 0.09, 0.16, 0.25}, 2e-12, 0.0, 0.01);
  point.optical_area = known(3e-12, 0.0);
  for (RateAnalysis& rate : point.rates) {
    rate.cathodic.well_defined = false;
    rate.cathodic.reason = "why";
    rate.anodic.total = rate.cathodic.total = known(1e-12, 0.0);
  }
  for (const auto& e : test::estimate_all(point, elsewhere())) {
    if (e.direction < 0) {
      EXPECT_FALSE(e.usable()) << e.estimator;
    }
    if (e.estimator == "charge_ratio" || e.estimator == "peak_separation") {
      EXPECT_FALSE(e.usable()) << e.estimator;
    }
  }
}

TEST(WorkedCase, AnInfiniteNumberIsNone) {
  PointAnalysis point = peaks({0.2}, 1e-12, 0.0, 0.01);
  point.rates[0].anodic.total = known(std::numeric_limits<double>::infinity(), 1e-12);
  point.rates[0].cathodic.total = known(1e-12, std::numeric_limits<double>::quiet_NaN());
  const auto rows = test::estimate_all(point, elsewhere());
  for (const int d : {1, -1}) {
    EXPECT_FALSE(row(rows, "charge_total", "charge", d, 0.2).usable());
    EXPECT_EQ(row(rows, "charge_total", "charge", d, 0.2).value, 0.0);
  }
}

}  // namespace
}  // namespace seccm::analysis
