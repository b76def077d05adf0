// Signs and times of what the twin makes of a landing: transient, jumps, drift, what is left of a spot, a meniscus that
// wobbles.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "instrument/twin/landing_cell.hpp"
#include "models/meniscus/landing.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::twin::testing {
namespace {

TwinSpec plain() {
  return silent(ideal_stage(small_spec()));
}

Waypoint jumped_to(double E) {
  Waypoint w = hold(0.05);
  w.E1 = E;
  w.jump_E1 = true;
  return w;
}

Waypoint ramped_to(double E, double rate) {
  Waypoint w = hold(0.0);
  w.E1 = E;
  w.rate_E1 = rate;
  return w;
}

// C ΔE of a step of 1 mV (more would reach the rail) in the first frame, with the sign of the step.
TEST(WorldNumbers, AStepInAirChargesTheStrayCapacitanceInItsDirection) {
  for (const double step : {1e-3, -1e-3}) {
    TwinFixture rig(plain(), 3);
    rig.connect();
    const auto frames = rig.run(program_of({jumped_to(step)}));
    const double charge = plain().amplifier.stray_capacitance.si() * step;
    const double lsb = rig.sequencer().capabilities().i1.lsb;
    EXPECT_NEAR(frames.front().i1, charge / 1.028e-3, 0.6 * lsb);
    EXPECT_NEAR(frames.back().i1, 0.0, lsb);
  }
}

// Above the potential of zero charge of the gold, against Li, the transient is anodic, below it cathodic.
TEST(WorldNumbers, TheTransientHasTheSignOfThePotentialAgainstThatOfZeroCharge) {
  for (const double zero_charge : {2.0, 4.0}) {
    TwinSpec spec = plain();
    spec.tip.zero_charge_potential = zero_charge * unit::V;
    TwinFixture rig(spec, 3);
    rig.connect();
    rig.land(blank_x, blank_y, -0.1);
    const auto& landing = rig.twin().truth().landings.at(0);
    EXPECT_GT(landing.E_vs_Li_at_contact, 2.5);
    EXPECT_LT(landing.E_vs_Li_at_contact, 3.5);
    EXPECT_EQ(landing.transient_amplitude > 0.0, zero_charge < 3.0);
  }
}

// The approach that a contact ends is a waypoint that was executed.
TEST(WorldNumbers, AnApproachThatEndsInContactWasExecuted) {
  TwinFixture rig(plain(), 3);
  rig.connect();
  rig.land(blank_x, blank_y, -0.1);
  ASSERT_EQ(rig.state(), RunState::contact);
  EXPECT_EQ(rig.sequencer().status().value().executed, 1U);
}

// The amplifier's offset is no contact where the rule is told of it, and one where it is not.
TEST(WorldNumbers, TheComparatorSeesTheOffsetOfTheAmplifier) {
  for (const double offset : {20e-12, -20e-12}) {
    TwinSpec spec = plain();
    spec.amplifier.offset = offset * unit::A;
    for (const bool told : {true, false}) {
      TwinFixture rig(spec, 3);
      rig.connect();
      Waypoint approach = move_z(90e-6, 50e-6);
      approach.stop = StopRule::on_contact;
      Program program = program_of({approach});
      program.contact = {.threshold = 5e-12, .baseline = told ? offset : 0.0};
      const auto frames = rig.run(program);
      EXPECT_EQ(rig.state(), told ? RunState::limit_reached : RunState::contact) << offset;
      EXPECT_NEAR(frames.front().i1, offset, rig.sequencer().capabilities().i1.lsb);
    }
  }
}

// A jump of 1 V, some 1 pC: far beyond the rail, flagged with its sign, and none of it in the frame behind.
TEST(WorldNumbers, APulseBeyondTheRailKeepsItsSign) {
  for (const double step : {1.0, -1.0}) {
    TwinFixture rig(plain(), 3);
    rig.connect();
    const auto frames = rig.run(program_of({jumped_to(step)}));
    EXPECT_NE(frames[0].flags & Frame::current_saturated, 0);
    EXPECT_GT(frames[0].i1 * step, 1e-12);
    EXPECT_NEAR(frames[1].i1, 0.0, rig.sequencer().capabilities().i1.lsb);
  }
}

// The sample rises or falls by what it has drifted since t = 0; the tip meets it there.
TEST(WorldNumbers, ContactFollowsTheDriftOfTheSample) {
  TwinSpec spec = plain();
  spec.stage.drift = 5e-9 * unit::m_per_s;
  TwinFixture rig(spec, 5);
  rig.connect();
  rig.run(program_of({hold(200.0)}));
  rig.land(blank_x, blank_y, -0.1);
  const auto& truth = rig.twin().truth();
  const auto& landing = truth.landings.at(0);
  ASSERT_GT(std::abs(truth.drift_z * landing.t), 0.2e-6);
  const double touch =
      truth.surface_z + truth.drift_z * landing.t +
      models::contact_height(rig.twin().sample(), spec.meniscus, spec.pipette, landing.sample_x, landing.sample_y);
  // 3 um/s times the lag, and a tick.
  EXPECT_NEAR(landing.contact_z, touch - 3e-6 * spec.stage.response_time.si(), 1e-10);
  EXPECT_NEAR(landing.commanded_x, blank_x, 1e-12);
  EXPECT_NEAR(landing.commanded_y, blank_y, 1e-12);
  // The place under the tip has moved with the sample: against the axes of its drift.
  EXPECT_NEAR(landing.sample_x, blank_x - truth.drift_x * landing.t, 1e-9);
  EXPECT_NEAR(landing.sample_y, blank_y - truth.drift_y * landing.t, 1e-9);
}

// Trace water is reduced where the gold has not been used: the second sweep on one spot has a seventh and less of it.
TEST(WorldNumbers, ASpotThatWasUsedHasLessWaterLeft) {
  TwinFixture rig(plain(), 3);
  rig.connect();
  const double offset = rig.twin().truth().qrce_initial_vs_Li;
  const auto charge_of_a_sweep = [&] {
    rig.land(blank_x, blank_y, 3.0 - offset);
    rig.run(program_of({hold(1.0)}));
    const auto frames = rig.run(program_of({ramped_to(1.2 - offset, 2.0)}));
    rig.retract();
    double charge = 0.0;
    for (const Frame& f : frames) charge -= f.i1 * 1.028e-3;
    const auto& landing = rig.twin().truth().landings.back();
    // without what charges stray and gold
    const auto spec = plain();
    return charge - 1.8 * (spec.amplifier.stray_capacitance.si() + spec.double_layer.gold.si() * landing.gold_area);
  };
  const double first = charge_of_a_sweep(), second = charge_of_a_sweep();
  const double all = plain().water_reduction.charge.si() * rig.twin().truth().landings[0].gold_area;
  EXPECT_GT(first, 0.7 * all);
  EXPECT_LT(second, 0.3 * first);
}

// A sweep to 1.2 V, six widths below the peak of the water, leaves 1/7 of what there was. Of the gold under a footprint
// the share that an earlier one covers has what that one left; with several each takes its part of the rest. No
// mediator and no double layer; 2 % for the frames at either end of a ramp.
TEST(WorldNumbers, WhatIsLeftOfTheWaterIsThatOfTheGoldThatIsNewAndOfWhatWasLeft) {
  TwinSpec spec = plain();
  spec.electrolyte.ferrocene_concentration = {};
  spec.double_layer.gold = {};
  TwinFixture rig(spec, 3);
  rig.connect();
  const double offset = rig.twin().truth().qrce_initial_vs_Li, kept = 1.0 / spec.water_reduction.decay;
  std::vector<double> left_there;
  for (const double x : {blank_x, blank_x, blank_x + 0.5e-6}) {
    rig.land(x, blank_y, 3.0 - offset);
    rig.run(program_of({hold(2.0)}));
    double charge = -1.8 * spec.amplifier.stray_capacitance.si();
    for (const Frame& f : rig.run(program_of({ramped_to(1.2 - offset, 2.0)}))) charge -= f.i1 * 1.028e-3;
    rig.retract();
    const auto& landings = rig.twin().truth().landings;
    const auto& here = landings.back();
    double share = 1.0;
    for (std::size_t k = 0; k < left_there.size(); ++k) {
      const double covered =
          covered_share(here.footprint_x, here.footprint_y, here.footprint_diameter, landings[k].footprint_x,
                        landings[k].footprint_y, landings[k].footprint_diameter);
      EXPECT_GT(covered, 0.1);
      share *= 1.0 - covered * (1.0 - left_there[k]);
    }
    const double all = (1.0 - kept) * spec.water_reduction.charge.si() * here.gold_area;
    EXPECT_NEAR(charge / all, share, 0.02 * share) << left_there.size() << " landings before";
    left_there.push_back(share * kept);
  }
}

// What particles give back in contact lowers the least x of that landing.
TEST(WorldNumbers, TheLeastFillingOfALandingIsWhatItComesDownTo) {
  auto spec = plain();
  spec.sample.cluster_sizes = {3};
  spec.pipette.diameter = 3.0 * unit::um;
  spec.material.D = 1e-14 * unit::cm2_per_s;
  TwinFixture rig(spec, 3);
  rig.connect();
  const double offset = rig.twin().truth().qrce_initial_vs_Li;
  rig.land(cluster_x, cluster_y, 3.0 - offset);
  rig.run(program_of({ramped_to(1.3 - offset, 0.5), hold(1.0)}));
  rig.retract();
  // At contact, and where the uptake ended: with the break-off.
  const auto& turns = rig.twin().truth().landings.at(0).x_turns;
  ASSERT_GE(turns.size(), 2U);
  EXPECT_NEAR(turns.front(), 0.0, 1e-9);
  EXPECT_NEAR(turns.back(), rig.twin().truth().landings.at(0).x_max, 1e-4 * 0.5);
  rig.land(cluster_x, cluster_y, 1.3 - offset);
  rig.run(program_of({ramped_to(3.0 - offset, 0.5), hold(2.0)}));
  const auto& again = rig.twin().truth().landings.at(1);
  EXPECT_GT(again.x_max, 0.05);
  EXPECT_LT(again.x_min, 0.8 * again.x_max);
}

// On the plateau of ferrocene the current is steady but for the wobble of the wet area, whose amplitude is stated as a
// root mean square. Over whole periods; 2 % for the frame beside the last.
TEST(WorldNumbers, AWobblingMeniscusChangesTheCurrentByItsStatedShare) {
  auto spec = plain();
  spec.meniscus.wobble_probability = 1.0;
  TwinFixture rig(spec, 3);
  rig.connect();
  rig.land(blank_x, blank_y, 0.7);
  const auto& landing = rig.twin().truth().landings.at(0);
  const auto event =
      models::land(rig.twin().sample(), spec.meniscus, spec.pipette, landing.sample_x, landing.sample_y, 3, 0);
  ASSERT_GT(event.wobble_period, 0.0);
  ASSERT_GT(event.wobble_amplitude, 0.0);
  rig.run(program_of({hold(4.0)}));  // the transient and the film of ferrocene settle
  const double wanted = std::ceil(2.0 / event.wobble_period) * event.wobble_period;
  auto frames = rig.run(program_of({hold(wanted + 0.1)}));
  frames.resize(static_cast<std::size_t>(std::lround(wanted / 1.028e-3)));
  double mean = 0.0, square = 0.0;
  for (const Frame& f : frames) mean += f.i1 / static_cast<double>(frames.size());
  for (const Frame& f : frames) square += std::pow(f.i1 - mean, 2) / static_cast<double>(frames.size());
  const double share = std::sqrt(square) / mean;
  const double blur = std::sin(M_PI * 1.028e-3 / event.wobble_period) / (M_PI * 1.028e-3 / event.wobble_period);
  EXPECT_NEAR(share / (event.wobble_amplitude * blur), 1, 0.02);
}

}  // namespace
}  // namespace seccm::instrument::twin::testing
