// A run out of the program and in again, through the command: every export, the import, the analysis of what came back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"

namespace seccm::cli_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class FieldFiles : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = fresh_directory("field_files");
    const Outcome scan = seccm(Words{"scan", "quickstart", "-o", run()} + short_scan());
    ASSERT_EQ(scan.status, 0) << scan.err;
  }
  static void TearDownTestSuite() { fs::remove_all(directory_); }
  static std::string path(const std::string& name) { return (directory_ / name).string(); }
  static std::string run() { return path("run.h5"); }
  static Outcome exported(const Words& words) { return seccm(Words{"export", run()} + words); }

  static inline fs::path directory_;
};

TEST_F(FieldFiles, AnImportOfAnExportIsAnalysedLikeTheRun) {
  ASSERT_EQ(exported({"--format", "schema-v2", "-o", path("v2.csv")}).status, 0);
  const Outcome import = seccm({"import", path("v2.csv"), "-o", path("again.h5"), "--json"});
  ASSERT_EQ(import.status, 0) << import.err;
  const json report = json::parse(import.out);
  EXPECT_EQ(report["format"], "recording schema v2");
  EXPECT_EQ(report["points"], 4);
  EXPECT_TRUE(report["complete"].get<bool>());

  const auto analysed = [](const std::string& file) {
    const Outcome outcome = seccm({"analyse", file, "-o", path("results.h5"), "--json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return json::parse(outcome.out);
  };
  const json first = analysed(run()), second = analysed(path("again.h5"));
  // Points are numbered anew: the k-th target, blank or node of the one is the k-th of the other.
  ASSERT_EQ(first["selections"].size(), second["selections"].size());
  std::map<int, int> renumbered;
  int accepted = 0;
  for (std::size_t k = 0; k < first["selections"].size(); ++k) {
    renumbered[first["selections"][k]["point"]] = second["selections"][k]["point"];
    EXPECT_EQ(first["selections"][k]["accepted"], second["selections"][k]["accepted"]) << second["selections"][k];
    accepted += first["selections"][k]["accepted"].get<bool>() ? 1 : 0;
  }
  ASSERT_GT(accepted, 0);
  int compared = 0;
  for (const json& a : first["estimates"]) {
    if (a["quantity"] != "peak_potential" || a["verdict"] == "refused") continue;
    for (const json& b : second["estimates"]) {
      const bool same = b["point"] == renumbered[a["point"]] && b["estimator"] == a["estimator"] &&
                        b["quantity"] == a["quantity"] && b["direction"] == a["direction"];
      if (!same) continue;
      EXPECT_NEAR(a["value"].get<double>(), b["value"].get<double>(), 2e-3);
      ++compared;
    }
  }
  EXPECT_GT(compared, 0);
}

TEST_F(FieldFiles, EveryFormatNamesWhatItWrote) {
  const auto files = [](const Words& words) {
    const Outcome outcome = exported(words + Words{"--json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const auto all = json::parse(outcome.out)["files"].get<std::vector<std::string>>();
    for (const std::string& file : all) EXPECT_GT(fs::file_size(file), 100U) << file;
    return all.size();
  };
  EXPECT_GE(files({"--format", "mpt", "-o", path("mpt")}), 4U);
  EXPECT_EQ(files({"--format", "bdf", "-o", path("run.bdf.csv")}), 1U);
  EXPECT_EQ(files({"--format", "unitpackage", "-o", path("package.csv")}), 2U);
  EXPECT_EQ(files({"--format", "gsf", "-o", path("final.gsf"), "--image", "final"}), 1U);
  EXPECT_EQ(files({"--format", "ome-tiff", "-o", path("images.ome.tiff")}), 1U);
}

TEST_F(FieldFiles, AReplayWritesTheSameRunAndNoTruth) {
  const Outcome outcome =
      seccm(Words{"scan", "quickstart", "-o", path("replayed.h5"), "--json", "--set", "rig.sequencer=replay", "--set",
                  "rig.camera=replay", "--set", "rig.light=replay", "--set", "rig.replay_run=" + run()} +
            short_scan());
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_FALSE(json::parse(outcome.out).contains("truth"));
  EXPECT_FALSE(fs::exists(path("replayed.truth.h5")));
  const auto results = [](const std::string& file, const char* as) {
    json found = json::parse(seccm({"analyse", file, "-o", path(as), "--json"}).out);
    found.erase("run_file");
    if (found.contains("header")) found["header"].erase("run_file");
    return found;
  };
  EXPECT_EQ(results(run(), "a.h5"), results(path("replayed.h5"), "b.h5"));
}

TEST_F(FieldFiles, SaysWhatIsAccepted) {
  EXPECT_EQ(exported({"--format", "gsf", "-o", path("x.gsf")}).status, 2);
  EXPECT_THAT(exported({"--format", "gsf", "-o", path("x.gsf"), "--image", "nowhere"}).err, HasSubstr("accepted are "));
  EXPECT_THAT(exported({"--format", "mpt", "--point", "999", "-o", path("x.mpt")}).err, HasSubstr("point 999"));
  EXPECT_THAT(exported({"--format", "word", "-o", path("x")}).err, HasSubstr("--help"));
  EXPECT_THAT(seccm({"import", path("absent.tsv"), "-o", path("x.h5")}).err, HasSubstr("no such regular file"));
  EXPECT_THAT(seccm({"import", run(), "-o", path("x.h5")}).err, HasSubstr("accepted are .tsv"));
  write(directory_ / "a.tsv", "V1\tCurrent1\tdt (s)\n0\t1\t1\n");
  EXPECT_THAT(seccm({"import", path("a.tsv"), "-o", path("x.h5"), "--reference-offset", "3 A"}).err,
              HasSubstr("--reference-offset \"3 A\": accepted is a potential"));
}

}  // namespace
}  // namespace seccm::cli_test
