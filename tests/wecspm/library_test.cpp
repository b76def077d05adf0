// The driver and a client in another language over our own libNiFpga.so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "instrument/drivers/wecspm/nifpga_library.hpp"
#include "instrument/drivers/wecspm/wecspm_sequencer.hpp"
#include "sim/error.hpp"
#include "tests/roles/sequencer_conformance.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::instrument::wecspm {
namespace {

using instrument::testing::hold;
using instrument::testing::move_z;
using instrument::testing::program_of;
using instrument::testing::read_all;
using instrument::testing::succeeded;
using ::testing::HasSubstr;

class WallClock final : public Clock {
 public:
  [[nodiscard]] double now() const override {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  void sleep_until(double time, const std::stop_token&) override {
    std::this_thread::sleep_for(std::chrono::duration<double>(std::max(0.0, time - now())));
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string bitfile_path() {
  return SECCM_SOURCE_DIR "/instrument/wecspm/software_target.lvbitx";
}

/// A rig file in a folder of its own, named by the environment.
class NiFpgaLibrary : public ::testing::Test {
 protected:
  NiFpgaLibrary() {
    std::ofstream(folder_ / "rig.toml") << "seed = 3\n[sample]\nclusters = 2\ncluster_size_median = 10\n";
    setenv("SECCM_RIG", (folder_ / "rig.toml").c_str(), 1);
  }
  ~NiFpgaLibrary() override { unsetenv("SECCM_RIG"); }
  seccm::test::ScratchDirectory folder_;
};

TEST_F(NiFpgaLibrary, RunsAProgramOfTheDriver) {
  const auto api = load_nifpga(SECCM_NIFPGA_LIBRARY);
  WallClock clock;
  WecspmConfig config;
  config.bitfile = bitfile_path();
  WecspmSequencer driver(*api, clock, config, read_bitfile(config.bitfile));
  ASSERT_TRUE(succeeded(driver.connect({.allow_motion = true})));
  Waypoint jump = hold(0.2, 7);
  jump.E1 = -0.25;
  jump.jump_E1 = true;
  const Program program = program_of({move_z(90e-6), jump});
  const std::size_t expected = driver.check(program).value().frames;
  ASSERT_TRUE(succeeded(driver.start(program)));
  const auto frames = read_all(driver);
  EXPECT_EQ(frames.size(), expected);
  EXPECT_EQ(driver.status().value().state, RunState::completed);
  EXPECT_NEAR(frames.back().z, 90e-6, 20e-9);
  EXPECT_NEAR(frames.back().E1, -0.25, 1e-4);
  Waypoint approach = move_z(20e-6, 20e-6);
  approach.stop = StopRule::on_contact;
  ASSERT_TRUE(succeeded(driver.start(program_of({approach}))));
  const auto landing = read_all(driver);
  EXPECT_EQ(driver.status().value().state, RunState::contact);
  EXPECT_NE(landing.back().flags & Frame::contact, 0);
}

// Two threads on one session, as a host has them: one waits for samples, the other stops. In real time the approach and
// the wait last 20 s; a stop that had to wait for the other call would find the tip at the end of its travel.
TEST_F(NiFpgaLibrary, AStopDoesNotWaitForABlockingRead) {
  const auto api = load_nifpga(SECCM_NIFPGA_LIBRARY);
  setenv("SECCM_SPEED", "1", 1);
  ASSERT_EQ(api->open(bitfile_path(), std::string(synthetic_signature), "RIO0"), 0);
  unsetenv("SECCM_SPEED");
  ASSERT_EQ(api->reset(), 0);
  ASSERT_EQ(api->run(), 0);
  const ImageMap map = map_image(read_bitfile(bitfile_path()), "software target");
  const auto write = [&](Reg reg, std::int64_t value) {
    EXPECT_EQ(api->write(map.of(reg), rule(reg).type, value), 0) << rule(reg).name;
  };
  const auto read = [&](Reg reg) {
    std::int64_t value = 0;
    for (int look = 0; look < 2; ++look) EXPECT_EQ(api->read(map.of(reg), rule(reg).type, value), 0);
    return value;
  };
  NativeWaypoint approach;
  approach.action = 2;
  approach.target = {0x3FFF, 0x3FFF, 12000, 0, 0};
  approach.velocity[axis_z] = 8;
  approach.flags = WaypointFlag::move_z;
  write(Reg::scaler_z, -19);  // 610 counts per s
  std::size_t room = 0, depth = 0;
  ASSERT_EQ(api->configure_fifo(map.samples, 1048576, depth), 0);
  ASSERT_EQ(api->write_fifo(map.waypoints, encode(approach), 0, room), 0);
  std::atomic<bool> asking = false;
  std::jthread reader([&] {
    std::vector<std::int16_t> words(frame_words * 100000);
    std::size_t left = 0;
    asking = true;
    EXPECT_EQ(api->read_fifo(map.samples, words, 20000, left), fpga_status::invalid_session);
  });
  while (!asking || read(Reg::applied_z) < 100) std::this_thread::yield();
  write(Reg::external_stop, 1);
  EXPECT_EQ(read(Reg::waiting), 1);
  EXPECT_LT(read(Reg::applied_z), 11000);
  EXPECT_EQ(api->close(), 0);  // ends the read
}

struct Ran {
  int status = -1;
  std::string output;
};
Ran run_script(const std::string& script, const std::string& arguments, const std::string& environment) {
#ifdef SECCM_ASAN_RUNTIME
  // The runtime must be there before the interpreter, which leaks of its own.
  const std::string runtime = "LD_PRELOAD=" SECCM_ASAN_RUNTIME " ASAN_OPTIONS=detect_leaks=0 ";
#else
  const std::string runtime;
#endif
  const std::string command = environment + runtime +
                              "timeout 120 " SECCM_PYTHON " " SECCM_SOURCE_DIR "/tests/wecspm/" + script + " " +
                              arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  Ran ran;
  if (pipe == nullptr) return ran;
  std::array<char, 256> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) ran.output += buffer.data();
  const int status = pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

TEST_F(NiFpgaLibrary, AnOrdinaryClientFindsTheStartUpState) {
  const Ran ran = run_script("plain_client.py", SECCM_NIFPGA_LIBRARY " " + bitfile_path(), "");
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("startup 16383 16383 0 Waiting=True Line=0"));
  EXPECT_THAT(ran.output, HasSubstr("line 1 samples 20 interval 41120"));
}

// The package of the maker, with the open host's calls.
TEST_F(NiFpgaLibrary, TheMakersPackageFindsASessionAsTheOpenHostWantsIt) {
  const std::string folder = std::filesystem::path(SECCM_NIFPGA_LIBRARY).parent_path();
  const Ran ran = run_script("nifpga_client.py", bitfile_path(),
                             "LD_LIBRARY_PATH=" + folder +
                                 " PYTHONPATH=$(echo " SECCM_SOURCE_DIR "/build/clients/lib/python3*/site-packages) ");
  if (ran.status == 77) GTEST_SKIP() << "the Python package nifpga is missing: scripts/setup --checks";
  EXPECT_EQ(ran.status, 0) << ran.output;
  for (const char* found : {"accepted as contact at once", "cancel acknowledged", "LineNumber = 7 is refused",
                            "FIFO properties answered", "aborted, downloaded and run anew"}) {
    EXPECT_THAT(ran.output, HasSubstr(found));
  }
}

// Both checks of the open host (echemtips/ni_protocol.py, validate_wec_bitfile): a class without "USB" for the
// transports "PCIe/PXI R Series" and "Auto", and then no signature is asked for. Its contract's names are ours.
TEST(SoftwareTarget, IsOfAClassThatTheOpenHostAccepts) {
  EXPECT_EQ(read_bitfile(bitfile_path()).target_class, "PCIe-7852R");
}

TEST_F(NiFpgaLibrary, SaysWhenTheRigIsNotNamed) {
  unsetenv("SECCM_RIG");
  const auto api = load_nifpga(SECCM_NIFPGA_LIBRARY);
  EXPECT_EQ(api->open(bitfile_path(), std::string(synthetic_signature), "RIO0"), fpga_status::software_fault);
}

TEST(NiFpgaLoader, NamesALibraryThatIsNotThereAndFunctionsThatAreMissing) {
  try {
    (void)load_nifpga("/nowhere/libNiFpga.so");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/libNiFpga.so: can not be loaded"));
  }
  try {
    (void)load_nifpga("libc.so.6");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("NiFpgaDll_Open"));
  }
}

TEST(SoftwareTarget, TheInstalledBitfileIsTheOneThatTheTargetAccepts) {
  std::ifstream in(bitfile_path());
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(), synthetic_bitfile()) << "written by synthetic_bitfile()";
}

}  // namespace
}  // namespace seccm::instrument::wecspm
