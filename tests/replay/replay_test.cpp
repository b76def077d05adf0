// What a replay refuses, and how it says so; streams of imported frames.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "instrument/replay/program_match.hpp"
#include "instrument/replay/replay_rig.hpp"
#include "sim/error.hpp"
#include "tests/replay/recorded_run.hpp"
#include "tests/roles/sequencer_conformance.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::replay {
namespace {

using instrument::testing::hold;
using instrument::testing::move_z;
using instrument::testing::program_of;
using instrument::testing::read_all;
using instrument::testing::succeeded;
using ::testing::HasSubstr;

class Replay : public ::testing::Test {
 protected:
  void record(std::vector<testing::Step> steps) {
    twin::testing::TwinFixture twin;
    testing::record_steps(
        twin.sequencer(), twin.clock(), [&] { return steps; }, scratch_ / "run.h5");
    rig_.emplace(scratch_ / "run.h5");
    ASSERT_TRUE(succeeded(sequencer().connect({.allow_motion = true})));
    ASSERT_TRUE(rig_->rig().camera.connect({}).ok());
    ASSERT_TRUE(rig_->rig().light.connect({}).ok());
  }
  ProbeSequencer& sequencer() { return rig_->rig().sequencer; }
  Camera& camera() { return rig_->rig().camera; }
  std::string refusal(const Program& program) {
    const Outcome outcome = sequencer().start(program);
    if (outcome.ok()) return "accepted";
    EXPECT_EQ(outcome.error().code, Errc::protocol);
    return outcome.error().detail;
  }

  test::ScratchDirectory scratch_;
  std::optional<ReplayRig> rig_;
};

TEST_F(Replay, NamesTheFirstDifferenceAndPlaysNothing) {
  record({{program_of({move_z(90e-6), hold(0.05, 2)}), {}, false}});
  EXPECT_THAT(refusal(program_of({move_z(91e-6), hold(0.05, 3)})), HasSubstr("program 1 at"));
  EXPECT_THAT(refusal(program_of({move_z(91e-6), hold(0.05, 2)})), HasSubstr("waypoint 1: z = 91 um, recorded 90 um"));
  EXPECT_THAT(refusal(program_of({move_z(90e-6), hold(0.06, 2)})),
              HasSubstr("waypoint 2: hold = 0.06 s, recorded 0.05 s"));
  EXPECT_THAT(refusal(program_of({move_z(90e-6), hold(0.05, 3)})), HasSubstr("waypoint 2: tag 3, recorded 2"));
  EXPECT_THAT(refusal(program_of({move_z(90e-6)})), HasSubstr("1 waypoints, recorded 2"));
  EXPECT_THAT(refusal(program_of({hold(0.05)})), HasSubstr("z is left as it is, recorded set"));
  EXPECT_EQ(sequencer().status().value().state, RunState::idle);
  // What was recorded still plays.
  ASSERT_TRUE(succeeded(sequencer().start(program_of({move_z(90e-6), hold(0.05, 2)}))));
  EXPECT_GT(read_all(sequencer()).size(), 48U);
  EXPECT_EQ(sequencer().status().value().z, 90e-6);
}

TEST_F(Replay, ForgivesTheLastDigitsOnly) {
  EXPECT_TRUE(agree(1.0, 1.0 + 1e-10));
  EXPECT_FALSE(agree(1.0, 1.0 + 1e-8));
  EXPECT_FALSE(agree(0.0, 1e-20));
  EXPECT_TRUE(agree(0.0, 0.0));
}

TEST_F(Replay, AnswersInTheOrderOfTheRecordingAndEndsWithIt) {
  record({{program_of({hold(0.02)}), {}, false}, {program_of({hold(0.03)}), {}, false}});
  const auto image = camera().grab(1e9);
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().code, Errc::protocol);
  EXPECT_THAT(image.error().detail, HasSubstr("recorded next is program 1"));
  ASSERT_TRUE(succeeded(sequencer().start(program_of({hold(0.02)}))));
  const auto first = read_all(sequencer());
  EXPECT_THAT(refusal(program_of({hold(0.02)})), HasSubstr("recorded 0.03 s"));
  ASSERT_TRUE(succeeded(sequencer().start(program_of({hold(0.03)}))));
  const auto second = read_all(sequencer());
  EXPECT_GT(second.front().t, first.back().t);
  EXPECT_THAT(refusal(program_of({hold(0.02)})), HasSubstr("the end of the recording"));
}

TEST_F(Replay, GivesTheFramesOfTheRecordingBitForBit) {
  twin::testing::TwinFixture twin;
  ASSERT_TRUE(succeeded(twin.sequencer().connect({.allow_motion = true})));
  const Program program = program_of({move_z(90e-6), hold(0.2, 2)});
  const auto live = twin.run(program);
  record({{program, {}, false}});
  ASSERT_TRUE(succeeded(sequencer().start(program)));
  const auto replayed = read_all(sequencer(), 100);
  ASSERT_EQ(replayed.size(), live.size());
  for (std::size_t k = 0; k < live.size(); ++k) {
    EXPECT_EQ(replayed[k].t, live[k].t);
    EXPECT_EQ(replayed[k].x, live[k].x);
    EXPECT_EQ(replayed[k].z, live[k].z);
    EXPECT_EQ(replayed[k].E1, live[k].E1);
    EXPECT_EQ(replayed[k].i1, live[k].i1);
    EXPECT_EQ(replayed[k].tag, live[k].tag);
    EXPECT_EQ(replayed[k].flags, live[k].flags);
  }
}

TEST_F(Replay, AnImageNeedsItsExposureAndItsLamps) {
  testing::record_images(2, scratch_ / "images.h5");
  ReplayRig rig(scratch_ / "images.h5");
  Camera& lens = rig.rig().camera;
  Light& lamps = rig.rig().light;
  ASSERT_TRUE(lens.connect({}).ok());
  ASSERT_TRUE(lamps.connect({}).ok());
  EXPECT_THAT(lens.grab(1e9).error().detail,
              HasSubstr("image 'image_0' at 1.000000 s: exposure 0.01 s, recorded 0.005 s"));
  ASSERT_TRUE(lens.configure({.exposure = 5e-3, .average = 4}).ok());
  EXPECT_THAT(lens.grab(1e9).error().detail, HasSubstr("average of 4, recorded 3"));
  ASSERT_TRUE(lens.configure({.exposure = 5e-3, .average = 3}).ok());
  ASSERT_TRUE(lamps.set(LightChannel::reflection, 1.0).ok());
  EXPECT_THAT(lens.grab(1e9).error().detail, HasSubstr("reflection lamp at 1, recorded 0"));
  lamps.make_safe();
  EXPECT_EQ(lens.grab(1e9).value().pixels[5], 5);
  EXPECT_EQ(lens.grab(1e9).value().pixels[5], 105);
  EXPECT_THAT(lens.grab(1e9).error().detail, HasSubstr("program 1 at 100"));
}

TEST_F(Replay, ARecordingWithoutProgramsPlaysAsAStreamOfFrames) {
  {
    files::RunRecorder recorder(scratch_ / "foreign.h5", files::RunHeader{});
    std::vector<files::PackedFrame> frames;
    for (int k = 0; k < 1000; ++k) frames.push_back({.tick = 41120LL * k, .x = static_cast<std::int16_t>(k), .tag = 4});
    recorder.append(frames);
    recorder.finalise("complete");
  }
  ReplayRig rig(scratch_ / "foreign.h5");
  ProbeSequencer& s = rig.rig().sequencer;
  ASSERT_TRUE(succeeded(s.connect({})));
  const Outcome moving = s.start(program_of({move_z(0.0)}));
  ASSERT_FALSE(moving.ok());
  EXPECT_EQ(moving.error().code, Errc::limit_rejected);
  std::size_t played = 0;
  for (const double seconds : {0.5, 0.3, 10.0}) {
    ASSERT_TRUE(succeeded(s.start(program_of({hold(seconds)}))));
    for (const Frame& frame : read_all(s, 77)) {
      ASSERT_EQ(frame.x, static_cast<double>(played));
      ASSERT_EQ(frame.tag, 4);
      ++played;
    }
    EXPECT_EQ(s.status().value().state, RunState::completed);
  }
  EXPECT_EQ(played, 1000U);
  EXPECT_THAT(s.start(program_of({hold(0.1)})).error().detail, HasSubstr("ends after 1000 frames"));
}

TEST_F(Replay, RefusesAFileThatIsNoRun) {
  EXPECT_THROW(ReplayRig{scratch_ / "absent.h5"}, InputError);
}

}  // namespace
}  // namespace seccm::instrument::replay
