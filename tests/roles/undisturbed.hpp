// Any fixture of the conformance suites behind the decorators that inject faults, with no fault armed: nobody may
// notice them, so that what happens in a rehearsal is the fault and nothing else.
//
//   INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerConformance, UndisturbedSequencer<F>);
//   INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerTransparency, F);
//   INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, MicroscopeConformance, UndisturbedMicroscope<F>);
#pragma once

#include <vector>

#include "instrument/decorators/fault_injection.hpp"
#include "tests/roles/sequencer_conformance.hpp"

namespace seccm::instrument::testing {

/// Of a fixture with sequencer() and clock().
template <class F>
class UndisturbedSequencer : public F {
 public:
  ProbeSequencer& sequencer() { return sequencer_; }

 private:
  FaultInjectingSequencer sequencer_{F::sequencer(), F::clock(), {}};
};

/// Of a fixture with camera(), light() and clock().
template <class F>
class UndisturbedMicroscope : public F {
 public:
  Camera& camera() { return camera_; }
  Light& light() { return light_; }

 private:
  FaultInjectingCamera camera_{F::camera(), F::clock(), {}};
  FaultInjectingLight light_{F::light(), F::clock(), {}};
};

template <class F>
class SequencerTransparency : public ::testing::Test {
 protected:
  struct Session {
    std::vector<Frame> frames;
    SequencerStatus status;
    double now = 0.0;
  };
  template <class Fixture>
  static Session session_on(Fixture&& fixture) {
    ProbeSequencer& sequencer = fixture.sequencer();
    EXPECT_TRUE(succeeded(sequencer.connect({.allow_motion = true})));
    Waypoint jump = hold(0.1, 7);
    jump.E1 = -0.25;
    jump.jump_E1 = true;
    EXPECT_TRUE(
        succeeded(sequencer.start(program_of({move_z(0.95 * sequencer.limits().z_max), jump, hold(0.1, 32767)}))));
    Session session;
    session.frames = read_all(sequencer, 100);
    session.status = sequencer.status().value();
    session.now = fixture.clock().now();
    return session;
  }
};

TYPED_TEST_SUITE_P(SequencerTransparency);

// To the last bit, times included: each request that the decorator added would cost a device on a wire some.
TYPED_TEST_P(SequencerTransparency, TheSameCallsGiveTheSameFramesAndTimes) {
  const auto plain = this->session_on(TypeParam());
  const auto behind = this->session_on(UndisturbedSequencer<TypeParam>());
  ASSERT_GT(plain.frames.size(), 10U);
  ASSERT_EQ(behind.frames.size(), plain.frames.size());
  for (std::size_t k = 0; k < plain.frames.size(); ++k) {
    const Frame &a = plain.frames[k], &b = behind.frames[k];
    ASSERT_TRUE(a.t == b.t && a.x == b.x && a.y == b.y && a.z == b.z && a.E1 == b.E1 && a.i1 == b.i1 && a.E2 == b.E2 &&
                a.i2 == b.i2 && a.tag == b.tag && a.flags == b.flags)
        << "frame " << k;
  }
  EXPECT_EQ(behind.status.state, plain.status.state);
  EXPECT_EQ(behind.status.t, plain.status.t);
  EXPECT_EQ(behind.status.z, plain.status.z);
  EXPECT_EQ(behind.now, plain.now);
}

REGISTER_TYPED_TEST_SUITE_P(SequencerTransparency, TheSameCallsGiveTheSameFramesAndTimes);

}  // namespace seccm::instrument::testing
