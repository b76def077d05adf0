// A rig whose interlocks refuse the approach: the scan says what they say, in front of everything that follows from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "fake_rig.hpp"
#include "instrument/decorators/interlock_guard.hpp"
#include "pipeline/scan/smart_scan.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scan {
namespace {

using test::FakeConfig;
using test::FakeRig;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr double slow_host = 50e-3;  // s: with the guard's 1 um an approach may have 20 um/s

ScanParameters brief() {
  ScanParameters p;
  p.protocol.points = 2;
  p.protocol.blanks = 0;
  p.protocol.landing_images = 0;
  p.protocol.grid_columns = 2;
  p.protocol.grid_rows = 1;
  p.protocol.optical_resolution = 0.47 * unit::um;
  p.protocol.approach_speed = 25.0 * unit::um_per_s;
  p.protocol.settle = 0.1 * unit::s;
  p.cv.vertex1 = 2.5 * unit::V;
  p.cv.scan_rates = {1.0 * unit::V_per_s};
  p.cv.hold = 0.1 * unit::s;
  p.calibration.columns = p.calibration.rows = 3;
  p.calibration.dwell = 0.1 * unit::s;
  return p;
}

using ScanFunction = ScanOutcome (*)(const instrument::Rig&, const ScanParameters&, files::RunRecorder&,
                                     const std::stop_token&, const ProgressCallback&);

/// A fake rig behind the interlocks. Its latency becomes `slow_host` when the scan enters `stage`; "": it is from the
/// start.
struct Refusing {
  explicit Refusing(std::string_view stage) : slow_from(stage) {
    rig.world.config.discs = test::scattered_discs(8, 8, 3);
    if (stage.empty()) rig.world.config.contact_latency = slow_host;
  }

  ScanOutcome scan(const ScanParameters& parameters, ScanFunction run) {
    files::RunRecorder recorder(directory / "run.h5", test::header_of(rig));
    return run({rig.clock, guard, rig.camera, rig.light}, parameters, recorder, {}, [this](const Progress& p) {
      if (p.stage == slow_from) rig.world.config.contact_latency = slow_host;
    });
  }

  test::ScratchDirectory directory;
  std::string_view slow_from;
  FakeRig rig{FakeConfig{}};
  instrument::InterlockGuard guard{rig.sequencer, {}};
};

const char* const reason =
    "approach at 25 um/s: goes on by 1.25 um in the contact latency of 50 ms; accepted: 1 um, up "
    "to 20 um/s";

TEST(Refusal, OfTheApproachIsSaidBeforeAnythingMoves) {
  for (const ScanFunction run : {run_smart_scan, run_hopping_grid}) {
    Refusing refusing("");
    try {
      refusing.scan(brief(), run);
      FAIL() << "the scan ran";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(),
                  AllOf(HasSubstr("scan.approach_speed = 25 um/s: interlock guard: "), HasSubstr(reason)));
    }
    EXPECT_THAT(refusing.rig.world.calls, Not(testing::Contains(HasSubstr("start"))));
  }
}

TEST(Refusal, OfTheFastPartOfTheApproachIsSaidBeforeAnythingMovesToo) {
  Refusing refusing("");
  ScanParameters parameters = brief();
  parameters.protocol.approach_speed = 3.0 * unit::um_per_s;
  parameters.protocol.fast_approach_speed = 30.0 * unit::um_per_s;
  try {
    refusing.scan(parameters, run_smart_scan);
    FAIL() << "the scan ran";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("scan.fast_approach_speed = 30 um/s: interlock guard: "));
  }
}

TEST(Refusal, AtTheLimitIsNone) {
  Refusing refusing("");
  ScanParameters parameters = brief();
  parameters.protocol.approach_speed = parameters.protocol.fast_approach_speed = 19.9 * unit::um_per_s;
  const ScanOutcome outcome = refusing.scan(parameters, run_smart_scan);
  EXPECT_EQ(outcome.ending, Ending::complete) << outcome.message;
}

TEST(Refusal, OfTheCalibrationLandingsIsWhyTheScanEnds) {
  Refusing refusing("position calibration");
  const ScanOutcome outcome = refusing.scan(brief(), run_smart_scan);
  EXPECT_EQ(outcome.ending, Ending::calibration_failed);
  EXPECT_THAT(outcome.message, AllOf(HasSubstr("the rig refused 9 of 9 landings"), HasSubstr(reason)));
  EXPECT_THAT(outcome.message, Not(HasSubstr("light"))) << "nothing is wrong with the image";
}

TEST(Refusal, OfTheFerroceneLandingsIsWhyTheScanEnds) {
  Refusing refusing("ferrocene calibration");
  const ScanOutcome outcome = refusing.scan(brief(), run_hopping_grid);
  EXPECT_EQ(outcome.ending, Ending::calibration_failed);
  EXPECT_THAT(outcome.message, HasSubstr(reason));
}

TEST(Refusal, OfEveryPointIsNoCompleteScan) {
  Refusing refusing("points");
  ScanParameters parameters = brief();
  parameters.calibration.ferrocene = false;
  const ScanOutcome outcome = refusing.scan(parameters, run_hopping_grid);
  EXPECT_EQ(outcome.ending, Ending::device_fault);
  EXPECT_THAT(outcome.message, AllOf(HasSubstr("the rig refused all 2 points"), HasSubstr(reason)));
  EXPECT_THAT(refusing.rig.world.calls, testing::Contains("sequencer.make_safe"));
}

}  // namespace
}  // namespace seccm::scan
