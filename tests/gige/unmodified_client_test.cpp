// Clients that nobody here wrote: aravis-tools, and Aravis through its Python bindings.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/gige/gige_fixture.hpp"

namespace seccm::instrument::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// What a command printed; its exit status is expected to be 0. No command may run for longer than a minute.
std::string run(const std::string& command) {
  std::string printed;
  FILE* pipe = popen(("timeout 60 " + command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "the shell can not be started";
  std::array<char, 4096> chunk{};
  while (const std::size_t n = fread(chunk.data(), 1, chunk.size(), pipe)) printed.append(chunk.data(), n);
  const int status = pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command << ": " << printed;
  return printed;
}

std::vector<std::uint16_t> words(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::uint16_t> values;
  for (std::size_t k = 0; k + 1 < bytes.size(); k += 2) {
    const auto low = static_cast<unsigned char>(bytes[k]), high = static_cast<unsigned char>(bytes[k + 1]);
    values.push_back(static_cast<std::uint16_t>(low | high << 8));
  }
  return values;
}

/// The first `count` frames of a twin of the same seed, one behind the other.
std::vector<std::uint16_t> expected(double exposure, int count) {
  SmallTwin direct;
  EXPECT_TRUE(direct.camera().connect({}).ok());
  EXPECT_TRUE(direct.camera().configure({exposure, 1}).ok());
  std::vector<std::uint16_t> pixels;
  for (int k = 0; k < count; ++k) {
    const Image image = direct.camera().grab(1e9).value();
    pixels.insert(pixels.end(), image.pixels.begin(), image.pixels.end());
  }
  return pixels;
}

void expect_equal_frames(const std::string& mode) {
  WiredMicroscope wired;
  const auto file = std::filesystem::temp_directory_path() / fmt::format("seccm_gige_{}_{}.raw", mode, getpid());
  constexpr int count = 5;
  // Debian's own interpreter is the one that has Debian's bindings.
  run(fmt::format("/usr/bin/python3 {}/tests/gige/grab_frames.py {} 8000 {} {} {}", SECCM_SOURCE_DIR, camera_address,
                  count, file.string(), mode));
  const auto grabbed = words(file);
  std::filesystem::remove(file);
  EXPECT_EQ(grabbed, expected(8e-3, count));
}

TEST(UnmodifiedClient, AravisToolListsTheCamera) {
  WiredMicroscope wired;
  EXPECT_THAT(run("arv-tool-0.8"), HasSubstr("seccm-twin camera-TWIN01 (127.0.0.1)"));
}

TEST(UnmodifiedClient, AravisToolReadsAndWritesFeatures) {
  WiredMicroscope wired;
  const std::string tool = fmt::format("arv-tool-0.8 --address={} ", camera_address);
  EXPECT_THAT(run(tool + "control SensorWidth SensorHeight Width Height PixelFormat PayloadSize"),
              AllOf(HasSubstr("SensorWidth = 96"), HasSubstr("SensorHeight = 64"), HasSubstr("Width = 96"),
                    HasSubstr("Height = 64"), HasSubstr("PixelFormat = Mono16"), HasSubstr("PayloadSize = 12288")));
  EXPECT_THAT(run(tool + "control ExposureTimeAbs=12345 Width=48"), HasSubstr("ExposureTimeAbs = 12345"));
  EXPECT_THAT(run(tool + "control ExposureTimeAbs Width"),
              AllOf(HasSubstr("ExposureTimeAbs = 12345"), HasSubstr("Width = 48")));
  EXPECT_THAT(run(tool + "features"), AllOf(HasSubstr("'TriggerSoftware'"), HasSubstr("'ExposureTimeAbs'"),
                                            HasSubstr("'ExposureTime'"), HasSubstr("'DeviceSerialNumber'")));
}

/// What a script of this folder printed.
std::string script(const std::string& arguments) {
  return run(fmt::format("/usr/bin/python3 {}/tests/gige/{}", SECCM_SOURCE_DIR, arguments));
}

TEST(UnmodifiedClient, IsRefusedWhatIsNotAnnounced) {
  WiredMicroscope wired;
  EXPECT_THAT(script(fmt::format("announced_ranges.py {}", camera_address)), HasSubstr("refusals asked for"));
}

TEST(UnmodifiedClient, GetsAsManyFramesAsItsModeSays) {
  WiredMicroscope wired;
  const auto frames = [](const std::string& mode) {
    return script(fmt::format("count_frames.py {} {}", camera_address, mode));
  };
  EXPECT_EQ(frames("SingleFrame 5 free"), "1 1\n");
  EXPECT_EQ(frames("SingleFrame 5 trigger"), "1 1\n");
  EXPECT_EQ(frames("MultiFrame 5 free"), "5 5\n");
  EXPECT_EQ(frames("Continuous 5 free"), "12 12\n");
}

TEST(UnmodifiedClient, IsDeniedWhatAnotherOneControls) {
  WiredMicroscope wired;
  ASSERT_TRUE(wired.camera().connect({}).ok());
  const std::string printed = script(fmt::format("second_client.py {}", camera_address));
  EXPECT_THAT(printed, HasSubstr("width 96"));
  EXPECT_THAT(printed, Not(HasSubstr("took the control")));
  EXPECT_THAT(printed, Not(HasSubstr("wrote")));
  EXPECT_THAT(printed, HasSubstr("error (access-denied)"));
  EXPECT_TRUE(wired.camera().grab(1e9).ok());
}

TEST(UnmodifiedClient, FramesOnTriggerAreTheTwinsBitForBit) {
  expect_equal_frames("trigger");
}

TEST(UnmodifiedClient, FreeRunningFramesAreTheTwinsBitForBit) {
  expect_equal_frames("free");
}

}  // namespace
}  // namespace seccm::instrument::testing
