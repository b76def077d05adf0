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

/// Imports recordings of tests/data and returns the report; the run is `name`.
json imported(const Words& sources, const std::string& run, const Words& options = {}) {
  Words words{"import"};
  for (const std::string& source : sources)
    words.push_back(source.starts_with("/") ? source : SECCM_TEST_DATA "/recordings/" + source);
  const Outcome outcome = seccm(words + Words{"-o", run, "--json"} + options);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return json::parse(outcome.out, nullptr, false);
}

json analysed(const std::string& run, const std::string& results) {
  const Outcome outcome = seccm({"analyse", run, "-o", results, "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return json::parse(outcome.out, nullptr, false);
}

const json* row_of(const json& results, const std::string& estimator, int direction, const std::string& quantity) {
  for (const json& e : results["estimates"])
    if (e["estimator"] == estimator && e["direction"] == direction && e["quantity"] == quantity && e["cycle"] == 0)
      return &e;
  return nullptr;
}

// A potentiostat's recordings: from the rest potential, with another end, behind a noisy rest, of two electrodes.
TEST_F(FieldFiles, RecordingsOfAPotentiostatAreAccepted) {
  struct Case {
    const char* file;
    int cycles, anodic, cathodic;
  };
  for (const Case& c : {Case{"ocv_start.mpt", 3, 3, 4},
                        {"ends_at_2V.mpt", 4, 3, 4},
                        {"rest_with_noise.mpt", 3, 3, 3},
                        {"two_electrode.mpt", 2, 2, 2}}) {
    SCOPED_TRACE(c.file);
    const json report = imported({c.file}, path("mpt.h5"), {"--reference-offset", "0 V"});
    ASSERT_EQ(report["rates"].size(), 1U);
    EXPECT_NEAR(report["rates"][0]["scan_rate_V_s"].get<double>(), 0.1, 1e-4);
    EXPECT_EQ(report["rates"][0]["cycles"], c.cycles);
    EXPECT_EQ(report["rates"][0]["anodic_ramps"], c.anodic);
    EXPECT_EQ(report["rates"][0]["cathodic_ramps"], c.cathodic);
    const json results = analysed(path("mpt.h5"), path("mpt.results.h5"));
    EXPECT_TRUE(results["selections"][0]["accepted"].get<bool>()) << results["selections"][0];
  }
  const json sweep = imported({"lsv_behind_rest.mpt"}, path("lsv.h5"));
  ASSERT_EQ(sweep["rates"].size(), 1U);
  EXPECT_EQ(sweep["ramps"], 1);
  EXPECT_NEAR(sweep["rates"][0]["scan_rate_V_s"].get<double>(), 0.1, 1e-4);
}

TEST_F(FieldFiles, TheHostsPolarityIsObeyed) {
  for (const auto& [file, polarity] : {std::pair{"host_iupac.csv", "iupac"}, {"host_native.csv", "wec-spm"}}) {
    const json report = imported({file}, path("host.h5"), {"--reference-offset", "3.05 V"});
    EXPECT_EQ(report["polarity"], polarity);
    ASSERT_EQ(
        seccm({"export", path("host.h5"), "--format", "bdf", "-o", path(std::string(polarity) + ".bdf.csv")}).status,
        0);
  }
  // both files hold one measurement, written with the two conventions
  EXPECT_EQ(bytes_of(path("iupac.bdf.csv")), bytes_of(path("wec-spm.bdf.csv")));
}

TEST_F(FieldFiles, FilesOfOneSeriesAreOneRun) {
  const json report = imported({"cv_20mVs.mpt", "cv_50mVs.mpt", "cv_100mVs.mpt"}, path("series.h5"),
                               {"--reference-offset", "0 V", "--area", "7.5 +- 0.7 um^2 (SEM)"});
  ASSERT_EQ(report["rates"].size(), 3U);
  const json results = analysed(path("series.h5"), path("series.results.h5"));
  for (const int direction : {1, -1}) {
    const json* b = row_of(results, "b_value", direction, "b");
    ASSERT_NE(b, nullptr);
    EXPECT_NEAR((*b)["value"].get<double>(), 0.5, 0.02);  // peaks that go with sqrt(v)
    const json* D = row_of(results, "randles_sevcik_eq3_stated_area", direction, "D");
    ASSERT_NE(D, nullptr);
    EXPECT_GT((*D)["value"].get<double>(), 0.0);
    EXPECT_THAT((*D)["reason"].get<std::string>(), HasSubstr("7.5 +- 0.7 um^2 stated (SEM)"));
  }
  EXPECT_NE(row_of(results, "dunn", 0, "outside_share"), nullptr);
}

TEST_F(FieldFiles, WhatExportWritesIsRead) {
  ASSERT_EQ(exported({"--format", "bdf", "-o", path("again.bdf.csv")}).status, 0);
  ASSERT_EQ(exported({"--format", "unitpackage", "-o", path("again.csv")}).status, 0);
  const json bdf = imported({path("again.bdf.csv")}, path("again1.h5"), {"--reference-offset", "3.05 V"});
  EXPECT_EQ(bdf["format"], "Battery Data Format");
  EXPECT_EQ(bdf["polarity"], "iupac");
  const json package = imported({path("again.csv")}, path("again2.h5"));
  EXPECT_EQ(package["format"], "unitpackage");
  // the kinds of points are not in a package: targets, blanks and ferrocene count alike; the targets ran at 2 V/s
  const json& fast = package["rates"].back();
  EXPECT_NEAR(fast["scan_rate_V_s"].get<double>(), 2.0, 0.02);
  EXPECT_EQ(fast["anodic_ramps"], 4);
  EXPECT_EQ(fast["cathodic_ramps"], 4);
}

TEST_F(FieldFiles, ASimulationIsAnalysed) {
  ASSERT_EQ(seccm({"simulate", "film_resistance", "-o", path("simulated.h5"), "--csv", path("simulated.csv"), "--set",
                   "program.cycles=2"})
                .status,
            0);
  const json results = analysed(path("simulated.h5"), path("simulated.results.h5"));
  EXPECT_TRUE(results["selections"][0]["accepted"].get<bool>()) << results["selections"][0];
  EXPECT_THAT(results.dump(), HasSubstr("(simulated)"));
  const json again = imported({path("simulated.csv")}, path("simulated2.h5"));
  EXPECT_EQ(again["format"], "columns of seccm simulate --csv");
  const json second = analysed(path("simulated2.h5"), path("simulated2.results.h5"));
  const json *a = row_of(results, "peak_current", -1, "peak_current"),
             *b = row_of(second, "peak_current", -1, "peak_current");
  ASSERT_TRUE(a != nullptr && b != nullptr);
  EXPECT_NEAR((*a)["value"].get<double>(), (*b)["value"].get<double>(), 1e-3 * std::abs((*a)["value"].get<double>()));
}

TEST_F(FieldFiles, StatementsComeFromAFileToo) {
  write(directory_ / "map.toml",
        "polarity = \"iupac\"\nscan_rate = \"100 mV/s\"\n[columns]\npotential = \"2 [mV]\"\ncurrent = \"b [nA]\"\n"
        "[known]\narea = \"2 +- 0.2 um^2 (SEM)\"\nparticle_radius = \"27 nm +- 4 nm\"\n");
  std::string table = "a,u,b\n";
  for (int k = 0; k <= 400; ++k)
    table += "7," + std::to_string(3000 - 5 * (k <= 200 ? 2 * k : 800 - 2 * k)) + ",1e-3\n";
  write(directory_ / "table.csv", table);
  const json report = imported({path("table.csv")}, path("table.h5"), {"--map", path("map.toml")});
  ASSERT_EQ(report["rates"].size(), 1U);
  EXPECT_NEAR(report["rates"][0]["scan_rate_V_s"].get<double>(), 0.1, 1e-6);
  const auto refusal = [&](const Words& words) {
    const Outcome outcome = seccm(Words{"import", path("table.csv"), "-o", path("x.h5")} + words);
    EXPECT_EQ(outcome.status, 2);
    return outcome.err;
  };
  EXPECT_THAT(refusal({"--polarity", "iupac"}), HasSubstr("no column is a current"));
  EXPECT_THAT(refusal({"--map", path("map.toml"), "--area", "2 +- x um^2"}), HasSubstr("accepted is an area"));
  EXPECT_THAT(refusal({"--map", path("map.toml"), "--radius", "27"}), HasSubstr("accepted is a length"));
  EXPECT_THAT(refusal({"--map", path("map.toml"), "--columns", "potential"}), HasSubstr("pairs such as"));
  write(directory_ / "wrong.toml", "[known]\nweight = \"1 kg\"\n");
  EXPECT_THAT(refusal({"--map", path("wrong.toml")}), HasSubstr("pipette_diameter, area, particle_radius"));
  write(directory_ / "wrong.toml", "columns = 3\n");
  EXPECT_THAT(refusal({"--map", path("wrong.toml")}), HasSubstr("wrong.toml:1: unknown key 'columns'"));
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

// What is stated and has no effect, or no sense, is refused by name.
TEST_F(FieldFiles, NothingThatTheUserSaysIsIgnored) {
  const std::string mpt = SECCM_TEST_DATA "/recordings/ends_at_2V.mpt",
                    host = SECCM_TEST_DATA "/recordings/host_native.csv";
  const auto refusal = [&](const std::string& file, const std::string& option, const std::string& value) {
    const Outcome outcome = seccm({"import", file, "-o", path("never.h5"), option, value});
    EXPECT_EQ(outcome.status, 2) << option;
    EXPECT_FALSE(std::filesystem::exists(path("never.h5")));
    return outcome.err;
  };
  EXPECT_THAT(refusal(mpt, "--columns", "time=1"), HasSubstr("--columns has no effect on EC-Lab or BT-Lab text"));
  EXPECT_THAT(refusal(mpt, "--scan-rate", "100 mV/s"), HasSubstr("--scan-rate has no effect on EC-Lab or BT-Lab text"));
  EXPECT_THAT(refusal(host, "--scan-rate", "100 mV/s"), HasSubstr("has no effect on recording schema v2"));
  EXPECT_THAT(refusal(mpt, "--area", "7 +- 7 um^2"), HasSubstr("with a standard error below the value"));
  write(path("known.toml"), "[known]\nfoo = 3\n");
  EXPECT_THAT(refusal(mpt, "--map", path("known.toml")), HasSubstr("known.toml:2: unknown key 'foo' of [known]"));
  write(path("known.toml"), "\n[known]\narea = \"7 pA\"\n");
  EXPECT_THAT(refusal(mpt, "--map", path("known.toml")), HasSubstr("known.toml:3: area \"7 pA\": accepted is an area"));
}

TEST_F(FieldFiles, SaysWhatIsAccepted) {
  EXPECT_EQ(exported({"--format", "gsf", "-o", path("x.gsf")}).status, 2);
  EXPECT_THAT(exported({"--format", "gsf", "-o", path("x.gsf"), "--image", "nowhere"}).err, HasSubstr("accepted are "));
  EXPECT_THAT(exported({"--format", "mpt", "--point", "999", "-o", path("x.mpt")}).err, HasSubstr("point 999"));
  EXPECT_THAT(exported({"--format", "word", "-o", path("x")}).err, HasSubstr("--help"));
  EXPECT_THAT(seccm({"import", path("absent.tsv"), "-o", path("x.h5")}).err, HasSubstr("no such regular file"));
  EXPECT_THAT(seccm({"import", run(), "-o", path("x.h5")}).err, HasSubstr("is no text file; accepted are .mpt"));
  write(directory_ / "a.tsv", "V1\tCurrent1\tdt (s)\n0\t1\t1\n");
  EXPECT_THAT(seccm({"import", path("a.tsv"), "-o", path("x.h5"), "--reference-offset", "3 A"}).err,
              HasSubstr("--reference-offset \"3 A\": accepted is a potential"));
}

}  // namespace
}  // namespace seccm::cli_test
