// The verbs that tell, and the voltammograms straight from the models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/cli/command.hpp"

namespace seccm::cli_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

TEST(Help, NamesEveryVerbAndTheExitStatuses) {
  const Outcome help = seccm({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* word : {"simulate", "scan", "analyse", "validate", "report", "list", "explain", "Exit status"}) {
    EXPECT_THAT(help.out, HasSubstr(word));
  }
  EXPECT_EQ(help.err, "");
}

TEST(Help, OfEveryVerbHasAnExample) {
  for (const char* verb : {"simulate", "scan", "analyse", "validate", "report", "list", "explain"}) {
    const Outcome help = seccm({verb, "--help"});
    EXPECT_EQ(help.status, 0) << verb;
    EXPECT_THAT(help.out, HasSubstr("Example:  seccm " + std::string(verb)));
  }
}

TEST(Version, IsOneLine) {
  EXPECT_THAT(seccm({"--version"}).out, testing::MatchesRegex("seccm-twin [0-9.]+( .[0-9a-f]+.)?\n"));
}

TEST(List, KnowsWhatThereIs) {
  EXPECT_THAT(seccm({"list", "scenarios"}).out, HasSubstr("quickstart"));
  const std::string estimators = seccm({"list", "estimators"}).out;
  for (const char* said :
       {"How fast does lithium diffuse?", "D / m^2/s", "needs       ", "interval    ", "leaves out  "})
    EXPECT_THAT(estimators, HasSubstr(said));
  EXPECT_THAT(seccm({"list", "models"}).out, HasSubstr("material.law"));
  EXPECT_THAT(seccm({"list", "devices"}).out, HasSubstr("rig.camera"));
  EXPECT_THAT(seccm({"list", "devices"}).out, HasSubstr("rig.sequencer = \"registers\"  available"));
  EXPECT_THAT(seccm({"list", "devices"}).out, HasSubstr("rig.sequencer = \"host\"       available"));
  EXPECT_THAT(seccm({"list", "devices"}).out, HasSubstr("rig.sequencer = \"hardware\"   if connected"));
  for (const char* what : {"scenarios", "estimators", "models", "devices"}) {
    const json document = json::parse(seccm({"list", what, "--json"}).out);
    EXPECT_FALSE(document.empty()) << what;
    EXPECT_TRUE(document.front().contains("name"));
  }
}

TEST(List, ShowsEveryEstimatorWithWhatItsIntervalHolds) {
  const json rows = json::parse(seccm({"list", "estimators", "--json"}).out);
  std::set<std::string> names;
  for (const json& row : rows) {
    EXPECT_TRUE(names.insert(row["name"]).second) << row["name"];
    for (const char* key : {"quantity", "unit", "question", "needs", "scale"})
      EXPECT_FALSE(row[key].get<std::string>().empty()) << row["name"] << " " << key;
    if (row["quantity"] != "D") continue;
    EXPECT_THAT(row["interval_leaves_out"].get<std::string>(), HasSubstr("finite size")) << row["name"];
  }
}

TEST(List, ShowsNoScenarioThatCanNotBeRead) {
  for (const json& entry : json::parse(seccm({"list", "scenarios", "--json"}).out)) {
    EXPECT_NE(entry["kind"], "") << entry["path"] << ": " << entry["text"];
  }
}

TEST(Explain, SaysUnitDefaultRangeAndSource) {
  const json rows = json::parse(seccm({"explain", "pipette.diameter", "--json"}).out);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]["key"], "pipette.diameter");
  EXPECT_EQ(rows[0]["default"], "1 um");
  EXPECT_EQ(rows[0]["accepted"], "0.05 um to 5 um");
  EXPECT_EQ(rows[0]["grade"], "P");
  EXPECT_GT(json::parse(seccm({"explain", "--all", "--json"}).out).size(), 150U);
  EXPECT_EQ(seccm({"explain"}).status, 2);
}

TEST(Simulate, WritesTheColumnsOfTheContract) {
  const fs::path directory = fresh_directory("simulate");
  write(directory / "cv.toml", "name = \"cv\"\njob = \"simulate\"\n");
  const fs::path csv = directory / "cv.csv";
  const Outcome outcome = seccm({"simulate", (directory / "cv.toml").string(), "--csv", csv.string(), "-o",
                                 (directory / "cv.h5").string(), "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::istringstream lines(bytes_of(csv));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "time_s,potential_V,current_A,cycle,scan_rate_V_s,current_error_A");
  std::size_t rows = 0;
  while (std::getline(lines, line)) {
    ++rows;
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), 5) << line;
  }
  const json document = json::parse(outcome.out);
  EXPECT_EQ(document["rows"], rows);
  EXPECT_LT(document["peak_cathodic"]["current_A"], 0.0);  // IUPAC: intercalation is cathodic, negative
  EXPECT_GT(document["peak_anodic"]["current_A"], 0.0);
  EXPECT_EQ(bytes_of(directory / "cv.h5").substr(1, 3), "HDF");
  fs::remove_all(directory);
}

TEST(Simulate, TakesOverridesAndTheSeed) {
  const fs::path directory = fresh_directory("simulate_set");
  write(directory / "cv.toml", "name = \"cv\"\njob = \"simulate\"\n");
  const auto peak = [&](const std::vector<std::string>& more) {
    const auto outcome =
        seccm(std::vector<std::string>{"simulate", (directory / "cv.toml").string(), "--json", "--quiet"} + more);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return json::parse(outcome.out)["peak_anodic"]["current_A"].get<double>();
  };
  EXPECT_NEAR(peak({"--set", "cell.particles=10"}) / peak({}), 10.0, 1e-6);
  fs::remove_all(directory);
}

TEST(Simulate, EveryVerificationCaseRuns) {
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(SECCM_SOURCE_DIR) / "scenarios" / "verification")) {
    if (entry.path().extension() != ".toml") continue;
    const Outcome outcome = seccm({"simulate", entry.path().string(), "--json", "--quiet"});
    EXPECT_EQ(outcome.status, 0) << entry.path() << ": " << outcome.err;
    EXPECT_GT(json::parse(outcome.out)["rows"].get<int>(), 100) << entry.path();
    ++cases;
  }
  EXPECT_GE(cases, 10);
}

TEST(Simulate, NothingIsLeftWhenTheOutputCanNotBeWritten) {
  const Outcome outcome = seccm({"simulate", "verification/none", "--csv", "/nonexistent/x.csv"});
  EXPECT_EQ(outcome.status, 2);
}

}  // namespace
}  // namespace seccm::cli_test
