// Physics through the device: contact from geometry, footprints, re-landing, crash, contact rule.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "instrument/twin/landing_cell.hpp"
#include "models/meniscus/landing.hpp"
#include "models/micrograph/micrograph.hpp"
#include "models/optics/image_pose.hpp"
#include "models/sample/sample_field.hpp"
#include "sim/quantity.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::twin::testing {
namespace {

TEST(Landing, ContactComesWhereTheDropletMeetsTheSurface) {
  for (const double speed : {1e-6, 10e-6}) {
    const auto spec = ideal_stage(small_spec());
    TwinFixture rig(spec, 21);
    rig.connect();
    const auto frames = rig.land(blank_x, blank_y, -0.1, speed);
    ASSERT_EQ(rig.state(), RunState::contact);
    const auto& truth = rig.twin().truth();
    ASSERT_EQ(truth.landings.size(), 1U);
    const auto& landing = truth.landings[0];
    EXPECT_NEAR(landing.sample_x, blank_x, 1e-9);
    const double touch = truth.surface_z + models::contact_height(rig.twin().sample(), spec.meniscus, spec.pipette,
                                                                  landing.sample_x, landing.sample_y);
    // The command is ahead of the tip by speed x lag; the instant is resolved to one tick of 25 ns.
    EXPECT_NEAR(landing.contact_z, touch - speed * spec.stage.response_time.si(), speed * 25e-9 + 1e-14);
    // Height above the local gold: the droplet, but for tilt and roughness under the opening.
    const double droplet = spec.meniscus.height_fraction * spec.pipette.radius();
    const double gold = rig.twin().sample().gold_height(landing.sample_x, landing.sample_y);
    EXPECT_NEAR(touch - truth.surface_z - gold, droplet, 0.6e-3 * spec.pipette.radius() + 6.0 * 0.8e-9);
    // The comparator looks every 2 us, the transient of some 50 pA crosses 2 pA within 2 us of it.
    const auto status = rig.sequencer().status().value();
    EXPECT_LE(status.z, landing.contact_z);
    EXPECT_GE(status.z, landing.contact_z - speed * 6e-6 - 1e-14);
    EXPECT_NE(frames.back().flags & Frame::contact, 0);
    EXPECT_GE(frames.back().t, landing.t);
    EXPECT_LT(frames.back().t - landing.t, 1.028e-3 + 6e-6);
    EXPECT_EQ(std::count_if(frames.begin(), frames.end(), [](const Frame& f) { return f.flags & Frame::contact; }), 1);
  }
}

// What flows already brings the rule nearer to its threshold where the transient has the same sign, and takes it
// further away where it has the other: 1 or 39 pA of 20 are missing. The amplifier of 500 Hz shows that share of the
// transient after -ln(1 - share)/(2 pi 500 Hz), and the comparator answers within two looks of 2 us.
TEST(Landing, TheRuleWaitsForWhatTheTransientHasToAddToTheCurrentBefore) {
  for (const double zero_charge : {2.0, 4.0}) {
    for (const double offset : {19e-12, -19e-12}) {
      auto spec = silent(ideal_stage(small_spec()));
      spec.tip.zero_charge_potential = zero_charge * unit::V;
      spec.amplifier.offset = offset * unit::A;
      spec.amplifier.bandwidth = 500.0 * unit::Hz;
      TwinFixture rig(spec, 3);
      rig.connect();
      constexpr double speed = 10e-6;
      Waypoint approach = move_z(5e-6, speed);
      approach.stop = StopRule::on_contact;
      Program program = program_of({approach});
      program.contact = {.threshold = 20e-12, .baseline = 0.0};
      rig.run(program_of({move_xy(blank_x, blank_y), move_z(36e-6), hold(0.1)}));
      rig.run(program);
      ASSERT_EQ(rig.state(), RunState::contact);
      const auto& landing = rig.twin().truth().landings.at(0);
      const double amplitude = landing.transient_amplitude;
      ASSERT_EQ(amplitude > 0.0, zero_charge < 3.0);
      const double missing = amplitude * offset > 0.0 ? 1e-12 : 39e-12;
      ASSERT_GT(std::abs(amplitude), 1.1 * missing);
      const double delay = -std::log1p(-missing / std::abs(amplitude)) / (2.0 * constants::pi * 500.0);
      const double waited = (landing.contact_z - rig.sequencer().status().value().z) / speed;
      EXPECT_GE(waited, delay) << zero_charge << " V, " << offset << " A";
      EXPECT_LE(waited, delay + 4.1e-6) << zero_charge << " V, " << offset << " A";
    }
  }
}

TEST(Landing, ThePotentialOfTheCellIsTheAppliedOnePlusTheReference) {
  TwinFixture rig;
  rig.connect();
  rig.land(blank_x, blank_y, -0.3);
  const auto& landing = rig.twin().truth().landings.at(0);
  EXPECT_NEAR(landing.E_vs_Li_at_contact, -0.3 + landing.qrce_offset_vs_Li, 1e-12);
  EXPECT_NEAR(landing.qrce_offset_vs_Li, rig.twin().truth().qrce_initial_vs_Li, 1e-3);
  // Below the potential of zero charge of the gold the transient is cathodic.
  EXPECT_LT(landing.transient_amplitude, 0.0);
}

TEST(Landing, OnlyWhatLiesUnderTheFootprintTakesPart) {
  TwinFixture rig;
  rig.connect();
  rig.land(cluster_x, cluster_y, -0.1);
  rig.retract();
  rig.land(blank_x, blank_y, -0.1);
  const auto& truth = rig.twin().truth();
  ASSERT_EQ(truth.landings.size(), 2U);
  const auto& on = truth.landings[0];
  EXPECT_EQ(on.cluster, 0);
  EXPECT_FALSE(on.particles.empty());
  for (const auto& wet : on.particles) {
    const auto& p = rig.twin().sample().particle({wet.cluster, wet.particle});
    EXPECT_LT(std::hypot(p.x - on.footprint_x, p.y - on.footprint_y), 0.5 * on.footprint_diameter + p.radius);
  }
  EXPECT_GT(on.wetted_volume, 0.0);
  EXPECT_GE(on.t_end, on.t);
  EXPECT_EQ(truth.landings[1].cluster, -1);
  EXPECT_TRUE(truth.landings[1].particles.empty());
  EXPECT_EQ(truth.landings[1].t_end, -1.0);
  const double disc = 0.25 * constants::pi * std::pow(truth.landings[1].footprint_diameter, 2);
  EXPECT_NEAR(truth.landings[1].gold_area, disc, 1e-6 * disc);
}

TEST(Landing, WhatHasEndedCanBeTakenAndChangesNothingLater) {
  const auto two_landings = [](TwinFixture& rig, bool take) {
    rig.connect();
    rig.land(cluster_x, cluster_y, -0.1);
    if (take) {
      EXPECT_TRUE(rig.twin().take_landings().empty()) << "the tip is still in contact";
    }
    rig.retract();
    const auto taken = take ? rig.twin().take_landings() : std::vector<LandingRecord>();
    rig.land(cluster_x, cluster_y, -0.1);
    return taken;
  };
  TwinFixture kept, taken_from;
  two_landings(kept, false);
  const auto taken = two_landings(taken_from, true);
  const auto& all = kept.twin().truth().landings;
  const auto& rest = taken_from.twin().truth().landings;
  ASSERT_EQ(all.size(), 2U);
  ASSERT_EQ(taken.size(), 1U);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(taken[0].t_end, all[0].t_end);
  EXPECT_EQ(taken[0].footprint_x, all[0].footprint_x);
  EXPECT_EQ(taken[0].x_turns, all[0].x_turns);
  EXPECT_EQ(rest[0].t, all[1].t);
  EXPECT_EQ(rest[0].footprint_x, all[1].footprint_x);  // drawn by its number
  EXPECT_EQ(rest[0].x_min, all[1].x_min);              // starts with what the particles kept
}

TEST(Landing, TheMeniscusBreaksAtTheDetachmentHeightAndNotBefore) {
  TwinFixture rig(ideal_stage(small_spec()), 5);
  rig.connect();
  rig.land(blank_x, blank_y, -0.1);
  const double z = rig.sequencer().status().value().z;
  const auto& landing = rig.twin().truth().landings.at(0);
  const double speed = 1e-6;
  rig.run(program_of({move_z(z + 5e-6, speed)}));
  ASSERT_GT(landing.t_end, 0.0);
  const auto event = models::land(rig.twin().sample(), small_spec().meniscus, small_spec().pipette, landing.sample_x,
                                  landing.sample_y, 5, 0);
  const double started = rig.sequencer().status().value().t - 5.0;  // 5 um at 1 um/s
  const double height = (landing.t_end - started) * speed - speed * 3e-3 - (landing.contact_z - z);
  // Looked at once a frame; the program's end is rounded up to a frame too. The tip sank on by the lag at contact.
  EXPECT_NEAR(height, event.detachment_height, speed * 2 * 1.028e-3 + 3e-6 * 3e-3);
}

TEST(Landing, ParticlesKeepTheirLithiumBetweenLandings) {
  auto spec = ideal_stage(small_spec(3));
  spec.pipette.diameter = 3.0 * unit::um;  // holds all three wherever the footprint lies
  spec.material.D = 1e-14 * unit::cm2_per_s;
  TwinFixture rig(spec, 3);
  rig.connect();
  const double offset = rig.twin().truth().qrce_initial_vs_Li;
  rig.land(cluster_x, cluster_y, 3.0 - offset);
  Waypoint down = hold(1.0);
  down.E1 = 1.5 - offset;
  down.rate_E1 = 0.5;
  rig.run(program_of({down}));
  rig.retract();
  rig.land(cluster_x, cluster_y, 1.5 - offset);
  const auto& landings = rig.twin().truth().landings;
  ASSERT_EQ(landings.size(), 2U);
  ASSERT_EQ(landings[0].particles.size(), 3U);
  ASSERT_EQ(landings[1].particles.size(), 3U);
  EXPECT_GT(landings[0].x_max, 0.05);
  EXPECT_NEAR(landings[0].x_min, 0.0, 1e-9);
  // Reduction goes on while it holds, so the last filling is the largest; the second landing starts with it.
  EXPECT_NEAR(landings[1].x_min, landings[0].x_max, 1e-6);
}

TEST(Landing, AnotherSampleOfTheSameSpotHasLessWaterToReduce) {
  EXPECT_EQ(covered_share(0, 0, 2, 5, 0, 2), 0.0);
  EXPECT_EQ(covered_share(0, 0, 2, 0.1, 0, 4), 1.0);
  EXPECT_NEAR(covered_share(0, 0, 4, 0.1, 0, 2), 0.25, 1e-15);
  // Two unit circles a distance 1 apart share 2π/3 - √3/2.
  EXPECT_NEAR(covered_share(0, 0, 2, 1, 0, 2) * constants::pi, 2.0 * constants::pi / 3.0 - std::sqrt(3.0) / 2.0, 1e-12);
  // what two circles of 2 and 3 share is one area, seen from either
  EXPECT_NEAR(covered_share(0, 0, 2, 1.2, 0, 3) * 4, covered_share(1.2, 0, 3, 0, 0, 2) * 9, 1e-12);
}

TEST(Landing, AContactThatWetsNothingHasATransientAndLeavesNothing) {
  auto spec = silent(ideal_stage(small_spec()));
  spec.meniscus.failed_wetting = 1.0;
  TwinFixture rig(spec, 4);
  rig.connect();
  rig.land(cluster_x, cluster_y, -0.1);
  ASSERT_EQ(rig.state(), RunState::contact);
  EXPECT_FALSE(rig.twin().truth().landings.at(0).wets);
  const auto frames = rig.run(program_of({hold(5.0)}));
  EXPECT_GT(std::abs(frames.front().i1), 10e-12);
  EXPECT_EQ(frames.back().i1, 0.0);  // 56 pA e^{-5/0.12} is nothing
  rig.retract();
  EXPECT_GT(rig.twin().truth().landings.at(0).t_end, 0.0);
  ASSERT_TRUE(rig.camera().connect({}).ok());
  EXPECT_TRUE(rig.camera().grab(no_deadline).ok());
}

TEST(Landing, EndOfTravelNeverCountsAsContactWhateverTheSeed) {
  auto spec = small_spec(1);
  spec.camera.width = spec.camera.height = 64;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    TwinFixture rig(spec, seed);
    rig.connect();
    Waypoint approach = move_z(40e-6, 50e-6);
    approach.stop = StopRule::on_contact;
    rig.run(program_of({approach}));
    // 1200 frames at a chance below 1e-11 each.
    EXPECT_EQ(rig.state(), RunState::limit_reached) << "seed " << seed;
    EXPECT_TRUE(rig.twin().truth().landings.empty());
  }
}

TEST(Landing, AThresholdInTheNoiseGivesFalseContacts) {
  TwinFixture rig;
  rig.connect();
  Waypoint approach = move_z(40e-6, 50e-6);
  approach.stop = StopRule::on_contact;
  Program program = program_of({approach});
  program.contact.threshold = 0.5e-12;  // below two sigma of the comparator
  rig.run(program);
  EXPECT_EQ(rig.state(), RunState::contact);
  EXPECT_TRUE(rig.twin().truth().landings.empty());
}

TEST(Landing, WithoutAContactRuleTheTipCrashesAndIsBlockedAndNoisy) {
  TwinFixture rig(ideal_stage(small_spec()), 9);
  rig.connect();
  const auto before = rig.run(program_of({move_xy(blank_x, blank_y), hold(1.0)}));
  rig.run(program_of({move_z(20e-6)}));
  const auto& truth = rig.twin().truth();
  ASSERT_EQ(truth.crashes.size(), 1U);
  EXPECT_GT(truth.crashes[0].depth, 20e-9);
  // Found once a frame at 50 um/s.
  EXPECT_LT(truth.crashes[0].depth, 20e-9 + 50e-6 * 1.028e-3);
  ASSERT_EQ(truth.landings.size(), 1U);
  EXPECT_GT(truth.landings[0].t_end, 0.0);
  rig.retract();
  const auto after = rig.run(program_of({hold(4.0)}));
  const auto variance = [](std::span<const Frame> frames) {
    double sum = 0.0, square = 0.0;
    for (const auto& f : frames) {
      sum += f.i1;
      square += f.i1 * f.i1;
    }
    const double n = static_cast<double>(frames.size());
    return square / n - sum * sum / (n * n);
  };
  // White noise and hum five times as large: 25 in variance. Chi square of 900 and 3900 frames: 5 x (√(2/900) +
  // √(2/3900)) = 35 %.
  const auto quiet = std::span(before).last(900);
  EXPECT_NEAR(variance(after) / variance(quiet), 25.0, 0.35 * 25.0);
  Waypoint approach = move_z(10e-6, 50e-6);
  approach.stop = StopRule::on_contact;
  Program again = program_of({approach});
  again.contact.threshold = 50e-12;
  rig.run(again);
  EXPECT_EQ(rig.state(), RunState::limit_reached);
  EXPECT_EQ(truth.landings.size(), 1U);
}

TEST(Landing, FootprintsShowInTheImageAndInTheMicrographAfterTheMeniscusIsGone) {
  const auto spec = ideal_stage(small_spec());
  TwinFixture rig(spec, 13);
  rig.connect();
  ASSERT_TRUE(rig.camera().connect({}).ok() && rig.light().connect({}).ok());
  ASSERT_TRUE(rig.light().set(LightChannel::reflection, 1.0).ok());
  ASSERT_TRUE(rig.camera().configure({.exposure = 20e-3, .average = 4}).ok());
  const auto before = rig.camera().grab(no_deadline).value();
  rig.land(blank_x, blank_y, -0.1);
  rig.retract();
  const auto after = rig.camera().grab(no_deadline).value();
  // The truth's map from pixels to the stage tells where to look.
  const auto& a = rig.twin().truth().pixel_to_stage;
  double inside = 0.0, outside = 0.0, square = 0.0, n_in = 0, n_out = 0;
  for (int v = 0; v < after.height; ++v) {
    for (int u = 0; u < after.width; ++u) {
      const double x = a[0] + a[1] * u + a[2] * v, y = a[3] + a[4] * u + a[5] * v;
      const auto i = static_cast<std::size_t>(v) * static_cast<std::size_t>(after.width) + static_cast<std::size_t>(u);
      const double change = static_cast<double>(after.pixels[i]) - static_cast<double>(before.pixels[i]);
      const double far = std::hypot(x - blank_x, y - blank_y);
      if (far < 0.4e-6) {
        inside += change;
        ++n_in;
      } else if (far > 3e-6 && far < 10e-6) {
        outside += change;
        square += change * change;
        ++n_out;
      }
    }
  }
  ASSERT_GT(n_in, 10);
  const double noise = std::sqrt(square / n_out);
  EXPECT_GT(std::abs(inside / n_in - outside / n_out), 8.0 * noise / std::sqrt(n_in));

  const auto scan = rig.twin().micrograph(blank_x, blank_y, 4e-6, 0);
  const auto& pixels = scan.in_lens.pixels;
  EXPECT_LT(*std::min_element(pixels.begin(), pixels.end()) + 20, *std::max_element(pixels.begin(), pixels.end()));
  EXPECT_EQ(scan.centre_x, blank_x);
}

}  // namespace
}  // namespace seccm::instrument::twin::testing
