// The estimators that work at each potential, on sweeps whose currents are put in by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/analysis/dunn.hpp"
#include "pipeline/analysis/exponent_curve.hpp"
#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

AnalysisParameters noise_alone() {
  AnalysisParameters p = test::plain_parameters();
  p.current_model_error = 0.0;
  return p;
}

/// Sweeps of i(E) at several rates, without noise, as the estimators by potential see them.
PointAnalysis sweeps_of(const std::vector<double>& rates, auto current, double background_error = 0.0) {
  PointAnalysis point{.index = 3};
  for (const double v : rates) {
    RateAnalysis rate{.scan_rate = v};
    for (const int d : {1, -1}) {
      SweepAnalysis s;
      s.sweep.direction = d;
      s.sweep.scan_rate = v;
      s.sweep.background_error = background_error;
      for (int k = 0; k <= 390; ++k) {
        const double E = d > 0 ? 1.005 + 1e-3 * k : 1.395 - 1e-3 * k;
        s.sweep.E_vs_Li.push_back(E);
        s.sweep.i.push_back(current(v, d, E));
        s.sweep.t.push_back(k * 1e-3 / v);
      }
      s.sweep.background.assign(s.sweep.i.size(), 0.0);
      DirectionAnalysis& direction = d > 0 ? rate.anodic : rate.cathodic;
      direction.direction = d;
      direction.sweeps.push_back(s);
    }
    point.rates.push_back(rate);
  }
  return point;
}

// i = d (k1 v + k2 √v) with k1 larger on the anodic branch: loop, absolute share and charge at each rate by hand. The
// tables run over the 35 potentials from 1.03 to 1.37 V, which are 20 mV and more from either end; the outer two stand
// for the rest of the sweep of 391 rows of 1 mV, 30.5 mV each.
TEST(WorkedCase, DunnSplitsWhatWasPutTogether) {
  const auto k1 = [](int d) { return d > 0 ? 6e-12 : 2e-12; };
  const double k2 = 3e-12;
  const PointAnalysis point =
      sweeps_of({0.04, 0.16, 0.25}, [&](double v, int d, double) { return d * (k1(d) * v + k2 * std::sqrt(v)); });
  const auto shares = dunn_shares(point, noise_alone());
  ASSERT_EQ(shares.size(), 3U);
  for (const DunnShare& s : shares) {
    const double capacitive = 8e-12 * s.scan_rate, diffusive = 2 * k2 * std::sqrt(s.scan_rate);
    EXPECT_NEAR(s.loop_share, capacitive / (capacitive + diffusive), 1e-9) << s.scan_rate;
    EXPECT_NEAR(s.absolute_share, capacitive / (capacitive + diffusive), 1e-9) << s.scan_rate;
    EXPECT_EQ(s.outside, 0.0);
    // half of both branches
    EXPECT_NEAR(s.capacitive_charge, 0.5 * 8e-12 * 391e-3, 1e-9 * 1e-12) << s.scan_rate;
  }
}

// k1 < 0 on the cathodic branch: its share lies outside [0, 1] there, half of all potentials, and the absolute share
// counts its size.
TEST(WorkedCase, DunnCountsWhatIsOutside) {
  const PointAnalysis point = sweeps_of({0.04, 0.16, 0.25}, [&](double v, int d, double) {
    return d * ((d > 0 ? 6e-12 : -4e-12) * v + 5e-12 * std::sqrt(v));
  });
  const auto shares = dunn_shares(point, noise_alone());
  ASSERT_EQ(shares.size(), 3U);
  for (const DunnShare& s : shares) {
    const double v = s.scan_rate, diffusive = 10e-12 * std::sqrt(v);
    EXPECT_NEAR(s.loop_share, 2e-12 * v / (2e-12 * v + diffusive), 1e-9);
    EXPECT_NEAR(s.absolute_share, 10e-12 * v / (10e-12 * v + diffusive), 1e-9);
    EXPECT_NEAR(s.outside, 0.5, 1e-12);
  }
}

// Below 1.2 V the current is 0.2 pA, less than three errors of 0.1 pA, and falls with the rate: outside of [0, 1], but
// nobody can tell. With a tenth of the error one can: half of all potentials.
TEST(WorkedCase, DunnCountsNoPotentialWhoseCurrentIsNoise) {
  const auto outside = [](double error) {
    const PointAnalysis point = sweeps_of(
        {0.04, 0.16, 0.25},
        [](double v, int d, double E) {
          return d * (E < 1.2 ? -0.4e-12 * v + 0.5e-12 * std::sqrt(v) : 6e-12 * v + 5e-12 * std::sqrt(v));
        },
        error);
    return dunn_shares(point, noise_alone()).back().outside;
  };
  EXPECT_NEAR(outside(0.01e-12), 0.5, 0.05);
  EXPECT_LT(outside(0.1e-12), 0.05);
}

// A background known to 0.1 pA is the error of each current: three rates, weights equal, so that
// σ²(k1) = σ² S22/(S11 S22 - S12²); loop and charge add 35 potentials of two branches.
TEST(WorkedCase, DunnStatesItsErrorFromThatOfTheCurrents) {
  const std::vector<double> rates{0.04, 0.16, 0.25};
  const double sigma = 0.1e-12;
  const PointAnalysis point = sweeps_of(
      rates, [&](double v, int d, double) { return d * (6e-12 * v + 3e-12 * std::sqrt(v)); }, sigma);
  double S11 = 0, S12 = 0, S22 = 0;
  for (const double v : rates) {
    S11 += v * v;
    S12 += v * std::sqrt(v);
    S22 += v;
  }
  const double of_k1 = sigma * std::sqrt(S22 / (S11 * S22 - S12 * S12));
  for (const DunnShare& s : dunn_shares(point, noise_alone())) {
    const double v = s.scan_rate, loop = 2 * 391e-3 * (6e-12 * v + 3e-12 * std::sqrt(v));
    // 33 potentials stand for 10 mV and two for 30.5 mV, in either direction, with independent errors.
    const double widths = std::sqrt(2 * (33 * 10e-3 * 10e-3 + 2 * 30.5e-3 * 30.5e-3));
    // the model error of 1e-6 is not in these numbers
    EXPECT_NEAR(s.loop_share_error / (widths * of_k1 * v / loop), 1, 1e-6) << v;
    EXPECT_NEAR(s.charge_error / (0.5 * widths * of_k1), 1, 1e-6) << v;
  }
}

// b at each potential of i = d a(E) v^0.8, and its error from a background known to 2 % of the smallest current; where
// the current has the other sign or is below three of its errors there is no b.
TEST(WorkedCase, ExponentAtEachPotential) {
  const std::vector<double> rates{0.1, 0.2, 0.4};
  for (const int direction : {1, -1}) {
    const PointAnalysis point = sweeps_of(
        rates, [&](double v, int d, double E) { return (E > 1.2 ? 1.0 : -1.0) * d * 5e-12 * std::pow(v / 0.1, 0.8); },
        0.1e-12);
    const auto curve = exponent_curve(point, direction, noise_alone());
    ASSERT_TRUE(curve);
    EXPECT_EQ(curve->direction, direction);
    EXPECT_EQ(curve->point, 3);
    ASSERT_GT(curve->b.size(), 15U);
    double S = 0, Sx = 0, Sxx = 0;
    for (const double v : rates) {
      const double w = std::pow(5e-12 * std::pow(v / 0.1, 0.8) / 0.1e-12, 2);
      S += w;
      Sx += w * std::log(v);
      Sxx += w * std::log(v) * std::log(v);
    }
    for (std::size_t k = 0; k < curve->b.size(); ++k) {
      EXPECT_GT(curve->E_vs_Li[k], 1.19);  // 10 mV of smoothing about the step
      if (curve->E_vs_Li[k] < 1.21) continue;
      EXPECT_NEAR(curve->b[k], 0.8, 1e-9);
      EXPECT_NEAR(curve->standard_error[k], std::sqrt(S / (S * Sxx - Sx * Sx)), 1e-6);
    }
    // 0.1 pA of 0.25 pA is less than three errors
    const auto weak =
        exponent_curve(sweeps_of(
                           rates, [](double v, int d, double) { return d * 0.25e-12 * v / 0.1; }, 0.1e-12),
                       direction, noise_alone());
    EXPECT_TRUE(!weak || weak->b.empty());
  }
}

// The rows of the table are the shares as they are.
TEST(WorkedCase, DunnsRowsAreItsShares) {
  const PointAnalysis point = sweeps_of(
      {0.04, 0.16, 0.25}, [](double v, int d, double) { return d * (6e-12 * v + 3e-12 * std::sqrt(v)); }, 0.1e-12);
  const auto rows = test::estimate_all(point, noise_alone());
  for (const DunnShare& s : dunn_shares(point, noise_alone())) {
    const auto loop = test::row(rows, "dunn", "capacitive_share", 0, s.scan_rate),
               charge = test::row(rows, "dunn", "capacitive_charge", 0, s.scan_rate);
    EXPECT_EQ(loop.value, s.loop_share);
    EXPECT_EQ(loop.standard_error, s.loop_share_error);
    EXPECT_EQ(charge.value, s.capacitive_charge);
    EXPECT_EQ(charge.standard_error, s.charge_error);
    EXPECT_EQ(test::row(rows, "dunn", "capacitive_absolute_share", 0, s.scan_rate).value, s.absolute_share);
  }
}

// Two cycles alike are one cycle; the model error of 4 % counts beside a background of 3 % at each potential.
TEST(WorkedCase, TheExponentIsThatOfTheMeanCycleWithTheErrorOfTheModel) {
  const std::vector<double> rates{0.1, 0.2, 0.4};
  PointAnalysis point = sweeps_of(
      rates, [](double, int d, double) { return d * 5e-12; }, 0.15e-12);
  for (RateAnalysis& rate : point.rates)
    for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) d->sweeps.push_back(d->sweeps.front());
  AnalysisParameters p = noise_alone();
  p.current_model_error = 0.04;
  for (const int direction : {1, -1}) {
    const auto curve = exponent_curve(point, direction, p);
    ASSERT_TRUE(curve);
    ASSERT_FALSE(curve->b.empty());
    for (std::size_t k = 0; k < curve->b.size(); ++k) {
      EXPECT_NEAR(curve->b[k], 0.0, 1e-9);
      // 5 % each, ln v at -ln 2, 0 and ln 2 about their mean
      EXPECT_NEAR(curve->standard_error[k], 0.05 / (std::log(2.0) * std::sqrt(2.0)), 1e-6);
    }
  }
  const auto shares =
      dunn_shares(sweeps_of({0.04, 0.16, 0.25}, [](double v, int d, double) { return d * 8e-12 * v; }), noise_alone());
  for (const DunnShare& s : shares) EXPECT_NEAR(s.capacitive_charge, 8e-12 * 391e-3, 1e-20);
}

}  // namespace
}  // namespace seccm::analysis
