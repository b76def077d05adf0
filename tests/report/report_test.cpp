#include "pipeline/report/report.hpp"
#include "pipeline/report/estimate_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>

#include "pipeline/report/figures.hpp"
#include "pipeline/report/micrograph_svg.hpp"
#include "pipeline/report/plot.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::report {
namespace {

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

files::Estimate peak(int point, int direction, double rate, double current) {
  return {.point = point,
          .estimator = "peak",
          .quantity = "peak_current",
          .unit = "A",
          .direction = direction,
          .cycle = 1,
          .scan_rate = rate,
          .value = current,
          .standard_error = 1e-14,
          .verdict = files::Verdict::valid,
          .reason = "",
          .leaves_out = ""};
}

/// Two accepted points, one of them at five scan rates with i_p proportional to v^0.6.
files::Results example_results() {
  files::Results results;
  results.selections = {{.point = 3, .accepted = true, .reason = ""},
                        {.point = 4, .accepted = true, .reason = ""},
                        {.point = 5, .accepted = false, .reason = "no contact"}};
  for (const int point : {3, 4}) {
    results.curves.push_back({.point = point,
                              .cycle = 1,
                              .scan_rate = 0.1,
                              .E_vs_Li = {3, 2, 1, 2, 3},
                              .current = {0, -1e-12, 0, 1e-12, 0},
                              .baseline = {0, 0, 0, 0, 0}});
    results.estimates.push_back({.point = point,
                                 .estimator = "micrograph",
                                 .quantity = "volume",
                                 .unit = "m^3",
                                 .value = 1e-20 * point,
                                 .verdict = files::Verdict::valid,
                                 .reason = "",
                                 .leaves_out = ""});
  }
  for (const double rate : {0.02, 0.05, 0.1, 0.2, 0.5})
    results.estimates.push_back(peak(3, 1, rate, 1e-12 * std::pow(rate / 0.1, 0.6)));
  return results;
}

/// Of several points: median and spread over the points, and the typical interval of one.
TEST(EstimateTable, ShowsMedianSpreadAndTypicalInterval) {
  files::Results results;
  for (int k = 0; k < 5; ++k) {
    results.estimates.push_back({.point = k,
                                 .estimator = "eq3",
                                 .quantity = "D",
                                 .unit = "m^2/s",
                                 .direction = 1,
                                 .scan_rate = 0.1,
                                 .value = 1e-17 * (k + 1),
                                 .standard_error = 1e-18,
                                 .lower = 0.5e-17 * (k + 1),
                                 .upper = 2e-17 * (k + 1),
                                 .level = 0.95,
                                 .scale = files::IntervalScale::logarithmic,
                                 .verdict = k < 4 ? files::Verdict::caveat : files::Verdict::refused,
                                 .reason = k < 4 ? "w = 3" + std::to_string(k) : "no area",
                                 .leaves_out = "wetted over projected area"});
  }
  const std::string text = estimate_text(results);
  EXPECT_NE(text.find("How fast does lithium diffuse?"), std::string::npos) << text;
  EXPECT_NE(text.find("eq3        anodic   100 mV/s  D [cm^2/s]  4/5  2.5e-13  1.48e-13 to 3.52e-13  factor 2 [1]   4 "
                      "caveat, 1 refused"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("[1] the interval leaves out: wetted over projected area"), std::string::npos) << text;
  EXPECT_NE(text.find("4 points w = 30 to 33"), std::string::npos) << text;
  EXPECT_NE(text.find("1 point  no area"), std::string::npos) << text;
  EXPECT_EQ(text.find('#'), std::string::npos);
}

TEST(EstimateTable, ShowsTheIntervalOfASinglePoint) {
  files::Results results;
  files::Estimate e = peak(0, 1, 0.1, 2e-12);
  e.lower = 1.9e-12;
  e.upper = std::numeric_limits<double>::infinity();
  e.level = 0.95;
  e.verdict = files::Verdict::one_sided;
  e.reason = "only a lower limit";
  results.estimates = {e};
  results.estimates.back().cycle = 0;
  const std::string text = estimate_text(results);
  EXPECT_NE(text.find("1.9 to no limit"), std::string::npos) << text;
  EXPECT_NE(text.find("1 one_sided"), std::string::npos) << text;
  EXPECT_EQ(estimate_text({}), "");
}

TEST(Plot, DrawsOneFigurePerPanelAndSaysWhereDataAreMissing) {
  Plot full{.title = "full", .x = {.label = "x"}, .y = {.label = "y"}};
  full.series.push_back({.label = "line", .x = {1, 2, 3}, .y = {1, 4, 9}});
  Plot empty{.title = "empty", .x = {.label = "x"}, .y = {.label = "y"}};
  empty.series.push_back({.label = "none", .x = {1}, .y = {std::numeric_limits<double>::quiet_NaN()}});
  const std::string svg = render_svg({full, empty}, 2);
  EXPECT_EQ(svg.rfind("<svg", 0), 0U);
  EXPECT_NE(svg.find("</svg>"), std::string::npos);
  EXPECT_EQ(count(svg, "no data"), 1U);
}

TEST(Plot, TextOfUsersStaysTextAndRunsNothing) {
  const std::string mark = testing::TempDir() + "seccm_plot_injection";
  Plot plot{
      .title = "\"; system(\"touch " + mark + "\") `touch " + mark + "`", .x = {.label = "x"}, .y = {.label = "y"}};
  plot.series.push_back({.label = "a\nsystem('touch " + mark + "')", .x = {0, 1}, .y = {0, 1}});
  EXPECT_FALSE(render_svg({plot}, 1).empty());
  EXPECT_FALSE(std::ifstream(mark).good());
}

TEST(Plot, NonPositiveValuesOnALogarithmicAxisAreLeftOut) {
  Plot plot{.title = "log", .x = {.label = "x", .logarithmic = true}, .y = {.label = "y"}};
  plot.series.push_back({.label = "bad", .x = {-1, 0}, .y = {1, 1}});
  EXPECT_EQ(count(render_svg({plot}, 1), "no data"), 1U);
}

TEST(Image, StretchMapsPercentilesToBlackAndWhite) {
  std::vector<std::uint16_t> pixels(1000);
  for (std::size_t k = 0; k < pixels.size(); ++k) pixels[k] = static_cast<std::uint16_t>(1000 + k);
  const GreyImage image = stretch(pixels, 100, 10);
  EXPECT_EQ(image.pixels.front(), 0);
  EXPECT_EQ(image.pixels.back(), 255);
  // Linear between the 0.5 and 99.5 percentiles: the middle pixel is half way, within one grey level of rounding.
  EXPECT_NEAR(image.pixels[500], 127.5, 1.0);
}

TEST(Image, RefusesAPixelCountThatDoesNotFitTheSize) {
  EXPECT_THROW(stretch(std::vector<std::uint16_t>(9), 2, 5), InputError);
}

TEST(Image, FlattenTakesTheLampOffAndKeepsTheContrastOfAnObject) {
  constexpr std::size_t kSize = 64;
  std::vector<std::uint16_t> pixels(kSize * kSize);
  for (std::size_t k = 0; k < pixels.size(); ++k) pixels[k] = static_cast<std::uint16_t>(1000 + 20 * (k % kSize));
  const std::size_t object = 32 * kSize + 32;
  pixels[object] = static_cast<std::uint16_t>(pixels[object] / 2);
  const auto flat = flatten(pixels, kSize, kSize, 9);
  // A linear profile equals its box mean away from the border; the object moves the mean of its own window by 1/162.
  EXPECT_NEAR(flat[20 * kSize + 20], 16384, 1);
  EXPECT_NEAR(flat[20 * kSize + 45], 16384, 1);
  EXPECT_NEAR(flat[object], 8192.0 / (1.0 - 1.0 / 162.0), 1);
}

TEST(Image, CropIsClippedToTheImage) {
  GreyImage image{.width = 3, .height = 2, .pixels = {0, 1, 2, 3, 4, 5}};
  const GreyImage part = crop(image, 1, 0, 10, 10);
  EXPECT_EQ(part.width, 2);
  EXPECT_EQ(part.height, 2);
  EXPECT_EQ(part.pixels, (std::vector<std::uint8_t>{1, 2, 4, 5}));
  EXPECT_EQ(crop(image, 7, 7, 2, 2).pixels.size(), 0U);
}

TEST(Image, SvgHoldsThePixelsAsPngAndEveryOverlay) {
  GreyImage image{.width = 4, .height = 4, .pixels = std::vector<std::uint8_t>(16, 128)};
  const std::vector<Overlay> overlays{{.x = 1, .y = 1, .radius = 1, .label = "<7>"},
                                      {.x = 2, .y = 2, .radius = 1, .label = ""}};
  const std::string svg = image_svg(image, overlays, 100, 2.0, "1 µm");
  EXPECT_EQ(encode_png(image).substr(1, 3), "PNG");
  EXPECT_EQ(count(svg, "<circle"), 2U);
  EXPECT_NE(svg.find("&lt;7&gt;"), std::string::npos);
}

TEST(Report, ShowsVoltammogramsScanRatesAndOnlyWhatTheInputsHold) {
  const files::Results results = example_results();
  const ReportInputs inputs{.title = "example", .results = &results, .tables = {}};
  std::vector<std::string> titles;
  for (const auto& figure : make_figures(inputs)) titles.push_back(figure.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"Voltammograms", "Peak current against scan rate"}));
  // The drawn guide line is the least-squares fit of an exact power law.
  EXPECT_NE(scan_rate_figure(inputs).svg.find("b = 0.600"), std::string::npos);
}

TEST(Report, PageIsSelfContainedAndEscapesItsText) {
  const files::Results results = example_results();
  ReportInputs inputs{.title = "a <b> & c", .results = &results, .tables = {{.heading = "table", .text = "1 < 2"}}};
  const test::ScratchDirectory directory;
  const std::filesystem::path path = directory / "report.html";
  write_html_report({inputs}, path);
  std::ifstream in(path);
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(page.find("a &lt;b&gt; &amp; c"), std::string::npos);
  EXPECT_NE(page.find("1 &lt; 2"), std::string::npos);
  EXPECT_EQ(count(page, "<script"), 0U);
  EXPECT_EQ(count(page, "<link"), 0U);
  EXPECT_EQ(count(page, "src="), 0U);
}

TEST(Report, UnwritablePathIsOneClearErrorAndLeavesNothing) {
  const files::Results results = example_results();
  const std::string path = testing::TempDir() + "no_such_directory/report.html";
  try {
    write_html_report({{.title = "t", .results = &results, .tables = {}}}, path);
    FAIL() << "expected InputError";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos);
  }
  EXPECT_FALSE(std::ifstream(path + ".tmp").good());
}

}  // namespace
}  // namespace seccm::report
