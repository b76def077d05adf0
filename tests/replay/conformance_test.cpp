// A replay of what the suites ask for does what every device has to do. Each case of the suite gets a recording of its
// own programs, made on the guarded twin: a replay accepts only what was recorded.
#include <map>
#include <memory>

#include "instrument/replay/replay_rig.hpp"
#include "tests/replay/recorded_run.hpp"
#include "tests/roles/camera_conformance.hpp"
#include "tests/roles/sequencer_conformance.hpp"
#include "tests/roles/undisturbed.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::testing {
namespace {

using replay::testing::Step;

std::string current_case() {
  return ::testing::UnitTest::GetInstance()->current_test_info()->name();
}

Waypoint sideways(ProbeSequencer& s) {
  const Limits l = s.limits();
  const SequencerStatus now = s.status().value();
  return move_xy(now.x < 0.5 * (l.x_min + l.x_max) ? now.x + 10e-6 : now.x - 10e-6, now.y);
}

Waypoint jump_to(double E1, double seconds, std::int32_t tag) {
  Waypoint w = hold(seconds, tag);
  w.E1 = E1;
  w.jump_E1 = true;
  return w;
}

Waypoint approach(double z, double speed, std::int32_t tag) {
  Waypoint w = move_z(z, speed);
  w.stop = StopRule::on_contact;
  w.tag = tag;
  return w;
}

/// The programs that the case of this name starts successfully, as the suite writes them.
std::vector<Step> steps_of(const std::string& name, ProbeSequencer& s, double floor) {
  const double top = s.limits().z_max;
  const auto one = [](std::vector<Waypoint> waypoints) { return Step{program_of(std::move(waypoints)), {}, false}; };
  if (name == "ConnectingTwiceMovesNothing" || name == "EveryChannelIsASixteenBitWord") return {one({sideways(s)})};
  if (name == "FrameTimesAreWholeIntervalsWithoutGaps") return {one({hold(0.3), sideways(s), hold(0.0123)})};
  if (name == "ArrivesWhereItWasSentWithTheTagOfTheWaypoint" || name == "TheSameCallsGiveTheSameFramesAndTimes")
    return {one({move_z(0.95 * top), jump_to(-0.25, 0.1, 7), hold(0.1, 32767)})};
  if (name == "RunsOneProgramAtATime") return {one({hold(0.5)})};
  if (name == "ReadingHonoursItsDeadline") return {one({hold(0.1)})};
  if (name == "EndOfTravelIsNotContact") return {one({approach(floor, 20e-6, 1), hold(1.0, 9)})};
  if (name == "AFastApproachHandsOnToASlowOne")
    return {one({approach(floor + 2e-6, 50e-6, 1), approach(floor, 20e-6, 2), hold(1.0, 9)})};
  if (name == "AbortStopsWhereItIsAndKeepsTheFrames") {
    Waypoint far = sideways(s);
    far.speed_xy = 10e-6;
    return {{program_of({far}), 0.4, false}, one({hold(0.01)})};
  }
  if (name == "MakeSafeRetractsAndMayBeCalledAgain")
    return {{program_of({jump_to(-0.2, 1.0, 1), move_z(0.8 * top)}), 0.5, true}, one({hold(0.01)})};
  return {one({hold(0.01)})};
}

class ReplayFixture {
 public:
  ReplayFixture() {
    twin::testing::GuardedTwinFixture twin;
    const auto steps = [&] { return steps_of(current_case(), twin.sequencer(), twin.approach_floor()); };
    replay::testing::record_steps(twin.sequencer(), twin.clock(), steps, scratch_ / "run.h5");
    rig_ = std::make_unique<replay::ReplayRig>(scratch_ / "run.h5");
    guard_ = std::make_unique<InterlockGuard>(rig_->rig().sequencer, InterlockParameters{});
  }
  ProbeSequencer& sequencer() { return *guard_; }
  Clock& clock() { return rig_->rig().clock; }
  double approach_floor() { return 60e-6; }
  double settling_error() { return 6e-9; }

 private:
  test::ScratchDirectory scratch_;
  std::unique_ptr<replay::ReplayRig> rig_;
  std::unique_ptr<InterlockGuard> guard_;
};

class ReplayMicroscopeFixture {
 public:
  ReplayMicroscopeFixture() {
    replay::testing::record_images(2, scratch_ / "run.h5");
    rig_ = std::make_unique<replay::ReplayRig>(scratch_ / "run.h5");
  }
  Camera& camera() { return rig_->rig().camera; }
  Light& light() { return rig_->rig().light; }
  Clock& clock() { return rig_->rig().clock; }

 private:
  test::ScratchDirectory scratch_;
  std::unique_ptr<replay::ReplayRig> rig_;
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Replay, SequencerConformance, ReplayFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Replay, MicroscopeConformance, ReplayMicroscopeFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerConformance, UndisturbedSequencer<ReplayFixture>);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, MicroscopeConformance, UndisturbedMicroscope<ReplayMicroscopeFixture>);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerTransparency, ReplayFixture);

}  // namespace seccm::instrument::testing
