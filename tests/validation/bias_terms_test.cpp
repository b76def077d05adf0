#include "pipeline/validation/bias_terms.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "pipeline/validation/matching.hpp"
#include "pipeline/validation/true_values.hpp"
#include "sample_validation.hpp"

namespace seccm::validation {
namespace {

using test::SampleRun;

/// Point `at` with a peak `of_eq3` times that of eq. 3 at the true D and wetted area, in a direction at 0.1 V/s.
void add_peak(SampleRun& s, int at, int direction, double of_eq3) {
  const double D = direction < 0 ? s.truth.D_intercalation : s.truth.D_deintercalation;
  const double area = s.truth.landings[static_cast<std::size_t>(at)].wetted_area;
  const double current = direction * of_eq3 * eq3_slope(s.truth, area, D) * std::sqrt(0.1);
  s.add(at, "peak_current", "peak_current", direction, current, 0.0, 0.1);
  s.add(at, "peak_height", "peak_current", direction, 0.5 * current, 0.0, 0.1);
}

std::vector<BiasTerms> terms_of(const SampleRun& s) {
  return bias_of_eq3(s.run, s.results, s.truth, match_landings(s.run.points, s.truth.landings), {});
}

// Wetted 2e-12, projected 5e-13, seen 1e-13: 2 log10(5) + 2 log10(4) + 2 log10(1/2) = +1.3979 + 1.2041 - 0.6021; the
// line at half of the peak takes 2 log10(1/2). Sums of a dozen doubles of order 1: 1e-12.
TEST(BiasOfEq3, IsTheSumOfSegmentationAreaRatioAndCurrentInEitherDirection) {
  for (const int direction : {-1, +1}) {
    SampleRun s(1);
    add_peak(s, 0, direction, 0.5);
    s.add(0, "area_optical", "area", 0, 1e-13);
    const auto terms = terms_of(s);
    ASSERT_EQ(terms.size(), 1u);
    EXPECT_EQ(terms[0].direction, direction);
    EXPECT_EQ(terms[0].scan_rate, 0.1);
    EXPECT_NEAR(terms[0].segmentation.median, 2 * std::log10(5.0), 1e-12);
    EXPECT_NEAR(terms[0].area_ratio.median, 2 * std::log10(4.0), 1e-12);
    EXPECT_NEAR(terms[0].current.median, -2 * std::log10(2.0), 1e-12);
    EXPECT_NEAR(terms[0].baseline.median, -2 * std::log10(2.0), 1e-12);
    EXPECT_NEAR(terms[0].total.median, 2 * std::log10(10.0), 1e-12);
  }
}

// D by eq. 3 from the same peak and the optical area, solved by hand for D, is as far from the truth as the sum says.
TEST(BiasOfEq3, IsTheBiasOfDFromTheSameCurrentAndArea) {
  SampleRun s(1);
  add_peak(s, 0, +1, 0.7);
  s.add(0, "area_optical", "area", 0, 3e-13);
  const double slope = s.results.estimates[0].value / std::sqrt(0.1);
  const double D =
      s.truth.D_deintercalation * std::pow(slope / eq3_slope(s.truth, 3e-13, s.truth.D_deintercalation), 2);
  EXPECT_NEAR(terms_of(s).at(0).total.median, std::log10(D / s.truth.D_deintercalation), 1e-12);
}

TEST(BiasOfEq3, OfTheSlopeHasNoScanRate) {
  SampleRun s(1);
  s.add(0, "peak_current_slope", "slope", +1, 10 * eq3_slope(s.truth, 2e-12, s.truth.D_deintercalation));
  s.add(0, "peak_current_slope", "intercept", +1, 1e-14);  // of the same line, no slope
  const auto terms = terms_of(s);
  ASSERT_EQ(terms.size(), 1u);
  EXPECT_EQ(terms[0].scan_rate, 0.0);
  EXPECT_NEAR(terms[0].every_current.median, 2.0, 1e-12);
  EXPECT_EQ(terms[0].total.n, 0);
}

TEST(BiasOfEq3, LeavesOutWhatHasNoPeakNoParticlesOrNoResolvedArea) {
  SampleRun s(5);
  for (int k = 0; k < 5; ++k) {
    add_peak(s, k, +1, 1.0);
    s.add(k, "area_optical", "area", 0, 1e-13);
  }
  s.results.estimates[0].verdict = files::Verdict::refused;    // the peak of point 0
  s.results.estimates[5].verdict = files::Verdict::one_sided;  // the area of point 1
  s.truth.landings[2].wetted_area = 0.0;
  s.results.estimates[9].cycle = 2;  // the peak of point 3: one cycle, not the mean
  const auto terms = terms_of(s);
  ASSERT_EQ(terms.size(), 1u);
  for (const Distribution* every : {&terms[0].every_current, &terms[0].every_area_ratio, &terms[0].baseline})
    EXPECT_EQ(every->n, 2);
  for (const Distribution* one : {&terms[0].segmentation, &terms[0].area_ratio, &terms[0].current, &terms[0].total})
    EXPECT_EQ(one->n, 1);
}

TEST(BiasOfEq3, StandsInTheSummary) {
  SampleRun s(1);
  add_peak(s, 0, -1, 1.0);
  s.add(0, "area_optical", "area", 0, 5e-13);
  const auto document = nlohmann::json::parse(to_json(validate(s.judged())));
  ASSERT_EQ(document["bias_of_eq3"].size(), 1u);
  EXPECT_EQ(document["bias_of_eq3"][0]["direction"], "cathodic");
  EXPECT_NEAR(document["bias_of_eq3"][0]["total"]["median"].get<double>(), 2 * std::log10(4.0), 1e-12);
}

}  // namespace
}  // namespace seccm::validation
