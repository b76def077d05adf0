// What a scan measures of its rig and of each point, against what the fake rig is: offset, noise and capacitance in
// air, the potential of the quasi-reference, and the verdict on a voltammogram.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "fake_rig.hpp"
#include "pipeline/scan/point_measurement.hpp"
#include "pipeline/scan/points_run.hpp"
#include "pipeline/scan/preflight.hpp"
#include "pipeline/scan/reference_calibration.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scan {
namespace {

using test::FakeConfig;
using test::FakeRig;
using testing::AllOf;
using testing::HasSubstr;

class Measurement : public testing::Test {
 protected:
  Measurement() {
    parameters_.protocol.settle = 0.2 * unit::s;
    parameters_.cv.vertex1 = 2.5 * unit::V;
    parameters_.cv.scan_rates = {1.0 * unit::V_per_s};
    parameters_.cv.hold = 0.1 * unit::s;
  }
  ScanSession& begin(const FakeConfig& config) {
    session_.reset();
    recorder_.reset();
    rig_.emplace(config);
    recorder_.emplace(directory_ / "run.h5", test::header_of(*rig_));
    session_.emplace(rig_->rig(), parameters_, *recorder_, std::stop_token{}, ProgressCallback{});
    session_->runner.begin_point();
    return *session_;
  }
  files::RunSummary written() {
    session_.reset();
    recorder_->finalise("complete");
    return files::RunReader(directory_ / "run.h5").summary();
  }

  /// Time of a frame of the file, s.
  [[nodiscard]] double run_t(std::uint64_t frame) const {
    return files::RunReader(directory_ / "run.h5").frames(frame, frame + 1).t.at(0);
  }

  test::ScratchDirectory directory_;
  ScanParameters parameters_;
  std::optional<FakeRig> rig_;
  std::optional<files::RunRecorder> recorder_;
  std::optional<ScanSession> session_;
};

// 973 frames of a rest: mean within 5 noise/√n, deviation within 5/√(2n); C = Δi/(2v) within 5 noise/(v √(2n)) with 175
// frames per ramp, and the last frame of each is cut short.
TEST_F(Measurement, OfTheAirFindsOffsetsOfEitherSignNoiseAndCapacitance) {
  for (const double offset : {3e-12, -2e-12}) {
    FakeConfig config;
    config.current_offset = offset;
    config.stray_capacitance = 2.5e-12;
    config.air_transient = 40e-12;  // behind the jump to the approach potential, gone in the second rest
    config.air_transient_time = 20e-3;
    ScanSession& session = begin(config);
    session.offset_vs_Li = 3.2;
    run_preflight(session);
    const files::Preflight& found = session.outcome.preflight;
    const double noise = config.current_noise;
    EXPECT_NEAR(found.current_offset, offset, 5 * noise / std::sqrt(973.0));
    EXPECT_NEAR(found.current_noise_rms, noise, 5 * noise / std::sqrt(2 * 973.0));
    EXPECT_NEAR(session.difference_noise, noise, 5 * noise / std::sqrt(973.0));
    EXPECT_NEAR(found.stray_capacitance, 2.5e-12, 5 * noise / (0.5 * std::sqrt(350.0)) + 2.5e-12 / 195);
    // near the top, about the approach potential
    EXPECT_NEAR(rig_->world.z, 98e-6, 1e-12);
    EXPECT_NEAR(rig_->world.E, 3.0 - 3.2 - 0.05, 1e-9);
    const auto kept = written().preflight;
    EXPECT_DOUBLE_EQ(kept.stray_capacitance, found.stray_capacitance);
    EXPECT_DOUBLE_EQ(kept.current_offset, found.current_offset);
  }
}

// From then on a current that stands still is a fault: its noise is known.
TEST_F(Measurement, OfTheAirMakesAStuckCurrentAFault) {
  ScanSession& session = begin({});
  rig_->world.config.current_noise = 0.0;
  rest_in_contact(session, 1.0);
  rig_->world.config.current_noise = 60e-15;
  run_preflight(session);
  rig_->world.config.current_noise = 0.0;
  EXPECT_THROW(rest_in_contact(session, 1.0), DeviceFault);
}

/// What a preflight that ends a scan says.
std::string refused(ScanSession& session) {
  try {
    run_preflight(session);
  } catch (const CalibrationError& error) {
    return error.what();
  }
  return "accepted";
}

// One stop in 5 s is chance, two are not. Then higher thresholds are tried until one is quiet.
TEST_F(Measurement, OfTheAirCountsTheStopsOfTheComparator) {
  const auto said = [&](int stops) {
    FakeConfig config;
    config.air_spikes = stops;
    return refused(begin(config));
  };
  EXPECT_EQ(said(0), "accepted");
  EXPECT_EQ(said(1), "accepted");
  EXPECT_THAT(said(2), AllOf(HasSubstr("scan.contact_threshold = 5 pA was crossed at least 2 times within 5 s"),
                             HasSubstr("At 7.5 pA nothing crossed it in 5 s")));
  EXPECT_THAT(said(3), HasSubstr("At 10 pA nothing crossed it"));
}

// 1 pA rms asks for 6 pA, known to 7 % from 121 frames, and 9 pA are quiet. Of a range of 100 pA an offset of either
// sign leaves 14 or 6.
TEST_F(Measurement, OfTheAirNamesNoThresholdBeyondTheRange) {
  for (const double sign : {1.0, -1.0}) {
    FakeConfig config;
    config.current_noise = 1e-12;
    config.current_offset = sign * 86e-12;
    EXPECT_THAT(refused(begin(config)), AllOf(HasSubstr("is not 6 times that"), HasSubstr("nothing crossed it")));
    config.current_offset = sign * 94e-12;
    EXPECT_THAT(refused(begin(config)), HasSubstr("No higher threshold was found"));
  }
}

// Behind the jump to the approach potential the current falls as 90 pA e^{-t/0.5 s}; the rest is the second second. A
// landing judges the second half of its own rest: so long from the end, and the whole second at most. Three frames of
// uncertain time are 0.6 % of e^{-t/τ}, and three digits are said.
TEST_F(Measurement, OfTheAirJudgesTheNoiseAsALandingWill) {
  parameters_.protocol.contact_threshold = 0.05 * unit::pA;
  for (const double settle : {0.25, 0.6, 4.0}) {
    parameters_.protocol.air_settle = settle * unit::s;
    FakeConfig config;
    config.current_noise = 1e-15;
    config.air_transient = 90e-12;
    config.air_transient_time = 0.5;
    const std::string said = refused(begin(config));
    const auto number = said.find("approach: ");
    ASSERT_NE(number, std::string::npos) << said;
    const double judged = std::min(0.5 * settle, 1.0);
    const auto integral = [&](double tau) { return tau * (std::exp(-(2.0 - judged) / tau) - std::exp(-2.0 / tau)); };
    const double mean = 90.0 * integral(0.5) / judged, square = 90.0 * 90.0 * integral(0.25) / judged;
    const double deviation = std::sqrt(square - mean * mean);
    EXPECT_NEAR(std::stod(said.substr(number + 10)) / deviation, 1, 0.02) << settle;
  }
}

PointTask at(double x, double y) {
  return {.kind = files::PointKind::ferrocene, .stage = {x, y}, .pixel = {}};
}

// Against another nominal potential, another ferrocene and another rate than the defaults. The current lags by 30 ms,
// so that each sweep is 2.4 mV off, and their mean is not: each fit has less than 0.2 mV of noise, four of which are
// 0.57 mV of the mean of two, and the word of the potential is 76 uV.
TEST_F(Measurement, OfTheReferenceIsItsPotentialAgainstTheFerroceneOfTheScenario) {
  parameters_.calibration.ferrocene_potential = 3.31 * unit::V;
  parameters_.calibration.nominal_offset = 3.16 * unit::V;
  parameters_.calibration.ferrocene_margin = 0.35 * unit::V;
  parameters_.calibration.ferrocene_scan_rate = 80.0 * unit::mV_per_s;
  FakeConfig config;
  config.half_wave_vs_QRCE = 0.12;
  config.limiting_current = 7e-12;
  config.lag = 30e-3;
  for (const bool adopt : {true, false}) {
    ScanSession& session = begin(config);
    EXPECT_DOUBLE_EQ(session.offset_vs_Li, 3.16);
    const PointTask places[] = {at(40e-6, 60e-6)};
    const files::ReferenceCalibration c = calibrate_reference(session, places, adopt);
    ASSERT_TRUE(c.valid);
    EXPECT_NEAR(c.half_wave_vs_QRCE, 0.12, 0.65e-3);
    EXPECT_NEAR(c.standard_error, 2.4e-3 / std::sqrt(3.0), 0.3e-3);  // half the difference, as a uniform error
    EXPECT_NEAR(c.offset_vs_Li, 3.31 - c.half_wave_vs_QRCE, 1e-12);
    // 1 % of it is ten of its standard errors
    EXPECT_NEAR(c.limiting_current, 7e-12, 0.01 * 7e-12);
    EXPECT_DOUBLE_EQ(session.offset_vs_Li, adopt ? c.offset_vs_Li : 3.16);
    EXPECT_FALSE(rig_->world.contact) << "lifted off";
    const files::RunSummary run = written();
    ASSERT_EQ(run.reference_calibrations.size(), 1U);
    EXPECT_DOUBLE_EQ(run.reference_calibrations[0].offset_vs_Li, c.offset_vs_Li);
    ASSERT_EQ(run.points.size(), 1U);
    const auto& legs = run.points[0].legs;
    ASSERT_GE(legs.size(), 3U);
    std::vector<files::Leg> sweeps;
    for (const auto& leg : legs)
      if (leg.kind == files::LegKind::ramp) sweeps.push_back(leg);
    ASSERT_EQ(sweeps.size(), 2U);
    EXPECT_NEAR(sweeps[0].E_start_vs_QRCE, 0.15 - 0.35, 1e-12);
    EXPECT_NEAR(sweeps[0].E_end_vs_QRCE, 0.15 + 0.35, 1e-12);
    EXPECT_DOUBLE_EQ(sweeps[0].scan_rate, 0.08);
    // Contact, its check, the rest of the scenario and a second at the low end come before the sweep.
    EXPECT_NEAR(run_t(sweeps[0].frame_begin) - run.points[0].t_contact, 0.1 + 0.2 + 1.0, 0.02);
    // The time of the calibration is the turn of the sweep.
    EXPECT_NEAR(c.t, run.points[0].t_end, 12.0);
    EXPECT_GT(c.t, run.points[0].t_contact + 0.7 / 0.08);
  }
}

// A wave 30 % wider than reversible: the shift of slow kinetics, 2 x 7.7 mV, is in the stated error. At 328 K a
// reversible wave is wider by a tenth, and of these 30 % a fifth is left.
TEST_F(Measurement, OfTheReferenceStatesWhatSlowKineticsMayHide) {
  FakeConfig config;
  config.wave_width = 1.3 * 0.0256926;
  for (const double kelvin : {298.15, 1.1 * 298.15}) {
    parameters_.temperature = kelvin * unit::K;
    ScanSession& session = begin(config);
    const PointTask places[] = {at(40e-6, 60e-6)};
    const files::ReferenceCalibration c = calibrate_reference(session, places, true);
    const double shift = 2 * (1.3 - kelvin / 298.15) * 0.0256926;
    EXPECT_NEAR(c.standard_error, shift, 0.08 * shift);
    (void)written();
  }
}

/// A target on the surface, measured.
PointTask target() {
  return {.kind = files::PointKind::target, .stage = {40e-6, 60e-6}, .pixel = {12.0, 34.0}, .image_area = 2e-12};
}

TEST_F(Measurement, OfAPointRecordsWhereAndWhenItTouched) {
  ScanSession& session = begin({});
  const files::PointRecord record = measure_point(session, target());
  EXPECT_TRUE(record.contact && record.complete);
  EXPECT_EQ(record.verdict, "ok");
  EXPECT_EQ(record.attempts, 1);
  EXPECT_DOUBLE_EQ(record.t_contact, rig_->world.t_contact);
  EXPECT_LT(record.t_start, record.t_contact);
  EXPECT_LT(record.t_contact, record.t_end);
  EXPECT_NEAR(record.contact_x, 40e-6, 1e-12);
  EXPECT_NEAR(record.contact_y, 60e-6, 1e-12);
  EXPECT_NEAR(record.contact_z, rig_->world.surface(40e-6, 60e-6), 4e-9);
  EXPECT_DOUBLE_EQ(record.target_x, 40e-6);
  EXPECT_DOUBLE_EQ(record.target_y, 60e-6);
  EXPECT_DOUBLE_EQ(record.pixel_x, 12.0);
  EXPECT_DOUBLE_EQ(record.pixel_y, 34.0);
  EXPECT_DOUBLE_EQ(record.image_area, 2e-12);
  EXPECT_FALSE(rig_->world.contact) << "lifted off";
  (void)written();
  // Contact, its check, the rest of the scenario and the hold come before the first ramp.
  const auto ramp = std::find_if(record.legs.begin(), record.legs.end(),
                                 [](const auto& leg) { return leg.kind == files::LegKind::ramp; });
  ASSERT_NE(ramp, record.legs.end());
  EXPECT_NEAR(run_t(ramp->frame_begin) - record.t_contact, 0.1 + 0.2 + 0.1, 0.02);
}

TEST(Contact, IsNotedAsItWasFound) {
  files::PointRecord record;
  note_contact(record, {true, 1e-6, 2e-6, 3e-6, 4.0, 5e-12, 2, ""});
  EXPECT_TRUE(record.contact);
  EXPECT_EQ(record.contact_x, 1e-6);
  EXPECT_EQ(record.contact_y, 2e-6);
  EXPECT_EQ(record.contact_z, 3e-6);
  EXPECT_EQ(record.t_contact, 4.0);
  EXPECT_EQ(record.attempts, 2);
  note_contact(record, {false, 0, 0, 0, 0, 0, 3, "no contact"});
  EXPECT_FALSE(record.contact);
  EXPECT_EQ(record.verdict, "no contact");
  EXPECT_EQ(record.attempts, 3);
}

/// The verdict on one point of a rig whose ferrocene was calibrated at `limiting` amperes.
struct Case {
  FakeConfig config{};
  double limiting = 9e-12;
  double air_noise = 60e-15;
  double preflight_noise = 60e-15;
  double preflight_capacitance = 1e-12;
};

class Verdict : public Measurement {
 protected:
  std::string of(const Case& c) {
    ScanSession& session = begin(c.config);
    session.offset_vs_Li = 3.05;
    session.outcome.preflight = {c.preflight_noise, c.config.current_offset, c.preflight_capacitance};
    session.difference_noise = c.air_noise;
    session.outcome.reference_start.valid = true;
    session.outcome.reference_start.limiting_current = c.limiting;
    const std::string verdict = measure_point(session, target()).verdict;
    (void)written();
    return verdict;
  }
};

// Contact that breaks in the middle of the programme: neither ferrocene nor the amplitude of the capacitor is left.
// An offset of either sign, several times the ferrocene current, is no sign of contact.
TEST_F(Verdict, ContactIsLostWhereFerroceneIsGoneHoweverLargeTheOffset) {
  for (const double offset : {20e-15, 30e-12, -30e-12}) {
    Case kept;
    kept.config.current_offset = offset;
    EXPECT_EQ(of(kept), "ok") << offset;
    Case lost = kept;
    lost.config.detach_after = 0.6;  // the programme begins 0.3 s behind the contact
    EXPECT_EQ(of(lost), "contact lost") << offset;
    parameters_.protocol.contact_end_check = false;
    EXPECT_EQ(of(lost), "ok") << offset;
    parameters_.protocol.contact_end_check = true;
  }
}

// The last cycle is a third of the first and less, or no more than air shows: 1.1 x 2 C v + 6 noise/8.
TEST_F(Verdict, BothWitnessesHaveToAgreeThatContactIsLost) {
  Case covered;  // a cluster over all gold: no ferrocene, but a current as before
  covered.config.limiting_current = 0.0;
  covered.config.contact_capacitance = 10e-12;
  EXPECT_EQ(of(covered), "ok");
  Case bare = covered;
  bare.config.contact_capacitance = 0.0;  // 2 C v: what air shows
  EXPECT_EQ(of(bare), "contact lost");
  Case shrinking = covered;  // 0.8 s of the programme of 2 s: the last of four cycles has nothing of it
  parameters_.cv.vertex1 = 2.75 * unit::V;
  parameters_.cv.cycles = 4;
  shrinking.config.contact_capacitance = 50e-12;
  shrinking.config.detach_after = 1.2;
  EXPECT_EQ(of(shrinking), "contact lost");
}

// What air shows, 1.1 x 2 C v + 6/8 of the noise of a frame: of the last scan rate, and with the noise averaged over 64
// frames. Neither has ferrocene.
TEST_F(Verdict, WhatAirShowsIsThatOfTheLastRateAndOfMeans) {
  Case c;
  c.config.limiting_current = 0.0;
  c.config.contact_capacitance = 0.3e-12;  // 2.6 pA at 1 V/s, where air shows 2.2
  EXPECT_EQ(of(c), "ok");
  c.config.contact_capacitance = 1.5e-12;  // 5 pA, where air shows 2.2 + 0.75
  c.preflight_noise = 1e-12;
  EXPECT_EQ(of(c), "ok");
  parameters_.cv.scan_rates = {0.2 * unit::V_per_s, 1.0 * unit::V_per_s};
  Case bare;
  bare.config.limiting_current = 0.0;
  EXPECT_EQ(of(bare), "contact lost");
}

// More than air shows, but less than a third of the first cycle.
TEST_F(Verdict, ACycleThatShrinksByMoreThanAThirdIsLostContact) {
  parameters_.cv.vertex1 = 2.75 * unit::V;
  parameters_.cv.cycles = 4;
  Case c;
  c.config.limiting_current = 0.0;
  c.config.contact_capacitance = 50e-12;
  c.config.detach_after = 1.2;
  c.preflight_capacitance = 0.2e-12;  // 0.44 pA, where the last cycle has 2
  EXPECT_EQ(of(c), "contact lost");
}

// A current of the other sign is a current.
TEST_F(Verdict, ACathodicCurrentIsContactToo) {
  Case c;
  c.config.limiting_current = -9e-12;
  EXPECT_EQ(of(c), "ok");
}

TEST_F(Verdict, OneSaturatedFrameIsEnough) {
  Case c;
  c.config.saturated_ramp = 1;
  c.config.saturated_frames = 1;
  EXPECT_EQ(of(c), "current saturated");
}

// Ferrocene counts as gone below a quarter of its calibrated limiting current: of 9 pA, 2.25 pA.
TEST_F(Verdict, FerroceneIsGoneBelowAQuarterOfWhatWasCalibrated) {
  Case c;  // the amplitude is that of air in both
  c.config.limiting_current = 9e-12;
  c.limiting = 9e-12 / 0.30;
  EXPECT_EQ(of(c), "ok");
  c.limiting = 9e-12 / 0.20;
  EXPECT_EQ(of(c), "contact lost");
}

TEST_F(Verdict, NoisyIsFiveTimesTheNoiseInAir) {
  Case c;
  c.config.current_noise = 200e-15;
  c.air_noise = 200e-15 / 4.5;
  EXPECT_EQ(of(c), "ok");
  c.air_noise = 200e-15 / 5.5;
  EXPECT_EQ(of(c), "noisy");
}

TEST_F(Verdict, SaturatedIsSaidFirst) {
  Case c;
  c.config.saturated_ramp = 1;
  c.config.detach_after = 0.6;
  c.air_noise = 1e-15;
  EXPECT_EQ(of(c), "current saturated");
}

}  // namespace
}  // namespace seccm::scan
