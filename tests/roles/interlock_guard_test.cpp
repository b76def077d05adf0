// The guard in front of a sequencer that obeys blindly: only the guard can refuse.
#include "instrument/decorators/interlock_guard.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "sim/quantity.hpp"

namespace seccm::instrument {
namespace {

/// Ends every program at once, in the state that the test wants.
class Obedient final : public ProbeSequencer {
 public:
  [[nodiscard]] Identity identity() const override { return {"test", "obedient", "1", "1"}; }
  [[nodiscard]] Health health() const override { return {}; }
  Outcome connect(ConnectConsent) override { return Done{}; }
  void make_safe() noexcept override { calls.push_back("make_safe"); }
  [[nodiscard]] Limits limits() const override {
    return {.x_max = 1e-4, .y_max = 1e-4, .z_max = 1e-4, .E_min = -5.0, .E_max = 5.0};
  }
  [[nodiscard]] Capabilities capabilities() const override {
    Capabilities c;
    c.contact_latency = latency;
    return c;
  }
  [[nodiscard]] Result<DryRun> check(const Program&) const override { return DryRun{}; }
  Outcome start(const Program& program) override {
    calls.push_back("start");
    for (const Waypoint& w : program.waypoints) {
      now.x = w.x.value_or(now.x);
      now.y = w.y.value_or(now.y);
      now.z = w.z.value_or(now.z);
      now.E1 = w.E1.value_or(now.E1);
    }
    now.state = next;
    return Done{};
  }
  [[nodiscard]] Result<SequencerStatus> status() override { return now; }
  Result<std::size_t> read(std::span<Frame>, double) override {
    if (broken) return Error{Errc::framing_lost, "obedient", "half a frame"};
    return std::size_t{0};
  }
  Outcome abort() override { return Done{}; }

  SequencerStatus now{.z = 1e-4};
  RunState next = RunState::completed;
  bool broken = false;
  double latency = 2e-6;
  std::vector<std::string> calls;
};

Waypoint tagged() {
  Waypoint w;
  w.tag = 1;
  return w;
}
Waypoint z_to(double z, StopRule stop = StopRule::none) {
  Waypoint w = tagged();
  w.z = z;
  w.stop = stop;
  return w;
}
Waypoint x_to(double x) {
  Waypoint w = tagged();
  w.x = x;
  return w;
}
Waypoint xz_to(double x, double z) {
  Waypoint w = z_to(z);
  w.x = x;
  return w;
}
Waypoint ramp_to(double E) {
  Waypoint w = tagged();
  w.E1 = E;
  w.rate_E1 = 0.1;
  return w;
}
Waypoint jump_to(double E) {
  Waypoint w = tagged();
  w.E1 = E;
  w.jump_E1 = true;
  return w;
}

class Guard : public ::testing::Test {
 protected:
  void approach(double z, RunState end) {
    device.next = end;
    ASSERT_TRUE(guard.start({{z_to(z, StopRule::on_contact)}, {}}).ok());
    device.next = RunState::completed;
  }
  /// Refused with this code, by check and by start, and the device has not been asked.
  void refused(const std::vector<Waypoint>& waypoints, Errc code) {
    const auto asked = device.calls.size();
    const auto checked = guard.check({waypoints, {}});
    const auto started = guard.start({waypoints, {}});
    ASSERT_FALSE(checked.ok());
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.error().code, code) << describe(started.error());
    EXPECT_EQ(checked.error().detail, started.error().detail);
    EXPECT_EQ(device.calls.size(), asked);
  }
  void accepted(const std::vector<Waypoint>& waypoints) {
    const auto outcome = guard.start({waypoints, {}});
    EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : describe(outcome.error()));
  }

  Obedient device;
  InterlockGuard guard{device, {}};
};

TEST_F(Guard, NoVoltammogramWithoutConfirmedContact) {
  refused({ramp_to(-1.0)}, Errc::interlock_tripped);
  accepted({jump_to(-0.5)});
  approach(3e-5, RunState::contact);
  accepted({ramp_to(-1.0), ramp_to(0.0)});
  accepted({ramp_to(-1.0), ramp_to(0.0)});  // contact lasts until the tip is lifted
}

TEST_F(Guard, EndOfTravelIsNotContact) {
  approach(3e-5, RunState::limit_reached);
  refused({ramp_to(-1.0)}, Errc::interlock_tripped);
}

TEST_F(Guard, LiftingEndsContact) {
  approach(3e-5, RunState::contact);
  refused({z_to(4e-5), ramp_to(-1.0)}, Errc::interlock_tripped);
  accepted({ramp_to(-0.1), z_to(4e-5)});
  refused({ramp_to(-1.0)}, Errc::interlock_tripped);
}

TEST_F(Guard, NoVoltammogramInTheProgramThatApproaches) {
  refused({z_to(3e-5, StopRule::on_contact), ramp_to(-1.0)}, Errc::interlock_tripped);
}

TEST_F(Guard, AShortSweepInAirMeasuresTheStrayCapacitance) {
  accepted({ramp_to(0.2), ramp_to(-0.2), ramp_to(0.0)});
  refused({ramp_to(0.3), ramp_to(-0.3)}, Errc::interlock_tripped);
  accepted({jump_to(-1.0), ramp_to(-1.3), ramp_to(-1.0)});
  approach(3e-5, RunState::limit_reached);  // close to the surface it is not in air any more
  refused({ramp_to(-1.1)}, Errc::interlock_tripped);
}

TEST_F(Guard, LateralMovesNeedClearanceAboveTheLastContact) {
  accepted({x_to(5e-5)});
  refused({z_to(7e-5), x_to(6e-5)}, Errc::interlock_tripped);  // surface unknown: only near the top
  approach(3e-5, RunState::contact);
  refused({x_to(6e-5)}, Errc::interlock_tripped);
  refused({z_to(3.2e-5), x_to(6e-5)}, Errc::interlock_tripped);
  refused({xz_to(6e-5, 5e-5)}, Errc::interlock_tripped);  // both at once starts too low
  accepted({x_to(5.003e-5)});                             // 30 nm
  accepted({z_to(3.4e-5), x_to(6e-5)});
}

TEST_F(Guard, NothingDescendsBlindlyBelowTheClearance) {
  accepted({z_to(8.5e-5)});
  refused({z_to(7.9e-5)}, Errc::interlock_tripped);  // surface unknown
  approach(3e-5, RunState::contact);
  accepted({z_to(5e-5), z_to(3.4e-5)});
  refused({z_to(3.2e-5)}, Errc::interlock_tripped);
  approach(2e-5, RunState::limit_reached);  // looking for contact it may
}

TEST_F(Guard, AnApproachOutOfContactNeedsALift) {
  device.latency = 0.05;
  Waypoint down = z_to(2e-5, StopRule::on_contact);
  down.speed_z = 10e-6;  // goes on by 0.5 um
  device.next = RunState::contact;
  ASSERT_TRUE(guard.start({{down}, {}}).ok());
  device.next = RunState::completed;
  down.z = 1e-5;
  refused({down}, Errc::interlock_tripped);
  refused({z_to(2.04e-5), down}, Errc::interlock_tripped);
  accepted({z_to(2.06e-5), down});
}

TEST_F(Guard, RefusesAnApproachThatOutrunsTheContactLatency) {
  device.latency = 0.05;
  Waypoint fast = z_to(3e-5, StopRule::on_contact), slow = fast;
  fast.speed_z = 21e-6;
  slow.speed_z = 19e-6;  // 0.95 um of 1 um
  refused({fast}, Errc::interlock_tripped);
  accepted({slow});
}

TEST_F(Guard, ThePotentialWindowHolds) {
  EXPECT_EQ(guard.limits().E_min, -2.4);
  EXPECT_EQ(guard.limits().E_max, 1.0);
  refused({jump_to(-2.5)}, Errc::limit_rejected);
  refused({jump_to(1.1)}, Errc::limit_rejected);
  refused({jump_to(std::numeric_limits<double>::quiet_NaN())}, Errc::limit_rejected);
}

TEST_F(Guard, NothingMovesAfterAFaultUntilItIsArmedAgain) {
  device.broken = true;
  std::vector<Frame> buffer(10);
  EXPECT_FALSE(guard.read(buffer, 1.0).ok());
  EXPECT_FALSE(guard.armed());
  EXPECT_EQ(guard.health().condition, Health::Condition::faulted);
  refused({x_to(5e-5)}, Errc::interlock_tripped);
  ASSERT_TRUE(guard.connect({}).ok());
  EXPECT_FALSE(guard.armed());  // without consent to motion
  ASSERT_TRUE(guard.connect({.allow_motion = true}).ok());
  EXPECT_TRUE(guard.armed());
  accepted({x_to(5e-5)});
}

TEST_F(Guard, AFaultedRunDisarmsAndForgetsContact) {
  approach(3e-5, RunState::contact);
  device.next = RunState::faulted;
  accepted({ramp_to(-1.0)});
  refused({ramp_to(0.0)}, Errc::interlock_tripped);
  device.next = RunState::completed;
  guard.rearm();
  refused({ramp_to(0.0)}, Errc::interlock_tripped);  // armed, but contact is not known any more
  accepted({z_to(5e-5), x_to(6e-5)});                // the height of the last contact is
}

TEST_F(Guard, MakeSafeReachesTheDeviceFirstAndEndsContact) {
  approach(3e-5, RunState::contact);
  guard.make_safe();
  guard.make_safe();
  EXPECT_EQ(device.calls.back(), "make_safe");
  refused({ramp_to(-1.0)}, Errc::interlock_tripped);
}

TEST_F(Guard, ARejectionIsNoFault) {
  refused({ramp_to(-1.0)}, Errc::interlock_tripped);
  EXPECT_TRUE(guard.armed());
}

}  // namespace
}  // namespace seccm::instrument
