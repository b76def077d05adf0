// The include rules, on every source of the project; and on made-up lines, so that the check itself is known to bite.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/architecture/include_rules.hpp"

namespace seccm::architecture {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> sources() {
  std::vector<std::string> files;
  for (const Box& box : boxes()) {
    const fs::path folder = fs::path(SECCM_SOURCE_DIR) / box.folder;
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".hpp" && extension != ".cpp") continue;
      files.push_back(entry.path().lexically_relative(SECCM_SOURCE_DIR).generic_string());
    }
  }
  return files;
}

TEST(Includes, ObeyTheArchitecture) {
  const auto files = sources();
  ASSERT_GT(files.size(), 50U) << "the sources were not found under " << SECCM_SOURCE_DIR;
  for (const std::string& file : files) {
    for (const IncludeLine& include : includes_of(fs::path(SECCM_SOURCE_DIR) / file)) {
      if (const auto wrong = violation(file, include)) ADD_FAILURE() << *wrong;
    }
  }
}

TEST(Includes, NameFilesThatExist) {
  for (const std::string& file : sources()) {
    for (const IncludeLine& include : includes_of(fs::path(SECCM_SOURCE_DIR) / file)) {
      if (!include.quoted) continue;
      EXPECT_TRUE(fs::exists(fs::path(SECCM_SOURCE_DIR) / include.target)) << file << ": " << include.target;
    }
  }
}

TEST(Includes, SundialsIsSeenByOneFileOfSimAtMost) {
  std::vector<std::string> seen;
  for (const std::string& file : sources()) {
    for (const IncludeLine& include : includes_of(fs::path(SECCM_SOURCE_DIR) / file)) {
      for (const char* prefix : {"sundials/", "ida/", "idas/", "cvode/", "cvodes/", "kinsol/", "nvector/", "sunmatrix/",
                                 "sunlinsol/", "sunnonlinsol/"}) {
        if (include.target.starts_with(prefix)) seen.push_back(file);
      }
    }
  }
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  EXPECT_LE(seen.size(), 1U) << ::testing::PrintToString(seen);
  for (const std::string& file : seen) EXPECT_TRUE(file.starts_with("sim/")) << file;
}

TEST(Sources, LongerThan500LinesSayWhyInTheirHead) {
  std::vector<std::string> files = sources();
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(SECCM_SOURCE_DIR) / "tests")) {
    if (entry.path().extension() == ".cpp") files.push_back(entry.path().lexically_relative(SECCM_SOURCE_DIR));
  }
  for (const std::string& file : files) {
    std::ifstream in(fs::path(SECCM_SOURCE_DIR) / file);
    bool says_why = false;
    int lines = 0;
    for (std::string line; std::getline(in, line); ++lines) {
      says_why = says_why || (lines < 30 && line.starts_with("// Longer than 500 lines: "));
    }
    EXPECT_TRUE(lines <= 500 || says_why) << file << ": " << lines << " lines";
  }
}

TEST(IncludeRules, RefuseWhatWouldLetThePipelineSeeTheTruth) {
  const auto refused = [](std::string_view file, const std::string& target) {
    return violation(file, {1, true, target}).has_value();
  };
  EXPECT_TRUE(refused("pipeline/scan/smart_scan.cpp", "models/cell.hpp"));
  EXPECT_TRUE(refused("pipeline/scan/smart_scan.cpp", "instrument/twin/twin_rig.hpp"));
  EXPECT_TRUE(refused("pipeline/scan/smart_scan.cpp", "pipeline/validation/truth_file.hpp"));
  EXPECT_TRUE(refused("pipeline/analysis/analyse.cpp", "models/cell.hpp"));
  EXPECT_TRUE(refused("pipeline/analysis/analyse.cpp", "instrument/roles/rig.hpp"));
  EXPECT_TRUE(refused("pipeline/analysis/analyse.cpp", "pipeline/validation/truth_file.hpp"));
  EXPECT_TRUE(refused("sim/waveform.cpp", "models/cell.hpp"));
  EXPECT_TRUE(refused("instrument/roles/clock.hpp", "files/records.hpp"));
  EXPECT_TRUE(refused("models/cell.hpp", "scenarios/scenario.hpp"));
  EXPECT_TRUE(refused("models/cell/cell_model.cpp", "cell_model.hpp"));  // not written from the root
  EXPECT_FALSE(refused("pipeline/scan/smart_scan.cpp", "instrument/roles/rig.hpp"));
  EXPECT_FALSE(refused("pipeline/analysis/analyse.cpp", "files/run_file.hpp"));
}

TEST(IncludeRules, KeepEachLibraryBehindItsSeam) {
  const auto refused = [](std::string_view file, const std::string& target) {
    return violation(file, {1, false, target}).has_value();
  };
  EXPECT_TRUE(refused("scenarios/scenario.cpp", "toml++/toml.h"));
  EXPECT_FALSE(refused("config/toml_source.cpp", "toml++/toml.h"));
  EXPECT_TRUE(refused("cli/main.cpp", "CLI/CLI.hpp"));
  EXPECT_TRUE(refused("pipeline/analysis/analyse.cpp", "hdf5.h"));
  EXPECT_TRUE(refused("files/run_reader.cpp", "hdf5.h"));
  EXPECT_FALSE(refused("files/hdf5.cpp", "hdf5.h"));
  EXPECT_FALSE(refused("models/cell.hpp", "vector"));
}

}  // namespace
}  // namespace seccm::architecture
