// Electrochemistry and noise as they come out of the sequencer.
#include "instrument/twin/twin_sequencer.hpp"
#include "sim/step_scheme.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "instrument/twin/landing_cell.hpp"
#include "models/cell.hpp"
#include "models/meniscus/landing.hpp"
#include "models/qrce/qrce.hpp"
#include "models/sample/sample_field.hpp"
#include "sim/error.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::twin::testing {
namespace {

struct Sweep {
  double E, rate;  // V vs QRCE, V/s
};

Waypoint ramp(double E, double rate, std::int32_t tag) {
  Waypoint w;
  w.E1 = E;
  w.rate_E1 = rate;
  w.tag = tag;
  return w;
}

double offset_of(TwinFixture& rig) {
  return rig.twin().truth().landings.back().qrce_offset_vs_Li;
}

bool same_bytes(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const Frame& f, const Frame& g) {
           return f.t == g.t && f.x == g.x && f.y == g.y && f.z == g.z && f.E1 == g.E1 && f.i1 == g.i1 &&
                  f.tag == g.tag && f.flags == g.flags;
         });
}

/// Mean cell current of each frame by the cell model alone: the same landing, drawn again from the seed, stepped four
/// times as fine by a stepper of its own. `step` V per step; legs start at `start` (s) from `E` vs QRCE.
std::vector<double> model_currents(const TwinSpec& spec, TwinFixture& rig, std::uint64_t seed, double start,
                                   const std::vector<Sweep>& legs, double step) {
  const auto& record = rig.twin().truth().landings.back();
  const auto landing =
      models::land(rig.twin().sample(), spec.meniscus, spec.pipette, record.sample_x, record.sample_y, seed, 0);
  const models::Cell cell(
      landed_cell(spec, rig.twin().sample(), landing, seed, [](int, int) { return 0.0; }).value_or(LandedCell{}).cell);
  const models::Qrce qrce(spec.qrce, seed);
  double E = record.E_vs_Li_at_contact - record.qrce_offset_vs_Li;
  models::CellStepper stepper(cell, cell.rest(record.E_vs_Li_at_contact));
  std::vector<double> time{start}, charge;
  for (double t = record.t; t < start - 1e-9;) {
    const double dt = std::min(0.2e-3, start - t);
    t += dt;
    stepper.advance(E + qrce.offset(t), dt);
  }
  charge.push_back(stepper.state().charge.total);
  for (const Sweep& leg : legs) {
    const double duration = std::abs(leg.E - E) / leg.rate, slope = (leg.E - E) / duration;
    const int n = static_cast<int>(std::ceil(std::abs(leg.E - E) / step));
    const double begin = time.back();
    for (int k = 1; k <= n; ++k) {
      const double t = begin + duration * k / n;
      stepper.advance(E + slope * (t - begin) + qrce.offset(t), duration / n);
      time.push_back(t);
      charge.push_back(stepper.state().charge.total);
    }
    E = leg.E;
  }
  // Mean over frame k from the charge, linear between steps: their spacing is a small part of a frame.
  std::vector<double> mean;
  const double frame = 1.028e-3;
  std::size_t i = 0;
  const auto at = [&](double t) {
    while (i + 2 < time.size() && time[i + 1] < t) ++i;
    return charge[i] + (charge[i + 1] - charge[i]) * (t - time[i]) / (time[i + 1] - time[i]);
  };
  double last = charge.front();
  for (double t = start + frame; t < time.back(); t += frame) {
    const double q = at(t);
    mean.push_back((q - last) / frame);
    last = q;
  }
  return mean;
}

TEST(TwinSequencer, AVoltammogramIsTheModelsCurrentWithinHalfACount) {
  for (const double x : {blank_x, cluster_x}) {
    auto spec = silent(ideal_stage(small_spec(60)));
    spec.meniscus.transient_time = 1e-3 * unit::s;  // gone before the sweep starts
    TwinFixture rig(spec, 17);
    rig.connect();
    rig.land(x, blank_y, 2.9 - rig.twin().truth().qrce_initial_vs_Li);
    rig.run(program_of({hold(0.5)}));
    const double start = rig.sequencer().status().value().t;
    const double E0 = rig.sequencer().status().value().E1, offset = offset_of(rig);
    const std::vector<Sweep> legs{{1.2 - offset, 0.5}, {2.9 - offset, 0.5}};
    const auto frames = rig.run(program_of({ramp(legs[0].E, 0.5, 2), ramp(legs[1].E, 0.5, 3)}));
    const auto coarse = model_currents(spec, rig, 17, start, legs, 0.25e-3);
    const auto fine = model_currents(spec, rig, 17, start, legs, 0.125e-3);
    ASSERT_NEAR(static_cast<double>(fine.size()), static_cast<double>(frames.size()), 2.0);
    const double stray = spec.amplifier.stray_capacitance.si(), lsb = rig.sequencer().capabilities().i1.lsb;
    EXPECT_EQ(E0, 2.9 - rig.twin().truth().qrce_initial_vs_Li);
    const auto corner = static_cast<std::size_t>(1.7 / 0.5 / 1.028e-3);
    double peak = 0.0, worst = 0.0, engine = 0.0;
    for (std::size_t n = 1; n + 2 < fine.size(); ++n) {
      // The first step behind a corner, 1 mV = 2 ms at 0.5 V/s, spreads what the corner switches: three frames.
      if (n < 4 || (n + 2 > corner && n < corner + 5)) continue;
      const double expected = fine[n] + (n < corner ? -0.5 : 0.5) * stray;
      // The reference's charge is linear within its steps dt: dt²/8 di/dt at each end of a frame.
      const double dt = 0.125e-3 / 0.5, slope = std::abs(fine[n + 1] - fine[n - 1]) / (2.0 * 1.028e-3);
      worst = std::max(worst, std::abs(frames[n].i1 - expected) - 2.0 * dt * dt / 8.0 * slope / 1.028e-3);
      engine = std::max(engine, std::abs(coarse[n] - fine[n]));
      peak = std::max(peak, std::abs(expected));
    }
    // Half a count for the digitiser. Second order: the twin's step of 1 mV errs 16 times as much as 0.25 mV, whose
    // largest difference from 0.125 mV is 3/4 of its own error.
    EXPECT_LT(worst, 0.5001 * lsb + 16.0 * 4.0 / 3.0 * engine) << "peak " << peak << " A";
    EXPECT_LT(engine, 1e-4 * peak);
    EXPECT_GT(peak, 50 * lsb);
  }
}

TEST(TwinSequencer, NoiseOfAVoltammogramIsThatOfTheAmplifier) {
  auto noisy = ideal_stage(small_spec()), still = silent(noisy);
  std::vector<std::vector<Frame>> runs;
  for (const auto& spec : {noisy, still}) {
    TwinFixture rig(spec, 17);
    rig.connect();
    rig.land(cluster_x, cluster_y, -0.1);
    runs.push_back(rig.run(program_of({hold(0.5), ramp(-1.5, 0.2, 2), ramp(-0.1, 0.2, 3)})));
  }
  ASSERT_EQ(runs[0].size(), runs[1].size());
  const double n = static_cast<double>(runs[0].size());
  double sum = 0.0, square = 0.0;
  for (std::size_t k = 0; k < runs[0].size(); ++k) {
    const double d = runs[0][k].i1 - runs[1][k].i1;
    sum += d;
    square += d * d;
  }
  const double white = 9e-30 / (2.0 * 1.024e-3), mains = 0.5 * 4e-28 * 0.9915, lsb = 10.0 / 32768 / 1e11;
  const double variance = white + mains + 2.0 * lsb * lsb / 12.0;
  // The flicker adds five modes of S f_c ln 10 each, of which the slow ones go into the mean; offset 20 fA as well.
  const double flicker = 9e-30 * std::log(10.0);
  EXPECT_NEAR(square / n - sum * sum / n / n, variance + 2.5 * flicker,
              5.0 * std::sqrt(2.0 / n) * variance + 2.5 * flicker);
  EXPECT_NEAR(sum / n, 20e-15, 5.0 * std::sqrt(5.0 * flicker) + 5.0 * std::sqrt(variance / n));
}

TEST(TwinSequencer, AJumpIntoTheStrayCapacitanceSaturatesOneFrame) {
  TwinFixture rig;
  rig.connect();
  Waypoint jump = hold(0.05);
  jump.E1 = -1.0;
  jump.jump_E1 = true;
  const auto frames = rig.run(program_of({hold(0.05), jump}));
  const auto saturated =
      std::count_if(frames.begin(), frames.end(), [](const Frame& f) { return f.flags & Frame::current_saturated; });
  EXPECT_EQ(saturated, 1);
  EXPECT_EQ(frames.back().flags, Frame::none);
}

TEST(TwinSequencer, ATriangleInAirShowsTheStrayCapacitance) {
  TwinFixture rig(silent(small_spec()), 1);
  rig.connect();
  const auto frames = rig.run(program_of({ramp(0.2, 0.1, 2), ramp(-0.2, 0.1, 3)}));
  for (const Frame& f : frames) {
    if (f.tag == 2 && f.t > 1.0) {
      ASSERT_NEAR(f.i1, 1e-12 * 0.1, 0.5001 * rig.sequencer().capabilities().i1.lsb);
    }
  }
  // A potential that rises linearly is read at the middle of its frame.
  const double lsb = rig.sequencer().capabilities().E1.lsb;
  for (std::size_t n = 1; n < 1900; ++n) {
    ASSERT_NEAR(frames[n].E1, 0.1 * 1.028e-3 * (static_cast<double>(n) + 0.5), 0.5001 * lsb);
  }
}

TEST(TwinSequencer, SameSeedSameFramesAnotherSeedOtherFrames) {
  const auto run = [](std::uint64_t seed, std::size_t chunk) {
    TwinFixture rig(small_spec(), seed);
    rig.connect();
    rig.land(cluster_x, cluster_y, -0.1);
    EXPECT_TRUE(succeeded(rig.sequencer().start(program_of({hold(0.2), ramp(-1.0, 0.5, 2)}))));
    return read_all(rig.sequencer(), chunk);
  };
  const auto first = run(3, 5000), again = run(3, 17), other = run(4, 5000);
  EXPECT_TRUE(same_bytes(first, again));
  EXPECT_FALSE(same_bytes(first, other));
}

TEST(TwinSequencer, IdleTimeDoesNotChangeWhatAFrameReads) {
  // White noise is a function of the frame's number; how the time until then was spent does not matter.
  auto spec = small_spec();
  spec.amplifier.flicker_corner = 0.0 * unit::Hz;
  TwinFixture a(spec, 3), b(spec, 3);
  a.connect();
  b.connect();
  const double start = a.clock().now();
  a.clock().sleep_until(start + 5.0, {});
  b.run(program_of({hold(2.5)}));
  b.clock().sleep_until(start + 5.0, {});
  const auto fa = a.run(program_of({hold(0.2)})), fb = b.run(program_of({hold(0.2)}));
  EXPECT_TRUE(same_bytes(fa, fb));
}

TEST(TwinSequencer, TheEngineTakesItsOwnStepsNotOnePerFrame) {
  const auto spec = ideal_stage(small_spec());
  World world(spec, 162.5e-9, 5, power_on_position(spec.stage));
  TwinSequencer sequencer(world, 5);
  ASSERT_TRUE(succeeded(sequencer.connect({.allow_motion = true})));
  Waypoint approach = move_z(5e-6, 20e-6);
  approach.stop = StopRule::on_contact;
  ASSERT_TRUE(succeeded(sequencer.start(program_of({approach}))));
  read_all(sequencer);
  ASSERT_EQ(sequencer.status().value().state, RunState::contact);
  const long before = world.cell_steps();
  ASSERT_TRUE(succeeded(sequencer.start(program_of({ramp(-1.0, 0.05, 2), ramp(0.0, 0.05, 3)}))));
  const auto frames = read_all(sequencer);
  // 2 V in steps of 1 mV are 2000 steps; each frame is a fiftieth of one. Holds at the ends: at most one step each. The
  // first step behind each corner, two turns and two ends, is cut into one and as many as double from it.
  EXPECT_NEAR(static_cast<double>(world.cell_steps() - before), 2000.0 + 4 * sim::start_doublings, 3.0);
  EXPECT_EQ(frames.size(), static_cast<std::size_t>(std::ceil(40.0 / 1.028e-3)));
}

TEST(TwinSequencer, FramesThatNobodyReadsAreAnErrorNotAGap) {
  auto spec = small_spec(1);
  TwinFixture rig(spec, 1);
  rig.connect();
  ASSERT_TRUE(succeeded(rig.sequencer().start(program_of({hold(600.0)}))));
  rig.clock().sleep_until(rig.clock().now() + 500.0, {});
  EXPECT_EQ(rig.state(), RunState::faulted);
  EXPECT_EQ(rig.sequencer().health().condition, Health::Condition::faulted);
  std::vector<Frame> buffer(TwinSequencer::buffer_frames);
  EXPECT_EQ(rig.sequencer().read(buffer, no_deadline).value(), TwinSequencer::buffer_frames);
  const auto lost = rig.sequencer().read(buffer, no_deadline);
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, Errc::overflow);
  EXPECT_EQ(rig.sequencer().start(program_of({hold(0.1)})).error().code, Errc::needs_reconnect);
  ASSERT_TRUE(succeeded(rig.sequencer().connect({.allow_motion = true})));
  EXPECT_TRUE(succeeded(rig.sequencer().start(program_of({hold(0.1)}))));
}

TEST(TwinSequencer, TheFilteredComparatorStillStopsTheTip) {
  auto spec = small_spec();
  spec.amplifier.filter_time = 10.0 * unit::ms;
  TwinFixture rig(spec, 2);
  rig.connect();
  rig.land(blank_x, blank_y, -0.1, 1e-6);
  EXPECT_EQ(rig.state(), RunState::contact);
  const auto& landing = rig.twin().truth().landings.at(0);
  const double ran_on = landing.contact_z - rig.sequencer().status().value().z;
  EXPECT_GT(ran_on, 0.0);
  EXPECT_LT(ran_on, 1e-6 * 12e-3);  // the filter's delay and a frame
  EXPECT_TRUE(rig.twin().truth().crashes.empty());
}

TEST(TwinSequencer, ASampleIntervalOffTheClockIsAnError) {
  auto spec = small_spec(1);
  spec.amplifier.sample_interval = 4.01e-6 * unit::s;
  EXPECT_THROW(TwinRig(spec, 1), InputError);
}

}  // namespace
}  // namespace seccm::instrument::twin::testing
