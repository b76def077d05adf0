#include "pipeline/validation/landing_rows.hpp"

#include <gtest/gtest.h>

#include "pipeline/validation/matching.hpp"
#include "pipeline/validation/scan_economy.hpp"
#include "sample_validation.hpp"

namespace seccm::validation {
namespace {

using files::PointKind;
using test::SampleRun;

std::vector<int> match_of(const SampleRun& s) {
  return match_landings(s.run.points, s.truth.landings);
}

TEST(LandingRow, CountsWhatTheTruthSays) {
  SampleRun s(8);
  for (int k = 0; k < 8; ++k) {
    auto& p = s.run.points[static_cast<std::size_t>(k)];
    auto& l = s.truth.landings[static_cast<std::size_t>(k)];
    p.pixel_x = 10.0 * k;
    p.pixel_y = 5.0;
    l.stage_x = 1e-5 + 1e-6 * k;  // exactly on the target
    l.stage_y = 2e-5 + 5e-7;
  }
  s.truth.landings[1].stage_x += 0.6e-6;  // beyond the footprint radius of 0.5 um: another cluster
  s.truth.landings[2].stage_y += 0.4e-6;
  s.truth.landings[3].cluster = -1;  // missed
  s.run.points[4].contact = false;   // unnoticed
  s.run.points[5].kind = PointKind::blank;
  s.truth.landings[5].cluster = -1;
  s.run.points[6].kind = PointKind::blank;  // a blank on particles
  s.truth.landings.pop_back();              // point 7: a contact without a landing
  const LandingRow r = landing_row(s.run, s.truth, match_of(s), {});
  EXPECT_EQ(r.contact.count, 7);
  EXPECT_EQ(r.contact.of, 8);
  EXPECT_EQ(r.confirmed_truly.count, 6);
  EXPECT_EQ(r.confirmed_truly.of, 7);
  EXPECT_EQ(r.unnoticed, 1);
  EXPECT_EQ(r.on_particles.count, 3);
  EXPECT_EQ(r.on_particles.of, 4);
  EXPECT_EQ(r.on_intended.count, 2);
  EXPECT_EQ(r.blank_truly_blank.count, 1);
  EXPECT_EQ(r.blank_truly_blank.of, 2);
  EXPECT_EQ(r.grid_on_particles.of, 0);
  EXPECT_EQ(r.aim.n, 6);
  EXPECT_NEAR(r.aim_max, 0.6e-6, 1e-15);
}

TEST(RegistrationRow, OfAShiftIsTheShiftEverywhere) {
  SampleRun s(3);
  s.run.registration.valid = true;
  s.run.registration.affine = s.truth.pixel_to_stage;
  s.run.registration.affine[0] += 3e-8;
  s.run.registration.affine[3] -= 4e-8;
  const RegistrationRow r = registration_row(s.run, s.truth, 1000, 800);
  for (const double error : {r.field_rms, r.field_max, r.targets_rms, r.targets_max, r.drifted_rms})
    EXPECT_NEAR(error, 5e-8, 1e-15);
}

// A scale error e in both axes about the image's centre: error e (px - centre) pixel size; its mean square over a W x H
// image is e^2 s^2 (W^2 + H^2)/12, and its maximum the half diagonal. The sum over many pixels agrees.
TEST(RegistrationRow, OfAScaleErrorIsExactOverTheImage) {
  constexpr int W = 640, H = 480;
  constexpr double e = 1e-3, pixel = 1e-7;
  SampleRun s;
  s.run.registration.valid = true;
  auto& a = s.run.registration.affine = s.truth.pixel_to_stage;
  a[1] += e * pixel;
  a[5] += e * pixel;
  a[0] -= e * pixel * 0.5 * (W - 1);
  a[3] -= e * pixel * 0.5 * (H - 1);
  const RegistrationRow r = registration_row(s.run, s.truth, W, H);
  EXPECT_NEAR(r.field_rms, e * pixel * std::sqrt((W * W + H * H) / 12.0), 1e-18);
  EXPECT_NEAR(r.field_max, e * pixel * 0.5 * std::hypot(W, H), 1e-18);
  // Per-pixel centres sample W^2 - 1 instead of W^2: 1/W^2 = 2.4e-6 relative.
  double sum = 0.0;
  for (int y = 0; y < H; ++y)
    for (int x = 0; x < W; ++x) {
      const auto est = map_pixel(a, x, y), real = map_pixel(s.truth.pixel_to_stage, x, y);
      sum += std::pow(est.x - real.x, 2) + std::pow(est.y - real.y, 2);
    }
  EXPECT_NEAR(std::sqrt(sum / (W * H)) / r.field_rms, 1.0, 1e-5);
}

TEST(RegistrationRow, FollowsTheDriftToTheContact) {
  SampleRun s(3);  // contacts at 2, 12 and 22 s
  s.run.registration.valid = true;
  s.run.registration.affine = s.truth.pixel_to_stage;
  s.truth.sample_drift_x = 1e-9;
  s.truth.sample_drift_y = -2e-9;
  for (auto& p : s.run.points) {
    const auto at = map_pixel(s.truth.pixel_to_stage, p.pixel_x, p.pixel_y);
    p.target_x = at.x + 1e-9 * p.t_contact;  // the scan followed it
    p.target_y = at.y - 2e-9 * p.t_contact;
  }
  const RegistrationRow r = registration_row(s.run, s.truth, 100, 100);
  const double speed = 1e-9 * std::sqrt(5.0);
  EXPECT_EQ(r.targets_max, 0.0);
  EXPECT_NEAR(r.drifted_max, 22 * speed, 1e-18);
  EXPECT_NEAR(r.drifted_rms, speed * std::sqrt((4 + 144 + 484) / 3.0), 1e-18);
  EXPECT_NEAR(r.commanded_max, 0.0, 1e-18);
  s.run.registration.valid = false;
  EXPECT_EQ(registration_row(s.run, s.truth, 100, 100).field_rms, 0.0);
}

TEST(ReferenceRow, LinearDriftBetweenTwoCalibrationsIsFollowedExactly) {
  SampleRun s(10);
  for (auto& l : s.truth.landings) l.qrce_offset_vs_Li = 2.9 + 1e-4 * l.t;
  s.run.reference_calibrations = {
      {92, 0, 2.9 + 92e-4, 1e-3, 0, true}, {2, 0, 2.9 + 2e-4, 2e-3, 0, true}, {50, 0, 9.0, 1e-3, 0, false}};
  const ReferenceRow r = reference_row(s.run, s.truth, {});
  EXPECT_EQ(r.calibrations, 3);
  EXPECT_EQ(r.valid, 2);
  EXPECT_NEAR(r.error_max, 0.0, 1e-14);
  EXPECT_NEAR(r.true_drift, 90e-4, 1e-14);
  EXPECT_NEAR(r.median_stated_error, 1.5e-3, 1e-15);
  // One calibration at the start: the error grows to minus the drift.
  s.run.reference_calibrations = {{2, 0, 2.9 + 2e-4, 2e-3, 0, true}};
  const ReferenceRow one = reference_row(s.run, s.truth, {});
  EXPECT_NEAR(one.error_max, 90e-4, 1e-14);
  EXPECT_NEAR(one.error.median, -45e-4, 1e-14);
}

// Four points of 9 s; the last on gold takes 3 s. Points 1 and 3 meet the same cluster.
TEST(ScanEconomy, AddsUpTimesAndPaths) {
  SampleRun s(5);
  s.run.points[0].kind = PointKind::calibration;
  s.run.points[1].target_x = 3e-6;
  s.run.points[1].target_y = 4e-6;  // 5 um
  for (std::size_t k = 2; k < 5; ++k) {
    s.run.points[k].target_x = 3e-6;
    s.run.points[k].target_y = 16e-6;  // 12 um, then none
  }
  s.run.points[4].t_end = 43.0;
  s.truth.landings[3].cluster = 1;
  s.truth.landings[3].wetted_area = 1.5e-12;
  s.truth.landings[4].cluster = -1;
  s.results.selections = {{0, true, ""}, {1, true, ""}, {2, false, "flat"}, {3, true, ""}, {4, true, ""}};
  const ScanEconomy e = scan_economy(s.run, &s.results, s.truth, match_of(s));
  EXPECT_NEAR(e.duration, 43.0, 1e-12);
  EXPECT_NEAR(e.time_per_point, 30.0 / 4, 1e-12);
  EXPECT_NEAR(e.time_on_particles, 9.0, 1e-12);
  EXPECT_NEAR(e.time_on_gold, 3.0, 1e-12);
  EXPECT_NEAR(e.path_length, 17e-6, 1e-15);
  EXPECT_EQ(e.points, 4);
  EXPECT_EQ(e.on_particles, 3);
  EXPECT_EQ(e.well_defined, 3);    // the one on gold as well: a false acceptance
  EXPECT_EQ(e.useful, 1);          // one cluster, met twice; neither the rejected one nor gold
  EXPECT_EQ(e.useless_area, 0.0);  // the rejected one wets more than an accepted one: not for want of area
  EXPECT_NEAR(e.time_per_particle, 43.0 / 3, 1e-12);
  EXPECT_NEAR(e.time_per_useful, 43.0, 1e-12);
  s.truth.landings[2].wetted_area = 1.2e-12;
  EXPECT_EQ(scan_economy(s.run, &s.results, s.truth, match_of(s)).useless_area, 1.2e-12);
}

/// 600 s for 40 useful clusters.
ScanEconomy smart_scan() {
  ScanEconomy smart;
  smart.duration = 600;
  smart.time_per_point = 9;
  smart.time_on_particles = 10;
  smart.time_on_gold = 6;
  smart.path_length = 1e-4;
  smart.useful = 40;
  smart.useless_area = 1e-12;
  smart.time_per_useful = 15;
  return smart;
}

/// 80 nodes on gold, 10 on clusters of their own, 10 more on one of these, of which the smallest wets `least`.
SimulatedArray array_of_100(double least) {
  SimulatedArray array;
  array.nodes.resize(80);
  for (int k = 0; k < 10; ++k) array.nodes.push_back({k, k == 0 ? least : 2e-12});
  for (int k = 0; k < 10; ++k) array.nodes.push_back({9, 2e-12});
  return array;
}

// 100 nodes last 80 x 6 + 20 x 10 = 680 s and bring 10 useful clusters: 68 s each against 15 s.
TEST(TimeSaved, ComparesTheTimesPerUsefulParticle) {
  const TimeSaved t = time_saved_by_simulation(smart_scan(), array_of_100(1.001e-12), {});
  EXPECT_EQ(t.nodes, 100);
  EXPECT_NEAR(t.grid_time, 680.0, 1e-9);
  EXPECT_EQ(t.grid_useful, 10);  // a cluster met eleven times counts once
  EXPECT_NEAR(t.grid_per_useful.value(), 68.0, 1e-10);
  EXPECT_NEAR(t.saved.value(), 1 - 15.0 / 68.0, 1e-12);
  const Interval share = share_of(10, 100, 0.95).interval;
  EXPECT_NEAR(t.saved_interval.low, 1 - 15.0 * share.high / 6.8, 1e-12);
  EXPECT_NEAR(t.saved_interval.high, 1 - 15.0 * share.low / 6.8, 1e-12);
  EXPECT_NEAR(t.grid_path, 99 * 4e-6, 1e-12);
  EXPECT_TRUE(t.basis.starts_with("simulated: 100 nodes"));
}

TEST(TimeSaved, CountsNoNodeThatWetsNoMoreThanWhatTheScanRejected) {
  EXPECT_EQ(time_saved_by_simulation(smart_scan(), array_of_100(1e-12), {}).grid_useful, 9);
}

// Where every node meets a cluster of its own, an array without calibration beats the scan: the saving is negative.
TEST(TimeSaved, IsNegativeWhereTheArrayIsFaster) {
  SimulatedArray array;
  for (int k = 0; k < 50; ++k) array.nodes.push_back({k, 2e-12});
  EXPECT_NEAR(time_saved_by_simulation(smart_scan(), array, {}).saved.value(), 1 - 15.0 / 10.0, 1e-12);
}

TEST(TimeSaved, HasNoNumberWithoutAUsefulParticle) {
  SimulatedArray gold;
  gold.nodes.resize(50);
  const TimeSaved bare = time_saved_by_simulation(smart_scan(), gold, {});
  EXPECT_FALSE(bare.saved.has_value());
  EXPECT_FALSE(bare.grid_per_useful.has_value());
  EXPECT_NEAR(bare.saved_interval.high, 1.0, 1e-12);  // no node useful at all is within the interval of 0 of 50
  EXPECT_LT(bare.saved_interval.low, 1.0);
  ScanEconomy nothing = smart_scan();
  nothing.useful = 0;
  nothing.time_per_useful = nothing.useless_area = 0.0;
  EXPECT_FALSE(time_saved_by_simulation(nothing, array_of_100(1.001e-12), {}).saved.has_value());
}

TEST(TimeSaved, ByRunsExtrapolatesTheMeasuredNodes) {
  ScanEconomy grid;
  grid.points = 50;
  grid.on_particles = 8;
  grid.useful = 5;
  grid.time_per_point = 10;
  const TimeSaved t = time_saved_by_runs(smart_scan(), grid, {});
  EXPECT_EQ(t.nodes, 625);  // 100 um at a pitch of 4 um, both ways
  EXPECT_NEAR(t.grid_time, 6250, 1e-9);
  EXPECT_NEAR(t.grid_path, 624 * 4e-6, 1e-12);
  EXPECT_NEAR(t.saved.value(), 1 - 15.0 / (10 / 0.1), 1e-12);
  const Interval share = share_of(5, 50, 0.95).interval;
  EXPECT_NEAR(t.saved_interval.low, 1 - 1.5 * share.high, 1e-12);
  EXPECT_NEAR(t.saved_interval.high, 1 - 1.5 * share.low, 1e-12);
  EXPECT_EQ(t.basis, "measured: 50 of 625 nodes of a regular array");
}

}  // namespace
}  // namespace seccm::validation
