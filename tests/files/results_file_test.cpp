#include "files/results_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "files/json.hpp"
#include "files/quantities.hpp"
#include "files/schema.hpp"
#include "sample_run.hpp"
#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::files {
namespace {

using test::ScratchDirectory;
using test::slurp;
using testing::HasSubstr;

TEST(Quantities, AreShownInTheUnitThatTheyName) {
  for (const EstimatedQuantity& q : quantities()) {
    if (q.shown_unit == "1/h") continue;  // as stated
    EXPECT_NEAR(parse_unit(q.shown_unit).si / q.shown_in_SI, 1, 1e-12) << q.name;
  }
}

Results sample_results() {
  Results r{"run.h5", "sample", "seccm-twin test", 0xFFFF'FFFF'FFFF'FFFFULL, {}, {}, {}, {}};
  r.selections = {{0, true, ""}, {1, false, "no anodic peak above 3 sigma"}};
  const double infinity = std::numeric_limits<double>::infinity();
  for (int k = 0; k < 40; ++k) {
    const double D = 1e-19 / (1 + k);
    const Verdict verdict = k == 3 ? Verdict::refused : k == 4 ? Verdict::one_sided : Verdict::valid;
    r.estimates.push_back({.point = k,
                           .estimator = "randles_sevcik_eq3",
                           .quantity = "D",
                           .unit = "m^2/s",
                           .direction = k % 2 == 0 ? 1 : -1,
                           .cycle = 2,
                           .scan_rate = 0.05,
                           .value = D,
                           .standard_error = 1e-20,
                           .lower = D / 3,
                           .upper = k == 4 ? infinity : 3 * D,
                           .level = 0.95,
                           .scale = IntervalScale::logarithmic,
                           .verdict = verdict,
                           .reason = k == 3 ? "not finite" : "",
                           .leaves_out = "wetted area"});
  }
  r.curves.push_back({0, 2, 0.05, {1.0, 1.5, 2.0}, {1e-12, -2e-12, 3e-12}, {0, 0, 0}});
  r.curves.push_back({1, 3, 0.1, {}, {}, {}});
  r.curves.push_back({1, 4, 0.1, {1.25}, {5e-12}, {4e-12}});
  r.exponents.push_back({0, -1, {1.4, 1.5}, {0.55, 0.67}, {0.01, 0.02}});
  return r;
}

TEST(ResultsFile, ReturnsEveryFieldBitForBit) {
  const ScratchDirectory dir;
  const Results r = sample_results();
  write_results(dir / "r.h5", r);
  const Results s = read_results(dir / "r.h5");
  EXPECT_EQ(to_json(s), to_json(r));  // shortest digits that read back as the same double: equal text is equal bits
  EXPECT_EQ(s.seed, r.seed);
  EXPECT_EQ(s.curves[2].current, r.curves[2].current);
  EXPECT_TRUE(s.curves[1].E_vs_Li.empty());
  write_results(dir / "again.h5", s);
  EXPECT_TRUE(slurp(dir / "again.h5") == slurp(dir / "r.h5"));
}

TEST(ResultsFile, HoldsAnAnalysisWithoutResults) {
  const ScratchDirectory dir;
  write_results(dir / "r.h5", Results{});
  EXPECT_EQ(to_json(read_results(dir / "r.h5")), to_json(Results{}));
}

TEST(ResultsFile, RefusesCurvesOfUnequalLengthAndValuesThatAreNotFinite) {
  const ScratchDirectory dir;
  Results r = sample_results();
  r.curves[0].baseline.pop_back();
  EXPECT_THROW(write_results(dir / "r.h5", r), InputError);
  r = sample_results();
  r.estimates[1].value = std::numeric_limits<double>::infinity();
  try {
    write_results(dir / "r.h5", r);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("'value'"));
  }
  EXPECT_EQ(dir.entries(), 0u);
}

TEST(ResultsFile, RefusesWhatIsNoInterval) {
  const ScratchDirectory dir;
  const auto refusal = [&](double lower, double upper, double level) -> std::string {
    Results r = sample_results();
    r.estimates[2].lower = lower;
    r.estimates[2].upper = upper;
    r.estimates[2].level = level;
    try {
      write_results(dir / "r.h5", r);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal(0.0, std::numeric_limits<double>::infinity(), 0.95), "");
  EXPECT_THAT(refusal(3e-19, 1e-19, 0.95), HasSubstr("point 2 states [3e-19, 1e-19] m^2/s"));
  EXPECT_THAT(refusal(-1e-19, 1e-19, 0.95), HasSubstr("lower >= 0"));
  EXPECT_THAT(refusal(1e-19, 3e-19, 95), HasSubstr("level 95"));
  EXPECT_THAT(refusal(std::nan(""), 3e-19, 0.95), HasSubstr("[nan"));
}

TEST(ResultsJson, HoldsTheFieldsUnderTheirNames) {
  const auto document = nlohmann::json::parse(to_json(sample_results()));
  EXPECT_EQ(document["schema"], "seccm-results");
  EXPECT_EQ(document["seed"].get<std::uint64_t>(), 0xFFFF'FFFF'FFFF'FFFFULL);
  EXPECT_EQ(document["estimates"][3]["reason"], "not finite");
  const auto& third = document["estimates"][2];
  EXPECT_EQ(third["value"].get<double>(), 1e-19 / 3);
  EXPECT_EQ(third["lower"].get<double>(), 1e-19 / 3 / 3);
  EXPECT_EQ(third["level"].get<double>(), 0.95);
  EXPECT_EQ(third["scale"], "logarithmic");
  EXPECT_EQ(third["verdict"], "valid");
  EXPECT_EQ(third["leaves_out"], "wetted area");
  EXPECT_TRUE(document["estimates"][4]["upper"].is_null());  // no limit on that side
  EXPECT_EQ(document["curves"][0]["current"][1].get<double>(), -2e-12);
  EXPECT_FALSE(nlohmann::json::parse(to_json(sample_results(), false)).contains("curves"));
}

TEST(ResultsJson, SurvivesTextThatIsNotUtf8) {
  Results r;
  r.scenario_name = "\xFF\xFE";
  EXPECT_FALSE(nlohmann::json::parse(to_json(r)).is_null());
}

}  // namespace
}  // namespace seccm::files
