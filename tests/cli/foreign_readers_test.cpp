// Every HDF5 file that the command writes, read whole by programs that are not ours (read_hdf5.py), and the Python of
// docs/file-formats.md as it stands there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "tests/cli/command.hpp"

namespace seccm::cli_test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

constexpr int reader_is_missing = 77;

int status_of(const std::string& command) {
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): the tests' own words
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class ForeignReaders : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    if (!directory_.empty()) return;
    directory_ = fresh_directory("foreign_readers");
    const auto made = [](const Words& words) {
      const Outcome outcome = seccm(words);
      ASSERT_EQ(outcome.status, 0) << outcome.err;
    };
    made(Words{"validate", "quickstart", "-o", directory_.string(), "--quiet"} + short_scan());
    made({"simulate", "verification/planar_reversible", "-o", path("slopes.h5"), "--set",
          "numerics.sensitivities=\"material.D\""});
    made({"simulate", "electrolyte_cone", "-o", path("liquid.h5")});
    made({"simulate", "ensemble_identifiability", "-o", path("ensemble.h5"), "--set", "ensemble.cells=20", "--set",
          "ensemble.traces=true"});
    made({"export", path("run.h5"), "--format", "bdf", "-o", path("run.bdf.csv")});
    made({"export", path("run.h5"), "--format", "schema-v2", "-o", path("v2.csv")});
    made({"import", path("v2.csv"), "-o", path("imported.h5")});
  }
  static std::string path(const std::string& name) { return (directory_ / name).string(); }

  static inline fs::path directory_;
};

TEST_P(ForeignReaders, OpenEveryFileWhole) {
  std::string files;
  for (const char* name :
       {"run.h5", "results.h5", "truth.h5", "slopes.h5", "liquid.h5", "ensemble.h5", "imported.h5"}) {
    files += " '" + path(name) + "'";
  }
  const int status =
      status_of(SECCM_PYTHON " " SECCM_SOURCE_DIR "/tests/cli/read_hdf5.py " + std::string(GetParam()) + files);
  if (status == reader_is_missing) GTEST_SKIP() << GetParam() << " is not installed; scripts/setup --checks does";
  EXPECT_EQ(status, 0);
}

INSTANTIATE_TEST_SUITE_P(Hdf5, ForeignReaders, testing::Values("h5py", "netCDF4", "xarray", "ncdump", "octave"),
                         [](const auto& reader) { return std::string(reader.param); });

using Snippets = ForeignReaders;

TEST_F(Snippets, ThePythonOfTheDocumentationRuns) {
  const std::string page = bytes_of(SECCM_SOURCE_DIR "/docs/file-formats.md");
  const std::string open = "```python\n", close = "```\n";
  int snippets = 0;
  for (auto at = page.find(open); at != std::string::npos; at = page.find(open, at + 1)) {
    const auto begin = at + open.size();
    const fs::path program = directory_ / ("snippet_" + std::to_string(++snippets) + ".py");
    write(program, page.substr(begin, page.find(close, begin) - begin));
    EXPECT_EQ(status_of("cd '" + directory_.string() + "' && " SECCM_PYTHON " '" + program.string() + "'"), 0)
        << bytes_of(program);
  }
  EXPECT_GE(snippets, 2);
}

}  // namespace
}  // namespace seccm::cli_test
