// The table of scripts/coverage from summaries whose pooled numbers are known.
#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>

namespace seccm::validation {
namespace {

namespace fs = std::filesystem;

void write_summary(const fs::path& path, int n, double mean, double deviation, int covered) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << fmt::format(
      R"({{"estimators": {{"charge_total.charge.anodic.sweep exchange": {{"estimator": "charge_total", "quantity": "charge",
"direction": "anodic", "scan_rate_V_per_s": 0.1, "truth": "sweep exchange", "leaves_out": "surface redox",
"bias": {{"n": {0}, "mean": {1}, "standard_deviation": {2}}},
"covered": {{"count": {3}, "of": {0}, "stated_error": 0.02}}}},
"b_value.b.anodic": {{"estimator": "b_value", "value": {{"n": {0}}}}}}}}})",
      n, mean, deviation, covered);
}

std::string table_of(const fs::path& directory) {
  const std::string command =
      std::string(SECCM_PYTHON) + " -B " + SECCM_SOURCE_DIR "/tests/validation/coverage.py " + directory.string();
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) text += buffer.data();
  EXPECT_EQ(pclose(pipe), 0);
  return text;
}

// Two runs of 3 and 2 landings: -0.1, 0, 0.1 and 0.2, 0.4 have the mean 0.12 and the deviation √(0.148/4) = 0.192.
// 4 of 5 covered: the exact interval of 0.8 is 28.4 to 99.5 % (Clopper and Pearson 1934, tables).
TEST(CoverageTable, PoolsTheRunsOfAScenario) {
  const fs::path directory = fs::temp_directory_path() / fmt::format("seccm_coverage_{}", getpid());
  write_summary(directory / "quickstart/seed_1.json", 3, 0.0, 0.1, 3);
  write_summary(directory / "quickstart/seed_2.json", 2, 0.3, 0.1 * std::sqrt(2.0), 1);
  const std::string text = table_of(directory);
  EXPECT_NE(text.find("quickstart, 2 seeds"), std::string::npos) << text;
  EXPECT_NE(
      text.find("| charge_total | charge | anodic | 100 mV/s | sweep exchange | 5 | +0.120 | 0.192 | 0.020 | 80.0 | "
                "28.4 to 99.5 | surface redox |"),
      std::string::npos)
      << text;
  EXPECT_EQ(text.find("b_value"), std::string::npos) << "has no truth";
  fs::remove_all(directory);
}

}  // namespace
}  // namespace seccm::validation
