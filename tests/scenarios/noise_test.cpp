// A noisy amplifier: the scan says what it has measured before anything is approached, and approaches under noise that
// its threshold stands clear of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/scan.hpp"
#include "scenarios/library.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

scan::ScanOutcome scan_with(std::vector<std::string> overrides) {
  overrides.insert(overrides.end(), {"scan.points=1", "scan.blanks=0", "scan.average=2", "scan.landing_images=0",
                                     "cv.cycles=1", "calibration.ferrocene=false", "micrograph_survey.enabled=false"});
  test::ScratchDirectory folder;
  return jobs::run_scan(load_scenario(resolve_scenario("quickstart"), overrides),
                        {folder / "run.h5", folder / "truth.h5"}, {})
      .outcome;
}

// Five times the noise: the comparator, which sees the 5 kHz of the amplifier, has 1.3 pA rms of it; it crosses 5 pA,
// 3.8 standard deviations, 1.7 times a second. A frame has 0.34 pA rms, of which 5 pA are 15.
TEST(NoisyAmplifier, IsNamedByThePreflightBeforeAnythingIsApproached) {
  const scan::ScanOutcome outcome = scan_with({"amplifier.white_noise=15 fA Hz^-1/2"});
  EXPECT_EQ(outcome.ending, scan::Ending::calibration_failed);
  EXPECT_EQ(outcome.landings, 0);
  EXPECT_THAT(outcome.message, AllOf(HasSubstr("preflight: the noise of the current is too large for the approach"),
                                     HasSubstr("scan.contact_threshold = 5 pA was crossed at least 2 times"),
                                     HasSubstr("At 7.5 pA nothing")));
  EXPECT_THAT(outcome.message, ::testing::Not(AnyOf(HasSubstr("Check light"), HasSubstr("mirror"))));
}

// The threshold that it names is one at which the scan runs: 7.5 pA are 5.6 standard deviations of the comparator.
TEST(NoisyAmplifier, IsScannedWithTheThresholdThatThePreflightNames) {
  const scan::ScanOutcome outcome = scan_with({"amplifier.white_noise=15 fA Hz^-1/2", "scan.contact_threshold=7.5 pA"});
  EXPECT_EQ(outcome.ending, scan::Ending::complete) << outcome.message;
}

// 3 pA of pick-up are 2.1 pA rms: six times that are more than 5 pA, and a frame shows it.
TEST(NoisyAmplifier, IsNamedWhereAFrameShowsIt) {
  const scan::ScanOutcome outcome = scan_with({"amplifier.mains_amplitude=3000 fA"});
  EXPECT_EQ(outcome.ending, scan::Ending::calibration_failed);
  EXPECT_THAT(outcome.message, AllOf(HasSubstr("scan.contact_threshold = 5 pA is not 6 times that"),
                                     HasSubstr("2.13 pA rms of a frame"), HasSubstr("pA nothing crossed it")));
}

}  // namespace
}  // namespace seccm::scenarios
