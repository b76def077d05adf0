#include "pipeline/validation/validation_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "sample_validation.hpp"
#include "sim/error.hpp"

namespace seccm::validation {
namespace {

using nlohmann::json;
using test::SampleRun;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

SampleRun sample() {
  SampleRun s(6);
  for (int k = 0; k < 6; ++k) {
    s.add(k, "randles_sevcik_eq3", "D", +1, 6e-19, 1e-19);
    s.results.selections.push_back({k, k < 4, k < 4 ? "" : "peak 2.1 sigma"});
  }
  return s;
}

TEST(ValidationSummary, JoinsRunResultsAndTruth) {
  const SampleRun s = sample();
  const ValidationSummary v = validate(s.judged());
  EXPECT_EQ(v.scenario_name, "sample");
  EXPECT_EQ(v.well_defined.count, 4);
  EXPECT_EQ(v.rejected.at("peak 2.1 sigma"), 2);
  EXPECT_EQ(v.landing.on_particles.count, 6);
  ASSERT_EQ(v.estimators.size(), 1u);
  EXPECT_NEAR(v.estimators[0].bias.median, std::log10(2.0), 1e-12);
  EXPECT_FALSE(v.time_saved.has_value());  // no array was measured or simulated
}

// Of what was measured: targets, nodes and blanks, but no landing of a calibration.
TEST(ValidationSummary, CountsTheSelectionsOfEveryPointThatWasMeasured) {
  SampleRun s = sample();
  for (const auto kind : {files::PointKind::blank, files::PointKind::grid, files::PointKind::target}) {
    s.run.points[5].kind = kind;
    EXPECT_EQ(validate(s.judged()).well_defined.of, 6);
  }
  for (const auto kind : {files::PointKind::calibration, files::PointKind::ferrocene}) {
    s.run.points[5].kind = kind;
    EXPECT_EQ(validate(s.judged()).well_defined.of, 5);
  }
}

TEST(ValidationSummary, JudgesARunThatWasNotAnalysedOrMeasured) {
  const SampleRun s = sample();
  JudgedRun judged = s.judged();
  judged.results = nullptr;
  EXPECT_TRUE(validate(judged).estimators.empty());
  const SampleRun empty;
  const ValidationSummary v = validate(empty.judged());
  EXPECT_FALSE(v.time_saved.has_value());
  EXPECT_TRUE(json::parse(to_json(v)).is_object());
  EXPECT_FALSE(to_text(v).empty());
}

TEST(ValidationSummary, RefusesFilesThatDoNotBelongTogetherAndWrongParameters) {
  SampleRun s = sample();
  s.truth.seed = 8;
  EXPECT_THAT(error_of([&] { (void)validate(s.judged()); }),
              HasSubstr("the seed of the run is 7, the other file says 8"));
  s.truth.seed = 7;
  s.truth.scenario_name = "other";
  EXPECT_THAT(error_of([&] { (void)validate(s.judged()); }), HasSubstr("'other'"));
  s = sample();
  EXPECT_THAT(error_of([&] { (void)validate(s.judged(), {.factor = 0.5}); }), HasSubstr("validation.factor"));
  EXPECT_THAT(error_of([&] { (void)validate(s.judged(), {.confidence = std::nan("")}); }),
              HasSubstr("validation.confidence"));
  EXPECT_THAT(error_of([&] { (void)validate(JudgedRun{}); }), HasSubstr("needs a run and its truth"));
}

TEST(ValidationSummary, TakesAMeasuredGridInPlaceOfASimulatedOne) {
  SampleRun s = sample(), g(3);
  for (auto& p : g.run.points) p.kind = files::PointKind::grid;
  SimulatedArray array;
  array.nodes = {{-1, 0.0}, {7, 2e-12}};
  JudgedRun judged = s.judged();
  judged.array = &array;
  ValidationSummary smart = validate(judged);
  EXPECT_THAT(smart.time_saved->basis, HasSubstr("simulated: 2 nodes"));
  // Four useful clusters in 59 s against one per two nodes of 9 s.
  EXPECT_NEAR(smart.time_saved->saved.value(), 1 - (59.0 / 4) / 18.0, 1e-12);
  EXPECT_THAT(to_text(smart), HasSubstr("time saved per useful particle"));
  EXPECT_NEAR(json::parse(to_json(smart))["time_saved"]["saved"].get<double>(), 1 - 59.0 / 72.0, 1e-12);
  const ValidationSummary grid = validate(g.judged());
  EXPECT_FALSE(grid.time_saved.has_value());
  EXPECT_EQ(grid.landing.grid_on_particles.of, 3);
  compare_with_grid(smart, grid);
  EXPECT_EQ(smart.time_saved->basis, "measured: 3 of 625 nodes of a regular array");
}

TEST(ValidationSummary, JsonHoldsTheNumbersUnderStableKeys) {
  const SampleRun s = sample();
  const std::string text = to_json(validate(s.judged()));
  EXPECT_EQ(text, to_json(validate(s.judged())));
  const json document = json::parse(text);
  EXPECT_EQ(document["schema"], "seccm-validation");
  const json& row = document["estimators"]["randles_sevcik_eq3.D.anodic.D"];
  EXPECT_NEAR(row["bias"]["median"].get<double>(), std::log10(2.0), 1e-12);
  EXPECT_EQ(row["scale"], "decades");
  // 6e-19 against 3e-19: the ratio is exactly the factor, which counts as inside.
  EXPECT_EQ(row["within_factor"]["count"], 6);
  EXPECT_EQ(row["covered"]["count"], 0);  // ln 2 = 0.69 is 4.2 stated errors of 1/6
  EXPECT_EQ(row["covered"]["verdict"], "not covered");
  EXPECT_EQ(row["covered"]["level"], 0.95);
  EXPECT_EQ(row["question"], "How fast does lithium diffuse?");
  EXPECT_EQ(document["landing"]["contact"]["share"], 1.0);
}

TEST(ValidationSummary, TextNamesEveryEstimator) {
  SampleRun s = sample();
  for (auto& e : s.results.estimates) e.leaves_out = "wetted over projected area";
  const std::string text = to_text(validate(s.judged()));
  EXPECT_THAT(text, HasSubstr("randles_sevcik_eq3"));
  EXPECT_THAT(text, HasSubstr("How fast does lithium diffuse?"));
  EXPECT_THAT(text, HasSubstr("D [cm^2/s]"));
  EXPECT_THAT(text, HasSubstr("+0.30 dec"));
  EXPECT_THAT(text, HasSubstr("0 % (0-39), not covered [1]"));  // Wilson: z^2/(n + z^2) = 3.84/9.84
  EXPECT_THAT(text, HasSubstr("[1] the interval leaves out: wetted over projected area"));
  EXPECT_THAT(text, HasSubstr("4 of 6 (67 %"));
  EXPECT_THAT(text, HasSubstr("peak 2.1 sigma"));
  EXPECT_THAT(text, Not(HasSubstr("#")));
}

TEST(ValidationSummary, RowsHaveUniqueNamesAndShowNoBiasWithoutATruth) {
  SampleRun s(6);
  for (int k = 0; k < 6; ++k) {
    s.add(k, "dunn", "capacitive_share", 0, 0.3, 0.1, 0.1);
    s.add(k, "dunn", "outside_share", 0, 0.2, 0.0, 0.1);
    s.add(k, "b_value", "b", +1, 0.55, 0.01);
  }
  const ValidationSummary v = validate(s.judged());
  std::set<std::string> labels;
  for (const EstimatorRow& r : v.estimators) EXPECT_TRUE(labels.insert(label_of(r, v.estimators)).second);
  EXPECT_TRUE(labels.contains("dunn: outside_share") && labels.contains("b_value"));
  std::istringstream lines(estimator_text(v));
  int rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("no truth") == std::string::npos || line.find("b_value") == std::string::npos) continue;
    ++rows;
    EXPECT_THAT(line, HasSubstr("0.55  no truth     -"));
  }
  EXPECT_EQ(rows, 1);
}

TEST(ValidationSummary, SaysWhichWayOfGettingDWouldDo) {
  SampleRun s(6);
  const double D = s.truth.D_deintercalation;
  EXPECT_EQ(diffusivity_sentence(validate(s.judged())), "");
  for (int k = 0; k < 6; ++k) {
    s.add(k, "good", "D", +1, 1.05 * D, 0.1 * D);
    s.add(k, "good", "D", -1, 0.97 * s.truth.D_intercalation, 0.1 * s.truth.D_intercalation);
    s.add(k, "rough", "D", +1, 2 * D, 0.1 * D);
    s.add(k, "wrong", "D", +1, 18 * D, 0.1 * D);
  }
  const ValidationSummary v = validate(s.judged());
  EXPECT_EQ(diffusivity_sentence(v),
            "D on this sample: good (-0.01 to +0.02 decades) would do; the order of magnitude comes from rough (+0.30 "
            "decades); not valid: wrong (+1.26 decades).");
  EXPECT_THAT(to_text(v).substr(0, 250), HasSubstr("D on this sample: good"));  // on top
  std::erase_if(s.results.estimates, [](const auto& e) { return e.estimator == "good" || e.estimator == "rough"; });
  EXPECT_EQ(diffusivity_sentence(validate(s.judged())),
            "D on this sample: no way of getting it is quantitative; not valid: wrong (+1.26 decades).");
  std::erase_if(s.results.estimates, [](const auto& e) { return e.point > 3; });
  EXPECT_THAT(diffusivity_sentence(validate(s.judged())), HasSubstr("too few landings"));
}

TEST(Bounds, NameWhatIsBroken) {
  const SampleRun s = sample();
  const std::string summary = to_json(validate(s.judged()));
  EXPECT_TRUE(broken_bounds(summary, R"({"/landing/on_particles/share": {"min": 0.9, "max": 1}})").empty());
  EXPECT_THAT(broken_bounds(summary, R"({"/well_defined/share": {"min": 0.9}})"),
              ElementsAre(HasSubstr("/well_defined/share is 0.6666666666666666, min accepted is 0.9")));
  EXPECT_THAT(broken_bounds(summary, R"({"/estimators/randles_sevcik_eq3.D.anodic.D/bias/median": {"max": 0.1}})"),
              ElementsAre(HasSubstr("max accepted is 0.1")));
  EXPECT_THAT(broken_bounds(summary, R"({"/absent": {"min": 0}})"), ElementsAre(HasSubstr("has no number")));
  for (const char* bad : {"", "[]", "{\"x\": {\"min\": 1}}", "{\"/x\": 1}", "{\"/x\": {}}", "{\"/x\": {\"least\": 1}}",
                          "{\"/x\": {\"min\": \"a\"}}", "{\"/x~\": {\"min\": 1}}"})
    EXPECT_THROW(broken_bounds(summary, bad), InputError) << bad;
}

}  // namespace
}  // namespace seccm::validation
