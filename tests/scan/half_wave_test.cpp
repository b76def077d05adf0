#include "pipeline/scan/half_wave.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::scan {
namespace {

struct Sweep {
  std::vector<double> E, i;
};

struct Wave {
  double E_half = 0.17, limit = 9e-12, width = 0.02569, offset = 20e-15, slope = 50e-15, lag = 0.0, noise = 60e-15;
};

/// 0.8 V at 50 mV/s in frames of 1.028 ms; the current lags the potential by `lag` s.
Sweep sweep(const Wave& w, double from, double to, std::uint64_t seed) {
  RandomStream random(seed, "half-wave test");
  Sweep out;
  const double rate = to > from ? 0.05 : -0.05, dt = 1.028e-3;
  for (double E = from; (to - E) * rate > 0; E += rate * dt) {
    const double felt = E - rate * w.lag;
    out.E.push_back(E);
    out.i.push_back(w.offset + w.slope * E + 1e-12 * rate + w.limit / (1 + std::exp(-(felt - w.E_half) / w.width)) +
                    w.noise * random.normal());
  }
  return out;
}

HalfWave both(const Wave& w, std::uint64_t seed) {
  const Sweep up = sweep(w, -0.2, 0.6, seed), down = sweep(w, 0.6, -0.2, seed + 1000);
  return combine(fit_half_wave(up.E, up.i), fit_half_wave(down.E, down.i));
}

TEST(HalfWave, IsExactForANoiselessWave) {
  Wave w;
  w.noise = 0.0;
  const Sweep up = sweep(w, -0.2, 0.6, 1);
  const HalfWave wave = fit_half_wave(up.E, up.i);
  ASSERT_TRUE(wave.valid) << wave.reason;
  // Averaging over a bin h curves the wave: the error of the half level is odd in E and cancels; width² grows by h²/12.
  EXPECT_NEAR(wave.E, w.E_half, 1e-6);
  EXPECT_NEAR(wave.limiting_current, w.limit, 1e-4 * w.limit);
  EXPECT_NEAR(wave.width, w.width, 1e-3 * w.width);
}

TEST(HalfWave, StandardErrorDescribesTheScatter) {
  Wave w;
  double sum = 0.0;
  constexpr int n = 200;
  for (std::uint64_t seed = 0; seed < n; ++seed) {
    const Sweep up = sweep(w, -0.2, 0.6, seed);
    const HalfWave wave = fit_half_wave(up.E, up.i);
    ASSERT_TRUE(wave.valid) << wave.reason;
    const double pull = (wave.E - w.E_half) / wave.standard_error;
    sum += pull * pull;
  }
  // Mean square pull of n fits: 1 ± √(2/n) = 0.1; five of them, and the clipped correlation only makes it smaller by a
  // few per cent.
  EXPECT_NEAR(sum / n, 1.0, 0.5);
}

TEST(HalfWave, LagOfTheFilterCancelsBetweenTheSweeps) {
  Wave w;
  w.lag = 0.04;  // 2 mV at 50 mV/s
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const HalfWave wave = both(w, seed);
    ASSERT_TRUE(wave.valid);
    EXPECT_LT(std::abs(wave.E - w.E_half), 4.0 * wave.standard_error);
    // Half the difference between the sweeps is the lag: 2 mV, as a uniform error 2/√3 mV.
    EXPECT_NEAR(wave.standard_error, 2e-3 / std::sqrt(3.0), 0.2e-3);
  }
}

class KineticShift : public ::testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(AtTemperature, KineticShift, ::testing::Values(283.15, 298.15, 320.0));

TEST_P(KineticShift, WidthTellsTheShiftOfAQuasiReversibleWave) {
  // i/i_lim = u/(r + u + 1/u), u = exp(ξ/2), r = m/k0: half height at u² - r u - 1 = 0, E½ - E0' = (RT/F) 2 ln u.
  const double f = constants::faraday / (constants::gas * GetParam());
  for (double r : {0.02, 0.04, 0.08}) {
    std::vector<double> E, i;
    for (double potential = -0.2; potential < 0.6; potential += 50e-6) {
      const double u = std::exp(0.5 * f * (potential - 0.17));
      E.push_back(potential);
      i.push_back(9e-12 * u / (r + u + 1.0 / u));
    }
    const HalfWave wave = fit_half_wave(E, i);
    ASSERT_TRUE(wave.valid) << wave.reason;
    const double shift = 2.0 / f * std::log(0.5 * r + std::sqrt(1.0 + 0.25 * r * r));
    // The wave is no logistic beyond first order in r: its foot and its plateau differ, and a fit that weighs both
    // moves E½ by a fixed share of r (8 %) and the width by another (5 %). Noiseless: no scatter.
    EXPECT_NEAR(wave.E - 0.17, shift, 0.10 * shift);
    EXPECT_NEAR(kinetic_shift(wave, GetParam()), shift, 0.10 * shift);
  }
}

TEST(HalfWave, RefusesWhatIsNoWave) {
  Wave none;
  none.limit = 0.0;
  const Sweep flat = sweep(none, -0.2, 0.6, 5);
  const HalfWave wave = fit_half_wave(flat.E, flat.i);
  EXPECT_FALSE(wave.valid);
  EXPECT_FALSE(wave.reason.empty());

  Wave edge;
  edge.E_half = 0.59;
  const Sweep outside = sweep(edge, -0.2, 0.6, 5);
  EXPECT_FALSE(fit_half_wave(outside.E, outside.i).valid);

  const std::vector<double> few = {0.0, 0.1, 0.2};
  EXPECT_FALSE(fit_half_wave(few, few).valid);
  EXPECT_FALSE(fit_half_wave({}, {}).valid);
}

}  // namespace
}  // namespace seccm::scan
