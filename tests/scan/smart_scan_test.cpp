// Longer than 500 lines: the cases share one rig of doubles.
#include "pipeline/scan/smart_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <set>
#include <string>

#include "fake_rig.hpp"
#include "pipeline/scan/registration.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scan {
namespace {

using test::FakeConfig;
using test::FakeRig;

/// Few points, a fast CV: a whole scan in a second.
ScanParameters quick() {
  ScanParameters p;
  p.protocol.points = 8;
  p.protocol.blanks = 2;
  p.protocol.landing_images = 1;
  p.protocol.reregister_every = 5;
  p.protocol.optical_resolution = 0.47 * unit::um;  // 2.355 px of 0.2 µm
  p.protocol.settle = 0.2 * unit::s;
  p.cv.vertex1 = 2.5 * unit::V;
  p.cv.scan_rates = {1.0 * unit::V_per_s};
  p.cv.hold = 0.1 * unit::s;
  p.calibration.columns = p.calibration.rows = 4;
  p.calibration.dwell = 0.1 * unit::s;
  return p;
}

FakeConfig sample() {
  FakeConfig config;
  config.discs = test::scattered_discs(8, 8, 3);
  return config;
}

class Scan : public testing::Test {
 protected:
  using Run = ScanOutcome (*)(const instrument::Rig&, const ScanParameters&, files::RunRecorder&,
                              const std::stop_token&, const ProgressCallback&);

  ScanOutcome scan(FakeRig& rig, const ScanParameters& parameters, const ProgressCallback& progress = {},
                   const std::stop_token& stop = {}, Run run = run_smart_scan) {
    files::RunRecorder recorder(run_, test::header_of(rig));
    const ScanOutcome outcome = run(rig.rig(), parameters, recorder, stop, progress);
    recorder.finalise(outcome.ending == Ending::complete ? "complete" : "interrupted");
    return outcome;
  }
  [[nodiscard]] files::RunReader reader() const { return files::RunReader(run_); }
  test::ScratchDirectory directory_;
  std::filesystem::path run_ = directory_ / "run.h5";
};

TEST_F(Scan, MeasuresEveryPlannedPointOnItsParticle) {
  FakeRig rig(sample());
  rig.world.t = 17.0;
  const ScanOutcome outcome = scan(rig, quick());
  ASSERT_EQ(outcome.ending, Ending::complete) << outcome.message;
  EXPECT_DOUBLE_EQ(outcome.duration, rig.world.t - 17.0);
  EXPECT_EQ(outcome.objects_detected, 64);
  EXPECT_EQ(outcome.points_planned, 8);
  EXPECT_EQ(outcome.points_visited, 8);
  EXPECT_EQ(outcome.points_ok, 8);
  EXPECT_EQ(outcome.landings, 16 + 2 + 8);
  EXPECT_EQ(rig.world.ramps_without_contact, 0);
  EXPECT_EQ(rig.world.lateral_without_clearance, 0);
  EXPECT_LE(outcome.tour_length, outcome.naive_length);

  const files::RunReader run = reader();
  EXPECT_EQ(run.summary().status, "complete");
  EXPECT_EQ(run.summary().frames, outcome.frames);
  int targets = 0, blanks = 0;
  for (const files::PointRecord& point : run.summary().points) {
    double nearest = 1.0, radius = 0.0;
    for (const auto& disc : rig.world.config.discs) {
      const double d = std::hypot(point.target_x - disc.x, point.target_y - disc.y);
      if (d < nearest) {
        nearest = d;
        radius = disc.radius;
      }
    }
    if (point.kind == files::PointKind::target) {
      ++targets;
      // Registration: 16 landings at a footprint error of ~0.1 px, √(6/16) of it; centroid of the disc ~0.1 px.
      EXPECT_LT(nearest, 0.15e-6);
      // Area of the disc: see ParticleDetection; the registration's scale adds less than a percent.
      EXPECT_NEAR(point.image_area, std::numbers::pi * radius * radius,
                  0.04e-12 * 5 * 0.5 * std::sqrt(2 * std::numbers::pi * radius / 0.2e-6) +
                      0.04 * std::numbers::pi * radius * radius);
    } else if (point.kind == files::PointKind::blank || point.kind == files::PointKind::ferrocene) {
      blanks += point.kind == files::PointKind::blank ? 1 : 0;
      EXPECT_GT(nearest, radius + 0.55e-6);
    }
  }
  EXPECT_EQ(targets, 6);
  EXPECT_EQ(blanks, 2);
  for (const char* name : {"reference", "after_calibration", "final", "reregistration_1"})
    EXPECT_TRUE(run.image(name).has_value()) << name;
}

TEST_F(Scan, RegistersTheImageAndFindsThePotentialOfTheReference) {
  FakeConfig config = sample();
  // 3 degrees, 1.5 % scale, shifted view, stage y against the rows.
  const double s = 0.2e-6 * 1.015, c = s * std::cos(0.05), d = s * std::sin(0.05);
  config.pixel_to_stage = {0, c, d, 0, d, -c};
  config.pixel_to_stage[0] = 51.5e-6 - (c + d) * 255.5;
  config.pixel_to_stage[3] = 48.7e-6 - (d - c) * 255.5;
  FakeRig rig(config);
  const ScanOutcome outcome = scan(rig, quick());
  ASSERT_EQ(outcome.ending, Ending::complete) << outcome.message;
  double worst = 0.0;
  for (double px = 60; px < 460; px += 40)
    for (double py = 60; py < 460; py += 40) {
      const auto& a = outcome.registration.affine;
      const auto& t = config.pixel_to_stage;
      worst = std::max(worst, std::hypot(a[0] + a[1] * px + a[2] * py - t[0] - t[1] * px - t[2] * py,
                                         a[3] + a[4] * px + a[5] * py - t[3] - t[4] * px - t[5] * py));
    }
  // Footprint noise from Footprints.AreFoundToTheirCentroidError: σ = √2·0.0015·(4.75²/2)·√π/(23.8·0.05) = 0.036 px;
  // landings stop within a piezo count (3 nm); at a corner of the field the affine is known to about 2σ·√(3/16): 0.03
  // px = 6 nm, five of them.
  EXPECT_LT(worst, 30e-9);
  EXPECT_LT(outcome.registration.residual_rms, 25e-9);

  const files::ReferenceCalibration& start = outcome.reference_start;
  ASSERT_TRUE(start.valid && outcome.reference_end.valid);
  // The applied potential is quantised to 0.076 mV and is reported at the end of a frame: 25 µV of lag cancel.
  EXPECT_LT(std::abs(start.half_wave_vs_QRCE - config.half_wave_vs_QRCE), 4 * start.standard_error + 0.08e-3);
  EXPECT_LT(start.standard_error, 1e-3);
  EXPECT_DOUBLE_EQ(start.offset_vs_Li, 3.25 - start.half_wave_vs_QRCE);
  EXPECT_EQ(reader().summary().reference_calibrations.size(), 2U);
}

// An image that is 4 % larger than nominal and turned by 3 degrees: with less of either allowed, or with landings that
// would have to match to a picometre, no registration is found.
TEST_F(Scan, TheRegistrationKeepsToWhatTheOperatorKnows) {
  FakeConfig config = sample();
  const double s = 0.2e-6 * 1.04, c = s * std::cos(0.05), d = s * std::sin(0.05);
  config.pixel_to_stage = {0, c, d, 0, d, -c};
  config.pixel_to_stage[0] = 51.5e-6 - (c + d) * 255.5;
  config.pixel_to_stage[3] = 48.7e-6 - (d - c) * 255.5;
  const auto ending = [&](const CalibrationParameters& calibration) {
    FakeRig rig(config);
    ScanParameters p = quick();
    p.protocol.points = 1;
    p.protocol.blanks = 0;
    p.calibration = calibration;
    p.calibration.ferrocene = false;
    return scan(rig, p).ending;
  };
  CalibrationParameters known = quick().calibration;
  known.mirror = ImageMirror::rows;
  EXPECT_EQ(ending(known), Ending::complete);
  known.scale_tolerance = 0.02;
  EXPECT_EQ(ending(known), Ending::calibration_failed);
  known.scale_tolerance = 0.05;
  known.rotation_tolerance = 0.02;
  EXPECT_EQ(ending(known), Ending::calibration_failed);
  known.rotation_tolerance = 0.08;
  known.match_tolerance = 1e-12 * unit::m;
  EXPECT_EQ(ending(known), Ending::calibration_failed);
}

TEST_F(Scan, PreflightMeasuresNoiseOffsetAndStrayCapacitance) {
  FakeRig rig(sample());
  const ScanOutcome outcome = scan(rig, quick());
  const FakeConfig& c = rig.world.config;
  // 973 frames in 1 s: relative error of the rms 1/√(2n) = 2.3 %, of the mean noise/√n; five of each. The recorder's
  // 3 fA quantisation is not in these numbers: they come from the frames as read.
  EXPECT_NEAR(outcome.preflight.current_noise_rms, c.current_noise, 5 * 0.023 * c.current_noise);
  EXPECT_NEAR(outcome.preflight.current_offset, c.current_offset, 5 * c.current_noise / std::sqrt(973.0));
  // C = Δi/(2v): noise/(v √(2n)), n = 175 frames per ramp, v = 0.5 V/s: 6.4 fF; and the last frame of a ramp is shorter
  // than the others by up to one frame of 195.
  EXPECT_NEAR(outcome.preflight.stray_capacitance, c.stray_capacitance, 5 * 6.4e-15 + c.stray_capacitance / 195);
}

// The sample moves by 12 and -9 nm/s under the stage. The map is that of the middle of the calibration, whose landings
// take 16 of some 6 s: what was touched first or last lies 45 s x 15 nm/s off, which the affine map may take for its
// own. A point follows its look within 20 s. A drift that was followed the wrong way or not at all is out by all that
// has passed since the middle of the calibration.
TEST_F(Scan, FollowsTheDriftOfTheSample) {
  FakeConfig config = sample();
  config.drift_x = 12e-9;
  config.drift_y = -9e-9;
  FakeRig rig(config);
  ScanParameters p = quick();
  p.protocol.reregister_every = 1;
  p.protocol.settle = 5.0 * unit::s;
  const ScanOutcome outcome = scan(rig, p);
  ASSERT_EQ(outcome.ending, Ending::complete) << outcome.message;
  const double bound = 0.15e-6 + 15e-9 * (45.0 + 20.0);
  double middle = 0.0, last = 0.0, along = 0.0;
  int targets = 0, measured = 0;
  const files::RunReader run = reader();
  for (const files::PointRecord& point : run.summary().points) {
    if (point.kind == files::PointKind::calibration) middle += point.t_contact / 16;
    if (point.kind == files::PointKind::target || point.kind == files::PointKind::blank) ++measured;
    if (point.kind != files::PointKind::target) continue;
    last = point.t_contact;
    double nearest = 1.0, off_x = 0.0, off_y = 0.0;
    for (const auto& disc : config.discs) {
      const double x = point.target_x - disc.x - config.drift_x * point.t_contact,
                   y = point.target_y - disc.y - config.drift_y * point.t_contact;
      if (std::hypot(x, y) >= nearest) continue;
      nearest = std::hypot(x, y);
      off_x = x;
      off_y = y;
    }
    EXPECT_LT(nearest, bound) << point.index;
    // Since the look before it the sample has moved on.
    const int k = measured - 1;
    const auto look = run.image(k == 0 ? "after_calibration" : "reregistration_" + std::to_string(k));
    ASSERT_TRUE(look);
    along += (off_x * config.drift_x + off_y * config.drift_y) / 15e-9 + 15e-9 * (point.t_contact - look->t);
    ++targets;
    // From the place in the middle of the calibration with the sample, along both axes.
    const StagePoint then = to_stage(outcome.registration, {point.pixel_x, point.pixel_y});
    EXPECT_GT((point.target_x - then.x) * config.drift_x, 0.0) << point.index;
    EXPECT_GT((point.target_y - then.y) * config.drift_y, 0.0) << point.index;
  }
  EXPECT_GT(15e-9 * (last - middle), 1.3 * bound) << "too short to tell";
  // What the map took for its own is nothing in the mean over the field, and what has passed since a look is known.
  EXPECT_LT(std::abs(along / targets), 0.25e-6);
}

// 1 um at 0.2 um per pixel: from one look to the next the sample may move by 5 px. By 4 it is followed, and the points
// behind are where it shows the particles now; a jump of 6 is none of the sample, and they stay where they are.
TEST_F(Scan, FollowsNoJump) {
  for (const double jump : {4.0, 6.0}) {
    FakeRig rig(sample());
    ScanParameters p = quick();
    int points = 0;
    const ProgressCallback shake = [&](const Progress& progress) {
      if (progress.stage != "points" || progress.done != 1 || points++ > 0) return;
      // An object at p appears at p + jump.
      rig.world.config.pixel_to_stage[0] -= rig.world.config.pixel_to_stage[1] * jump;
    };
    p.protocol.reregister_every = 2;
    const ScanOutcome outcome = scan(rig, p, shake);
    ASSERT_EQ(outcome.ending, Ending::complete) << outcome.message;
    ASSERT_GT(points, 0);
    int measured = 0, targets = 0;
    const files::RunReader run = reader();
    for (const files::PointRecord& point : run.summary().points) {
      if (point.kind == files::PointKind::target || point.kind == files::PointKind::blank) ++measured;
      if (point.kind != files::PointKind::target) continue;
      const double moved = measured > 2 && jump < 5.0 ? jump * 0.2e-6 : 0.0;
      double nearest = 1.0;
      for (const auto& disc : rig.world.config.discs)
        nearest = std::min(nearest, std::hypot(point.target_x - moved - disc.x, point.target_y - disc.y));
      // As in MeasuresEveryPlannedPointOnItsParticle, and the shift to some hundredths of a pixel.
      EXPECT_LT(nearest, 0.16e-6) << "jump of " << jump << " px, point " << measured;
      ++targets;
    }
    EXPECT_EQ(targets, 6);
  }
}

// Gold around a blank: the isolation from the edge of its own footprint, whose diameter stands for its radius (drift),
// to what is next to it. An object in the image reaches beyond its disc.
TEST_F(Scan, BlanksHaveTheirIsolationAroundTheirFootprint) {
  FakeRig rig(sample());
  ScanParameters p = quick();
  p.protocol.points = 26;
  p.protocol.blanks = 20;
  const ScanOutcome outcome = scan(rig, p);
  ASSERT_EQ(outcome.ending, Ending::complete) << outcome.message;
  const double clear = p.protocol.isolation.si() + 1.1 * p.pipette_diameter.si();
  int blanks = 0;
  const files::RunReader run = reader();
  for (const files::PointRecord& point : run.summary().points) {
    if (point.kind != files::PointKind::blank) continue;
    ++blanks;
    for (const auto& disc : rig.world.config.discs)
      EXPECT_GT(std::hypot(point.target_x - disc.x, point.target_y - disc.y) - disc.radius, clear) << point.index;
  }
  EXPECT_EQ(blanks, 20);
}

TEST_F(Scan, LegsTileTheFramesOfEveryPointAndPointsTileTheStream) {
  FakeRig rig(sample());
  const ScanOutcome outcome = scan(rig, quick());
  const files::RunReader run = reader();
  std::uint64_t previous_end = 0;
  for (const files::PointRecord& point : run.summary().points) {
    EXPECT_GE(point.frame_begin, previous_end);
    std::uint64_t here = point.frame_begin;
    std::set<int> tags;
    for (const files::Leg& leg : point.legs) {
      EXPECT_EQ(leg.frame_begin, here) << "point " << point.index << " tag " << leg.tag;
      EXPECT_GT(leg.frame_end, leg.frame_begin);
      EXPECT_TRUE(tags.insert(leg.tag).second);
      here = leg.frame_end;
      const files::FrameBlock block = run.frames(leg.frame_begin, leg.frame_end);
      for (std::int32_t tag : block.tag) EXPECT_EQ(tag, leg.tag);
      if (leg.kind == files::LegKind::ramp && point.kind == files::PointKind::target) {
        EXPECT_NEAR(block.E1.back(), leg.E_end_vs_QRCE, 1e-4);
        EXPECT_EQ(leg.direction, leg.E_end_vs_QRCE > leg.E_start_vs_QRCE ? 1 : -1);
        // Rate from the frames: the last step may be cut short.
        const std::size_t n = block.t.size();
        EXPECT_NEAR(std::abs(block.E1[n - 2] - block.E1[0]) / (block.t[n - 2] - block.t[0]), leg.scan_rate, 1e-3);
      }
    }
    EXPECT_EQ(here, point.frame_end) << "point " << point.index;
    previous_end = point.frame_end;
  }
  EXPECT_LE(previous_end, outcome.frames);
  // Gap-free: device time advances by one frame, except where the camera or a host call took time between programs.
  const files::FrameBlock all = run.frames(0, outcome.frames);
  for (const files::PointRecord& point : run.summary().points)
    for (const files::Leg& leg : point.legs)
      for (std::uint64_t k = leg.frame_begin + 1; k < leg.frame_end; ++k)
        EXPECT_NEAR(all.t[k] - all.t[k - 1], 1.028e-3, 30e-9);
}

TEST_F(Scan, CvLegsFollowTheProgrammeInVoltsAgainstLithium) {
  FakeRig rig(sample());
  ScanParameters p = quick();
  p.protocol.points = 1;
  p.protocol.blanks = 0;
  p.cv.vertex2 = 3.1 * unit::V;
  p.cv.cycles = 2;
  p.cv.scan_rates = {1.0 * unit::V_per_s, 0.5 * unit::V_per_s};
  const ScanOutcome outcome = scan(rig, p);
  ASSERT_EQ(outcome.points_ok, 1) << outcome.message;
  const files::RunReader run = reader();
  std::vector<files::Leg> ramps;
  for (const auto& point : run.summary().points)
    if (point.kind == files::PointKind::target)
      for (const auto& leg : point.legs)
        if (leg.kind == files::LegKind::ramp) ramps.push_back(leg);
  ASSERT_EQ(ramps.size(), 2U * 2U * 3U);
  const double offset = outcome.reference_start.offset_vs_Li;
  for (std::size_t k = 0; k < ramps.size(); ++k) {
    EXPECT_EQ(ramps[k].cycle, static_cast<int>(k / 3) + 1);
    EXPECT_DOUBLE_EQ(ramps[k].scan_rate, k < 6 ? 1.0 : 0.5);
    const double ends[] = {2.5, 3.1, 3.0};
    EXPECT_NEAR(ramps[k].E_end_vs_QRCE + offset, ends[k % 3], 1e-12);
  }
}

TEST_F(Scan, WithoutContactNoCvIsSubmitted) {
  FakeConfig config = sample();
  FakeRig rig(config);
  // The surface goes away once the calibrations are done.
  const auto remove = [&](const Progress& progress) {
    if (progress.stage == "points") rig.world.config.no_surface = true;
  };
  const ScanOutcome outcome = scan(rig, quick(), remove);
  EXPECT_EQ(outcome.ending, Ending::complete) << outcome.message;
  EXPECT_EQ(outcome.points_visited, 8);
  EXPECT_EQ(outcome.points_contacted, 0);
  EXPECT_EQ(outcome.points_complete, 0);
  EXPECT_EQ(rig.world.ramps_without_contact, 0);
  const files::RunReader run_file = reader();
  for (const auto& point : run_file.summary().points) {
    if (point.kind != files::PointKind::target) continue;
    EXPECT_EQ(point.verdict, "no contact");
    EXPECT_EQ(point.attempts, 3);
  }
}

TEST_F(Scan, ASpikeIsNoContact) {
  FakeRig rig(sample());
  bool disturbed = false;
  const auto disturb = [&](const Progress& progress) {
    if (progress.stage != "points" || disturbed) return;
    disturbed = true;
    rig.world.config.false_contacts = 2;
  };
  const ScanOutcome outcome = scan(rig, quick(), disturb);
  ASSERT_EQ(outcome.ending, Ending::complete) << outcome.message;
  EXPECT_EQ(outcome.false_contacts, 2);
  EXPECT_EQ(rig.world.ramps_without_contact, 0);
  EXPECT_EQ(outcome.points_ok, 8);
  const files::RunReader run = reader();
  int attempts = 0;
  for (const auto& point : run.summary().points)
    if (point.attempts > 1) attempts = point.attempts;
  EXPECT_EQ(attempts, 3);
}

/// Of landings whose current dies away within the check of the contact.
void silence(FakeConfig& config) {
  config.limiting_current = 0.0;
  config.transient_time = 0.02;
}

// They are contacts none the less, and a meniscus stretches as far as a footprint is wide.
TEST_F(Scan, NoDescentBeginsOnAMeniscusThatIsStillThere) {
  FakeRig rig(sample());
  const ScanOutcome outcome = scan(rig, quick(), [&](const Progress& progress) {
    if (progress.stage != "points") return;
    silence(rig.world.config);
    rig.world.config.detachment_height = 1.2e-6;
  });
  EXPECT_GT(outcome.false_contacts, 8);
  EXPECT_EQ(outcome.points_contacted, 0);
  EXPECT_EQ(rig.world.descents_in_contact, 0);
}

// One that is not broken by the hop shows in the current.
TEST_F(Scan, AMeniscusThatDoesNotBreakIsNotPressedOn) {
  FakeRig rig(sample());
  const FakeConfig as_usual = rig.world.config;
  const ScanOutcome outcome = scan(rig, quick(), [&](const Progress& progress) {
    if (progress.stage != "points") return;
    if (progress.done > 0) {
      rig.world.config = as_usual;
      return;
    }
    silence(rig.world.config);
    rig.world.config.detachment_height = 1.0;
    rig.world.config.late_current = 30e-12;
  });
  EXPECT_EQ(outcome.false_contacts, 1);
  EXPECT_EQ(outcome.points_ok, 7);
  EXPECT_EQ(rig.world.descents_in_contact, 0);
  int hanging = 0;
  const files::RunReader run = reader();
  for (const auto& point : run.summary().points) hanging += point.verdict == "meniscus does not break" ? 1 : 0;
  EXPECT_EQ(hanging, 1);
}

TEST_F(Scan, EndlessFalseContactsEndThePointWithoutACv) {
  FakeConfig config = sample();
  FakeRig rig(config);
  const auto disturb = [&](const Progress& progress) {
    if (progress.stage == "points") {
      rig.world.config.no_surface = true;
      rig.world.config.false_contacts = 1000;
    }
  };
  const ScanOutcome outcome = scan(rig, quick(), disturb);
  EXPECT_EQ(outcome.points_contacted, 0);
  EXPECT_EQ(rig.world.ramps_without_contact, 0);
  EXPECT_GT(outcome.false_contacts, 8);
}

// What fails is named, with what was measured: nothing is said of light and mirror where no landing made contact.
TEST_F(Scan, CalibrationWithoutContactNamesTheCausesOfItsLandings) {
  for (const int spikes : {0, 100000}) {
    FakeConfig config = sample();
    FakeRig rig(config);
    const auto disturb = [&](const Progress& progress) {
      if (progress.stage != "position calibration") return;
      rig.world.config.no_surface = true;
      rig.world.config.false_contacts = spikes;
    };
    const ScanOutcome outcome = scan(rig, quick(), disturb);
    EXPECT_EQ(outcome.ending, Ending::calibration_failed);
    EXPECT_THAT(outcome.message, testing::HasSubstr("landings made contact, at least 4 are needed"));
    EXPECT_THAT(outcome.message,
                testing::HasSubstr(spikes == 0 ? "x no contact (nothing crossed scan.contact_threshold"
                                               : "x contact not confirmed (the comparator stopped at"));
    EXPECT_THAT(outcome.message, testing::Not(testing::HasSubstr("mirror")));
    std::filesystem::remove(run_);
  }
}

TEST_F(Scan, MakeSafeIsTheFirstCallAfterAFaultAndNothingMovesAfterIt) {
  FakeConfig config = sample();
  // Ramps in contact: 2 of the ferrocene calibration, then 4 per point: the second ramp of the second point.
  config.fault_in_ramp = 2 + 4 + 2;
  FakeRig rig(config);
  const ScanOutcome outcome = scan(rig, quick());
  EXPECT_EQ(outcome.ending, Ending::device_fault);
  EXPECT_NE(outcome.message.find("framing lost"), std::string::npos) << outcome.message;
  const auto& calls = rig.world.calls;
  const auto fault = std::find(calls.begin(), calls.end(), "sequencer fault");
  ASSERT_NE(fault, calls.end());
  ASSERT_NE(fault + 1, calls.end());
  EXPECT_EQ(*(fault + 1), "sequencer.make_safe");
  for (auto call = fault; call != calls.end(); ++call) EXPECT_EQ(call->find("sequencer.start"), std::string::npos);
  EXPECT_NE(std::find(fault, calls.end(), "camera.make_safe"), calls.end());
  EXPECT_NE(std::find(fault, calls.end(), "light.make_safe"), calls.end());

  // What was measured is kept: the first point whole, the second with its frames and the reason.
  const files::RunReader run = reader();
  EXPECT_EQ(run.summary().status, "interrupted");
  const auto& last = run.summary().points.back();
  EXPECT_EQ(last.verdict.rfind("fault: ", 0), 0U) << last.verdict;
  EXPECT_FALSE(last.complete);
  EXPECT_TRUE(last.contact);
  EXPECT_EQ(last.frame_end, outcome.frames);
  EXPECT_EQ(outcome.points_ok, 1);
}

TEST_F(Scan, AStalledStreamIsAFaultNotAHang) {
  FakeConfig config = sample();
  config.stall_in_ramp = 2 + 1;
  FakeRig rig(config);
  const ScanOutcome outcome = scan(rig, quick());
  EXPECT_EQ(outcome.ending, Ending::device_fault);
  EXPECT_NE(outcome.message.find("timeout"), std::string::npos) << outcome.message;
  EXPECT_NE(std::find(rig.world.calls.begin(), rig.world.calls.end(), "sequencer.make_safe"), rig.world.calls.end());
}

TEST_F(Scan, AStopRequestRetractsAndKeepsWhatIsFinished) {
  FakeRig rig(sample());
  std::stop_source source;
  const auto stop_after_three = [&](const Progress& progress) {
    if (progress.stage == "points" && progress.done == 3) source.request_stop();
  };
  const ScanOutcome outcome = scan(rig, quick(), stop_after_three, source.get_token());
  EXPECT_EQ(outcome.ending, Ending::interrupted);
  EXPECT_EQ(outcome.points_visited, 3);
  EXPECT_EQ(outcome.points_ok, 3);
  EXPECT_FALSE(rig.world.contact);
  EXPECT_GT(rig.world.z, 90e-6);
  const files::RunReader run = reader();
  EXPECT_EQ(run.summary().status, "interrupted");
  int finished = 0;
  for (const auto& point : run.summary().points)
    finished +=
        point.complete && (point.kind == files::PointKind::target || point.kind == files::PointKind::blank) ? 1 : 0;
  EXPECT_EQ(finished, 3);
}

TEST_F(Scan, ASaturatedCurrentIsSaid) {
  FakeConfig config = sample();
  config.saturated_ramp = 2 + 3;
  FakeRig rig(config);
  const ScanOutcome outcome = scan(rig, quick());
  EXPECT_EQ(outcome.points_complete, 8);
  EXPECT_EQ(outcome.points_ok, 7);
  int said = 0;
  const files::RunReader run_file = reader();
  for (const auto& point : run_file.summary().points) said += point.verdict == "current saturated" ? 1 : 0;
  EXPECT_EQ(said, 1);
}

TEST_F(Scan, ALostMeniscusIsSaid) {
  FakeRig rig(sample());
  // Window 3.0 -> 3.5 -> 3.0 V vs Li: the ferrocene wave. Contact breaks after 2 s, in the second of four cycles; with
  // the images of the first landing before that, ahead of the first.
  ScanParameters p = quick();
  p.cv.vertex1 = 3.5 * unit::V;
  p.cv.cycles = 4;
  const auto detach = [&](const Progress& progress) {
    if (progress.stage == "points") rig.world.config.detach_after = 2.0;
  };
  const ScanOutcome outcome = scan(rig, p, detach);
  EXPECT_EQ(outcome.points_complete, 8);
  const files::RunReader run_file = reader();
  for (const auto& point : run_file.summary().points) {
    if (point.kind == files::PointKind::target) {
      EXPECT_EQ(point.verdict, "contact lost");
    }
  }
}

TEST_F(Scan, ADeadCameraEndsTheScanSafelyADroppedFrameDoesNot) {
  FakeConfig dropped = sample();
  dropped.camera_drops = 1;
  FakeRig good(dropped);
  EXPECT_EQ(scan(good, quick()).ending, Ending::complete);
  FakeConfig dead = sample();
  dead.camera_dead = true;
  FakeRig bad(dead);
  const ScanOutcome outcome = scan(bad, quick());
  EXPECT_EQ(outcome.ending, Ending::device_fault);
  const auto fault = std::find(bad.world.calls.begin(), bad.world.calls.end(), "camera fault");
  ASSERT_NE(fault, bad.world.calls.end());
  EXPECT_EQ(*(fault + 1), "sequencer.make_safe");
}

TEST_F(Scan, InvisibleFootprintsEndTheScanWithAReason) {
  FakeConfig config = sample();
  config.footprint_contrast = 0.0;
  FakeRig rig(config);
  const ScanOutcome outcome = scan(rig, quick());
  EXPECT_EQ(outcome.ending, Ending::calibration_failed);
  EXPECT_NE(outcome.message.find("of 16 calibration landings"), std::string::npos) << outcome.message;
  EXPECT_EQ(outcome.points_visited, 0);
}

TEST_F(Scan, WithoutFerroceneTheScanEndsWithAReasonUnlessToldToTrustTheNominalPotential) {
  FakeConfig config = sample();
  config.limiting_current = 0.0;
  FakeRig rig(config);
  const ScanOutcome outcome = scan(rig, quick());
  EXPECT_EQ(outcome.ending, Ending::calibration_failed);
  EXPECT_NE(outcome.message.find("ferrocene"), std::string::npos) << outcome.message;
  ScanParameters p = quick();
  p.calibration.ferrocene = false;
  FakeRig other(config);
  EXPECT_EQ(scan(other, p).ending, Ending::complete);
}

TEST_F(Scan, ClickedTargetsAreVisited) {
  FakeRig rig(sample());
  const std::filesystem::path list = directory_ / "clicked_targets.csv";
  const auto& disc = rig.world.config.discs[27];
  std::ofstream(list) << "pixel_x,pixel_y\n" << disc.x / 0.2e-6 + 2 << "," << (102.2e-6 - disc.y) / 0.2e-6 - 2 << "\n";
  ScanParameters p = quick();
  p.protocol.targets = list.string();
  p.protocol.blanks = 1;
  const ScanOutcome outcome = scan(rig, p);
  ASSERT_EQ(outcome.ending, Ending::complete) << outcome.message;
  EXPECT_EQ(outcome.points_planned, 2);
  const files::RunReader run_file = reader();
  for (const auto& point : run_file.summary().points) {
    if (point.kind == files::PointKind::target) {
      EXPECT_LT(std::hypot(point.target_x - disc.x, point.target_y - disc.y), 0.15e-6);
    }
  }
  std::filesystem::remove(list);
}

TEST_F(Scan, BadParametersAreRefusedBeforeAnythingMoves) {
  const auto complaint = [&](const ScanParameters& p) {
    FakeRig rig(sample());
    try {
      scan(rig, p);
    } catch (const InputError& error) {
      EXPECT_TRUE(rig.world.calls.empty());
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  ScanParameters p = quick();
  p.protocol.blanks = 9;
  EXPECT_NE(complaint(p).find("scan.blanks"), std::string::npos);
  p = quick();
  p.cv.vertex1 = 0.1 * unit::V;
  EXPECT_NE(complaint(p).find("cv.vertex1"), std::string::npos) << complaint(p);
  p = quick();
  p.cv.scan_rates = {20.0 * unit::V_per_s};
  EXPECT_NE(complaint(p).find("cv.scan_rates"), std::string::npos);
  p = quick();
  p.cv.scan_rates.clear();
  EXPECT_NE(complaint(p).find("cv.scan_rates"), std::string::npos);
  p = quick();
  p.protocol.targets = "no/such/list.csv";
  EXPECT_NE(complaint(p).find("no/such/list.csv"), std::string::npos);
}

TEST_F(Scan, TheSameSampleGivesTheSameRun) {
  FakeRig first(sample()), second(sample());
  const ScanOutcome a = scan(first, quick());
  const files::FrameBlock frames_a = reader().frames(0, a.frames);
  const ScanOutcome b = scan(second, quick());
  const files::FrameBlock frames_b = reader().frames(0, b.frames);
  EXPECT_EQ(a.frames, b.frames);
  EXPECT_EQ(frames_a.i1, frames_b.i1);
  EXPECT_EQ(frames_a.x, frames_b.x);
}

TEST_F(Scan, RegularGridVisitsItsNodesWithTheSameProgramme) {
  FakeRig rig(sample());
  ScanParameters p = quick();
  p.protocol.grid_points = 12;
  p.protocol.grid_rows = 9;
  const ScanOutcome outcome = scan(rig, p, {}, {}, run_hopping_grid);
  ASSERT_EQ(outcome.ending, Ending::complete) << outcome.message;
  EXPECT_EQ(outcome.points_planned, 12);
  EXPECT_EQ(outcome.points_ok, 12);
  EXPECT_EQ(rig.world.ramps_without_contact, 0);
  std::vector<std::pair<double, double>> nodes, ferrocene;
  const files::RunReader run_file = reader();
  for (const auto& point : run_file.summary().points)
    if (point.kind == files::PointKind::grid || point.kind == files::PointKind::ferrocene)
      (point.kind == files::PointKind::grid ? nodes : ferrocene).emplace_back(point.target_x, point.target_y);
  ASSERT_EQ(nodes.size(), 12U);
  // 24 by 8 pitches of 4 um about the middle of 100 um, from the corner.
  EXPECT_NEAR(nodes[0].first, 2e-6, 1e-12);
  EXPECT_NEAR(nodes[0].second, 34e-6, 1e-12);
  // The reference is calibrated between the first two rows, and afterwards between the next two, on gold not yet used.
  ASSERT_EQ(ferrocene.size(), 2U);
  EXPECT_NEAR(ferrocene[0].first, 4e-6, 1e-12);
  EXPECT_NEAR(ferrocene[0].second, 36e-6, 1e-12);
  EXPECT_NEAR(ferrocene[1].first, 4e-6, 1e-12);
  EXPECT_NEAR(ferrocene[1].second, 40e-6, 1e-12);
  for (std::size_t k = 1; k < 12; ++k)
    EXPECT_NEAR(std::hypot(nodes[k].first - nodes[k - 1].first, nodes[k].second - nodes[k - 1].second), 4e-6, 1e-12);
}

TEST_F(Scan, ExpectedDurationAgreesWithWhatThePointsTook) {
  FakeRig rig(sample());
  double points_start = -1.0, half_way = 0.0, left_half_way = 0.0, left_at_the_end = -1.0;
  const ScanOutcome outcome = scan(rig, quick(), [&](const Progress& p) {
    if (p.stage != "points") return;
    if (points_start < 0.0) points_start = p.device_time;
    if (2 * p.done == p.total && half_way == 0.0) {
      half_way = p.device_time - points_start;
      left_half_way = p.time_left;
    }
    if (p.done == p.total && left_at_the_end < 0.0) left_at_the_end = p.time_left;
  });
  // After half of the points what is left is as much again, after the last one nothing.
  EXPECT_GT(half_way, 0.0);
  EXPECT_NEAR(left_half_way, half_way, 1e-6 + 0.05 * half_way);
  EXPECT_EQ(left_at_the_end, 0.0);
  // Not in the estimate: images (1 + 1), the climb to the top for one of them and back (~2 × 70 µm at 50 and 15 µm/s =
  // 6 s), the shorter hops of an approach that meets the surface above its target. A tenth, and these 8 s.
  EXPECT_NEAR(outcome.points_duration, outcome.expected_duration, 0.1 * outcome.expected_duration + 8.0);

  ScanParameters p = quick();
  const ScanEstimate grid = expected_grid_duration(rig.rig(), p, 3.05);
  EXPECT_EQ(grid.points, 625);
  EXPECT_NEAR(grid.path_length, 624 * 4e-6, 1e-9);
  EXPECT_NEAR(grid.duration, 625 * grid.per_point + grid.path_length / 50e-6, 1e-6);
  // 100 um hold 25 pitches of 4 um along either axis, and no 26.
  p.protocol.grid_columns = p.protocol.grid_rows = 26;
  EXPECT_EQ(expected_grid_duration(rig.rig(), p, 3.05).points, 676);
  for (const auto& [columns, rows] : {std::pair{27, 2}, {2, 27}, {27, 27}}) {
    p.protocol.grid_columns = columns;
    p.protocol.grid_rows = rows;
    EXPECT_THROW(expected_grid_duration(rig.rig(), p, 3.05), InputError) << columns << " x " << rows;
  }
}

}  // namespace
}  // namespace seccm::scan
