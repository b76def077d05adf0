// The programs of examples/, and clients that ask everything they can ask, each with the package that its users have.
// A test whose package is not installed is skipped by its name; scripts/setup --checks installs them all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"

namespace seccm::cli_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

struct Printed {
  int status = -1;
  std::string text;
};

Printed printed(const std::string& command) {
  Printed all;
  FILE* pipe = popen(("timeout 300 " + command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return all;
  std::array<char, 4096> chunk{};
  while (const std::size_t n = fread(chunk.data(), 1, chunk.size(), pipe)) all.text.append(chunk.data(), n);
  const int status = pclose(pipe);
  all.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return all;
}

/// An interpreter that has a package: Debian's own, or that of the clients which scripts/setup --checks installs.
std::string interpreter_with(const std::string& package) {
  for (const std::string python : {SECCM_SOURCE_DIR "/build/clients/bin/python3", SECCM_PYTHON})
    if (printed(python + " -c 'import " + package + "'").status == 0) return python;
  return {};
}

/// Runs a script against a served quickstart; {stage} and the like in its arguments are the places of the listeners.
class Examples : public testing::Test {
 protected:
  /// False, with the reason in `missing_`, where nothing on this machine has it: optional, from the Python package
  /// index.
  bool finds(const std::string& package) {
    python_ = interpreter_with(package);
    if (!python_.empty()) return true;
    missing_ = package + " is not installed; scripts/setup --checks does";
    // What was installed and does not load is a fault, no reason to skip.
    EXPECT_FALSE(std::filesystem::exists(SECCM_SOURCE_DIR "/build/clients/complete")) << package << " does not load";
    return false;
  }

  Printed run(const std::string& script, std::string arguments, const Words& keys = {}) {
    const auto folder =
        fresh_directory(std::string("example_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    const auto ready = folder / "listening.json";
    Words words{"serve", "quickstart", "--ready", ready.string()};
    for (const char* key : {"serve.stage_port=0", "serve.light_port=0", "serve.source_meter_port=0"})
      words = words + Words{"--set", key};
    const bool camera = arguments.find("{camera}") != std::string::npos;
    words = words + Words{"--set", camera ? "serve.camera=true" : "serve.camera=false"};
    for (const auto& key : keys) words = words + Words{"--set", key};
    Printed said;
    const Outcome outcome = seccm_interrupted(words, ready, 1, [&] {
      put_in(arguments, "{folder}", folder.string());
      put_in(arguments, "{camera}", "127.0.0.1");
      const auto listening = nlohmann::json::parse(bytes_of(ready));
      for (const auto& listener : listening.at("listeners"))
        put_in(arguments, "{" + listener.at("instrument").get<std::string>() + "}", listener.at("where"));
      said = printed(python_ + " " SECCM_SOURCE_DIR "/" + script + " " + arguments);
    });
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(said.status, 0) << said.text;
    return said;
  }

  static void put_in(std::string& text, const std::string& name, const std::string& value) {
    if (const auto at = text.find(name); at != std::string::npos) text.replace(at, name.size(), value);
  }

  std::string missing_, python_;
};

TEST_F(Examples, StageWithPIPython) {
  if (!finds("pipython")) GTEST_SKIP() << missing_;
  EXPECT_THAT(
      run("examples/stage_pipython.py", "{stage}").text,
      AllOf(HasSubstr("E-727"), HasSubstr("wave table of 400 points, room for 262144"),
            // 10 nm either way: the noise of the sensor, some nm, and what the controller calls on target.
            testing::ContainsRegex("recorded 100 values 1 ms apart: (4.99|5.00)[0-9] to "), HasSubstr("error 0")));
}

TEST_F(Examples, PIPythonGetsAnAnswerToEveryQuestion) {
  if (!finds("pipython")) GTEST_SKIP() << missing_;
  EXPECT_THAT(run("tests/cli/every_pipython.py", "{stage}").text, HasSubstr("\n0 faults"));
}

TEST_F(Examples, SourceMeterWithPyMeasure) {
  if (!finds("pymeasure")) GTEST_SKIP() << missing_;
  EXPECT_THAT(
      run("examples/source_meter_pymeasure.py", "'{source meter}'", {"serve.source_meter_dialect=keithley_6430"}).text,
      AllOf(HasSubstr("MODEL 6430"), HasSubstr("range 1e-10 A"), HasSubstr("0.20 V")));
}

TEST_F(Examples, PyMeasureReadsAndWritesEveryPropertyOfThe2450) {
  if (!finds("pymeasure")) GTEST_SKIP() << missing_;
  EXPECT_THAT(run("tests/cli/every_keithley.py", "pymeasure2450 '{source meter}'").text, HasSubstr("\n0 faults"));
}

TEST_F(Examples, PyMeasureReadsAndWritesEveryPropertyOfThe2400) {
  if (!finds("pymeasure")) GTEST_SKIP() << missing_;
  EXPECT_THAT(
      run("tests/cli/every_keithley.py", "pymeasure2400 '{source meter}'", {"serve.source_meter_dialect=keithley_2400"})
          .text,
      HasSubstr("\n0 faults"));
}

TEST_F(Examples, SourceMeterWithQCoDeS) {
  if (!finds("qcodes")) GTEST_SKIP() << missing_;
  EXPECT_THAT(run("examples/source_meter_qcodes.py", "'{source meter}'").text,
              AllOf(HasSubstr("0.10 V"), HasSubstr("parameters in a snapshot")));
}

TEST_F(Examples, QCoDeSTakesASnapshotOfTheWholeUnit) {
  if (!finds("qcodes")) GTEST_SKIP() << missing_;
  EXPECT_THAT(run("tests/cli/every_keithley.py", "qcodes '{source meter}'").text, HasSubstr("\n0 faults"));
}

TEST_F(Examples, CameraWithAravis) {
  python_ = SECCM_PYTHON;  // GObject's bindings are Debian's
  EXPECT_THAT(run("examples/camera_aravis.py", "{camera} {folder}").text,
              AllOf(HasSubstr("frame2: 1024 x 1024 px"), HasSubstr("region0: 512 x 512 px")));
}

TEST_F(Examples, BlueskyScansWithOphydDevices) {
  if (!finds("bluesky")) GTEST_SKIP() << missing_;
  EXPECT_THAT(run("examples/bluesky_ophyd.py", "{stage} '{source meter}'").text,
              AllOf(HasSubstr("x 1.0"), HasSubstr("x 3.0"), HasSubstr("back at")));
}

TEST_F(Examples, FpgaWithNifpga) {
  if (!finds("nifpga")) GTEST_SKIP() << missing_;
  const auto library = std::filesystem::path(SECCM_NIFPGA_LIBRARY).parent_path().string();
  const Printed said = printed("env SECCM_RIG=quickstart LD_LIBRARY_PATH=" + library + " " + python_ +
                               " " SECCM_SOURCE_DIR "/examples/fpga_nifpga.py " SECCM_SOURCE_DIR
                               "/instrument/wecspm/software_target.lvbitx");
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_THAT(said.text, AllOf(HasSubstr("state Running"), HasSubstr("49 registers")));
}

}  // namespace
}  // namespace seccm::cli_test
