// One landing by hand: what the comparator is told, how deep each attempt goes, and what counts as contact where the
// current in air is not zero.
#include "pipeline/scan/landing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fake_rig.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scan {
namespace {

using test::FakeConfig;
using test::FakeRig;

constexpr StagePoint place{40e-6, 60e-6};

/// Nothing that is random, nothing but the meniscus on a level surface.
FakeConfig quiet() {
  FakeConfig config;
  config.tilt_x = config.tilt_y = 0.0;
  config.current_noise = 0.0;
  config.current_offset = 0.0;
  return config;
}

class Landing : public testing::Test {
 protected:
  void begin(const FakeConfig& config) {
    rig_.emplace(config);
    recorder_.emplace(directory_ / "run.h5", test::header_of(*rig_));
    session_.emplace(rig_->rig(), parameters_, *recorder_, std::stop_token{}, ProgressCallback{});
    session_->runner.begin_point();
  }
  /// The programs as they were asked for.
  std::vector<files::ProgramRecord> programs() {
    session_.reset();
    recorder_->finalise("complete");
    return files::RunReader(directory_ / "run.h5").summary().programs;
  }
  /// Of them those that approach.
  std::vector<files::ProgramRecord> approaches() {
    std::vector<files::ProgramRecord> out;
    for (const auto& program : programs())
      if (program.waypoints.back().on_contact) out.push_back(program);
    return out;
  }

  test::ScratchDirectory directory_;
  ScanParameters parameters_;
  std::optional<FakeRig> rig_;
  std::optional<files::RunRecorder> recorder_;
  std::optional<ScanSession> session_;
};

TEST_F(Landing, TellsTheComparatorTheCurrentInAir) {
  for (const double offset : {20e-12, -20e-12}) {
    FakeConfig config = quiet();
    config.current_offset = offset;
    begin(config);
    const ContactResult result = land(*session_, place);
    ASSERT_TRUE(result.made) << result.failure;
    EXPECT_EQ(result.attempts, 1);
    EXPECT_NEAR(result.baseline, offset, 1e-18);
    EXPECT_NEAR(result.x, place.x, 1e-12);
    EXPECT_NEAR(result.y, place.y, 1e-12);
    // 3 um/s in frames of 1.028 ms.
    EXPECT_LE(result.z, config.surface_z);
    EXPECT_GE(result.z, config.surface_z - 3.1e-9);
    EXPECT_DOUBLE_EQ(result.t, rig_->world.t_contact);
    ASSERT_EQ(session_->surface.contacts(), 1U);
    EXPECT_DOUBLE_EQ(session_->surface.highest().value(), result.z);
    EXPECT_EQ(session_->outcome.landings, 1);
    const auto asked = approaches();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_NEAR(asked[0].contact_baseline, offset, 1e-18);
    EXPECT_DOUBLE_EQ(asked[0].contact_threshold, 5e-12);
    EXPECT_EQ(asked[0].end, files::ProgramEnd::contact);
  }
}

// The offset alone is four times the threshold, so that only what is measured from it can tell a spike from a contact.
TEST_F(Landing, ASpikeOnAnOffsetBeyondTheThresholdIsNoContact) {
  for (const double offset : {20e-12, -20e-12}) {
    FakeConfig config = quiet();
    config.current_offset = offset;
    config.no_surface = true;
    config.false_contacts = 1;
    begin(config);
    const ContactResult result = land(*session_, place);
    EXPECT_FALSE(result.made);
    EXPECT_EQ(result.failure, "no contact");  // of the later attempts
    EXPECT_EQ(result.attempts, 3);
    EXPECT_EQ(session_->outcome.false_contacts, 1);
    EXPECT_EQ(session_->outcome.landings, 0);
    EXPECT_EQ(session_->surface.contacts(), 0U);
    (void)programs();
  }
}

// A cathodic current is a contact too: what falls below the baseline by the threshold.
TEST_F(Landing, AContactMayDrawACathodicCurrent) {
  FakeConfig config = quiet();
  config.current_offset = 8e-12;
  config.transient = -50e-12;
  config.limiting_current = -9e-12;
  begin(config);
  EXPECT_TRUE(land(*session_, place).made);
}

TEST_F(Landing, EachAttemptLooksTheSearchDepthDeeperThanTheOneBefore) {
  FakeConfig config = quiet();
  config.no_surface = true;
  parameters_.protocol.search_depth = 1.5 * unit::um;
  parameters_.protocol.slow_distance = 4.0 * unit::um;
  parameters_.protocol.approach_speed = 2.0 * unit::um_per_s;
  parameters_.protocol.fast_approach_speed = 12.0 * unit::um_per_s;
  begin(config);
  // A level surface with an allowance of 2 x 15 nm (SurfacePlane.AllowsForTwice...).
  session_->surface.add(0.0, 0.0, 30.03e-6);
  session_->surface.add(40e-6, 0.0, 30e-6);
  session_->surface.add(40e-6, 40e-6, 30.03e-6);
  session_->surface.add(0.0, 40e-6, 30e-6);
  const double expected = 30.015e-6, allowance = 30e-9;
  const ContactResult result = land(*session_, place);
  EXPECT_EQ(result.failure, "no contact");
  const auto all = programs();
  std::vector<files::ProgramRecord> asked;
  for (const auto& program : all)
    if (program.waypoints.back().on_contact) asked.push_back(program);
  ASSERT_EQ(asked.size(), 3U);
  for (std::size_t k = 0; k < 3; ++k) {
    ASSERT_EQ(asked[k].waypoints.size(), 2U);
    const auto &fast = asked[k].waypoints[0], &slow = asked[k].waypoints[1];
    EXPECT_TRUE(fast.on_contact && slow.on_contact);
    EXPECT_NEAR(fast.z, expected + allowance + 4e-6, 1e-14) << k;
    EXPECT_DOUBLE_EQ(fast.speed_z, 12e-6);
    EXPECT_NEAR(slow.z, expected - allowance - 1.5e-6 * static_cast<double>(k + 1), 1e-14) << k;
    EXPECT_DOUBLE_EQ(slow.speed_z, 2e-6);
    EXPECT_EQ(asked[k].end, files::ProgramEnd::limit_reached);
  }
  // Up by the hop between two attempts, and a new baseline.
  for (std::size_t k = 1; k + 1 < all.size(); ++k) {
    if (!all[k - 1].waypoints.back().on_contact) continue;
    EXPECT_NEAR(all[k].waypoints.front().z, all[k - 1].z_end + 10e-6, 1e-14);
    EXPECT_DOUBLE_EQ(all[k].waypoints.front().speed_z, 50e-6);
    EXPECT_DOUBLE_EQ(all[k].waypoints.back().hold, 0.25);
  }
}

TEST_F(Landing, HopsAboveWhatItKnowsAndOverTheTopWhereItKnowsNothing) {
  for (const double top : {0.0, 31e-6, 36e-6}) {
    begin(quiet());
    session_->offset_vs_Li = 3.21;
    if (top > 0.0) session_->surface.add(place.x, place.y, 30e-6);
    if (top > 31e-6) session_->surface.add(place.x - 10e-6, place.y, top);
    rig_->world.z = 32e-6;
    ASSERT_TRUE(land(*session_, place).made);
    const double up = rig_->world.z, xy = session_->runner.travel_xy(), z = session_->runner.travel_z();
    const auto hop = programs().front();
    ASSERT_EQ(hop.waypoints.size(), 3U);
    // 10 um along both axes; up from 32 um and down to where the surface is.
    EXPECT_NEAR(xy, std::hypot(10e-6, 10e-6), 1e-12);
    EXPECT_NEAR(z, hop.waypoints[0].z - 32e-6 + hop.waypoints[0].z - up, 1e-12);
    // Nothing known: 98 % of the travel. One contact: 10 um over it. Two: 10 um over the higher one, or over what is
    // expected where that is higher: their mean 33 um, 3 um each, and 20 mrad over 5 um.
    const double height = top == 0.0 ? 98e-6 : top < 36e-6 ? 40e-6 : 33e-6 + 2 * 3e-6 + 0.02 * 5e-6 + 10e-6;
    EXPECT_NEAR(hop.waypoints[0].z, height, 1e-13);
    EXPECT_DOUBLE_EQ(hop.waypoints[0].speed_z, 50e-6);
    EXPECT_TRUE(hop.waypoints[1].sets_x && hop.waypoints[1].sets_y && !hop.waypoints[1].sets_z);
    EXPECT_DOUBLE_EQ(hop.waypoints[1].x, place.x);
    EXPECT_DOUBLE_EQ(hop.waypoints[1].y, place.y);
    EXPECT_DOUBLE_EQ(hop.waypoints[1].speed_xy, 50e-6);
    EXPECT_NEAR(hop.waypoints[1].E1_vs_QRCE, 3.0 - 3.21, 1e-12);
    EXPECT_TRUE(hop.waypoints[1].jump_E1);
    EXPECT_DOUBLE_EQ(hop.waypoints[2].hold, 0.25);
  }
}

// A jump of the potential dies away with 50 ms in the rest of 250 ms, whose second half is the baseline: what is left
// of 40 pA there is 40 pA x τ/(T/2) (e^{-T/2τ} - e^{-T/τ}) = 1.20 pA. The two first frames
// are those of the jump and of its end: 4 %, and half a frame.
TEST_F(Landing, TheBaselineIsThatOfTheSecondHalfOfTheRest) {
  FakeConfig config = quiet();
  config.air_transient = 40e-12;
  begin(config);
  rig_->world.x = place.x;
  rig_->world.y = place.y;
  const double expected = 40e-12 * 0.05 / 0.125 * (std::exp(-2.5) - std::exp(-5.0));
  EXPECT_NEAR(land(*session_, place).baseline, expected, 0.06 * expected);
  (void)programs();
}

// What ends a scan: the rig is safe first, the sequencer before the others, whatever it was; a tip that is to be held
// is held. What is no fault of the rig goes on to the caller.
TEST_F(Landing, WhateverEndsAScanTheRigIsSafe) {
  const std::vector<std::string> safe{"sequencer.make_safe", "camera.make_safe", "light.make_safe"},
      held{"sequencer.abort", "camera.make_safe", "light.make_safe"};
  const auto calls_of = [&](auto what, Ending ending, bool stays) {
    begin(quiet());
    const ScanOutcome outcome = conduct(*session_, [&] { what(); });
    EXPECT_EQ(outcome.ending, ending);
    EXPECT_EQ(outcome.held, stays);
    EXPECT_EQ(outcome.message.empty(), ending == Ending::complete);
    const auto calls = rig_->world.calls;
    (void)programs();
    return calls;
  };
  const auto fault = [](PolicyAction action) {
    throw DeviceFault({instrument::Errc::device_fault, "x", "why", false}, FaultClass::device_fault, action);
  };
  EXPECT_TRUE(calls_of([] {}, Ending::complete, false).empty());
  EXPECT_EQ(calls_of([] { throw CalibrationError("why"); }, Ending::calibration_failed, false), safe);
  EXPECT_EQ(
      calls_of([] { throw ProgramRejected("why", instrument::Errc::limit_rejected); }, Ending::device_fault, false),
      safe);
  EXPECT_EQ(calls_of([] { throw DeviceError("why"); }, Ending::device_fault, false), safe);
  EXPECT_EQ(calls_of([&] { fault(PolicyAction::retract_and_stop); }, Ending::device_fault, false), safe);
  EXPECT_EQ(calls_of([&] { fault(PolicyAction::stop_and_hold); }, Ending::device_fault, true), held);
  begin(quiet());
  EXPECT_THROW(conduct(*session_, [] { throw InputError("why"); }), InputError);
  EXPECT_EQ(rig_->world.calls, safe);
  (void)programs();
}

// Six standard deviations of a frame are the margin: at 1 pA of noise 5 pA would be none.
/// A sequencer that does not listen, by an answer or by an exception.
struct Stubborn : test::FakeSequencer {
  Stubborn(test::FakeWorld& world, bool throws) : FakeSequencer(world), throws_(throws) {}
  instrument::Outcome abort() override {
    if (throws_) throw std::runtime_error("gone");
    return instrument::Error{instrument::Errc::timeout, "sequencer", "no answer", false};
  }
  bool throws_;
};

// Stop and hold leaves the tip where it stands, unless the sequencer does not stop: then it is made safe.
TEST_F(Landing, HoldsWhatStopsAndMakesSafeWhatDoesNot) {
  begin(quiet());
  const auto made_safe = [&](instrument::ProbeSequencer& sequencer) {
    rig_->world.calls.clear();
    const instrument::Rig rig = rig_->rig();
    hold_all({rig.clock, sequencer, rig.camera, rig.light});
    return std::count(rig_->world.calls.begin(), rig_->world.calls.end(), "sequencer.make_safe") == 1;
  };
  test::FakeSequencer willing(rig_->world);
  EXPECT_FALSE(made_safe(willing));
  for (const bool throws : {false, true}) {
    Stubborn stubborn(rig_->world, throws);
    EXPECT_TRUE(made_safe(stubborn));
  }
}

TEST_F(Landing, DoesNotApproachOnABaselineThatIsNoisierThanTheThresholdBears) {
  FakeConfig config = quiet();
  // The deviation of 122 frames is known to 6.4 %: a fifth on either side of 5 pA / 6 is three of those.
  config.current_noise = 1.2 * 5e-12 / 6.0;
  begin(config);
  const ContactResult noisy = land(*session_, place);
  EXPECT_FALSE(noisy.made);
  EXPECT_EQ(noisy.failure, "baseline too noisy");
  EXPECT_TRUE(approaches().empty());
  config.current_noise = 0.8 * 5e-12 / 6.0;
  begin(config);
  EXPECT_TRUE(land(*session_, place).made);
}

TEST_F(Landing, LiftsOffByTheHopAtTheSpeedOfRetracting) {
  parameters_.protocol.retract_speed = 40.0 * unit::um_per_s;
  begin(quiet());
  ASSERT_TRUE(land(*session_, place).made);
  const double z = rig_->world.z;
  lift_off(*session_);
  EXPECT_FALSE(rig_->world.contact);
  const auto up = programs().back();
  ASSERT_EQ(up.waypoints.size(), 1U);
  EXPECT_NEAR(up.waypoints[0].z, z + 10e-6, 1e-14);
  EXPECT_DOUBLE_EQ(up.waypoints[0].speed_z, 40e-6);
  EXPECT_FALSE(up.waypoints[0].on_contact);
}

// The reference image and the map of the registration were taken at different times, and so is the present.
TEST_F(Landing, TheStagePointOfAPixelFollowsTheSample) {
  begin(quiet());
  session_->outcome.registration.affine = {1e-6, 0.2e-6, 0.01e-6, 99e-6, -0.02e-6, -0.2e-6};
  session_->shift_at_registration = {1.0, -2.0};
  session_->shift = {4.0, 3.0};
  // Object of pixel (100, 50) of the reference image is now at (104, 53); the map belongs to an image shifted by
  // (1, -2): (103, 55).
  const StagePoint now = session_->stage_of({100.0, 50.0});
  EXPECT_NEAR(now.x, 1e-6 + 0.2e-6 * 103 + 0.01e-6 * 55, 1e-18);
  EXPECT_NEAR(now.y, 99e-6 - 0.02e-6 * 103 - 0.2e-6 * 55, 1e-18);
}

// The legs of one point have tags of their own up to 32767; a program that would need more begins at 1 again.
TEST_F(Landing, TagsBeginAnewBeforeTheyRunOut) {
  begin(quiet());
  const auto run = [&](std::size_t legs) {
    ScanProgram program;
    program.legs.resize(legs);
    session_->runner.run(program);
  };
  for (int k = 0; k < 4; ++k) run(8191);  // to 32764
  run(4);                                 // 32765 to 32768 are too many
  session_->runner.begin_point();
  for (int k = 0; k < 4; ++k) run(8191);
  run(3);  // and these are not
  const auto all = programs();
  ASSERT_EQ(all.size(), 10U);
  EXPECT_EQ(all[4].waypoints.front().tag, 1);
  EXPECT_EQ(all[5].waypoints.front().tag, 1);
  EXPECT_EQ(all[9].waypoints.back().tag, 32767);
}

TEST_F(Landing, ParksNearTheTopAndNeverBelowWhereItStands) {
  begin(quiet());
  rig_->world.z = 20e-6;
  session_->park();
  EXPECT_NEAR(rig_->world.z, 98e-6, 1e-14);
  rig_->world.z = 99.5e-6;
  session_->park();
  EXPECT_NEAR(rig_->world.z, 99.5e-6, 1e-14);
  (void)programs();
}

}  // namespace
}  // namespace seccm::scan
