#include "pipeline/validation/estimator_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "pipeline/validation/matching.hpp"
#include "pipeline/validation/true_values.hpp"
#include "sample_validation.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::validation {
namespace {

using test::phi;
using test::SampleRun;

std::vector<EstimatorRow> rows_of(const SampleRun& s, const ValidationParameters& parameters = {}) {
  return estimator_rows(s.run, s.results, s.truth, match_landings(s.run.points, s.truth.landings), parameters);
}

const EstimatorRow& row(const std::vector<EstimatorRow>& rows, const std::string& estimator, int direction,
                        const std::string& meaning) {
  for (const auto& r : rows)
    if (r.estimator == estimator && r.direction == direction && r.meaning == meaning) return r;
  throw std::runtime_error("no row " + estimator + " " + meaning);
}

TEST(Matching, TakesTheLandingOfThePointAndTheOneNearestToContact) {
  std::vector<files::PointRecord> points{test::point(0), test::point(1), test::point(2)};
  std::vector<TrueLanding> landings(4);
  landings[0].t = 1.0;   // a first try of point 0
  landings[1].t = 2.1;   // nearest to its contact at 2
  landings[2].t = 25.0;  // point 2
  landings[3].t = 19.5;  // between points 1 and 2
  EXPECT_EQ(match_landings(points, landings), (std::vector<int>{1, -1, 2}));
  // Touching time ranges: a landing is not used twice.
  points[1].t_start = 2.0;
  points[1].t_contact = 2.1;
  EXPECT_EQ(match_landings(points, landings), (std::vector<int>{1, -1, 2}));
}

// Estimates 10^(beta + sigma z) times the truth. Standard errors: median 1.2533 sigma/sqrt(n), mean sigma/sqrt(n),
// SD sigma/sqrt(2n), MAD 1.1664 sigma/sqrt(n), share sqrt(p(1-p)/n); five of each.
TEST(EstimatorRows, ReturnTheBiasAndScatterThatWerePutIn) {
  constexpr int n = 3000;
  constexpr double beta = 0.18, sigma = 0.25;
  SampleRun s(n);
  RandomStream random(5, "errors");
  for (int k = 0; k < n; ++k)
    s.add(k, "eq3", "D", +1, s.truth.D_deintercalation * std::pow(10.0, beta + sigma * random.normal()));
  const auto rows = rows_of(s, {.resamples = 200});
  ASSERT_EQ(rows.size(), 1u);
  const EstimatorRow& r = rows[0];
  const double unit = sigma / std::sqrt(n);
  EXPECT_EQ(r.n, n);
  EXPECT_EQ(r.n_valid, n);
  EXPECT_NEAR(r.bias.median, beta, 5 * 1.2533 * unit);
  EXPECT_NEAR(r.bias.mean, beta, 5 * unit);
  EXPECT_NEAR(r.bias.standard_deviation, sigma, 5 * unit / std::sqrt(2.0));
  EXPECT_NEAR(r.bias.robust_scatter, sigma, 5 * 1.1664 * unit);
  EXPECT_NEAR(r.rmse, std::hypot(beta, sigma), 5 * unit);
  const double p = phi((std::log10(2.0) - beta) / sigma) - phi((-std::log10(2.0) - beta) / sigma);
  EXPECT_NEAR(r.within_factor.value(), p, 5 * std::sqrt(p * (1 - p) / n));
  EXPECT_EQ(r.covered.of, 0);
  EXPECT_EQ(r.verdict, "order of magnitude");
  EXPECT_EQ(r.median_truth, s.truth.D_deintercalation);
  // The percentile interval of the median is about +-1.96 standard errors wide.
  EXPECT_NEAR(r.bias.median_interval.high - r.bias.median_interval.low, 2 * 1.96 * 1.2533 * unit,
              0.4 * 3.92 * 1.2533 * unit);
}

// Stated errors that are right cover as often as the confidence says; half as large ones 2 phi(0.98) - 1 = 67.3 %.
TEST(EstimatorRows, CoverageJudgesTheStatedErrors) {
  constexpr int n = 3000;
  SampleRun s(n);
  RandomStream random(6, "errors");
  for (int k = 0; k < n; ++k) {
    const double value = s.truth.D_intercalation * (1.0 + 0.02 * random.normal());
    s.add(k, "honest", "D", -1, value, 0.02 * s.truth.D_intercalation);
    s.add(k, "vain", "D", -1, value, 0.01 * s.truth.D_intercalation);
  }
  const auto rows = rows_of(s, {.resamples = 100});
  EXPECT_NEAR(row(rows, "honest", -1, "D").covered.value(), 0.95, 5 * std::sqrt(0.95 * 0.05 / n));
  EXPECT_EQ(row(rows, "honest", -1, "D").verdict, "quantitative");
  // What is stated, in decades: 2 % and 1 % of a value that scatters by 2 %.
  EXPECT_NEAR(row(rows, "honest", -1, "D").stated, 0.02 / std::numbers::ln10, 2e-5);
  EXPECT_NEAR(row(rows, "vain", -1, "D").stated, 0.01 / std::numbers::ln10, 1e-5);
  const double vain = 2 * phi(0.5 * 1.959963984540054) - 1;
  EXPECT_NEAR(row(rows, "vain", -1, "D").covered.value(), vain, 5 * std::sqrt(vain * (1 - vain) / n));
  EXPECT_EQ(row(rows, "vain", -1, "D").verdict, "order of magnitude");
}

TEST(EstimatorRows, SayNotValidBeyondHalfADecadeAndNothingForFewLandings) {
  SampleRun s(5);
  for (int k = 0; k < 5; ++k) s.add(k, "off", "D", +1, 4 * s.truth.D_deintercalation);
  for (int k = 0; k < 4; ++k) s.add(k, "few", "D", +1, 4 * s.truth.D_deintercalation);
  const auto rows = rows_of(s);
  EXPECT_EQ(row(rows, "off", +1, "D").verdict, "not valid");  // log10 4 = 0.60
  EXPECT_EQ(row(rows, "few", +1, "D").verdict, "");
}

TEST(EstimatorRows, CountWhyEstimatesAreLost) {
  SampleRun s(6);
  s.add(0, "eq3", "D", +1, 1e-19);
  s.lose(1, "eq3", "D", +1, "signal 2.3 sigma at 1.5e-12 A");
  s.lose(2, "eq3", "D", +1, "signal 1 sigma at 7e-13 A");
  s.lose(3, "eq3", "D", +1, "");
  s.add(4, "eq3", "D", +1, -1e-19);
  const auto rows = rows_of(s);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].n, 5);
  EXPECT_EQ(rows[0].n_valid, 1);
  const std::map<std::string, int> expected{
      {"signal 1 to 2.3 sigma at 7e-13 to 1.5e-12 A", 2}, {"no reason given", 1}, {"not positive", 1}};
  EXPECT_EQ(rows[0].lost, expected);
}

TEST(ReasonTally, ShowsTheRangeOfTheNumbersInAReason) {
  const auto counted = [](std::initializer_list<const char*> reasons) {
    ReasonTally tally;
    for (const char* reason : reasons) tally.add(reason);
    EXPECT_EQ(tally.counts().size(), 1u);
    return tally.counts().begin()->first;
  };
  EXPECT_EQ(counted({"k1 v/i outside [0,1] at 12 % of -3.5e+02", "k1 v/i outside [0,1] at 3 % of 20"}),
            "k1 v/i outside [0,1] at 3 to 12 % of -3.5e+02 to 20");
  EXPECT_EQ(counted({"Li_xTiO2", "Li_xTiO2"}), "Li_xTiO2");
  EXPECT_EQ(counted({"5 of 7-9"}), "5 of 7-9");  // a hyphen between numbers is no sign
  EXPECT_EQ(counted({"1e", "2e"}), "1 to 2e");
  EXPECT_EQ(counted({""}), "no reason given");
}

TEST(Remarks, CountPointsNotRows) {
  SampleRun s(3);
  for (const int k : {0, 1}) {
    s.lose(k, "eq3", "D", +1, "no area");
    s.lose(k, "eq3", "D", -1, "no area");
    s.lose(k, "area", "area", 0, "no area");
  }
  auto& e = s.add(2, "eq3", "D", +1, 1e-19);
  e.verdict = files::Verdict::caveat;
  e.reason = "w = 31; two scan rates";
  const auto list = remarks(s.results.estimates);
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].verdict, files::Verdict::caveat);
  EXPECT_EQ(list[0].reason, "two scan rates");
  EXPECT_EQ(list[1].reason, "w = 31");
  EXPECT_EQ(list[2].points, 2);
  EXPECT_EQ(list[2].estimators, (std::set<std::string>{"area", "eq3"}));
}

// Estimates of D that are 18 times too large (1.26 decades), scattered by 0.28 decades in the area, with the relative
// error of 60 % that an area known to 30 % gives. On the linear scale the interval value +- 1.18 value holds every
// smaller truth: 100 % "covered". On the logarithmic scale it reaches a factor exp(1.176) = 3.24 (0.511 decades) down:
// a truth 1.26 decades below is inside when the scatter of 0.56 decades in D brings it within 0.511,
// phi((0.511 - 1.26)/0.56) = 9 %, which 54 landings give to within 5 binomial standard errors (20 %).
TEST(EstimatorRows, AnEstimateEighteenTimesTooLargeIsNotCovered) {
  constexpr int n = 54;
  SampleRun s(n);
  RandomStream random(17, "errors");
  for (int k = 0; k < n; ++k) {
    const double value = 18.2 * s.truth.D_deintercalation * std::pow(10.0, 0.56 * random.normal());
    s.add(k, "randles_sevcik_eq3", "D", +1, value, 0.6 * value).leaves_out = "wetted over projected area";
  }
  const auto rows = rows_of(s);
  ASSERT_EQ(rows.size(), 1u);
  const double expected = phi((0.6 * test::z_975 / std::numbers::ln10 - std::log10(18.2)) / 0.56);
  EXPECT_NEAR(expected, 0.09, 0.005);
  EXPECT_NEAR(rows[0].covered.value(), expected, 5 * std::sqrt(expected * (1 - expected) / n));
  EXPECT_EQ(rows[0].coverage, Coverage::not_covered);
  EXPECT_EQ(rows[0].level, 0.95);
  EXPECT_EQ(rows[0].leaves_out, "wetted over projected area");
  EXPECT_EQ(rows[0].verdict, "not valid");
}

// Of 300 intervals at 95 %: 285 held are honest, and so are 280 (upper limit 0.957) and 290 (lower limit 0.940); 255
// are too few (upper limit 0.886), all too many (lower limit 0.987).
TEST(EstimatorRows, SayWhetherIntervalsHoldAsOftenAsTheyClaim) {
  constexpr int n = 300;
  SampleRun s(n);
  const auto add = [&](const char* name, int held) {
    for (int k = 0; k < n; ++k) {
      const double D = s.truth.D_deintercalation;
      s.add(k, name, "D", +1, k < held ? D : 2 * D, 0.02 * D);
    }
  };
  add("honest", 285);
  add("short", 280);
  add("long", 290);
  add("vain", 255);
  add("timid", 300);
  for (int k = 0; k < 4; ++k) s.add(k, "few", "D", +1, s.truth.D_deintercalation, 1e-21);
  s.add(0, "silent", "D", +1, s.truth.D_deintercalation);
  const auto rows = rows_of(s, {.resamples = 100});
  EXPECT_EQ(row(rows, "honest", +1, "D").coverage, Coverage::covered);
  EXPECT_EQ(row(rows, "short", +1, "D").coverage, Coverage::covered);
  EXPECT_EQ(row(rows, "long", +1, "D").coverage, Coverage::covered);
  EXPECT_EQ(row(rows, "vain", +1, "D").coverage, Coverage::not_covered);
  EXPECT_EQ(row(rows, "timid", +1, "D").coverage, Coverage::too_wide);
  EXPECT_EQ(row(rows, "few", +1, "D").coverage, Coverage::too_few);
  EXPECT_EQ(row(rows, "silent", +1, "D").coverage, Coverage::none);
}

// An upper limit below the truth is as wrong as an interval beside it; an estimate it is not.
TEST(EstimatorRows, JudgeOneSidedLimitsForThemselves) {
  SampleRun s(6);
  for (int k = 0; k < 6; ++k) {
    auto& e = s.add(k, "eq3", "D", +1, 1e-20, 1e-21);
    e.verdict = files::Verdict::one_sided;
    e.reason = "only an upper limit";
    e.lower = 0.0;
    e.upper = k < 2 ? 1e-19 : 1e-18;  // the truth is 3e-19
  }
  const auto rows = rows_of(s);
  EXPECT_EQ(rows[0].limits.count, 4);
  EXPECT_EQ(rows[0].limits.of, 6);
  EXPECT_EQ(rows[0].covered.of, 0);
  EXPECT_EQ(rows[0].n_valid, 0);
  EXPECT_EQ(rows[0].lost.at("only an upper limit"), 6);
}

TEST(EstimatorRows, KeepScanRatesApartAndCyclesOutOfTheWayOfTheirMean) {
  SampleRun s(2);
  for (const double rate : {0.02, 0.1}) {
    for (int k = 0; k < 2; ++k) {
      s.add(k, "peak_current", "peak_current", +1, 1e-12 * rate, 0.0, rate * (1 + 1e-6 * k));
      for (const int cycle : {2, 3}) s.add(k, "peak_current", "peak_current", +1, 7.0, 0.0, rate).cycle = cycle;
    }
  }
  s.add(0, "only_cycles", "peak_current", +1, 7.0, 0.0, 0.02).cycle = 2;
  const auto rows = rows_of(s);
  ASSERT_EQ(rows.size(), 3u);
  for (const int k : {0, 1}) EXPECT_EQ(rows[static_cast<std::size_t>(k)].n, 2);
  EXPECT_NEAR(rows[0].median_estimate, 0.02e-12, 1e-20);
  EXPECT_NEAR(rows[1].median_estimate, 0.1e-12, 1e-20);
  EXPECT_EQ(rows[2].n, 1);
}

TEST(EstimatorRows, NameEachPartThatIsLeftOutOnce) {
  SampleRun s(2);
  s.add(0, "eq3", "D", +1, 3e-19, 1e-20).leaves_out = "wetted area; isotherm";
  s.add(1, "eq3", "D", +1, 3e-19, 1e-20).leaves_out = "wetted area; isotherm; thin parts";
  EXPECT_EQ(rows_of(s)[0].leaves_out, "wetted area; isotherm; thin parts");
}

// What an optical area is taken for is shown; its interval is judged against what it is.
TEST(EstimatorRows, JudgeAnAreaAgainstWhatItMeans) {
  SampleRun s(1);
  s.add(0, "area_optical", "area", 0, 5e-13, 5e-14);
  s.add(0, "area_footprint", "area", 0, 8e-13, 5e-14);
  const auto rows = rows_of(s);
  EXPECT_EQ(row(rows, "area_optical", 0, "projected").covered.of, 1);
  EXPECT_EQ(row(rows, "area_optical", 0, "electroactive").covered.of, 0);
  EXPECT_EQ(row(rows, "area_optical", 0, "electroactive").within_factor.of, 1);
  EXPECT_EQ(row(rows, "area_footprint", 0, "footprint").covered.count, 1);
}

TEST(EstimatorRows, CompareEachQuantityWithWhatItCouldMean) {
  SampleRun s(1);
  const TrueLanding& l = s.truth.landings[0];
  s.add(0, "area_optical", "area", 0, 1e-12);
  s.add(0, "volume_micrograph", "volume", 0, 3e-20);
  s.add(0, "composition", "x", +1, 0.1, 0, 0.05);
  s.add(0, "composition", "x", +1, 0.05, 0, 0.5);  // no cycle of it was analysed: no truth
  s.results.curves.push_back({.point = 0, .cycle = 2, .scan_rate = 0.05, .E_vs_Li = {}, .current = {}, .baseline = {}});
  s.add(0, "charge_total", "charge", +1, 1.0, 0, 0.05);
  s.add(0, "charge_surface", "charge", +1, 1.0, 0, 0.05);
  s.add(0, "peak_potential", "peak_potential", -1, 1.5, 0, 0.05);
  s.add(0, "b_value", "b", +1, 0.55);
  s.add(0, "slope", "slope", +1, 1e-11);
  const auto rows = rows_of(s);
  EXPECT_NEAR(row(rows, "area_optical", 0, "electroactive").bias.median, std::log10(1e-12 / 2e-12), 1e-12);
  EXPECT_NEAR(row(rows, "area_optical", 0, "projected").bias.median, std::log10(1e-12 / 5e-13), 1e-12);
  EXPECT_NEAR(row(rows, "area_optical", 0, "footprint").bias.median, std::log10(1e-12 / (0.25e-12 * constants::pi)),
              1e-12);
  EXPECT_NEAR(row(rows, "volume_micrograph", 0, "wetted particles").bias.median, 0.0, 1e-12);
  EXPECT_EQ(row(rows, "composition", +1, "sweep exchange").n, 1);
  EXPECT_NEAR(row(rows, "composition", +1, "sweep exchange").bias.median, std::log10(0.1 / 0.18), 1e-12);
  EXPECT_EQ(row(rows, "composition", +1, "").n, 1);
  const double charge = constants::faraday * 24000 / 0.5 * l.wetted_volume * 0.18;
  EXPECT_NEAR(row(rows, "charge_total", +1, "sweep exchange").median_truth, charge, 1e-12 * charge);
  EXPECT_EQ(row(rows, "charge_surface", +1, "").n, 1);  // a part of the charge has no such truth
  const EstimatorRow& peak = row(rows, "peak_potential", -1, "E0");
  EXPECT_FALSE(peak.relative);
  EXPECT_NEAR(peak.bias.median, -0.25, 1e-12);
  EXPECT_EQ(peak.within_factor.of, 0);
  EXPECT_NEAR(row(rows, "b_value", +1, "").bias.median, 0.55, 1e-12);
  EXPECT_EQ(row(rows, "slope", +1, "eq. 3, wetted area").n, 1);
}

// The paper's own closure: A = 10.45 um2 and D = 3e-15 cm2/s give the slope 2.9e-11 A (V/s)^-1/2 (three digits of A).
TEST(TrueValues, SlopeOfEq3ReproducesThePapersClosure) {
  EXPECT_NEAR(eq3_slope(test::sample_truth(), 10.45e-12, 3e-19) / 2.9e-11, 1.0, 1e-3);
}

TEST(TrueValues, SlopeOfEq3FallsWithTheRootOfTheTemperature) {
  Truth warm = test::sample_truth();
  warm.temperature = 320.0;
  EXPECT_NEAR(eq3_slope(warm, 2e-12, 3e-19) / eq3_slope(test::sample_truth(), 2e-12, 3e-19), std::sqrt(298.15 / 320.0),
              1e-14);
}

// A blank point has no wetted surface to compare with, but a D that is claimed there is still judged.
TEST(EstimatorRows, JudgeAClaimWhereNothingIsWet) {
  SampleRun s(1);
  s.truth.landings[0].wetted_area = 0.0;
  s.truth.landings[0].wetted_particles = 0;
  s.truth.landings[0].cluster = -1;
  s.add(0, "eq3", "D", +1, 3e-19);
  s.add(0, "slope", "slope", +1, 1e-11);
  const auto rows = rows_of(s);
  EXPECT_EQ(row(rows, "eq3", +1, "D").n_valid, 1);
  EXPECT_EQ(row(rows, "slope", +1, "").n_valid, 1);
}

}  // namespace
}  // namespace seccm::validation
