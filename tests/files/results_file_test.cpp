#include "files/results_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/json.hpp"
#include "files/schema.hpp"
#include "sample_run.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

using test::ScratchDirectory;
using test::slurp;
using testing::HasSubstr;

Results sample_results() {
  Results r{"run.h5", "sample", "seccm-twin test", 0xFFFF'FFFF'FFFF'FFFFULL, {}, {}, {}, {}};
  r.selections = {{0, true, ""}, {1, false, "no anodic peak above 3 sigma"}};
  for (int k = 0; k < 40; ++k)
    r.estimates.push_back({k, "randles_sevcik_eq3", "D", "m^2/s", k % 2 == 0 ? 1 : -1, 2, 0.05, 1e-19 / (1 + k), 1e-20,
                           k != 3, k == 3 ? "not finite" : ""});
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

TEST(ResultsJson, HoldsTheFieldsUnderTheirNames) {
  const auto document = nlohmann::json::parse(to_json(sample_results()));
  EXPECT_EQ(document["schema"], "seccm-results");
  EXPECT_EQ(document["seed"].get<std::uint64_t>(), 0xFFFF'FFFF'FFFF'FFFFULL);
  EXPECT_EQ(document["estimates"][3]["reason"], "not finite");
  EXPECT_EQ(document["estimates"][2]["value"].get<double>(), 1e-19 / 3);
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
