// 10^4 random surfaces, tilts and contact latencies; on each a scan that is half sensible and half mad, through the
// guard, on a stage that obeys to the letter. Whatever the programs say:
//   the tip is never deeper below the surface than latency x speed + margin;
//   E stays in the window; no potential ramp without liquid contact beyond the span allowed in air;
//   a lateral move has the clearance; what follows an approach that met nothing does not run.
// Given: the relief of the field (tilt, waves) stays below clearance - overshoot, which is what the clearance is for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "instrument/decorators/interlock_guard.hpp"
#include "sim/random.hpp"

namespace seccm::instrument {
namespace {

constexpr double range = 100e-6;
constexpr double margin = 5e-9;  // m
constexpr int surfaces = 10000;

struct Surface {
  double height, tilt_x, tilt_y, wave, length, phase;

  explicit Surface(RandomStream& random)
      : height((10.0 + 60.0 * random.uniform()) * 1e-6),
        tilt_x((2.0 * random.uniform() - 1.0) * 6e-3),
        tilt_y((2.0 * random.uniform() - 1.0) * 6e-3),
        wave(0.2e-6 * random.uniform()),
        length((2.0 + 30.0 * random.uniform()) * 1e-6),
        phase(2.0 * std::numbers::pi * random.uniform()) {}

  [[nodiscard]] double at(double x, double y) const {
    return height + tilt_x * (x - 0.5 * range) + tilt_y * (y - 0.5 * range) +
           wave * std::sin(2.0 * std::numbers::pi * (x + 0.7 * y) / length + phase);
  }
};

/// Obeys at once and keeps account of what it was made to do.
class ObedientStage final : public ProbeSequencer {
 public:
  ObedientStage(const Surface& surface, double latency) : surface_(surface), latency_(latency) {}

  [[nodiscard]] Identity identity() const override { return {"test", "obedient stage", "1", "1"}; }
  [[nodiscard]] Health health() const override { return {}; }
  Outcome connect(ConnectConsent) override { return Done{}; }
  void make_safe() noexcept override { now_.z = range; }
  [[nodiscard]] Limits limits() const override {
    return {.x_max = range, .y_max = range, .z_max = range, .E_min = -5.0, .E_max = 5.0};
  }
  [[nodiscard]] Capabilities capabilities() const override {
    Capabilities c;
    c.contact_latency = latency_;
    return c;
  }
  [[nodiscard]] Result<DryRun> check(const Program&) const override { return DryRun{}; }
  [[nodiscard]] Result<SequencerStatus> status() override { return now_; }
  Result<std::size_t> read(std::span<Frame>, double) override { return std::size_t{0}; }
  Outcome abort() override { return Done{}; }

  Outcome start(const Program& program) override {
    now_.state = RunState::completed;
    for (std::size_t k = 0; k < program.waypoints.size(); ++k) {
      const Waypoint& w = program.waypoints[k];
      const bool next_approaches =
          k + 1 < program.waypoints.size() && program.waypoints[k + 1].stop == StopRule::on_contact;
      if (!run(w, next_approaches)) break;
    }
    return Done{};
  }

  double deepest_beyond = 0.0;  ///< of the tip, beyond latency x speed, m
  double E_low = 0.0, E_high = 0.0;
  double longest_dry_ramp = 0.0;  ///< V
  int landings = 0;

 private:
  bool run(const Waypoint& w, bool next_approaches) {
    polarise(w);
    const double to_x = w.x.value_or(now_.x), to_y = w.y.value_or(now_.y), to_z = w.z.value_or(now_.z);
    if (w.stop == StopRule::on_contact && to_z < now_.z) return approach(w, to_z, next_approaches);
    constexpr int steps = 50;  // all axes start together
    const double x0 = now_.x, y0 = now_.y, z0 = now_.z;
    for (int k = 1; k <= steps; ++k) {
      const double s = static_cast<double>(k) / steps;
      now_.x = x0 + s * (to_x - x0);
      now_.y = y0 + s * (to_y - y0);
      now_.z = z0 + s * (to_z - z0);
      note_depth(0.0);
    }
    return true;
  }

  bool approach(const Waypoint& w, double to_z, bool next_approaches) {
    const double surface = surface_.at(now_.x, now_.y);
    if (surface < to_z) {  // nothing to meet
      now_.z = to_z;
      note_depth(0.0);
      now_.state = RunState::limit_reached;
      return next_approaches;
    }
    now_.z = std::max(0.0, std::min(surface, now_.z) - w.speed_z * latency_);  // in contact: the comparator is set
    note_depth(w.speed_z * latency_);
    now_.state = RunState::contact;
    ++landings;
    return false;
  }

  void polarise(const Waypoint& w) {
    if (!w.E1) return;
    const bool wet = now_.z <= surface_.at(now_.x, now_.y) + 1e-12;
    if (!w.jump_E1 && !wet) longest_dry_ramp = std::max(longest_dry_ramp, std::abs(*w.E1 - now_.E1));
    now_.E1 = *w.E1;
    E_low = std::min(E_low, now_.E1);
    E_high = std::max(E_high, now_.E1);
  }

  void note_depth(double allowed) {
    // Contact stands where the last approach left it: a hold or a small step aside keeps its overshoot.
    allowed_ = std::max(allowed, now_.z < surface_.at(now_.x, now_.y) ? allowed_ : 0.0);
    deepest_beyond = std::max(deepest_beyond, surface_.at(now_.x, now_.y) - now_.z - allowed_);
  }

  const Surface& surface_;
  double latency_, allowed_ = 0.0;
  SequencerStatus now_{.x = 0.5 * range, .y = 0.5 * range, .z = range};
};

/// Anything at all, now and then something that a scan would do.
Program random_program(RandomStream& random, const SequencerStatus& now) {
  Program program;
  const auto legs = 1 + random.below(3);
  for (std::uint64_t k = 0; k < legs; ++k) {
    Waypoint w;
    w.tag = 1;
    const double u = random.uniform();
    w.speed_z = std::pow(10.0, -7.0 + 3.0 * random.uniform());
    if (u < 0.30) {
      w.z = range * random.uniform();
      w.stop = StopRule::on_contact;
    } else if (u < 0.5) {
      w.z = range * random.uniform();
    } else if (u < 0.7) {
      w.x = range * random.uniform();
      w.y = range * random.uniform();
      if (random.uniform() < 0.2) w.z = range * random.uniform();
    } else if (u < 0.8) {
      w.z = std::min(range, now.z + 10e-6 * random.uniform());
    } else {
      w.E1 = -3.5 + 5.0 * random.uniform();
      w.jump_E1 = random.uniform() < 0.5;
      w.rate_E1 = 0.1;
    }
    program.waypoints.push_back(w);
  }
  return program;
}

TEST(TipCrash, TheTipNeverGoesDeeperThanTheLatencyAllows) {
  const InterlockParameters parameters;
  RandomStream random(5, "tip crash");
  int landings = 0, refused = 0, accepted = 0, landed_on = 0;
  double deepest = -1.0;
  for (int k = 0; k < surfaces; ++k) {
    const Surface surface(random);
    const double latency = std::pow(10.0, -6.0 + 5.0 * random.uniform());  // 1 us to 0.1 s
    ObedientStage stage(surface, latency);
    InterlockGuard guard(stage, parameters);
    for (int program = 0; program < 30; ++program) {
      const bool ok = guard.start(random_program(random, guard.status().value())).ok();
      ++(ok ? accepted : refused);
    }
    deepest = std::max(deepest, stage.deepest_beyond);
    landings += stage.landings;
    landed_on += stage.landings > 0 ? 1 : 0;
    ASSERT_LE(stage.deepest_beyond, margin) << "surface " << k << ", latency " << latency << " s";
    ASSERT_GE(stage.E_low, parameters.E_min.si());
    ASSERT_LE(stage.E_high, parameters.E_max.si());
    ASSERT_LE(stage.longest_dry_ramp, parameters.air_sweep_span.si() + 1e-12) << "surface " << k;
  }
  // The programs were no idle talk: most surfaces were met, and much was refused.
  EXPECT_GT(landed_on, surfaces / 2);
  EXPECT_GT(refused, surfaces);
  EXPECT_GT(accepted, surfaces);
  std::printf("%d surfaces, %d landings, %d programs run, %d refused, deepest beyond the latency %.2g nm\n", surfaces,
              landings, accepted, refused, deepest * 1e9);
}

}  // namespace
}  // namespace seccm::instrument
