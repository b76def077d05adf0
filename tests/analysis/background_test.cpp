#include "pipeline/analysis/background.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/random.hpp"

namespace seccm::analysis {
namespace {

constexpr double stray_C = 1e-12, current_offset = 20e-15, rate_v = 0.1;

Sweep sweep(int direction, double rate, auto current) {
  Sweep s;
  s.direction = direction;
  s.scan_rate = rate;
  for (int k = 0; k <= 1333; ++k) {
    s.E_vs_Li.push_back(direction > 0 ? 1.0 + 1.5e-3 * k : 3.0 - 1.5e-3 * k);
    s.i.push_back(current(s.E_vs_Li.back()));
    s.t.push_back(k);
  }
  s.background.assign(s.i.size(), 0.0);
  return s;
}
double gold_current(double E) {
  return 50e-15 * std::sin(3 * E);
}

TEST(Background, OfStrayCapacitanceIsOffsetAndRamp) {
  const Background air(BackgroundMethod::stray_capacitance, {current_offset, stray_C}, {});
  for (const int d : {1, -1}) {
    Sweep s = sweep(d, rate_v, [d](double) { return current_offset + d * stray_C * rate_v; });
    air.remove(s);
    for (std::size_t k = 0; k < s.size(); ++k) EXPECT_NEAR(s.i[k], 0.0, 1e-28);
    EXPECT_NEAR(s.background.front(), current_offset + d * stray_C * rate_v, 1e-28);
  }
}

// The blank is smoothed over 17 steps of 1.5 mV: a curvature of 9 x 50 fA/V² costs h²/6 x 0.45e-12 x (12.75 mV)²
// = 1.2e-17 A.
TEST(Background, OfABlankIsTheBlank) {
  const BlankSweeps blank{sweep(1, rate_v, gold_current), sweep(-1, rate_v, [](double E) { return -gold_current(E); })};
  const std::vector<BlankSweeps> blanks{blank};
  const Background background(BackgroundMethod::blank, {current_offset, stray_C}, blanks);
  Sweep s = sweep(1, rate_v, [](double E) { return gold_current(E) + 1e-12; });
  background.remove(s);
  for (std::size_t k = 0; k < s.size(); ++k) EXPECT_NEAR(s.i[k], 1e-12, 3e-17);
  EXPECT_EQ(background.method_at(rate_v, 1), BackgroundMethod::blank);
}

TEST(Background, IsTheMedianOfTheBlankPoints) {
  const std::vector<BlankSweeps> blanks{{sweep(1, rate_v, [](double) { return 1e-13; })},
                                        {sweep(1, rate_v, [](double) { return 1.1e-13; })},
                                        {sweep(1, rate_v, [](double) { return 50e-12; })}};  // not blank after all
  Sweep s = sweep(1, rate_v, [](double) { return 1.1e-13; });
  Background(BackgroundMethod::blank, {}, blanks).remove(s);
  EXPECT_NEAR(s.i[600], 0.0, 1e-26);
}

TEST(Background, FallsBackToStrayCapacitanceAtAnotherScanRate) {
  const std::vector<BlankSweeps> blanks{{sweep(1, rate_v, gold_current)}};
  const Background background(BackgroundMethod::blank, {current_offset, stray_C}, blanks);
  EXPECT_EQ(background.method_at(0.5, 1), BackgroundMethod::stray_capacitance);
  EXPECT_EQ(background.method_at(rate_v, -1), BackgroundMethod::stray_capacitance);
  Sweep s = sweep(1, 0.5, [](double) { return current_offset + stray_C * 0.5; });
  background.remove(s);
  EXPECT_NEAR(s.i[10], 0.0, 1e-27);
}

TEST(Background, NoneLeavesTheCurrentAlone) {
  Sweep s = sweep(1, rate_v, gold_current);
  const Sweep before = s;
  Background(BackgroundMethod::none, {current_offset, stray_C}, {}).remove(s);
  EXPECT_EQ(s.i, before.i);
}

}  // namespace
}  // namespace seccm::analysis
