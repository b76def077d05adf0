// A small twin for tests: few clusters, a small camera, quick to build.
#pragma once

#include <vector>

#include "instrument/decorators/interlock_guard.hpp"
#include "instrument/twin/twin_rig.hpp"
#include "tests/roles/sequencer_conformance.hpp"

namespace seccm::instrument::twin::testing {

using instrument::testing::hold;
using instrument::testing::move_xy;
using instrument::testing::move_z;
using instrument::testing::no_deadline;
using instrument::testing::program_of;
using instrument::testing::read_all;
using instrument::testing::succeeded;

inline constexpr double cluster_x = 60e-6, cluster_y = 50e-6;  // m, field = stage frame (no drift, same travel)
inline constexpr double blank_x = 30e-6, blank_y = 50e-6;

/// One cluster of `particles` at (cluster_x, cluster_y); bare gold everywhere else; no failed or unstable menisci.
inline TwinSpec small_spec(double particles = 12) {
  TwinSpec spec;
  spec.sample.cluster_sizes = {particles};
  spec.sample.positions_x = {cluster_x * unit::m};
  spec.sample.positions_y = {cluster_y * unit::m};
  spec.sample.dead_fraction = 0.0;
  spec.camera.width = 640;
  spec.camera.height = 640;
  spec.meniscus.failed_wetting = 0.0;
  spec.meniscus.wobble_probability = 0.0;
  return spec;
}

/// Every source of noise off: what is left is the model and the digitiser.
inline TwinSpec silent(TwinSpec spec) {
  spec.amplifier.white_noise = 0.0 * unit::fA_per_rtHz;
  spec.amplifier.mains_amplitude = 0.0 * unit::A;
  spec.amplifier.offset = 0.0 * unit::A;
  spec.stage.sensor_noise = 0.0 * unit::m;
  return spec;
}

/// Positions are what was commanded, but for the lag.
inline TwinSpec ideal_stage(TwinSpec spec) {
  spec.stage.drift = 0.0 * unit::m_per_s;
  spec.stage.linearity = 0.0;
  spec.stage.creep = 0.0;
  return spec;
}

class TwinFixture {
 public:
  TwinFixture() : TwinFixture(small_spec(), 7) {}
  TwinFixture(const TwinSpec& spec, std::uint64_t seed) : twin_(spec, seed), rig_(twin_.rig()) {}

  ProbeSequencer& sequencer() { return rig_.sequencer; }
  Clock& clock() { return rig_.clock; }
  Camera& camera() { return rig_.camera; }
  Light& light() { return rig_.light; }
  TwinRig& twin() { return twin_; }
  /// The surface lies 28 to 32 um up.
  double approach_floor() { return 60e-6; }
  /// Sensor noise of 1 nm rms at six sigma; after 100 ms nothing is left of a lag of 3 ms.
  double settling_error() { return 6e-9; }

  void connect() { ASSERT_TRUE(succeeded(sequencer().connect({.allow_motion = true}))); }
  /// Runs a program to its end.
  std::vector<Frame> run(const Program& program) {
    const auto outcome = sequencer().start(program);
    EXPECT_TRUE(succeeded(outcome));
    return outcome.ok() ? read_all(sequencer(), 16384) : std::vector<Frame>{};
  }
  RunState state() { return sequencer().status().value().state; }
  /// From the top to (x, y), then down until contact at `speed` with E vs QRCE applied.
  std::vector<Frame> land(double x, double y, double E_vs_QRCE, double speed = 3e-6) {
    Waypoint polarise = hold(0.0);
    polarise.E1 = E_vs_QRCE;
    polarise.jump_E1 = true;
    Waypoint approach = move_z(5e-6, speed);
    approach.stop = StopRule::on_contact;
    run(program_of({move_z(sequencer().limits().z_max), polarise, move_xy(x, y), move_z(36e-6), hold(0.1)}));
    return run(program_of({approach}));
  }
  std::vector<Frame> retract() { return run(program_of({move_z(sequencer().limits().z_max)})); }

 private:
  TwinRig twin_;
  Rig rig_;
};

/// The same behind the interlocks.
class GuardedTwinFixture : public TwinFixture {
 public:
  GuardedTwinFixture() : guard_(TwinFixture::sequencer(), {}) {}
  ProbeSequencer& sequencer() { return guard_; }
  InterlockGuard& guard() { return guard_; }

 private:
  InterlockGuard guard_;
};

}  // namespace seccm::instrument::twin::testing
