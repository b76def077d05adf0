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
TEST(ToVoltammograms, JoinsTheTwoRampsOfOneDirection) {
  const std::vector<RampFrames> ramps{ramp(1, 0.1, -0.5, -2.0, 0), ramp(1, 0.1, -2.0, 0.0, 15),
                                      ramp(1, 0.1, 0.0, -0.5, 35)};
  const auto sweeps = to_voltammograms(ramps, reference());
  ASSERT_EQ(sweeps.size(), 2U);
  const Voltammogram& cathodic = sweeps[0];
  EXPECT_EQ(cathodic.direction, -1);
  EXPECT_EQ(cathodic.i.size(), 200U);
  EXPECT_EQ(cathodic.t.front(), 35.0);
  EXPECT_TRUE(std::is_sorted(cathodic.E_vs_Li.begin() + 100, cathodic.E_vs_Li.end(), std::greater<>()));
}

TEST(ToVoltammograms, KeepsCyclesRatesAndDirectionsApart) {
  std::vector<RampFrames> ramps;
  for (const int cycle : {1, 2}) {
    for (const double v : {0.05, 0.1}) {
      ramps.push_back(ramp(cycle, v, 0, -2, 10 * cycle));
      ramps.push_back(ramp(cycle, v, -2, 0, 10 * cycle + 5));
    }
  }
  EXPECT_EQ(to_voltammograms(ramps, reference()).size(), 8U);
}

TEST(ToVoltammograms, RefersEachFrameToLiAtItsTime) {
  const std::vector<RampFrames> ramps{ramp(1, 0.1, -2.0, 0.0, 50)};
  const auto sweeps = to_voltammograms(ramps, reference());
  EXPECT_NEAR(sweeps[0].E_vs_Li.front(), -2.0 + 3.05, 1e-12);
  EXPECT_NEAR(sweeps[0].E_vs_Li[50], -1.0 + 3.06, 1e-12);
}

// Noise about zero current changes nothing: the table of legs decides, not the trace.
TEST(ToVoltammograms, DoesNotLookAtTheCurrent) {
  RampFrames r = ramp(1, 0.1, -2, 0, 0);
  for (std::size_t k = 0; k < r.i.size(); ++k) r.i[k] = k % 2 == 0 ? 1e-15 : -1e-15;
  const std::vector<RampFrames> ramps{r};
  EXPECT_EQ(to_voltammograms(ramps, reference()).size(), 1U);
}

}  // namespace
}  // namespace seccm::analysis
