#include "pipeline/report/report.hpp"
#include "pipeline/report/estimate_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <sstream>

#include "pipeline/report/figures.hpp"
#include "pipeline/report/micrograph_svg.hpp"
#include "pipeline/report/plot.hpp"
#include "pipeline/report/ticks.hpp"
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

TEST(Plot, LeavesOutPanelsWithoutData) {
  Plot full{.title = "full", .x = {.label = "x"}, .y = {.label = "y"}};
  full.series.push_back({.label = "line", .x = {1, 2, 3}, .y = {1, 4, 9}});
  Plot empty{.title = "empty", .x = {.label = "x"}, .y = {.label = "y"}};
  empty.series.push_back({.label = "none", .x = {1}, .y = {std::numeric_limits<double>::quiet_NaN()}});
  const std::string html = render_svg({full, empty});
  EXPECT_EQ(count(html, "<svg"), 1U);
  EXPECT_NE(html.find("aria-label=\"full: y against x; line\""), std::string::npos);
  EXPECT_EQ(html.find("empty"), std::string::npos);
  EXPECT_EQ(render_svg({empty}), "");
}

TEST(Plot, TextOfUsersStaysText) {
  Plot plot{.title = "<script>\"&", .x = {.label = "<b>"}, .y = {.label = "y"}};
  plot.series.push_back({.label = "<i>", .x = {0, 1}, .y = {0, 1}});
  const std::string html = render_svg({plot});
  for (const char* tag : {"<script", "<b>", "<i>"}) EXPECT_EQ(html.find(tag), std::string::npos) << tag;
  EXPECT_NE(html.find("&lt;script&gt;&quot;&amp;"), std::string::npos);
}

TEST(Plot, NonPositiveValuesOnALogarithmicAxisAreLeftOut) {
  Plot plot{.title = "log", .x = {.label = "x", .logarithmic = true}, .y = {.label = "y"}};
  plot.series.push_back({.label = "bad", .x = {-1, 0}, .y = {1, 1}});
  EXPECT_EQ(render_svg({plot}), "");
}

/// Where the first coordinate of a path of class `name` stands.
std::vector<double> ordinates(const std::string& svg, const std::string& name) {
  std::vector<double> found;
  const auto at = svg.find("class=\"" + name + "\" d=\"");
  std::istringstream path(svg.substr(svg.find("d=\"", at) + 3));
  char pen = ' ';
  double x = 0.0, y = 0.0;
  while (path >> pen >> x >> y && (pen == 'M' || pen == 'L')) found.push_back(y);
  return found;
}

// Whatever the material: data of 40 nA around 3.6 V fill the panel as data of 1 pA around 1.6 V do.
TEST(Plot, AxesFollowTheData) {
  const auto drawn = [](double E, double i) {
    Plot plot{.title = "", .x = {.label = "E"}, .y = {.label = "i"}};
    plot.series.push_back({.label = "", .x = {E, E + 0.1, E + 0.2}, .y = {-i, i, 0.0}});
    return ordinates(render_svg({plot}), "c0 line");
  };
  const auto titania = drawn(1.6, 1.0), other = drawn(3.6, 40e3);
  ASSERT_EQ(titania.size(), 3U);
  EXPECT_EQ(titania, other);
  EXPECT_GT(titania[0] - titania[1], 150.0);
}

// One point alone, or three: each a tick, and nothing between them.
TEST(Plot, ThingsAreCountedInWholeNumbers) {
  for (const int things : {1, 3}) {
    Plot plot{.title = "", .x = {.label = "point", .whole = true}, .y = {.label = "D", .low = 0.25, .high = 0.75}};
    Series marks{.label = "", .mark = Mark::points};
    for (int k = 0; k < things; ++k) {
      marks.x.push_back(k);
      marks.y.push_back(0.5);
    }
    plot.series.push_back(marks);
    const std::string svg = render_svg({plot});
    for (int k = 0; k < things; ++k) EXPECT_EQ(count(svg, ">" + std::to_string(k) + "</text>"), 1U) << svg;
    EXPECT_EQ(count(svg, "e−"), 0U) << svg;
    EXPECT_EQ(count(svg, ">0.5<"), 1U) << svg;  // of the other axis
  }
}

TEST(Ticks, NoTwoLabelsAreEqualAndEveryNegativeOneHasItsSign) {
  for (const auto& [low, high] :
       {std::pair{0.12, 0.34}, {0.9, 1.1}, {1e-14, 5e-12}, {2e-3, 3e4}, {0.1, 1.0}, {1e-20, 1e5}, {3.0, 90.0}}) {
    std::set<std::string> labels;
    const auto ticks = logarithmic_ticks(low, high, 5);
    EXPECT_GE(ticks.size(), 2U) << low;
    EXPECT_LE(ticks.size(), 10U) << low;
    for (const Tick& tick : ticks) EXPECT_TRUE(labels.insert(tick.label).second) << tick.label << " in " << low;
  }
  for (const auto& [low, high] : {std::pair{-3.0, 2.0}, {-1e-3, 1e-3}, {3.51, 3.58}, {-40e3, 40e3}, {-2e6, 1e6}}) {
    std::set<std::string> labels;
    const auto ticks = linear_ticks(low, high, 5);
    EXPECT_GE(ticks.size(), 3U) << low;
    for (const Tick& tick : ticks) {
      EXPECT_TRUE(labels.insert(tick.label).second) << tick.label << " in " << low;
      EXPECT_EQ(tick.value < 0.0, tick.label.starts_with("−")) << tick.label;
    }
  }
  EXPECT_EQ(power_of_ten(-14), "10⁻¹⁴");
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
  // A linear profile equals its box mean away from the border. The object moves the first mean of its own window by
  // 1/162 and counts in the second as nine tenths of that; the rest of a window of 9 px departs by less than a tenth.
  EXPECT_NEAR(flat[20 * kSize + 20], 16384, 1);
  EXPECT_NEAR(flat[20 * kSize + 45], 16384, 1);
  EXPECT_NEAR(flat[object], 8192.0 / ((80.0 + 0.9 * (1.0 - 1.0 / 162.0)) / 81.0), 1);
}

TEST(Image, CropIsClippedToTheImage) {
  GreyImage image{.width = 3, .height = 2, .pixels = {0, 1, 2, 3, 4, 5}};
  const GreyImage part = crop(image, 1, 0, 10, 10);
  EXPECT_EQ(part.width, 2);
  EXPECT_EQ(part.height, 2);
  EXPECT_EQ(part.pixels, (std::vector<std::uint8_t>{1, 2, 4, 5}));
  EXPECT_EQ(crop(image, 7, 7, 2, 2).pixels.size(), 0U);
}

TEST(Image, ShrinksToMeansAndKeepsWhatIsSmall) {
  GreyImage image{.width = 4, .height = 2, .pixels = {0, 2, 100, 102, 4, 6, 104, 106}};
  const GreyImage half = shrink(image, 2);
  EXPECT_EQ(half.width, 2);
  EXPECT_EQ(half.pixels, (std::vector<std::uint8_t>{3, 103}));
  EXPECT_EQ(shrink(image, 4).pixels, image.pixels);
}

// Numbers beside the rings and a bar over a corner would hide what the image is there for.
TEST(Image, NothingButRingsCoversTheImage) {
  GreyImage image{.width = 4, .height = 4, .pixels = std::vector<std::uint8_t>(16, 128)};
  const std::vector<Overlay> overlays{{.x = 1, .y = 1, .radius = 1, .label = "<7>"},
                                      {.x = 2, .y = 2, .radius = 1, .label = ""}};
  const std::string svg = image_svg(
      image, overlays, {.display_width = 4, .bar_length = 2.0, .bar_label = "1 µm", .description = "a \"sample\""});
  EXPECT_EQ(encode_png(image).substr(1, 3), "PNG");
  EXPECT_EQ(count(svg, "<circle"), 2U);
  EXPECT_NE(svg.find("<title>&lt;7&gt;</title></circle>"), std::string::npos);
  EXPECT_NE(svg.find("aria-label=\"a &quot;sample&quot;\""), std::string::npos);
  EXPECT_EQ(count(svg, "<text"), 1U);
  EXPECT_NE(svg.find("viewBox=\"0 0 4 28.0\""), std::string::npos);  // the bar has a strip of its own
  EXPECT_NE(svg.find("<rect class=\"bar\" x=\"0\" y=\"12.0\""), std::string::npos);
}

TEST(Report, ShowsVoltammogramsScanRatesAndOnlyWhatTheInputsHold) {
  const files::Results results = example_results();
  const ReportInputs inputs{.title = "example", .results = &results};
  std::vector<std::string> titles;
  for (const auto& figure : make_figures(inputs)) titles.push_back(figure.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"Voltammograms", "Peak current against scan rate"}));
  // The drawn guide line is the least-squares fit of an exact power law.
  EXPECT_NE(scan_rate_figure(inputs).html.find("b = 0.600"), std::string::npos);
  EXPECT_NE(voltammogram_figure(inputs).html.find("point 3, 100 mV/s, 0.03 µm³"), std::string::npos);
}

std::string page_of(const ReportInputs& inputs, const ReportHead& head = {"2026-03-14", "seccm-twin 0.1.0 (abcdef0)"}) {
  const test::ScratchDirectory directory;
  write_html_report({inputs}, head, directory / "report.html");
  std::ifstream in(directory / "report.html");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Report, PageIsSelfContainedAndEscapesItsText) {
  const files::Results results = example_results();
  validation::Section table{.title = "table", .table = {{{"a"}, {"b", true}}, {{"1 < 2", "-3e-14"}}}};
  const std::string page = page_of({.title = "a <b> & c", .results = &results, .sections = {table}});
  EXPECT_NE(page.find("a &lt;b&gt; &amp; c"), std::string::npos);
  EXPECT_NE(page.find("<td>1 &lt; 2</td><td class=\"n\">−3e−14</td>"), std::string::npos);
  EXPECT_NE(page.find("2026-03-14 · seccm-twin 0.1.0 (abcdef0)"), std::string::npos);
  EXPECT_NE(page.find("name=\"viewport\""), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme:dark"), std::string::npos);
  EXPECT_EQ(count(page, "<pre"), 0U);
  EXPECT_EQ(count(page, "<script"), 0U);
  EXPECT_EQ(count(page, "<link"), 0U);
  EXPECT_EQ(count(page, "src="), 0U);
  EXPECT_EQ(count(page, "<svg"), count(page, "aria-label="));
}

// What was measured is never described as the twin's, and no material is assumed.
TEST(Report, DoesNotSayMoreThanItKnows) {
  files::Results results = example_results();
  for (const int point : {3, 4})
    for (const char* quantity : {"D", "x"})
      results.estimates.push_back({.point = point,
                                   .estimator = "some_way",
                                   .quantity = quantity,
                                   .unit = "1",
                                   .direction = 1,
                                   .value = 1e-17,
                                   .lower = 1e-18,
                                   .upper = std::numeric_limits<double>::infinity(),
                                   .level = 0.95,
                                   .scale = files::IntervalScale::logarithmic,
                                   .verdict = files::Verdict::valid,
                                   .reason = "",
                                   .leaves_out = ""});
  const std::string page = page_of({.title = "measured", .results = &results});
  for (const char* word : {"twin was given", "truth", "TiO", "gold", "ferrocene", "simulat"})
    EXPECT_EQ(page.find(word), std::string::npos) << word;
}

// A run file without a rig: a recording of another host, or of a model, which says so in its name.
TEST(Report, SaysWhereARunComesFromAndWhatTheUserStated) {
  const test::ScratchDirectory directory;
  const auto page = [&](const std::string& name) {
    const auto path = directory / "run.h5";
    {
      files::RunHeader header;
      header.scenario_name = name;
      files::RunRecorder recorder(path, header);
      recorder.add(files::StatedQuantity{"area", 1e-12, 5e-14, "m^2", "SEM"});
      recorder.add(files::StatedQuantity{"particle_radius", 27e-9, 0.0, "m", "TEM"});
      recorder.finalise("complete");
    }
    const files::RunReader run(path);
    return page_of({.title = name, .run = &run});
  };
  const std::string measured = page("cv"), model = page("cv (simulated)");
  EXPECT_NE(measured.find("recording of another host"), std::string::npos);
  EXPECT_EQ(model.find("recording of another host"), std::string::npos);
  EXPECT_NE(model.find("simulated: a model, no instrument"), std::string::npos);
  EXPECT_NE(measured.find("area 1 ± 0.05 µm² (SEM)"), std::string::npos);
  EXPECT_NE(measured.find("particle radius 27 nm (TEM)"), std::string::npos);
}

TEST(Report, BeginsWithOneSentenceOfVerdict) {
  files::Results results = example_results();
  const ReportInputs inputs{.title = "t", .results = &results};
  EXPECT_EQ(verdict_of(inputs), "2 of 3 voltammograms are well defined; nothing estimates D.");
  results.estimates.push_back({.point = 3,
                               .estimator = "eq3",
                               .quantity = "D",
                               .unit = "m^2/s",
                               .direction = 1,
                               .value = 2e-17,
                               .lower = 1e-17,
                               .upper = 4e-17,
                               .level = 0.95,
                               .verdict = files::Verdict::caveat,
                               .reason = "r",
                               .leaves_out = ""});
  EXPECT_EQ(verdict_of(inputs),
            "2 of 3 voltammograms are well defined; D = 2e-13 cm²/s (1e-13 to 4e-13) by eq3 (caveat).");
  // Ways that differ: the sentence picks none of them.
  const files::Estimate first = results.estimates.back();
  const auto add = [&](int point, const char* estimator, double D, files::Verdict verdict) {
    files::Estimate other = first;
    other.point = point;
    other.estimator = estimator;
    other.value = D;
    other.verdict = verdict;
    results.estimates.push_back(other);
  };
  add(1, "eq3", 6e-17, files::Verdict::caveat);
  EXPECT_EQ(verdict_of(inputs),
            "2 of 3 voltammograms are well defined; D = 4e-13 cm²/s (medians) by eq3, with a reservation.");
  add(3, "reversible", 3e-15, files::Verdict::caveat);
  EXPECT_EQ(verdict_of(inputs),
            "2 of 3 voltammograms are well defined; D = 4e-13 to 3e-11 cm²/s (medians) by 2 ways, each with a "
            "reservation.");
  add(3, "single", 1e-18, files::Verdict::valid);
  EXPECT_EQ(verdict_of(inputs),
            "2 of 3 voltammograms are well defined; D = 1e-14 to 3e-11 cm²/s (medians) by 3 ways, 1 of them without a "
            "reservation.");
  results.estimates.resize(results.estimates.size() - 3);
  results.estimates.back().verdict = files::Verdict::refused;
  results.estimates.back().reason = "no area in the optical image";
  EXPECT_EQ(verdict_of(inputs), "2 of 3 voltammograms are well defined; no D: no area in the optical image.");
  for (auto& s : results.selections) s = {.point = s.point, .accepted = false, .reason = "no contact"};
  EXPECT_EQ(verdict_of(inputs), "0 of 3 voltammograms are well defined: no contact.");
  const std::string page = page_of(inputs);
  EXPECT_LT(page.find("class=\"verdict\""), page.find("<table"));
}

TEST(Report, UnwritablePathIsOneClearErrorAndLeavesNothing) {
  const files::Results results = example_results();
  const std::string path = testing::TempDir() + "no_such_directory/report.html";
  try {
    write_html_report({{.title = "t", .results = &results}}, {}, path);
    FAIL() << "expected InputError";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos);
  }
}

}  // namespace
}  // namespace seccm::report
