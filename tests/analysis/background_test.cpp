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

// Blank points and a target whose backgrounds differ by independent Gaussian offsets, one per sweep, beside which the
// noise of a bin is nothing.
struct Coverage {
  double share = 0, mean_z2 = 0;
};
Coverage coverage(std::size_t blank_points, std::uint64_t seed) {
  constexpr int replicates = 2000;
  RandomStream random(seed, "background test");
  const auto offset_sweep = [](int direction, double offset) {
    Sweep s;
    s.direction = direction;
    s.scan_rate = rate_v;
    for (int k = 0; k <= 40; ++k) {
      s.E_vs_Li.push_back(2.0 + 1.5e-3 * direction * (k - 20));
      s.i.push_back(1e-13 + offset);
      s.t.push_back(k);
    }
    s.background.assign(s.i.size(), 0.0);
    return s;
  };
  Coverage out;
  for (int r = 0; r < replicates; ++r) {
    std::vector<BlankSweeps> blanks;
    for (std::size_t b = 0; b < blank_points; ++b)
      blanks.push_back({offset_sweep(1, 7e-15 * random.normal()), offset_sweep(-1, 7e-15 * random.normal())});
    Sweep target = offset_sweep(1, 7e-15 * random.normal());
    Background(BackgroundMethod::blank, {}, blanks).remove(target);
    const double z = target.i[20] / target.background_error;
    out.mean_z2 += z * z / replicates;
    out.share += (std::abs(z) <= 1.959964 ? 1.0 : 0.0) / replicates;
  }
  return out;
}

// t intervals hold 95 % for any number of blanks; π/2n against the exact variance of a median of n makes them up to
// 8 % (n = 2: 0.79 for 0.5) too wide: 95 to 96.5 %. Binomial error of 2000: 0.5 %, four of them. Mean z² of a t
// variable with ν = 2(n - 1) is ν/(ν - 2) t-widened: 0.96 at ν = 6, 1.07 at ν = 14 before the median's allowance (0.93
// at n = 4, 0.95 at n = 8); its error from 2000 replicates with the kurtosis of t_6 is 0.05, four of them.
TEST(Background, ItsStandardErrorHoldsTheScatterBetweenBlankPoints) {
  for (const std::size_t n : {2U, 4U, 8U}) {
    const Coverage c = coverage(n, 10 + n);
    printf("%zu blanks: 95 %% interval holds %.1f %%, mean z2 %.2f\n", n, 100 * c.share, c.mean_z2);
    EXPECT_GT(c.share, 0.93);
    EXPECT_LT(c.share, 0.985);
    if (n > 2) {
      EXPECT_NEAR(c.mean_z2, 0.95, 0.25);
    }
  }
}

// Bins of four blanks with noise of 2 fA each: their mean has 1 fA a bin. One point with two sweeps has them averaged.
TEST(Background, ItsNoiseIsThatOfOneBinOfTheMeanOverTheBlanks) {
  Sweep noisy = sweep(1, rate_v, gold_current);
  noisy.noise = {.sigma = 2e-15, .rho = 0.0};
  for (const std::vector<BlankSweeps>& blanks :
       {std::vector<BlankSweeps>(4, BlankSweeps{noisy}), std::vector<BlankSweeps>(2, BlankSweeps{noisy, noisy})}) {
    Sweep s = sweep(1, rate_v, gold_current);
    Background(BackgroundMethod::blank, {}, blanks).remove(s);
    EXPECT_NEAR(s.background_noise, 1e-15, 1e-24);
  }
}

TEST(Background, OfOneBlankSaysWhatItsErrorLeavesOut) {
  const std::vector<BlankSweeps> one{{sweep(1, rate_v, gold_current)}};
  const std::vector<BlankSweeps> two{one.front(), one.front()};
  EXPECT_NE(Background(BackgroundMethod::blank, {}, one).caveat(rate_v, 1).find("want of a second"), std::string::npos);
  EXPECT_EQ(Background(BackgroundMethod::blank, {}, two).caveat(rate_v, 1), "");
  EXPECT_NE(Background(BackgroundMethod::blank, {}, two).caveat(0.5, 1).find("want of a blank"), std::string::npos);
  EXPECT_NE(Background(BackgroundMethod::none, {}, {}).caveat(rate_v, 1).find("nothing is removed"), std::string::npos);
}

// One of five blanks lies on a particle: 50 pA. The error stays that of the others.
TEST(Background, ABlankThatIsNoneDoesNotWidenTheError) {
  std::vector<BlankSweeps> blanks;
  for (const double offset : {-2e-15, 1e-15, -1e-15, 2e-15}) {
    blanks.push_back({sweep(1, rate_v, [offset](double) { return 1e-13 + offset; })});
  }
  Sweep with = sweep(1, rate_v, gold_current), without = with;
  Background(BackgroundMethod::blank, {}, blanks).remove(without);
  blanks.push_back({sweep(1, rate_v, [](double) { return 50e-12; })});
  Background(BackgroundMethod::blank, {}, blanks).remove(with);
  EXPECT_GT(without.background_error, 1e-15);
  EXPECT_LT(with.background_error, 2 * without.background_error);
}

}  // namespace
}  // namespace seccm::analysis
