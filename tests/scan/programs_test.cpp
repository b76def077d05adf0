// Programmes leg by leg, what is read from their frames, and what a program leaves in the run file.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "pipeline/scan/collected_frames.hpp"
#include "pipeline/scan/cv_program.hpp"
#include "pipeline/scan/cv_quality.hpp"
#include "pipeline/scan/frame_packing.hpp"
#include "pipeline/scan/policy.hpp"

namespace seccm::scan {
namespace {

using instrument::Frame;

// start 2.9, vertices 1.1 and 3.2 V vs Li, QRCE at 3.1 V: -0.2, -2.0, +0.1 V vs QRCE. Two rates, two cycles each.
TEST(CvProgram, IsTheProgrammeInVoltsAgainstTheQuasiReference) {
  CvParameters cv;
  cv.start = 2.9 * unit::V;
  cv.vertex1 = 1.1 * unit::V;
  cv.vertex2 = 3.2 * unit::V;
  cv.cycles = 2;
  cv.scan_rates = {0.2 * unit::V_per_s, 0.5 * unit::V_per_s};
  cv.hold = 0.7 * unit::s;
  cv.rest = 1.3 * unit::s;
  const auto legs = cv_program(cv, 3.1).legs;
  ASSERT_EQ(legs.size(), 1U + 6U + 1U + 6U);
  EXPECT_EQ(legs[0].kind, files::LegKind::jump);
  EXPECT_EQ(legs[7].kind, files::LegKind::hold);
  for (const std::size_t k : {0U, 7U}) {
    EXPECT_DOUBLE_EQ(legs[k].waypoint.hold, k == 0 ? 0.7 : 1.3);
    EXPECT_NEAR(*legs[k].waypoint.E1, -0.2, 1e-12);
    EXPECT_TRUE(legs[k].waypoint.jump_E1);
    EXPECT_NEAR(legs[k].E_start_vs_QRCE, -0.2, 1e-12);
    EXPECT_NEAR(legs[k].E_end_vs_QRCE, -0.2, 1e-12);
    EXPECT_EQ(legs[k].cycle, 0);
    EXPECT_EQ(legs[k].direction, 0);
  }
  const double ends[] = {-0.2, -2.0, 0.1, -0.2};
  const int directions[] = {-1, 1, -1};
  for (std::size_t n = 0; n < 12; ++n) {
    const PlannedLeg& leg = legs[n < 6 ? n + 1 : n + 2];
    EXPECT_EQ(leg.kind, files::LegKind::ramp);
    EXPECT_EQ(leg.cycle, static_cast<int>(n / 3) + 1);
    EXPECT_EQ(leg.direction, directions[n % 3]);
    EXPECT_DOUBLE_EQ(leg.scan_rate, n < 6 ? 0.2 : 0.5);
    EXPECT_DOUBLE_EQ(leg.waypoint.rate_E1, leg.scan_rate);
    EXPECT_FALSE(leg.waypoint.jump_E1);
    EXPECT_NEAR(leg.E_start_vs_QRCE, ends[n % 3], 1e-12);
    EXPECT_NEAR(leg.E_end_vs_QRCE, ends[n % 3 + 1], 1e-12);
    EXPECT_NEAR(*leg.waypoint.E1, ends[n % 3 + 1], 1e-12);
    EXPECT_EQ(leg.waypoint.hold, 0.0);
  }
}

TEST(CvProgram, LeavesOutTheRampThatGoesNowhereAndTheRestThatIsNone) {
  CvParameters cv;  // vertex2 is the start
  cv.cycles = 1;
  cv.scan_rates = {0.1 * unit::V_per_s, 0.2 * unit::V_per_s};
  cv.rest = 0.0 * unit::s;
  EXPECT_EQ(cv_program(cv, 3.05).legs.size(), 1U + 2U + 2U);
}

TEST(TriangleProgram, RestsAtTheLowEndAndReturnsToIt) {
  const auto legs = triangle_program(-0.05, 0.07, 0.5, 0.2).legs;
  ASSERT_EQ(legs.size(), 3U);
  EXPECT_DOUBLE_EQ(legs[0].waypoint.hold, 0.2);
  EXPECT_DOUBLE_EQ(*legs[0].waypoint.E1, -0.05);
  EXPECT_DOUBLE_EQ(*legs[1].waypoint.E1, 0.07);
  EXPECT_DOUBLE_EQ(*legs[2].waypoint.E1, -0.05);
  EXPECT_EQ(legs[1].direction, 1);
  EXPECT_EQ(legs[2].direction, -1);
}

std::vector<Frame> frames(std::size_t n, auto current, std::uint16_t flags = 0) {
  std::vector<Frame> out(n);
  for (std::size_t k = 0; k < n; ++k) {
    out[k].i1 = current(k);
    out[k].flags = flags;
  }
  return out;
}

/// One jump, then ramps of the given cycles and rates.
ScanProgram ramps(const std::vector<std::pair<int, double>>& which) {
  ScanProgram program;
  program.legs.resize(1);
  program.legs[0].kind = files::LegKind::jump;
  for (const auto& [cycle, rate] : which) {
    PlannedLeg leg;
    leg.kind = files::LegKind::ramp;
    leg.cycle = cycle;
    leg.scan_rate = rate;
    program.legs.push_back(leg);
  }
  return program;
}

// Blocks of 64 frames: a cycle of two legs at 3 and 5 pA has an amplitude of 2 pA, whatever a rest of fewer frames and
// the jump before show. The first cycle counts at the last scan rate.
TEST(CvQuality, AmplitudesAreThoseOfTheFirstAndTheLastCycleAtTheLastRate) {
  const ScanProgram program = ramps({{1, 0.1}, {2, 0.5}, {2, 0.5}, {3, 0.5}, {3, 0.5}});
  CvQuality quality(program);
  const double levels[] = {100e-12, 1e-12, -3e-12, 5e-12, 2e-12, -1.5e-12};
  for (int leg = 0; leg < 6; ++leg) {
    const double level = levels[leg];
    const auto all = frames(150, [&](std::size_t k) { return k < 128 ? level : 1e-9; });
    // In two stretches, as they come.
    quality.take(leg, std::span(all).first(100));
    quality.take(leg, std::span(all).subspan(100));
  }
  EXPECT_NEAR(quality.first_amplitude(), 8e-12, 1e-20);
  EXPECT_NEAR(quality.last_amplitude(), 3.5e-12, 1e-20);
  EXPECT_EQ(quality.ramp_frames(), 5U * 150U);
  EXPECT_EQ(quality.saturated_frames(), 0U);
}

// Alternating +a, -a: differences of 2a, standard deviation of white noise of that difference 2a/√2. Neither the step
// between two legs nor the jump counts.
TEST(CvQuality, NoiseIsThatOfTheDifferencesWithinRamps) {
  const ScanProgram program = ramps({{1, 0.1}, {1, 0.1}});
  CvQuality quality(program);
  constexpr double a = 0.1e-12;
  quality.take(0, frames(
                      40, [](std::size_t k) { return k % 2 == 0 ? 1e-9 : -1e-9; }, Frame::current_saturated));
  for (int leg = 1; leg <= 2; ++leg)
    quality.take(leg, frames(41, [&](std::size_t k) { return leg * 50e-12 + (k % 2 == 0 ? a : -a); }));
  EXPECT_NEAR(quality.difference_noise(), 2 * a / std::sqrt(2.0), 1e-6 * a);
  EXPECT_EQ(quality.saturated_frames(), 0U);
  quality.take(2, frames(
                      1, [](std::size_t) { return 0.0; }, Frame::current_saturated));
  EXPECT_EQ(quality.saturated_frames(), 1U);
}

TEST(CollectedFrames, TailMeanMedianAndDeviations) {
  const std::vector<double> values{7, 1, 4, 2, 9};
  EXPECT_EQ(std::vector<double>(tail(values, 0.5).begin(), tail(values, 0.5).end()), (std::vector<double>{4, 2, 9}));
  EXPECT_EQ(tail(values, 1.0).size(), 5U);
  EXPECT_DOUBLE_EQ(mean(values), 4.6);
  EXPECT_DOUBLE_EQ(median(values), 4.0);
  EXPECT_NEAR(standard_deviation(values), std::sqrt((151 - 5 * 4.6 * 4.6) / 4), 1e-12);
  // differences -6, 3, -2, 7: Σ 98 over 2 x 4
  EXPECT_NEAR(difference_noise(values), std::sqrt(98.0 / 8.0), 1e-12);
  EXPECT_EQ(mean({}), 0.0);
  EXPECT_EQ(median({}), 0.0);
}

TEST(FramePacker, GivesEachChannelItsOwnScaleOffsetAndRange) {
  instrument::Capabilities c;
  c.x = {1e-9, 1e-6};
  c.y = {2e-9, -3e-6};
  c.z = {3e-9, 5e-6};
  c.E1 = {1e-4, 0.5};
  c.E2 = {2e-4, -0.5};
  c.i1 = {1e-15, 2e-15};
  c.i2 = {3e-15, 0.0};
  const FramePacker packer(c, 25e-9);
  Frame f;
  f.t = 100e-9;
  f.x = 1e-6 + 7.4e-9;    // 7.4 counts
  f.y = -3e-6 - 23.2e-9;  // -11.6
  f.z = 5e-6 + 39e-9;     // 13
  f.E1 = 0.5 - 17.6e-4;   // -17.6
  f.E2 = -0.5 + 38e-4;    // 19
  f.i1 = 2e-15 + 23.3e-15;
  f.i2 = -29 * 3e-15;
  f.tag = 31;
  f.flags = 2;
  const files::PackedFrame p = packer.pack(f);
  EXPECT_EQ(p.tick, 4);
  EXPECT_EQ(p.x, 7);
  EXPECT_EQ(p.y, -12);
  EXPECT_EQ(p.z, 13);
  EXPECT_EQ(p.E1, -18);
  EXPECT_EQ(p.E2, 19);
  EXPECT_EQ(p.i1, 23);
  EXPECT_EQ(p.i2, -29);
  EXPECT_EQ(p.tag, 31);
  EXPECT_EQ(p.flags, 2);
  f.i1 = 1.0;
  f.x = -1.0;
  EXPECT_EQ(packer.pack(f).i1, 32767);
  EXPECT_EQ(packer.pack(f).x, -32768);
}

TEST(Policy, GivesEveryClassTheActionOfItsOwnKey) {
  // One key at a time says stop_and_hold where all others say retry.
  const std::pair<FaultClass, PolicyAction PolicyParameters::*> keys[] = {
      {FaultClass::timeout, &PolicyParameters::timeout},
      {FaultClass::disconnected, &PolicyParameters::disconnected},
      {FaultClass::overflow, &PolicyParameters::overflow},
      {FaultClass::framing_lost, &PolicyParameters::framing_lost},
      {FaultClass::protocol, &PolicyParameters::protocol},
      {FaultClass::stale_data, &PolicyParameters::stale_data},
      {FaultClass::device_fault, &PolicyParameters::device_fault},
      {FaultClass::no_contact, &PolicyParameters::no_contact},
      {FaultClass::contact_lost, &PolicyParameters::contact_lost},
      {FaultClass::saturated, &PolicyParameters::saturated}};
  for (const auto& [chosen, key] : keys) {
    PolicyParameters p;
    for (const auto& [other, its_key] : keys) p.*its_key = PolicyAction::retry;
    p.*key = PolicyAction::stop_and_hold;
    for (const auto& [fault, unused] : keys)
      EXPECT_EQ(p.action_for(fault), fault == chosen ? PolicyAction::stop_and_hold : PolicyAction::retry)
          << to_string(chosen) << " " << to_string(fault);
  }
}

TEST(Policy, KnowsTheClassOfEveryErrorAndVerdict) {
  using instrument::Errc;
  const std::pair<Errc, FaultClass> codes[] = {{Errc::timeout, FaultClass::timeout},
                                               {Errc::disconnected, FaultClass::disconnected},
                                               {Errc::needs_reconnect, FaultClass::disconnected},
                                               {Errc::stale_data, FaultClass::stale_data},
                                               {Errc::protocol, FaultClass::protocol},
                                               {Errc::overflow, FaultClass::overflow},
                                               {Errc::framing_lost, FaultClass::framing_lost},
                                               {Errc::saturated, FaultClass::saturated},
                                               {Errc::limit_rejected, FaultClass::device_fault},
                                               {Errc::interlock_tripped, FaultClass::device_fault},
                                               {Errc::cancelled, FaultClass::device_fault},
                                               {Errc::device_fault, FaultClass::device_fault}};
  for (const auto& [code, fault] : codes) EXPECT_EQ(class_of(code), fault) << to_string(fault);
  for (const char* verdict : {"no contact", "contact not confirmed", "baseline too noisy", "meniscus does not break"})
    EXPECT_EQ(class_of_verdict(verdict), FaultClass::no_contact) << verdict;
  EXPECT_EQ(class_of_verdict("contact lost"), FaultClass::contact_lost);
  EXPECT_EQ(class_of_verdict("current saturated"), FaultClass::saturated);
  for (const char* fine : {"ok", "noisy", "", "rejected: why"}) EXPECT_FALSE(class_of_verdict(fine)) << fine;
}

}  // namespace
}  // namespace seccm::scan
