// Whole runs through the command, in a short form: files, determinism, blindness, interruption, every ready-made scan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"

namespace seccm::cli_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

Outcome validate(const std::string& scenario, const fs::path& directory, const Words& more = {}) {
  return seccm(Words{"validate", scenario, "-o", directory.string()} + short_scan() + more);
}

/// One whole validation in its short form, made once: its tests look at what it left.
class Runs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    base_ = fresh_directory("runs_base");
    write(base_ / "holds.json", R"({"/landing/contact/share": {"min": 0.0, "max": 1.0}})");
    outcome_ =
        validate("quickstart", base_ / "q", {"--json", "--threads", "2", "--gate", (base_ / "holds.json").string()});
    ASSERT_EQ(outcome_.status, 0) << outcome_.err;
  }
  static void TearDownTestSuite() { fs::remove_all(base_); }
  void TearDown() override { fs::remove_all(directory_); }
  static fs::path validated(const char* name) { return base_ / "q" / name; }

  fs::path directory_ = fresh_directory("runs");
  static inline fs::path base_;
  static inline Outcome outcome_;
};

TEST_F(Runs, ValidateWritesEveryFileItPromises) {
  for (const char* name : {"run.h5", "truth.h5", "results.h5", "report.html", "validation.json"}) {
    EXPECT_GT(fs::file_size(validated(name)), 100U) << name;
  }
  const json document = json::parse(outcome_.out);
  EXPECT_EQ(document, json::parse(bytes_of(validated("validation.json"))));
  EXPECT_EQ(document["scan"]["ending"], "complete");
  EXPECT_EQ(document["scan"]["points"]["planned"], 4);
  EXPECT_TRUE(document.contains("landing"));
}

TEST_F(Runs, SameScenarioAndSeedGiveTheSameBytesForOneAndTwoThreads) {
  ASSERT_EQ(validate("quickstart", directory_ / "one", {"--threads", "1"}).status, 0);
  ASSERT_EQ(validate("quickstart", directory_ / "seed", {"--threads", "2", "--seed", "7"}).status, 0);
  for (const char* name : {"run.h5", "truth.h5", "results.h5", "validation.json"}) {
    const std::string one = bytes_of(directory_ / "one" / name);
    EXPECT_TRUE(one == bytes_of(validated(name))) << name << " depends on the number of threads";
    EXPECT_FALSE(one == bytes_of(directory_ / "seed" / name)) << name << " does not depend on the seed";
  }
}

TEST_F(Runs, AnalysisDoesNotNeedTheTruth) {
  fs::copy_file(validated("run.h5"), directory_ / "run.h5");
  const std::string run = (directory_ / "run.h5").string();
  const std::string without = (directory_ / "without.h5").string();
  const Outcome analysed = seccm({"analyse", run, "-o", without});
  ASSERT_EQ(analysed.status, 0);
  EXPECT_THAT(analysed.out, HasSubstr("How large is the peak current?"));
  EXPECT_THAT(analysed.out, HasSubstr("95 % interval"));
  EXPECT_TRUE(bytes_of(validated("results.h5")) == bytes_of(without));
  EXPECT_THAT(seccm({"analyse", run, "-o", without, "--set", "material.D=1e-9 cm^2/s"}).err,
              HasSubstr("accepted are keys of [analysis]"));
}

TEST_F(Runs, TheRunFileHoldsNothingOfTheTruth) {
  const std::string bytes = bytes_of(validated("run.h5"));  // the scenario text is stored plainly
  EXPECT_THAT(bytes, HasSubstr("[analysis]"));
  for (const char* section : {"[material]", "[sample]", "[qrce]", "[alignment]", "truth_set"}) {
    EXPECT_EQ(bytes.find(section), std::string::npos) << section;
  }
}

TEST_F(Runs, TruncatedRunFileIsRefused) {
  const std::string bytes = bytes_of(validated("run.h5"));
  for (const double share : {0.01, 0.5, 0.99}) {
    write(directory_ / "cut.h5", bytes.substr(0, static_cast<std::size_t>(share * static_cast<double>(bytes.size()))));
    const Outcome outcome =
        seccm({"analyse", (directory_ / "cut.h5").string(), "-o", (directory_ / "cut.results.h5").string()});
    EXPECT_EQ(outcome.status, 2) << share;
    EXPECT_THAT(outcome.err, HasSubstr("cut.h5"));
    EXPECT_FALSE(fs::exists(directory_ / "cut.results.h5"));
  }
}

TEST_F(Runs, InterruptKeepsTheFinishedPoints) {
  const fs::path run = directory_ / "run.h5";
  const Outcome outcome = seccm_interrupted(Words{"scan", "quickstart", "-o", run.string(), "--json", "--quiet"},
                                            directory_ / "run.h5.journal", 1000000);
  ASSERT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_TRUE(fs::exists(run));
  EXPECT_TRUE(fs::exists(directory_ / "run.truth.h5"));
  EXPECT_FALSE(fs::exists(directory_ / "run.h5.journal"));
  EXPECT_EQ(json::parse(outcome.out)["ending"], "interrupted");
}

TEST_F(Runs, AJournalThatWasLeftOverIsRefusedAndCanBeRescued) {
  const fs::path run = directory_ / "run.h5";
  write(directory_ / "run.h5.journal", "not a journal");
  const Outcome refused = seccm({"scan", "quickstart", "-o", run.string()});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("--resume"));
  for (const char* how : {"--rescue", "--resume"}) {
    const Outcome rescued = seccm({"scan", "quickstart", "-o", run.string(), how});
    EXPECT_EQ(rescued.status, 2) << "a foreign journal is not a run";
    EXPECT_FALSE(fs::exists(run));
  }
  EXPECT_EQ(bytes_of(directory_ / "run.h5.journal"), "not a journal");
}

TEST_F(Runs, AGateThatBreaksGivesExitStatusOne) {
  write(directory_ / "breaks.json", R"({"/landing/contact/share": {"min": 1.5}})");
  write(directory_ / "no.json", "[1, 2]");
  const Outcome broken = validate("quickstart", directory_ / "b", {"--gate", (directory_ / "breaks.json").string()});
  EXPECT_EQ(broken.status, 1);
  EXPECT_THAT(broken.err, HasSubstr("gate: "));
  EXPECT_EQ(validate("quickstart", directory_ / "c", {"--gate", (directory_ / "no.json").string()}).status, 2);
}

TEST_F(Runs, ReportFindsTheCompanionsOfARun) {
  const fs::path page = directory_ / "again.html";
  ASSERT_EQ(seccm({"report", validated("results.h5").string(), "-o", page.string()}).status, 0);
  const std::string text = bytes_of(page);  // too long to be printed
  EXPECT_NE(text.find("truth of the simulation"), std::string::npos);
  EXPECT_NE(text.find("95 % interval"), std::string::npos);
}

std::string line_with(const std::string& text, const std::string& what) {
  const auto at = text.find(what);
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

// docs/validation.md: eq. 3 with the optical area does not cover the true D. Over the quickstart's piles the estimate
// is 1 to 1.6 decades too large, and the interval of an area to 30 % or of one near the resolution reaches 0.5 to 0.9
// decades: at most a quarter of the intervals hold the truth. Of 6, all would have to for the share's upper limit
// (Wilson) to reach 95 %: one scan in four thousand.
TEST_F(Runs, QuickstartShowsThatEquation3WithTheOpticalAreaIsNotCovered) {
  const Outcome outcome =
      seccm(Words{"validate", "quickstart", "-o", (directory_ / "q").string(), "--json", "--quiet", "--set",
                  "scan.points=18", "--set", "scan.blanks=1", "--set", "cv.scan_rates=[1 V/s]"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json document = json::parse(outcome.out);
  for (const char* sweep : {"anodic", "cathodic"}) {
    const json& row = document["estimators"][std::string("randles_sevcik_eq3_single_rate.D.") + sweep + ".D.1 V s^-1"];
    EXPECT_EQ(row["covered"]["verdict"], "not covered") << row;
    EXPECT_THAT(row["leaves_out"].get<std::string>(), HasSubstr("wetted over projected area"));
  }
  EXPECT_THAT(document["diffusivity"].get<std::string>(), HasSubstr("not valid: "));
  const std::string page = bytes_of(directory_ / "q" / "report.html");
  EXPECT_THAT(line_with(page, "<td>randles_<wbr>sevcik_<wbr>eq3_<wbr>single_<wbr>rate</td>"),
              HasSubstr("not covered [1]"));
}

class ReadyMade : public testing::TestWithParam<const char*> {};

TEST_P(ReadyMade, RunsInAShortForm) {
  const fs::path directory = fresh_directory(std::string("ready_") + GetParam());
  const std::string scan = GetParam();
  const bool given = scan == "paper_fig2" || scan == "paper_fig3";
  const Outcome outcome = seccm(Words{"validate", scan, "-o", (directory / "out").string(), "--json"} +
                                (given ? short_scan_of_given_clusters() : short_scan()));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const json document = json::parse(outcome.out, nullptr, false);
  ASSERT_FALSE(document.is_discarded());
  EXPECT_EQ(document["scan"]["ending"], "complete");
  fs::remove_all(directory);
}
INSTANTIATE_TEST_SUITE_P(Scans, ReadyMade,
                         testing::Values("quickstart", "paper_fig2", "paper_fig3", "paper_fig4", "paper_fig4_100",
                                         "hopping_grid"),
                         [](const auto& scan) { return std::string(scan.param); });

TEST_F(Runs, ACampaignRunsItsScenariosForEveryTruthSet) {
  write(directory_ / "small.toml",
        "name = \"small\"\njob = \"campaign\"\n[campaign]\nruns = \"a.toml b.toml\"\ntruth_sets = \"reconciled, "
        "paper_literal\"\n");
  write(directory_ / "a.toml", "name = \"a\"\n");
  write(directory_ / "b.toml", "name = \"b\"\nseed = 3\n[scan]\nmode = \"grid\"\n");
  const Outcome outcome = validate((directory_ / "small.toml").string(), directory_ / "out", {"--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json document = json::parse(outcome.out);
  EXPECT_EQ(document["runs"].size(), 4U);
  EXPECT_EQ(document["paper"].size(), 2U);
  EXPECT_TRUE(fs::exists(directory_ / "out" / "a-reconciled" / "run.h5"));
  EXPECT_TRUE(fs::exists(directory_ / "out" / "b-paper_literal" / "results.h5"));
  EXPECT_TRUE(fs::exists(directory_ / "out" / "report.html"));
}

}  // namespace
}  // namespace seccm::cli_test
