#include "pipeline/validation/validation_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sample_validation.hpp"
#include "sim/error.hpp"

namespace seccm::validation {
namespace {

using nlohmann::json;
using test::SampleRun;
using testing::ElementsAre;
using testing::HasSubstr;

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
  EXPECT_EQ(v.rejected.at("peak # sigma"), 2);
  EXPECT_EQ(v.landing.on_particles.count, 6);
  ASSERT_EQ(v.estimators.size(), 1u);
  EXPECT_NEAR(v.estimators[0].bias.median, std::log10(2.0), 1e-12);
  ASSERT_TRUE(v.time_saved.has_value());
  EXPECT_THAT(v.time_saved->basis, HasSubstr("geometry"));
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

TEST(ValidationSummary, TakesAMeasuredGridInPlaceOfTheExpectation) {
  SampleRun s = sample(), g(3);
  for (auto& p : g.run.points) p.kind = files::PointKind::grid;
  ValidationSummary smart = validate(s.judged());
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
  EXPECT_EQ(row["covered"]["count"], 0);  // 3 stated errors off
  EXPECT_EQ(document["landing"]["contact"]["share"], 1.0);
}

TEST(ValidationSummary, TextNamesEveryEstimator) {
  const SampleRun s = sample();
  const std::string text = to_text(validate(s.judged()));
  EXPECT_THAT(text, HasSubstr("randles_sevcik_eq3"));
  EXPECT_THAT(text, HasSubstr("+0.301d"));
  EXPECT_THAT(text, HasSubstr("4 of 6 (67 %"));
  EXPECT_THAT(text, HasSubstr("peak # sigma"));
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
