#include "instrument/twin/amplifier.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <vector>

#include "sim/quantity.hpp"

namespace seccm::instrument::twin {
namespace {

AmplifierParameters quiet() {
  AmplifierParameters p;
  p.white_noise = 0.0 * unit::fA_per_rtHz;
  p.flicker_corner = 0.0 * unit::Hz;
  p.mains_amplitude = 0.0 * unit::A;
  p.offset = 0.0 * unit::A;
  return p;
}

std::vector<double> record(Amplifier& amplifier, std::size_t frames, double current = 0.0) {
  std::vector<double> out;
  for (std::size_t n = 0; n < frames; ++n) {
    out.push_back(amplifier.read(n, current * amplifier.timing().interval, 0.0, 1.0).current);
  }
  return out;
}

/// One-sided density at frequency f, A²/Hz.
double density(const std::vector<double>& series, double interval, double f) {
  std::complex<double> sum = 0.0;
  const std::complex<double> turn = std::polar(1.0, -2.0 * constants::pi * f * interval);
  std::complex<double> phasor = 1.0;
  for (double x : series) {
    sum += x * phasor;
    phasor *= turn;
  }
  return 2.0 * interval / static_cast<double>(series.size()) * std::norm(sum);
}

TEST(Amplifier, FrameIsTwoHundredFiftySevenSamples) {
  const Amplifier amplifier(quiet(), 1);
  EXPECT_DOUBLE_EQ(amplifier.timing().interval, 1.028e-3);
  EXPECT_DOUBLE_EQ(amplifier.timing().averaging, 1.024e-3);
  EXPECT_DOUBLE_EQ(amplifier.scale().lsb, 10.0 / 32768.0 / 1e11);  // 3.05 fA
}

TEST(Amplifier, WhiteNoiseHasTheVarianceOfItsDensityInTheAveragingBandwidth) {
  AmplifierParameters p = quiet();
  p.white_noise = 3.0 * unit::fA_per_rtHz;
  Amplifier amplifier(p, 3);
  constexpr std::size_t n = 65536;
  double square = 0.0, sum = 0.0;
  for (double i : record(amplifier, n)) {
    square += i * i;
    sum += i;
  }
  const double lsb = amplifier.scale().lsb;
  const double expected = 9e-30 / (2.0 * 1.024e-3) + lsb * lsb / 12.0;
  // A variance from n normal values has the relative error √(2/n): five of them.
  EXPECT_NEAR(square / n / expected, 1.0, 5.0 * std::sqrt(2.0 / n));
  EXPECT_NEAR(sum / n, 0.0, 5.0 * std::sqrt(expected / n));
}

TEST(Amplifier, FlickerNoiseEqualsTheWhiteAtItsCorner) {
  AmplifierParameters p = quiet();
  p.white_noise = 300.0 * unit::fA_per_rtHz;
  p.flicker_corner = 10.0 * unit::Hz;
  constexpr int seeds = 8;
  std::vector<std::vector<double>> all;
  for (int seed = 0; seed < seeds; ++seed) {
    Amplifier amplifier(p, static_cast<std::uint64_t>(5 + seed));
    all.push_back(record(amplifier, 1 << 16));
  }
  const double interval = Amplifier(p, 5).timing().interval, span = interval * static_cast<double>(1 << 16);
  const double white = 9e-26 * 1.028 / 1.024;  // one frame stands for its dead time too
  for (const double centre : {0.5, 5.0, 20.0, 200.0}) {
    double ratio = 0.0;
    constexpr int half = 30, bins = 2 * half;
    for (int k = 0; k < bins; ++k) {
      const double f = (std::round(centre * span) + (k - half)) / span;
      for (const auto& series : all) ratio += density(series, interval, f) / (white + 9e-26 * 10.0 / f) / seeds;
    }
    // A mean of 480 periodogram values scatters by 1/√480: four of them, and the ripple of 5.5 % of the sum of modes;
    // at 200 Hz, twice its highest corner, the sum has lost 1/f to 1/f², by less than its 5 % of the total.
    EXPECT_NEAR(ratio / bins, 1.0, 4.0 / std::sqrt(bins * seeds) + 0.055) << centre << " Hz";
  }
}

TEST(Amplifier, MainsLineHasItsAmplitudeAtFiftyHertz) {
  AmplifierParameters p;
  p.flicker_corner = 0.0 * unit::Hz;
  Amplifier amplifier(p, 7);
  const auto series = record(amplifier, 65536);
  const double n = static_cast<double>(series.size());
  // |Σ i e^{-jωt}| = A n/2, so A = √(2 S/(n Δ)) with S the one-sided density.
  const auto amplitude = [&](double f) { return std::sqrt(2.0 * density(series, 1.028e-3, f) / (n * 1.028e-3)); };
  const double white = 3e-15 / std::sqrt(2.0 * 1.024e-3);
  const double step = constants::pi * 50.0 * 4e-6;
  const double expected = 20e-15 * std::sin(256 * step) / (256 * std::sin(step));
  EXPECT_NEAR(amplitude(50.0), expected, 5.0 * white * std::sqrt(2.0 / n));
  EXPECT_LT(amplitude(70.0), 5.0 * white * std::sqrt(2.0 / n) * std::sqrt(2.0));
}

TEST(Amplifier, NoiseDependsOnTheFrameNumberAndNotOnWhoAskedBefore) {
  AmplifierParameters p;
  p.flicker_corner = 0.0 * unit::Hz;
  Amplifier all(p, 11), late(p, 11), other(p, 12);
  const auto series = record(all, 300);
  EXPECT_EQ(late.read(250, 0.0, 0.0, 1.0).current, series[250]);
  EXPECT_EQ(late.read(299, 0.0, 0.0, 1.0).current, series[299]);
  EXPECT_NE(record(other, 300), series);
}

TEST(Amplifier, SaturationIsFlaggedAndClipped) {
  Amplifier amplifier(quiet(), 1);
  const double frame = amplifier.timing().interval, full = amplifier.full_scale();
  const auto fine = amplifier.read(0, 0.99 * full * frame, 0.0, 1.0);
  EXPECT_FALSE(fine.saturated);
  EXPECT_NEAR(fine.current, 0.99 * full, 0.5001 * amplifier.scale().lsb);
  const auto high = amplifier.read(1, 3.0 * full * frame, 0.0, 1.0),
             low = amplifier.read(2, -3.0 * full * frame, 0.0, 1.0);
  EXPECT_TRUE(high.saturated && low.saturated);
  EXPECT_DOUBLE_EQ(high.current, 32767 * amplifier.scale().lsb);
  EXPECT_DOUBLE_EQ(low.current, -32768 * amplifier.scale().lsb);
}

// The pulse Q/τ e^{-t/τ} of a jump, cut at the rail, summed in steps of τ/1000.
TEST(Amplifier, AJumpsPulseIsCutAtTheRail) {
  AmplifierParameters p = quiet();
  Amplifier amplifier(p, 1);
  const double tau = 1.0 / (2.0 * constants::pi * p.bandwidth.si()), rail = amplifier.full_scale();
  for (const double charge : {1e-12, -0.2e-12, 1e-15}) {
    double integral = 0.0;
    const double dt = tau / 1000.0;
    for (int k = 0; k < 30000; ++k) {
      integral += std::min(std::abs(charge) / tau * std::exp(-(k + 0.5) * dt / tau), rail) * dt;
    }
    const auto reading = amplifier.read(0, 0.0, charge, 1.0);
    EXPECT_EQ(reading.saturated, std::abs(charge) / tau > rail);
    EXPECT_NEAR(std::abs(reading.current), integral / amplifier.timing().interval,
                0.5001 * amplifier.scale().lsb + 1e-6 * rail);
  }
}

// Eight equal poles of time constant T/8 answer a step by the distribution function of the Gamma law of order 8.
TEST(Amplifier, EightPoleFilterAnswersAStepAsTheGammaLaw) {
  AmplifierParameters p = quiet();
  p.filter_time = 10.0 * unit::ms;
  Amplifier amplifier(p, 1);
  const double step = 50e-12;
  const auto series = record(amplifier, 60, step);
  for (std::size_t n = 0; n < series.size(); ++n) {
    const double u = 8.0 * 1.028e-3 * static_cast<double>(n + 1) / 10e-3;
    double term = 1.0, sum = 0.0;
    for (int k = 0; k < 8; ++k) {
      sum += term;
      term *= u / (k + 1);
    }
    // Fourth-order substeps of a quarter: below 1e-4 of the step by the local error 8e-6 over the ~10 that matter.
    EXPECT_NEAR(series[n], step * (1.0 - std::exp(-u) * sum), 1e-4 * step + amplifier.scale().lsb) << "frame " << n;
  }
}

TEST(Amplifier, FalseContactsAreAsRareAsGaussianNoiseMakesThem) {
  AmplifierParameters p = quiet();
  p.white_noise = 3.0 * unit::fA_per_rtHz;
  const Amplifier amplifier(p, 1);
  const double rms = 3e-15 * std::sqrt(0.5 * constants::pi * 5e3);  // 266 fA
  const double looks = 2.0 * 5e3 * 1.028e-3;
  const double once = std::erfc(3.0 / std::sqrt(2.0));  // two-sided, three sigma
  EXPECT_NEAR(amplifier.false_contact_probability(0.0, 3.0 * rms, 1.0), 1.0 - std::pow(1.0 - once, looks), 1e-12);
  EXPECT_LT(amplifier.false_contact_probability(0.0, 2e-12, 1.0), 1e-11);  // the default threshold, 7.5 sigma
  EXPECT_GT(amplifier.false_contact_probability(0.0, 2e-12, 5.0), 0.5);    // a broken tip: 1.5 sigma
}

TEST(Amplifier, ComparatorSeesAStepAfterTheLagOfTheBandwidth) {
  const Amplifier amplifier(quiet(), 1);
  const double tau = 1.0 / (2.0 * constants::pi * 5e3);
  EXPECT_NEAR(amplifier.crossing_time(-50e-12, 25e-12), tau * std::log(2.0), 1e-12);
  EXPECT_LT(amplifier.crossing_time(1e-12, 2e-12), 0.0);
}

}  // namespace
}  // namespace seccm::instrument::twin
