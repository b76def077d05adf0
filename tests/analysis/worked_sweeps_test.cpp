// From averaged sweeps to the numbers of a point: means over cycles and their errors, what a peak states, backgrounds
// at several rates.
#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/analysis/averaging.hpp"
#include "pipeline/analysis/selection.hpp"
#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

std::vector<Voltammogram> cycles_of_wave(const test::FrameNoise& noise, int n) {
  test::PlanarHost host;
  host.D = 1e-17;
  return test::frames_of(test::planar_cycle(host, 0.2), 0.2, 2, n, noise);
}

// Cycles of 1, 1.05 and 1.15 times the current: mean 1.0667, standard error √(Σ(x - mean)²/(3 x 2)) = 0.0441.
TEST(WorkedSweeps, CyclesThatDifferGiveTheirMeanAndItsScatter) {
  auto sweeps = cycles_of_wave({}, 3);
  const double factors[] = {1.0, 1.05, 1.15};
  for (Voltammogram& v : sweeps)
    for (double& i : v.i) i *= factors[v.cycle - 2];
  const PointAnalysis point =
      analyse_point(test::target(sweeps, 1e-12), test::no_background(), test::plain_parameters());
  for (const int direction : {1, -1}) {
    const DirectionAnalysis& d = point.rates.at(0).at(direction);
    const double one = d.sweeps.at(0).peak.current;
    EXPECT_NEAR(d.current.value / one, 3.2 / 3, 1e-6);
    EXPECT_NEAR(d.current.error / std::abs(one), 0.044096, 1e-3);
    EXPECT_NEAR(d.height.value / d.sweeps.at(0).peak.height, 3.2 / 3, 1e-6);
    // 3 V to 1 V, less half a bin at either end.
    EXPECT_NEAR(d.span, 2.0 - 1.5e-3, 1e-3);
  }
}

// Four cycles with noise: √Σσ²/4 at least; their scatter, which counts where it is larger, is a χ² of three degrees: it
// exceeds 1.7 of that in 3 % of all cases, and 2 is what errors that are not divided once more would be.
TEST(WorkedSweeps, CyclesThatAgreeHaveTheErrorOfTheirMean) {
  const PointAnalysis point = analyse_point(test::target(cycles_of_wave({.sigma = 2e-12, .seed = 5}, 4), 1e-12),
                                            test::no_background(), test::plain_parameters());
  for (const int direction : {1, -1}) {
    const DirectionAnalysis& d = point.rates.at(0).at(direction);
    double squares = 0;
    for (const SweepAnalysis& s : d.sweeps) squares += s.peak.current_error * s.peak.current_error;
    EXPECT_GE(d.current.error, 0.999 * std::sqrt(squares) / 4);
    EXPECT_LE(d.current.error, 1.7 * std::sqrt(squares) / 4);
  }
}

// Height: the error of the maximum and of the line below it; current: of the maximum and of the background. A foot is
// the mean of 14 bins.
TEST(WorkedSweeps, APeakStatesThePartsOfItsError) {
  const AnalysisParameters p = test::plain_parameters();
  for (const Voltammogram& v : cycles_of_wave({.sigma = 2e-12, .seed = 5}, 1)) {
    Sweep sweep = average(v, 1.5e-3).value();
    const Peak alone = find_peak(sweep, peak_window(p, v.direction), p);
    ASSERT_TRUE(alone.found);
    EXPECT_GT(alone.current_error, 0.0);
    EXPECT_NEAR(alone.baseline.foot_error, std::sqrt(sweep.noise.variance_of_mean(14)), 1e-6 * sweep.noise.sigma);
    EXPECT_NEAR(alone.height_error / std::hypot(alone.current_error, alone.baseline.foot_error), 1, 1e-9);
    sweep.background_error = 3 * alone.current_error;
    const Peak over = find_peak(sweep, peak_window(p, v.direction), p);
    EXPECT_NEAR(over.current_error / alone.current_error, std::sqrt(10.0), 1e-9);
    EXPECT_NEAR(over.height_error / alone.height_error, 1, 1e-9);
  }
}

TEST(WorkedSweeps, AHorizontalBaselineHasTheLevelOfTheFootBefore) {
  AnalysisParameters p = test::plain_parameters();
  p.baseline = BaselineMethod::foot_level;
  for (const Voltammogram& v : cycles_of_wave({}, 1)) {
    const Peak peak = find_peak(average(v, 1.5e-3).value(), peak_window(p, v.direction), p);
    ASSERT_TRUE(peak.found);
    EXPECT_EQ(peak.baseline.i_after, peak.baseline.i_before);
    EXPECT_EQ(peak.baseline.at(2.0), peak.baseline.i_before);
  }
}

// 12.5 mV from either end of its window a peak is at the edge.
TEST(WorkedSweeps, APeakIsAtTheEdgeOfEitherEndOfItsWindow) {
  const AnalysisParameters p = test::plain_parameters();
  for (const Voltammogram& v : cycles_of_wave({}, 1)) {
    const Sweep sweep = average(v, 1.5e-3).value();
    const double E = find_peak(sweep, peak_window(p, v.direction), p).E;
    EXPECT_FALSE(find_peak(sweep, {E - 0.1, E + 0.1}, p).at_window_edge);
    const Peak low = find_peak(sweep, {E - 0.006, E + 0.1}, p), high = find_peak(sweep, {E - 0.1, E + 0.006}, p);
    EXPECT_TRUE(low.at_window_edge || !low.found);
    EXPECT_TRUE(high.at_window_edge || !high.found);
  }
}

TEST(WorkedSweeps, BinsHaveTheWidthOfTheParameters) {
  AnalysisParameters p = test::plain_parameters();
  p.bin_width = 4.0 * unit::mV;
  const auto sweeps = analysed_sweeps(test::target(cycles_of_wave({}, 1), 1e-12), p);
  ASSERT_EQ(sweeps.size(), 2U);
  for (const Sweep& s : sweeps) {
    EXPECT_NEAR(static_cast<double>(s.size()), 2.0 / 4e-3, 2.0);
    // Frames at their own times, in the middle of each bin.
    EXPECT_NEAR(s.t[1] - s.t[0], 4e-3 / 0.2, 2e-3);
  }
}

Sweep level_sweep(int direction, double rate, double current) {
  Sweep s;
  s.direction = direction;
  s.scan_rate = rate;
  for (int k = 0; k <= 1000; ++k) {
    s.E_vs_Li.push_back(direction > 0 ? 1.0 + 2e-3 * k : 3.0 - 2e-3 * k);
    s.i.push_back(current);
    s.t.push_back(k);
  }
  s.background.assign(s.i.size(), 0.0);
  return s;
}

// Two blanks at two rates: each sweep loses the mean of the two at its own rate and direction.
TEST(WorkedSweeps, ABlankIsOneOfTheSameRateAndDirectionAndOfTwoTheMean) {
  std::vector<BlankSweeps> blanks;
  for (const double size : {1.0, 1.2}) {
    BlankSweeps sweeps;
    for (const double rate : {0.1, 0.5})
      for (const int direction : {1, -1})
        sweeps.push_back(level_sweep(direction, rate, direction * rate * size * 1e-12));
    blanks.push_back(sweeps);
  }
  const Background background(BackgroundMethod::blank, {}, blanks);
  for (const double rate : {0.1, 0.5}) {
    for (const int direction : {1, -1}) {
      Sweep s = level_sweep(direction, rate, 0.0);
      background.remove(s);
      EXPECT_NEAR(s.background[500] / (direction * rate * 1.1e-12), 1, 1e-9) << rate << direction;
      EXPECT_NEAR(s.i[500], -s.background[500], 1e-25);
    }
  }
}

// The capacitor of a rate is the mean over its vertices, each with an error of its own: √Σσ²/n.
TEST(WorkedSweeps, TheCapacitorOfARateHasTheErrorOfAMean) {
  const PointAnalysis point = analyse_point(test::target(cycles_of_wave({.sigma = 2e-12, .seed = 5}, 2), 1e-12),
                                            test::no_background(), test::plain_parameters());
  const RateAnalysis& rate = point.rates.at(0);
  double squares = 0, n = 0;
  for (const SweepAnalysis& down : rate.cathodic.sweeps) {
    for (const SweepAnalysis& up : rate.anodic.sweeps) {
      const auto pair = follows(down.sweep, up.sweep)   ? vertex_capacitance(down.sweep, up.sweep)
                        : follows(up.sweep, down.sweep) ? vertex_capacitance(up.sweep, down.sweep)
                                                        : std::nullopt;
      if (!pair) continue;
      squares += pair->error * pair->error;
      n += 1;
    }
  }
  ASSERT_EQ(n, 3);
  ASSERT_TRUE(rate.capacitance);
  EXPECT_NEAR(rate.capacitance->error / (std::sqrt(squares) / n), 1, 1e-9);
}

// 5 s of contact behind the last sweep of all belong to that one: a pause lies behind the last one of the rate before.
// There the total is known to 58 % of what may have flowed, and the charge above the line to no less.
TEST(WorkedSweeps, TheContactBehindTheLastSweepBelongsToThatSweepAlone) {
  test::PlanarHost host;
  host.D = 1e-17;
  PointInput input = test::multi_rate(host, {0.2, 0.5});
  for (Voltammogram& v : input.voltammograms)
    if (v.scan_rate == 0.5)
      for (double& t : v.t) t += 30.0;
  const auto analysed = [&](double hold) {
    input.hold_after = hold;
    return analyse_point(input, test::no_background(), test::plain_parameters());
  };
  const PointAnalysis without = analysed(0.0), with = analysed(5.0);
  EXPECT_EQ(with.rates.at(0).anodic.total.value, without.rates.at(0).anodic.total.value);
  EXPECT_EQ(with.rates.at(1).cathodic.total.value, without.rates.at(1).cathodic.total.value);
  const DirectionAnalysis& last = with.rates.at(1).anodic;
  const double held = last.total.value - without.rates.at(1).anodic.total.value;
  EXPECT_GT(held, 0.0);
  EXPECT_NEAR(last.total.error / (held / std::sqrt(3.0)), 1, 0.01);
  EXPECT_NEAR(last.intercalation.error / last.intercalation.value, last.total.error / last.total.value, 1e-9);
}

// The mean potential of a peak has the noise of its cycles and the error of the reference, which they share.
TEST(WorkedSweeps, APotentialHoldsTheErrorOfTheReference) {
  auto sweeps = cycles_of_wave({.sigma = 2e-12, .seed = 5}, 3);
  for (Voltammogram& v : sweeps) v.E_standard_error = 4e-3;
  const PointAnalysis point =
      analyse_point(test::target(sweeps, 1e-12), test::no_background(), test::plain_parameters());
  for (const int direction : {1, -1}) {
    const DirectionAnalysis& d = point.rates.at(0).at(direction);
    EXPECT_GT(d.E_noise, 0.0);
    EXPECT_NEAR(d.E.error, std::hypot(d.E_noise, 4e-3), 1e-12);
  }
}

// A diameter stated to 5 % is an area to 10 %, beside the spread of the meniscus.
TEST(WorkedSweeps, AStatedDiameterCountsTwiceInTheArea) {
  PointInput input = test::target(cycles_of_wave({}, 1), 1e-12);
  AnalysisParameters p = test::plain_parameters();
  p.pipette_area_error = 0.24;
  input.stated.push_back({std::string(files::stated_pipette_diameter), 3e-6, 0.15e-6, "m", "SEM"});
  EXPECT_NEAR(analyse_point(input, test::no_background(), p).pipette_area.log_error, 0.26, 1e-12);
}

// Cycles may differ by the share of the parameters and by four standard errors of a peak.
TEST(WorkedSweeps, CyclesWithinTheirNoiseAreStable) {
  DirectionAnalysis d;
  d.direction = 1;
  AnalysisParameters p = test::plain_parameters();
  p.cycle_change_max = 0.2;
  const auto well_defined = [&](double second, double error) {
    d.sweeps.clear();
    for (const double current : {1e-12, second}) {
      SweepAnalysis s;
      s.peak.found = true;
      s.peak.current = s.peak.height = current;
      s.peak.current_error = error;
      s.sweep.direction = 1;
      d.sweeps.push_back(s);
    }
    judge(d, p);
    return d.well_defined;
  };
  // a fifth of the mean of 1.14 pA is 0.23 pA, of 1.17 pA 0.23 pA; four errors are 0.08 pA
  EXPECT_TRUE(well_defined(1.28e-12, 0.02e-12));
  EXPECT_FALSE(well_defined(1.34e-12, 0.02e-12));
  EXPECT_FALSE(well_defined(1.28e-12, 0.0));
}

}  // namespace
}  // namespace seccm::analysis
