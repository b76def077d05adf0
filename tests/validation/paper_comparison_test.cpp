#include "pipeline/validation/paper_comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "pipeline/validation/true_values.hpp"
#include "sample_validation.hpp"
#include "sim/error.hpp"

namespace seccm::validation {
namespace {

using test::SampleRun;
using testing::HasSubstr;

const PaperRow& row(const PaperComparison& c, const std::string& quantity) {
  for (const auto& r : c.rows)
    if (r.quantity == quantity) return r;
  throw std::runtime_error("no row " + quantity);
}

/// One cluster at several scan rates whose blind numbers are the paper's.
SampleRun figure3() {
  SampleRun s(1);
  s.add(0, "randles_sevcik_eq3", "D", +1, 3e-19, 1e-20);
  s.add(0, "randles_sevcik_eq3", "D", -1, 2e-18, 1e-19);
  s.add(0, "peak_current_slope", "slope", +1, 2.9e-11, 1e-12);
  s.add(0, "b_value", "b", +1, 0.55, 0.01);
  s.add(0, "b_value", "b", -1, 0.67, 0.02);
  s.add(0, "peak_potential", "peak_potential", -1, 1.5, 0.002, 0.05);
  s.add(0, "peak_potential", "peak_potential", -1, 1.4, 0.002, 0.5);
  return s;
}

/// Points at 100 mV/s: volume grows with the index, x falls from 0.3.
SampleRun figure4(int points = 58) {
  SampleRun s(points);
  for (int k = 0; k < points; ++k) {
    const double x = 0.3 - 0.004 * k;
    s.add(k, "volume_micrograph", "volume", 0, 1e-21 * (1 + k));
    s.add(k, "composition", "x", +1, x, 0.01, 0.1);
    s.add(k, "c_rate", "C_rate", +1, 360 * x, 5, 0.1);
    s.truth.landings[static_cast<std::size_t>(k)].x_turns = {0.0, 0.05 + 0.5 * x, 0.05};
    s.results.curves.push_back(
        {.point = k, .cycle = 1, .scan_rate = 0.1, .E_vs_Li = {}, .current = {}, .baseline = {}});
    s.results.selections.push_back({k, k < 47, k < 47 ? "" : "flat"});
    if (k >= 50) s.truth.landings[static_cast<std::size_t>(k)].cluster = -1;
  }
  return s;
}

TEST(PaperComparison, HoldsThePapersNumbers) {
  const SampleRun a = figure3();
  const JudgedRun runs[] = {a.judged()};
  const auto comparisons = compare_with_paper(runs);
  ASSERT_EQ(comparisons.size(), 1u);
  const PaperComparison& c = comparisons[0];
  EXPECT_EQ(row(c, "D, de-intercalation").paper, 3e-15);
  EXPECT_EQ(row(c, "D, intercalation").paper, 2e-14);
  EXPECT_EQ(row(c, "slope of i_p against v^1/2").paper, 2.9e-11);
  EXPECT_EQ(row(c, "b, de-intercalation").paper, 0.55);
  EXPECT_EQ(row(c, "b, intercalation").paper, 0.67);
  EXPECT_EQ(row(c, "cathodic peak at 50 mV/s").paper, 1.5);
  EXPECT_EQ(row(c, "x, highest among the smallest clusters").paper, 0.3);
  EXPECT_EQ(row(c, "x, median of the largest clusters").paper, 0.1);
  EXPECT_EQ(row(c, "C-rate of the highest x").paper, 108);
  EXPECT_EQ(row(c, "share of well-defined voltammograms").paper, 47.0 / 60.0);
  EXPECT_EQ(row(c, "time saved per useful particle").paper, 0.9);
  for (const auto& r : c.rows) {
    EXPECT_FALSE(r.source.empty()) << r.quantity;
    EXPECT_FALSE(r.hangs_on.empty()) << r.quantity;
  }
}

TEST(PaperComparison, AgreesWithItselfWhereTheBlindNumbersAreThePapers) {
  const SampleRun a = figure3(), b = figure4();
  const JudgedRun runs[] = {a.judged(), b.judged()};
  const PaperComparison c = compare_with_paper(runs).at(0);
  for (const char* quantity : {"D, de-intercalation", "D, intercalation", "slope of i_p against v^1/2",
                               "b, de-intercalation", "b, intercalation", "cathodic peak at 50 mV/s",
                               "x, highest among the smallest clusters", "C-rate of the highest x"})
    EXPECT_NEAR(row(c, quantity).to_paper.value(), 0.0, 1e-12) << quantity;
  // The truth of the sample is the paper's D, so this holds against the truth as well.
  EXPECT_NEAR(row(c, "D, de-intercalation").to_truth.value(), 0.0, 1e-12);
  EXPECT_NEAR(row(c, "D, de-intercalation").uncertainty.value(), 1e-16, 1e-28);  // one landing: its own standard error
  EXPECT_NEAR(row(c, "slope of i_p against v^1/2").truth.value(), eq3_slope(a.truth, 2e-12, 3e-19), 1e-22);
  EXPECT_NEAR(row(c, "cathodic peak at 50 mV/s").to_truth.value(), 1.5 - 1.75, 1e-12);
  EXPECT_FALSE(row(c, "b, intercalation").truth.has_value());
}

// Index k: volume 1 + k, x = 0.3 - 0.004 k. Lower quartile k <= 14.25, upper k >= 42.75: k = 43..57, median k = 50.
TEST(PaperComparison, TakesXFromTheQuartilesOfTheVolume) {
  const SampleRun b = figure4();
  const JudgedRun runs[] = {b.judged()};
  const PaperComparison c = compare_with_paper(runs).at(0);
  const PaperRow& small = row(c, "x, highest among the smallest clusters");
  EXPECT_EQ(small.n, 15);
  EXPECT_NEAR(small.blind.value(), 0.3, 1e-12);
  EXPECT_NEAR(small.truth.value(), 0.15, 1e-12);
  EXPECT_NEAR(small.to_truth.value(), std::log10(2.0), 1e-12);
  const PaperRow& large = row(c, "x, median of the largest clusters");
  EXPECT_EQ(large.n, 15);
  EXPECT_NEAR(large.blind.value(), 0.1, 1e-12);
  EXPECT_NEAR(large.truth.value(), 0.05, 1e-12);
  EXPECT_GT(large.uncertainty.value(), 0.0);
  const PaperRow& rate = row(c, "C-rate of the highest x");
  EXPECT_NEAR(rate.truth.value(), 54.0, 1e-9);  // half the x in the same time
}

// Of five volumes the second and the fourth are the quartiles, and belong to them.
TEST(PaperComparison, AQuartileHoldsItsOwnLimit) {
  const SampleRun five = figure4(5);
  const JudgedRun runs[] = {five.judged()};
  const PaperComparison c = compare_with_paper(runs).at(0);
  EXPECT_EQ(row(c, "x, highest among the smallest clusters").n, 2);
  EXPECT_EQ(row(c, "x, median of the largest clusters").n, 2);
}

// Two landings with D of 3 and 5 x 10^-15 cm²/s: resampled medians lie at 3, 4 and 5, the interval of 95 % reaches from
// 3 to 5, and half of it is 1.96 standard errors.
TEST(PaperComparison, OfSeveralLandingsTheUncertaintyIsThatOfTheirMedian) {
  SampleRun two(2);
  two.add(0, "randles_sevcik_eq3", "D", +1, 3e-19, 1e-21);
  two.add(1, "randles_sevcik_eq3", "D", +1, 5e-19, 1e-21);
  const JudgedRun runs[] = {two.judged()};
  const PaperComparison c = compare_with_paper(runs).at(0);
  EXPECT_NEAR(row(c, "D, de-intercalation").blind.value(), 4e-15, 1e-27);
  EXPECT_NEAR(row(c, "D, de-intercalation").uncertainty.value(), 2e-15 / (2 * 1.959964), 1e-20);
}

// The paper's 47 are of the 60 points at 50 mV/s: the scan at 100 mV/s does not count.
TEST(PaperComparison, TakesTheShareOfWellDefinedFromTheScanAt50mVPerS) {
  const SampleRun at_100 = figure4();
  SampleRun at_50 = figure4();
  for (auto& curve : at_50.results.curves) curve.scan_rate = 0.05;
  at_50.results.selections[46].accepted = false;
  const JudgedRun both[] = {at_100.judged(), at_50.judged()};
  const PaperComparison c = compare_with_paper(both).at(0);
  const PaperRow& share = row(c, "share of well-defined voltammograms");
  EXPECT_NEAR(share.blind.value(), 46.0 / 58.0, 1e-12);
  EXPECT_NEAR(share.truth.value(), 50.0 / 58.0, 1e-12);
  EXPECT_EQ(share.note, "46 of 58");
  const JudgedRun one[] = {at_100.judged()};
  const PaperComparison without = compare_with_paper(one).at(0);
  EXPECT_FALSE(row(without, "share of well-defined voltammograms").blind.has_value());
}

// Twice the paper's slope on its own area is four times its D.
TEST(PaperComparison, GivesDWithTheAreaThatThePapersSlopeAndDStandFor) {
  SampleRun a(1);
  a.add(0, "peak_current_slope", "slope", +1, 5.8e-11, 1e-12);
  a.truth.D_deintercalation = 1e-17;
  const JudgedRun runs[] = {a.judged()};
  const PaperComparison c = compare_with_paper(runs).at(0);
  const PaperRow& r = row(c, "D, de-intercalation, area 10.45 um^2");
  EXPECT_NEAR(r.blind.value() / 12e-15, 1.0, 1e-12);
  EXPECT_NEAR(r.to_truth.value(), std::log10(12e-15 / 1e-13), 1e-12);
  // Eq. 3 by hand for 10.45 um^2; the area is known to four digits, D with twice their error.
  SampleRun own(1);
  const double D = std::pow(2.9e-11 / eq3_slope(own.truth, 10.45e-12, 1.0), 2);
  EXPECT_NEAR(D / 3e-19, 1.0, 2 * 0.005 / 10.45);
}

TEST(PaperComparison, UsesAMeasuredGridOfTheSameProgrammeOnly) {
  const SampleRun b = figure4();
  SampleRun grid(10);
  for (auto& p : grid.run.points) p.kind = files::PointKind::grid;
  const JudgedRun runs[] = {b.judged(), grid.judged()};
  const auto saved = [&] { return row(compare_with_paper(runs).at(0), "time saved per useful particle"); };
  EXPECT_THAT(saved().note, HasSubstr("measured: 10 of 625"));
  EXPECT_FALSE(saved().blind.has_value());  // an array without a useful particle
  for (int k = 0; k < 2; ++k) grid.results.selections.push_back({k, true, ""});
  // 47 useful clusters in 579 s (58 points), 2 of 10 nodes of 9 s.
  EXPECT_NEAR(saved().blind.value(), 1 - (579.0 / 47) / 45.0, 1e-12);
  for (auto& p : grid.run.points) p.t_end = p.t_start + 3;  // another programme
  EXPECT_THAT(saved().note, HasSubstr("no array"));
}

TEST(PaperComparison, SaysWhyARowIsEmpty) {
  SampleRun a(1);
  a.lose(0, "randles_sevcik_eq3", "D", +1, "no area");
  const JudgedRun runs[] = {a.judged()};
  const PaperComparison c = compare_with_paper(runs).at(0);
  EXPECT_EQ(row(c, "D, de-intercalation").note, "1 lost: no area");
  EXPECT_EQ(row(c, "D, intercalation").note, "no run gives randles_sevcik_eq3");
  for (const auto& r : c.rows) {
    EXPECT_FALSE(r.blind.has_value()) << r.quantity;
    EXPECT_FALSE(r.note.empty()) << r.quantity;
  }
  EXPECT_NO_THROW((void)to_text(c));
}

TEST(PaperComparison, KeepsTruthSetsApart) {
  const SampleRun a = figure3();
  SampleRun b = figure3();
  b.truth.truth_set = "paper_literal";
  b.results.estimates[0].value = 9e-19;
  const JudgedRun runs[] = {a.judged(), b.judged()};
  const auto comparisons = compare_with_paper(runs);
  ASSERT_EQ(comparisons.size(), 2u);
  EXPECT_EQ(comparisons[0].truth_set, "reconciled");
  EXPECT_NEAR(row(comparisons[1], "D, de-intercalation").blind.value(), 9e-15, 1e-27);
  EXPECT_NEAR(row(comparisons[0], "D, de-intercalation").blind.value(), 3e-15, 1e-27);
}

TEST(PaperComparison, WritesJsonAndText) {
  const SampleRun a = figure3();
  const JudgedRun runs[] = {a.judged()};
  const PaperComparison c = compare_with_paper(runs).at(0);
  const auto document = nlohmann::json::parse(to_json(c));
  EXPECT_EQ(document["rows"].size(), c.rows.size());
  EXPECT_EQ(document["rows"][0]["paper"], 3e-15);
  EXPECT_TRUE(document["rows"][7]["blind"].is_null());
  EXPECT_THAT(to_text(c), HasSubstr("47 of 60"));
  EXPECT_THAT(to_text(c), HasSubstr("hangs on"));
}

}  // namespace
}  // namespace seccm::validation
