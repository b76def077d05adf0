#include "pipeline/scan/half_wave.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
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

// Neighbouring frames with correlation 0.99: bins of 39 frames have ρ of about 0.6, so that an error that takes them
// for independent is √((1+ρ)/(1-ρ)) = 2 too small, z² = 4. Mean of 100: 1 ± 5√(2/100) = 0.7.
TEST(HalfWave, StandardErrorHoldsTheCorrelationOfTheNoise) {
  Wave w;
  w.noise = 0.0;
  double z2 = 0.0;
  constexpr int n = 100;
  for (std::uint64_t seed = 0; seed < n; ++seed) {
    Sweep up = sweep(w, -0.2, 0.6, seed);
    RandomStream random(seed, "correlated half-wave test");
    double e = random.normal();
    for (double& i : up.i) {
      i += 100e-15 * e;
      e = 0.99 * e + std::sqrt(1 - 0.99 * 0.99) * random.normal();
    }
    const HalfWave wave = fit_half_wave(up.E, up.i);
    ASSERT_TRUE(wave.valid) << wave.reason;
    z2 += std::pow((wave.E - w.E_half) / wave.standard_error, 2) / n;
  }
  EXPECT_NEAR(z2, 1.0, 0.7);
}

// Five frames of a nanoampere in front of the sweep, an eighth of a bin: the current has not settled.
TEST(HalfWave, NearlyEmptyBinsAtTheEndsDoNotCount) {
  Wave w;
  w.noise = 0.0;
  Sweep up = sweep(w, -0.2, 0.6, 1);
  up.E.insert(up.E.begin(), 5, -0.202);
  up.i.insert(up.i.begin(), 5, 1e-9);
  const HalfWave wave = fit_half_wave(up.E, up.i);
  ASSERT_TRUE(wave.valid) << wave.reason;
  EXPECT_NEAR(wave.E, w.E_half, 1e-6);
}

// Waves of 2 to 80 fA in noise of 60 fA a frame: what is no five standard errors high is no wave, and is called so.
TEST(HalfWave, IsFiveStandardErrorsHighAtLeast) {
  int accepted = 0, too_small = 0;
  for (const double limit : {2e-15, 10e-15, 20e-15, 40e-15, 80e-15}) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      Wave w;
      w.limit = limit;
      const Sweep up = sweep(w, -0.2, 0.6, seed);
      const HalfWave wave = fit_half_wave(up.E, up.i);
      const bool high = wave.limiting_current > 5.0 * wave.limiting_current_error;
      EXPECT_TRUE(high || !wave.valid) << limit;
      accepted += wave.valid ? 1 : 0;
      too_small += wave.reason.find("not 5 times") != std::string::npos && !high ? 1 : 0;
    }
  }
  EXPECT_GT(accepted, 5);
  EXPECT_GT(too_small, 5);
}

// The lag is 2 mV each way; what is left of it is to be seen in the noise of the fits alone, of which the plain mean of
// two has √(s₁² + s₂²)/2. 4 of them in each of 20 cases, and the mean of the 20 within 4/√20 of them.
TEST(HalfWave, LagOfTheFilterCancelsBetweenTheSweeps) {
  Wave w;
  w.lag = 0.04;  // 2 mV at 50 mV/s
  double sum = 0.0, of_mean = 0.0;
  constexpr int n = 20;
  for (std::uint64_t seed = 0; seed < n; ++seed) {
    const Sweep up = sweep(w, -0.2, 0.6, seed), down = sweep(w, 0.6, -0.2, seed + 1000);
    const HalfWave forward = fit_half_wave(up.E, up.i), backward = fit_half_wave(down.E, down.i);
    const HalfWave wave = combine(forward, backward);
    ASSERT_TRUE(wave.valid);
    const double noise = 0.5 * std::hypot(forward.standard_error, backward.standard_error);
    EXPECT_LT(noise, 0.2e-3);
    EXPECT_LT(std::abs(wave.E - w.E_half), 4.0 * noise);
    EXPECT_NEAR(forward.E - w.E_half, 2e-3, 4.0 * forward.standard_error);
    EXPECT_NEAR(backward.E - w.E_half, -2e-3, 4.0 * backward.standard_error);
    // Half the difference between the sweeps is the lag: 2 mV, as a uniform error 2/√3 mV.
    EXPECT_NEAR(wave.standard_error, 2e-3 / std::sqrt(3.0), 0.2e-3);
    sum += (wave.E - w.E_half) / n;
    of_mean += noise * noise / (n * n);
  }
  EXPECT_LT(std::abs(sum), 4.0 * std::sqrt(of_mean));
}

TEST(HalfWave, OfACycleIsTheMeanOfItsSweeps) {
  const HalfWave forward{true, "", 0.180, 0.3e-3, 8e-12, 0.3e-12, 0.026},
      backward{true, "", 0.174, 0.4e-3, 10e-12, 0.4e-12, 0.030};
  const HalfWave wave = combine(forward, backward);
  ASSERT_TRUE(wave.valid);
  EXPECT_DOUBLE_EQ(wave.E, 0.177);
  // noise 0.25 mV of the mean, and half the difference, 3 mV, as a uniform error
  EXPECT_NEAR(wave.standard_error, std::hypot(0.25e-3, 3e-3 / std::sqrt(3.0)), 1e-15);
  EXPECT_DOUBLE_EQ(wave.limiting_current, 9e-12);
  EXPECT_NEAR(wave.limiting_current_error, 0.25e-12, 1e-24);
  EXPECT_DOUBLE_EQ(wave.width, 0.028);
}

TEST(HalfWave, OfACycleIsNoneWhereOneSweepIs) {
  const HalfWave good{true, "", 0.18, 1e-3, 8e-12, 0.1e-12, 0.026}, bad{false, "why", 0, 0, 0, 0, 0};
  EXPECT_FALSE(combine(good, bad).valid);
  EXPECT_FALSE(combine(bad, good).valid);
  EXPECT_EQ(combine(good, bad).reason, "why");
  EXPECT_EQ(combine(bad, good).reason, "why");
}

// RT/F = 25.693 mV at 298.15 K; a narrower wave shifts nothing.
TEST(HalfWave, ShiftOfSlowKineticsIsTwiceTheExcessOfTheWidth) {
  HalfWave wave;
  wave.width = 0.0256926 + 1.5e-3;
  EXPECT_NEAR(kinetic_shift(wave, 298.15), 3e-3, 1e-7);
  wave.width = 0.020;
  EXPECT_EQ(kinetic_shift(wave, 298.15), 0.0);
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

  // 2 w = 51 mV inside the sweep at either end, and a width between 15 and 80 mV.
  const auto accepted = [](double E_half, double width) {
    Wave w;
    w.E_half = E_half;
    w.width = width;
    const Sweep s = sweep(w, -0.2, 0.6, 5);
    return fit_half_wave(s.E, s.i).valid;
  };
  for (const double good : {-0.13, 0.17, 0.53}) EXPECT_TRUE(accepted(good, 0.0257)) << good;
  for (const double bad : {-0.17, 0.57, 0.59}) EXPECT_FALSE(accepted(bad, 0.0257)) << bad;
  EXPECT_FALSE(accepted(0.2, 0.012));
  EXPECT_FALSE(accepted(0.2, 0.085));
  EXPECT_TRUE(accepted(0.2, 0.018));
  EXPECT_TRUE(accepted(0.2, 0.070));

  // A cathodic wave is not the oxidation of ferrocene.
  Wave reversed;
  reversed.limit = -9e-12;
  const Sweep cathodic = sweep(reversed, -0.2, 0.6, 5);
  EXPECT_FALSE(fit_half_wave(cathodic.E, cathodic.i).valid);

  const std::vector<double> few = {0.0, 0.1, 0.2};
  EXPECT_FALSE(fit_half_wave(few, few).valid);
  EXPECT_FALSE(fit_half_wave({}, {}).valid);
}

}  // namespace
}  // namespace seccm::scan
