#include "pipeline/analysis/segmentation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace seccm::analysis {
namespace {

RampFrames ramp(int cycle, double v, double from, double to, double t0) {
  RampFrames r;
  r.leg.kind = files::LegKind::ramp;
  r.leg.cycle = cycle;
  r.leg.scan_rate = v;
  r.leg.direction = to > from ? 1 : -1;
  r.leg.E_start_vs_QRCE = from;
  r.leg.E_end_vs_QRCE = to;
  for (int k = 0; k < 100; ++k) {
    r.t.push_back(t0 + k * std::abs(to - from) / v / 100);
    r.E_vs_QRCE.push_back(from + (to - from) * k / 100);
    r.i.push_back(r.leg.direction * 1e-12);
  }
  return r;
}
ReferencePotential reference() {
  files::ReferenceCalibration a, b;
  a.t = 0;
  a.offset_vs_Li = 3.0;
  a.valid = b.valid = true;
  b.t = 100;
  b.offset_vs_Li = 3.1;
  const std::vector<files::ReferenceCalibration> list{a, b};
  return ReferencePotential(list);
}

// start -0.5, vertices -2 and 0: two cathodic ramps per cycle, joined in order of potential, not of time.
TEST(ToSweeps, JoinsTheTwoRampsOfOneDirection) {
  const std::vector<RampFrames> ramps{ramp(1, 0.1, -0.5, -2.0, 0), ramp(1, 0.1, -2.0, 0.0, 15),
                                      ramp(1, 0.1, 0.0, -0.5, 35)};
  const auto sweeps = to_sweeps(ramps, reference()).whole;
  ASSERT_EQ(sweeps.size(), 2U);
  const Voltammogram& cathodic = sweeps[0];
  EXPECT_EQ(cathodic.direction, -1);
  EXPECT_EQ(cathodic.i.size(), 200U);
  EXPECT_EQ(cathodic.t.front(), 35.0);
  EXPECT_TRUE(std::is_sorted(cathodic.E_vs_Li.begin() + 100, cathodic.E_vs_Li.end(), std::greater<>()));
}

TEST(ToSweeps, KeepsCyclesRatesAndDirectionsApart) {
  std::vector<RampFrames> ramps;
  for (const int cycle : {1, 2}) {
    for (const double v : {0.05, 0.1}) {
      ramps.push_back(ramp(cycle, v, 0, -2, 10 * cycle));
      ramps.push_back(ramp(cycle, v, -2, 0, 10 * cycle + 5));
    }
  }
  EXPECT_EQ(to_sweeps(ramps, reference()).whole.size(), 8U);
}

// Two recordings at one rate, of two cycles each: 12 s without frames before the second. A tenth of a second, a gap
// between two programmes of a host, and 12 s at a rate that runs 12 mV meanwhile are none.
TEST(ToSweeps, CountsTheCyclesOfEveryRecordingAnew) {
  const auto counted = [](double gap, double v) {
    std::vector<RampFrames> ramps;
    for (const int cycle : {1, 2, 3, 4}) {
      const double t0 = 40.0 * 0.1 / v * cycle + (cycle > 2 ? gap : 0.0);
      ramps.push_back(ramp(cycle, v, 0, -2, t0));
      if (cycle == 3) ramps.back().gap = gap;
      ramps.push_back(ramp(cycle, v, -2, 0, t0 + 2.0 / v));
    }
    std::vector<int> out;
    for (const Voltammogram& sweep : to_sweeps(ramps, reference()).whole) out.push_back(sweep.cycle_at_rate);
    return out;
  };
  EXPECT_EQ(counted(12.0, 0.1), (std::vector<int>{1, 1, 2, 2, 1, 1, 2, 2}));
  const std::vector<int> on{1, 1, 2, 2, 3, 3, 4, 4};
  EXPECT_EQ(counted(0.0, 0.1), on);
  EXPECT_EQ(counted(0.1, 1.0), on);
  EXPECT_EQ(counted(12.0, 1e-3), on);
}

TEST(ToSweeps, RefersEachFrameToLiAtItsTime) {
  const std::vector<RampFrames> ramps{ramp(1, 0.1, -2.0, 0.0, 50)};
  const auto sweeps = to_sweeps(ramps, reference()).whole;
  EXPECT_NEAR(sweeps[0].E_vs_Li.front(), -2.0 + 3.05, 1e-12);
  EXPECT_NEAR(sweeps[0].E_vs_Li[50], -1.0 + 3.06, 1e-12);
}

// Noise about zero current changes nothing: the table of legs decides, not the trace.
TEST(ToSweeps, DoesNotLookAtTheCurrent) {
  RampFrames r = ramp(1, 0.1, -2, 0, 0);
  for (std::size_t k = 0; k < r.i.size(); ++k) r.i[k] = k % 2 == 0 ? 1e-15 : -1e-15;
  const std::vector<RampFrames> ramps{r};
  EXPECT_EQ(to_sweeps(ramps, reference()).whole.size(), 1U);
}

/// Ramps through these potentials, one after the other, numbered by `cycles`.
std::vector<RampFrames> programme(const std::vector<double>& potentials, const std::vector<int>& cycles, double v,
                                  double t0 = 0.0) {
  std::vector<RampFrames> out;
  for (std::size_t k = 0; k + 1 < potentials.size(); ++k) {
    out.push_back(ramp(cycles[k], v, potentials[k], potentials[k + 1], t0));
    t0 += std::abs(potentials[k + 1] - potentials[k]) / v;
  }
  return out;
}

std::vector<int> cycles_of(const Sweeps& sweeps, int direction) {
  std::vector<int> out;
  for (const Voltammogram& v : sweeps.whole)
    if (v.direction == direction) out.push_back(v.cycle);
  return out;
}

// From the rest potential to the first vertex, and back to it behind the last: neither piece is a sweep.
TEST(ToSweeps, LeaveOutPiecesShortOfAVertex) {
  const auto ramps = programme({-0.4, -2, 0, -2, 0, -2, 0, -0.4}, {1, 1, 2, 2, 3, 3, 3}, 0.1);
  const Sweeps sweeps = to_sweeps(ramps, reference());
  EXPECT_EQ(cycles_of(sweeps, -1), (std::vector<int>{2, 3}));
  EXPECT_EQ(cycles_of(sweeps, 1), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(sweeps.left_out, 2);
}

// A programme that ended early costs the sweep that it ended in, wherever that was.
TEST(ToSweeps, AStopCostsThePieceThatItFellIn) {
  for (const double end : {-0.1, -1.0, -1.9}) {
    const auto ramps = programme({0, -2, 0, -2, 0, end}, {1, 1, 2, 2, 3}, 0.1);
    const Sweeps sweeps = to_sweeps(ramps, reference());
    EXPECT_EQ(cycles_of(sweeps, -1), (std::vector<int>{1, 2})) << end;
    EXPECT_EQ(cycles_of(sweeps, 1), (std::vector<int>{1, 2})) << end;
    EXPECT_EQ(sweeps.left_out, 1) << end;
  }
}

// Between its vertices a programme goes on in one direction from cycle to cycle: that is one sweep, in order of time.
TEST(ToSweeps, GoOnOverTheEndOfACycle) {
  const auto ramps = programme({-0.5, -2, 0, -0.5, -2, 0, -0.5}, {1, 1, 1, 2, 2, 2}, 0.1);
  const Sweeps sweeps = to_sweeps(ramps, reference());
  EXPECT_EQ(cycles_of(sweeps, -1), (std::vector<int>{2}));
  for (const Voltammogram& v : sweeps.whole) EXPECT_TRUE(std::is_sorted(v.t.begin(), v.t.end()));
}

// Two rates that were fitted to noisy samples are one; two that a programme sets apart are not.
TEST(ToSweeps, TakeRatesWithinTheirErrorForOne) {
  std::vector<RampFrames> ramps = programme({0, -2, 0, -2, 0}, {1, 1, 2, 2}, 0.1);
  ramps[0].leg.scan_rate = 0.1003;
  ramps[3].leg.scan_rate = 0.0998;
  for (const Voltammogram& v : to_sweeps(ramps, reference()).whole) EXPECT_EQ(v.scan_rate, 0.1003);
  std::vector<RampFrames> parts = programme({0, -1.1, -2, 0}, {1, 1, 1}, 0.1);
  parts[1].leg.scan_rate = 0.1001;
  EXPECT_EQ(to_sweeps(parts, reference()).whole.size(), 2U);
  parts[1].leg.scan_rate = 0.12;
  EXPECT_EQ(to_sweeps(parts, reference()).whole.size(), 3U);
}

TEST(ToSweeps, CountTheCyclesOfEachRate) {
  std::vector<RampFrames> ramps = programme({0, -2, 0, -2, 0}, {1, 1, 2, 2}, 0.1);
  for (const auto& r : programme({0, -2, 0, -2, 0}, {3, 3, 4, 4}, 0.2, 100.0)) ramps.push_back(r);
  for (const Voltammogram& v : to_sweeps(ramps, reference()).whole)
    EXPECT_EQ(v.cycle_at_rate, v.scan_rate == 0.1 ? v.cycle : v.cycle - 2);
}

}  // namespace
}  // namespace seccm::analysis
