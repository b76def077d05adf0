// A recorded scan, run again on its own recording: the same pipeline, the same programs, the same answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "files/run_journal.hpp"
#include "jobs/scan.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// The quick start in short: three particles, one blank, one fast cycle.
std::vector<std::string> replayed_quickstart(std::vector<std::string> more) {
  std::vector<std::string> all{"scan.points=4", "scan.blanks=1", "cv.cycles=1", "cv.scan_rates=[\"2 V/s\"]",
                               "sample.cluster_size_median=20"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

Scenario scenario_with(std::vector<std::string> overrides) {
  return load_scenario(fs::path(SECCM_SOURCE_DIR) / "scenarios" / "quickstart.toml",
                       replayed_quickstart(std::move(overrides)));
}

std::vector<std::string> replay_of(const fs::path& run) {
  return {"rig.sequencer=replay", "rig.camera=replay", "rig.light=replay", "rig.replay_run=" + run.string()};
}

class ReplayedScan : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_.emplace();
    recorded_ = jobs::run_scan(scenario_with({}), {*directory_ / "a.h5", *directory_ / "a.truth.h5"}, {});
  }
  static void TearDownTestSuite() { directory_.reset(); }
  static jobs::ScanReport replay(const std::string& name, std::vector<std::string> more) {
    auto overrides = replay_of(*directory_ / "a.h5");
    overrides.insert(overrides.end(), more.begin(), more.end());
    return jobs::run_scan(scenario_with(overrides), {*directory_ / (name + ".h5"), *directory_ / (name + ".truth.h5")},
                          {});
  }

  static inline std::optional<test::ScratchDirectory> directory_;
  static inline jobs::ScanReport recorded_;
};

TEST_F(ReplayedScan, GivesTheSameTargetsVerdictsFramesAndImages) {
  ASSERT_EQ(recorded_.outcome.ending, scan::Ending::complete) << recorded_.outcome.message;
  ASSERT_EQ(recorded_.outcome.points_planned, 4);
  const jobs::ScanReport again = replay("b", {});
  ASSERT_EQ(again.outcome.ending, scan::Ending::complete) << again.outcome.message;
  EXPECT_FALSE(again.has_truth);
  EXPECT_FALSE(fs::exists(*directory_ / "b.truth.h5"));

  const files::RunReader a(*directory_ / "a.h5"), b(*directory_ / "b.h5");
  ASSERT_EQ(a.summary().points.size(), b.summary().points.size());
  for (std::size_t k = 0; k < a.summary().points.size(); ++k)
    EXPECT_TRUE(encode(a.summary().points[k]) == encode(b.summary().points[k])) << "point " << k;
  ASSERT_EQ(a.summary().programs.size(), b.summary().programs.size());
  for (std::size_t k = 0; k < a.summary().programs.size(); ++k)
    EXPECT_TRUE(encode(a.summary().programs[k]) == encode(b.summary().programs[k])) << "program " << k;
  EXPECT_TRUE(encode(a.summary().registration) == encode(b.summary().registration));
  EXPECT_TRUE(encode(a.summary().preflight) == encode(b.summary().preflight));
  EXPECT_TRUE(encode(a.summary().header) == encode(b.summary().header));
  ASSERT_EQ(a.image_names(), b.image_names());
  for (const std::string& name : a.image_names())
    EXPECT_TRUE(encode(a.image(name).value()) == encode(b.image(name).value())) << name;
  for (const auto& point : a.summary().points) {
    ASSERT_EQ(a.micrograph(point.index).has_value(), b.micrograph(point.index).has_value());
    if (a.micrograph(point.index)) {
      EXPECT_TRUE(encode(*a.micrograph(point.index)) == encode(*b.micrograph(point.index)));
    }
  }
  ASSERT_EQ(a.summary().frames, b.summary().frames);
  const auto frames_a = a.frames(0, a.summary().frames), frames_b = b.frames(0, b.summary().frames);
  EXPECT_TRUE(frames_a.t == frames_b.t);
  EXPECT_TRUE(frames_a.i1 == frames_b.i1);
  EXPECT_TRUE(frames_a.E1 == frames_b.E1);
  EXPECT_TRUE(frames_a.z == frames_b.z);
  EXPECT_TRUE(frames_a.tag == frames_b.tag);
  EXPECT_TRUE(frames_a.flags == frames_b.flags);
}

TEST_F(ReplayedScan, EndsWhereTheScanAsksForSomethingElse) {
  const jobs::ScanReport other = replay("c", {"cv.hold=2 s"});
  EXPECT_EQ(other.outcome.ending, scan::Ending::device_fault);
  EXPECT_THAT(other.outcome.message, HasSubstr("hold = 2 s, recorded 1 s"));
  const files::RunReader kept(*directory_ / "c.h5");
  EXPECT_EQ(kept.summary().status, "interrupted");
  EXPECT_GT(kept.summary().frames, 1000U);
}

TEST(ReplayScenario, AllThreeDevicesReplayOneRunOrNone) {
  const auto refusal = [](std::vector<std::string> overrides) -> std::string {
    try {
      (void)scenario_with(std::move(overrides));
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal(replay_of("a.h5")), "accepted");
  EXPECT_THAT(refusal({"rig.camera=replay"}), HasSubstr("accepted are all three or none"));
  EXPECT_THAT(refusal({"rig.sequencer=replay", "rig.camera=replay", "rig.light=replay"}),
              HasSubstr("rig.replay_run = \"\""));
  EXPECT_THAT(refusal({"rig.replay_run=a.h5"}), HasSubstr("no device is \"replay\""));
}

}  // namespace
}  // namespace seccm::scenarios
