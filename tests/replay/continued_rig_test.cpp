// A record that a device goes on with: what is answered from where, on either side of the record's end.
#include "instrument/replay/continued_rig.hpp"

#include <gtest/gtest.h>

#include "instrument/replay/replay_rig.hpp"
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

constexpr double recorded_z = 80e-6;  // m

class ContinuedRecord : public ::testing::Test {
 protected:
  ContinuedRecord() {
    twin::testing::TwinFixture recorded;
    testing::record_steps(
        recorded.sequencer(), recorded.clock(),
        [] {
          return std::vector<testing::Step>{{program_of({move_z(recorded_z), hold(0.05, 2)}), {}, false}};
        },
        scratch_ / "run.h5");
    past_.emplace(scratch_ / "run.h5");
    EXPECT_TRUE(succeeded(device_.sequencer().connect({.allow_motion = true})));
    connected_at_ = device_.sequencer().status().value();
    // The camera and the lamps are not asked here.
    continued_.emplace(*past_, Rig{device_.clock(), device_.sequencer(), past_->rig().camera, past_->rig().light},
                       [this] { return catching_up_; });
    EXPECT_TRUE(succeeded(sequencer().connect({.allow_motion = true})));
  }
  ProbeSequencer& sequencer() { return continued_->rig().sequencer; }
  std::vector<Frame> play() {
    EXPECT_TRUE(succeeded(sequencer().start(program_of({move_z(recorded_z), hold(0.05, 2)}))));
    return read_all(sequencer());
  }

  test::ScratchDirectory scratch_;
  twin::testing::TwinFixture device_;
  std::optional<ReplayRig> past_;
  std::optional<ContinuedRig> continued_;
  SequencerStatus connected_at_;
  bool catching_up_ = true;
};

TEST_F(ContinuedRecord, MovesNoDeviceWhileTheRecordPlays) {
  EXPECT_GT(play().size(), 48U);
  EXPECT_EQ(sequencer().status().value().z, recorded_z);
  EXPECT_EQ(device_.sequencer().status().value().z, connected_at_.z);
}

TEST_F(ContinuedRecord, SaysWhereTheDeviceStandsAsSoonAsTheRecordIsUsedUp) {
  (void)play();
  catching_up_ = false;
  EXPECT_EQ(sequencer().status().value().z, connected_at_.z);
  // And does not ask again.
  catching_up_ = true;
  EXPECT_EQ(sequencer().status().value().z, connected_at_.z);
}

TEST_F(ContinuedRecord, GoesOnInTimeBehindTheRecord) {
  const double end = play().back().t;
  const double recorded_end = continued_->rig().clock.now();
  catching_up_ = false;
  EXPECT_NEAR(continued_->rig().clock.now(), recorded_end, 1e-9);  // the rounding of a difference of seconds
  ASSERT_TRUE(succeeded(sequencer().start(program_of({move_z(85e-6), hold(0.05, 2)}))));
  const std::vector<Frame> frames = read_all(sequencer());
  ASSERT_GT(frames.size(), 48U);
  double last = end;
  for (const Frame& frame : frames) {
    EXPECT_GT(frame.t, last);
    last = frame.t;
  }
  EXPECT_LE(last, continued_->rig().clock.now() + 1e-9);
  EXPECT_NEAR(sequencer().status().value().t, continued_->rig().clock.now(), 1e-9);
  EXPECT_EQ(device_.sequencer().status().value().z, sequencer().status().value().z);
}

TEST_F(ContinuedRecord, StandsWhereTheRecordBeganWhenConnectedAgainInsideIt) {
  (void)play();
  ASSERT_TRUE(succeeded(sequencer().connect({.allow_motion = true})));
  const SequencerStatus s = sequencer().status().value();
  EXPECT_EQ(s.state, RunState::idle);
  EXPECT_EQ(s.z, past_->recording().summary().rig.z);
  EXPECT_NE(s.z, recorded_z);
}

}  // namespace
}  // namespace seccm::instrument::replay
