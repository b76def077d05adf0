// The error of one trace by another one, and the ladder of runs, on traces made by hand.
#include "models/cell/trace_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/engine/refinement.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double thermal_voltage = 0.0257;

/// `rows` rows 10 mV and 1 s apart, of one scan rate.
Trace even_trace(std::size_t rows, double current) {
  Trace trace;
  for (std::size_t k = 0; k < rows; ++k) {
    trace.time.push_back(static_cast<double>(k));
    trace.E_vs_Li.push_back(3.0 - 0.01 * static_cast<double>(k));
    trace.current.push_back(current);
    trace.scan_rate.push_back(0.01);
    trace.cycle.push_back(1);
    trace.charge.push_back(0.0);
    trace.lithium.push_back(0.0);
  }
  trace.components.resize(rows);
  return trace;
}

TEST(TraceError, ARowHasTheLargestDifferenceWithinEightRowsAndATenthOfTheLargestBeyond) {
  Trace fine = even_trace(50, 1.0);
  Trace other = fine;
  other.current[20] += 0.1;
  state_error(fine, error_between(fine, other, 0.5, thermal_voltage));  // 25.7 mV are fewer rows than 8
  for (std::size_t k = 0; k < fine.size(); ++k) {
    const bool near = k >= 12 && k <= 28;
    EXPECT_NEAR(fine.current_error[k], near ? 0.05 : 0.005, 1e-12) << k;
  }
  EXPECT_NEAR(relative_error(fine, fine.current_error), 0.05, 1e-12);
}

TEST(TraceError, FineRowsReachAThermalVoltageFar) {
  Trace fine = even_trace(200, 1.0);
  for (std::size_t k = 0; k < fine.size(); ++k) fine.E_vs_Li[k] = 3.0 - 0.001 * static_cast<double>(k);
  Trace other = fine;
  other.current[100] += 0.1;
  state_error(fine, error_between(fine, other, 0.5, thermal_voltage));
  EXPECT_NEAR(fine.current_error[75], 0.05, 1e-12);
  EXPECT_NEAR(fine.current_error[125], 0.05, 1e-12);
  EXPECT_NEAR(fine.current_error[74], 0.005, 1e-12);
  EXPECT_NEAR(fine.current_error[126], 0.005, 1e-12);
}

TEST(TraceError, EveryRowHasTheLargestOfItsWindowWhereverThatEnds) {
  for (const std::size_t rows : {1U, 7U, 30U, 61U}) {
    for (const double step : {0.01, 0.002, 1e-5}) {  // 8, 12 and more rows than there are
      Trace fine = even_trace(rows, 1.0);
      for (std::size_t k = 0; k < rows; ++k) fine.E_vs_Li[k] = 3.0 - step * static_cast<double>(k);
      Trace other = fine;
      for (std::size_t k = 0; k < rows; ++k)
        other.current[k] += std::pow(std::sin(1.0 + 7.0 * static_cast<double>(k)), 9);
      const TraceError error = error_between(fine, other, 1.0, thermal_voltage);
      const std::size_t reach =
          rows == 1 ? 8 : std::max<std::size_t>(8, static_cast<std::size_t>(thermal_voltage / step));
      double all = 0.0;
      for (std::size_t k = 0; k < rows; ++k) all = std::max(all, std::abs(fine.current[k] - other.current[k]));
      for (std::size_t k = 0; k < rows; ++k) {
        double largest = 0.1 * all;
        for (std::size_t j = k < reach ? 0 : k - reach; j <= std::min(rows - 1, k + reach); ++j) {
          largest = std::max(largest, std::abs(fine.current[j] - other.current[j]));
        }
        EXPECT_DOUBLE_EQ(error.current[k], largest) << "row " << k << " of " << rows << ", " << step << " V apart";
      }
    }
  }
}

TEST(TraceError, ADifferenceThatCrossesZeroIsNoRowWithoutAnError) {
  Trace fine = even_trace(101, 1.0);
  Trace other = fine;
  for (std::size_t k = 0; k < fine.size(); ++k)
    other.current[k] += 0.01 * std::sin(0.2 * (static_cast<double>(k) - 50.0));
  state_error(fine, error_between(fine, other, 0.5, thermal_voltage));
  EXPECT_NEAR(fine.current_error[50], 0.005, 0.0005);  // the crest of the difference is eight rows away
}

TEST(TraceError, RowsThatTheOtherRunDoesNotHaveGetTheirNeighbours) {
  Trace fine = even_trace(21, 1.0);
  Trace other = even_trace(11, 1.0);
  for (std::size_t k = 0; k < other.size(); ++k) other.time[k] = 2.0 * static_cast<double>(k);
  for (double& i : other.current) i += 0.02;
  state_error(fine, error_between(fine, other, 0.5, thermal_voltage));
  for (const double error : fine.current_error) EXPECT_NEAR(error, 0.01, 1e-12);
}

TEST(TraceError, RatesAreApartAndHoldsAreMeasuredByTheLargestCurrentOfAll) {
  Trace fine = even_trace(40, 1.0);
  for (std::size_t k = 20; k < 40; ++k) {
    fine.scan_rate[k] = 0.0;
    fine.current[k] = 1e-3;
  }
  Trace other = fine;
  other.current[30] += 1e-3;
  state_error(fine, error_between(fine, other, 0.5, thermal_voltage));
  EXPECT_DOUBLE_EQ(fine.current_error[10], 0.0);
  EXPECT_NEAR(fine.current_error[30], 5e-4, 1e-15);
  EXPECT_NEAR(relative_error(fine, fine.current_error), 5e-4, 1e-12);
}

TEST(TraceError, PeaksAreNoBetterThanTheRowsBesideThem) {
  Trace fine = even_trace(50, 1.0);
  fine.current[20] = 2.0;
  fine.highest = {.current = 2.1, .E_vs_Li = 2.8, .error = 0.1};
  Trace other = fine;
  other.current[20] = 1.9;
  state_error(fine, error_between(fine, other, 0.5, thermal_voltage));
  EXPECT_NEAR(fine.highest.error, 0.1 + 0.05, 1e-12);  // though both runs have the same peak
  other.highest.current = 1.7;
  fine.highest.error = 0.1;
  state_error(fine, error_between(fine, other, 0.5, thermal_voltage));
  EXPECT_NEAR(fine.highest.error, 0.1 + 0.2, 1e-12);
}

TEST(TraceError, NoRowStatesLessThanItsStepsAreHeldTo) {
  Trace fine = even_trace(30, 1.0);
  for (std::size_t k = 20; k < 30; ++k) fine.scan_rate[k] = 0.0;
  fine.current[3] = -2.0;
  fine.lowest = {.current = -2.0, .E_vs_Li = 2.97};
  Trace other = fine;
  other.current[25] += 0.1;
  state_error(fine, error_between(fine, other, 0.5, thermal_voltage));
  state_at_least(fine, 1e-3);
  EXPECT_NEAR(fine.current_error[10], 2e-3, 1e-15);
  EXPECT_NEAR(fine.current_error[25], 0.05, 1e-12);
  EXPECT_NEAR(fine.lowest.error, 2e-3, 1e-15);
}

TEST(TraceError, BalancesHaveTheirLargestDifference) {
  Trace fine = even_trace(10, 1.0);
  Trace other = fine;
  other.charge[4] = 2e-15;
  other.lithium[7] = -3e-20;
  state_error(fine, error_between(fine, other, 0.5, thermal_voltage));
  EXPECT_DOUBLE_EQ(fine.charge_error, 1e-15);
  EXPECT_DOUBLE_EQ(fine.lithium_error, 1.5e-20);
}

/// Rows `step` apart of a wave A / (1 + ((E - E_peak)/width)^2).
Trace wave(double step, double E_peak, double width) {
  Trace trace = even_trace(static_cast<std::size_t>(0.2 / step) + 1, 0.0);
  for (std::size_t k = 0; k < trace.size(); ++k) {
    trace.E_vs_Li[k] = 3.0 - step * static_cast<double>(k);
    trace.current[k] = -1.0 / (1.0 + std::pow((trace.E_vs_Li[k] - E_peak) / width, 2));
  }
  return trace;
}

TEST(Peaks, AWaveOfManyRowsHasItsParabola) {
  Trace trace = wave(1e-3, 2.9003, 0.03);
  find_peaks(trace);
  EXPECT_NEAR(trace.lowest.current, -1.0, 1e-6);  // 0.01 rows of the fourth order: (1 mV/30 mV)^4
  EXPECT_NEAR(trace.lowest.E_vs_Li, 2.9003, 1e-6);
  EXPECT_LT(trace.lowest.error, 2e-4);
  EXPECT_FALSE(trace.lowest.between_rows);
}

TEST(Peaks, AWaveOfAFewRowsIsKnownToWhatItsErrorSays) {
  for (const double width : {1.5, 2.0, 4.0, 10.0}) {
    for (double off = 0.0; off < 0.51; off += 0.1) {
      Trace trace = wave(1e-3, 2.9 + off * 1e-3, width * 1e-3);
      find_peaks(trace);
      EXPECT_LE(std::abs(trace.lowest.current + 1.0), 3.0 * trace.lowest.error + 1e-12) << width << " rows, " << off;
    }
  }
}

TEST(Peaks, ALargestRowThatIsNotInsideASweepIsThatRow) {
  Trace trace = even_trace(10, 1.0);
  trace.current[0] = 5.0;
  find_peaks(trace);
  EXPECT_EQ(trace.highest.current, 5.0);
  EXPECT_EQ(trace.highest.error, 0.0);
}

TEST(TraceError, RunsWithoutACommonRowAreRefused) {
  Trace fine = even_trace(10, 1.0);
  Trace other = fine;
  for (double& t : other.time) t += 0.5;
  EXPECT_THROW(error_between(fine, other, 0.5, thermal_voltage), InputError);
}

TEST(TraceError, RowsAreKeptByTheirTimesWithAllTheirColumns) {
  Trace trace = even_trace(6, 1.0);
  trace.current = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0};
  trace.current_error = {0.0, 0.1, 0.2, 0.3, 0.4, 0.5};
  keep_rows(trace, {0.0, 2.0, 5.0});
  EXPECT_THAT(trace.time, ElementsAre(0.0, 2.0, 5.0));
  EXPECT_THAT(trace.current, ElementsAre(0.0, 2.0, 5.0));
  EXPECT_THAT(trace.current_error, ElementsAre(0.0, 0.2, 0.5));
  EXPECT_EQ(trace.components.size(), 3U);
  EXPECT_EQ(trace.cycle.size(), 3U);
  EXPECT_THROW(keep_rows(trace, {0.0, 3.0}), InputError);
}

/// A solver whose errors fall by 4 with every rung in space and by `in_time` with every rung in time.
struct Solver {
  double space = 0.1, time = 0.0, in_time = 16.0;
  std::vector<Resolution> seen{};
  Trace operator()(const Resolution& at) {
    seen.push_back(at);
    return even_trace(20, 1.0 + space / (at.cells() * at.cells()) + time / std::pow(in_time, at.time));
  }
};

Ladder ladder_of(Solver& solver, double tolerance) {
  return {.run = [&solver](const Resolution& at) { return solver(at); },
          .tolerance = tolerance,
          .thermal = thermal_voltage,
          .most_space = 6,
          .most_time = 6,
          .of_steps = 0.25,
          .most_work = 1e12,
          .unknowns = [](const Resolution& at) { return at.cells(); }};
}

TEST(Refinement, AGoodPairIsAllThatIsRun) {
  Solver solver{.space = 0.001, .time = 0.001};
  const Refined run = refine_until(ladder_of(solver, 0.05));
  ASSERT_EQ(solver.seen.size(), 2U);
  EXPECT_TRUE(solver.seen[0].all_rows);
  EXPECT_FALSE(solver.seen[1].all_rows);  // it is only compared
  EXPECT_NEAR(run.trace.current_error.front(), 0.001 * 3 + 0.001 * 15, 1e-12);
}

TEST(Refinement, RowsOfAPairThatAgreesHaveTheLeastOfItsSteps) {
  Solver solver{.space = 0.0, .time = 0.0};
  Ladder ladder = ladder_of(solver, 0.05);
  ladder.least = 0.002;
  const Refined run = refine_until(ladder);
  for (const double error : run.trace.current_error) EXPECT_NEAR(error, 0.002, 1e-12);  // the largest current is 1
  EXPECT_NEAR(run.error, 0.002, 1e-12);
}

TEST(Refinement, OnlyWhatIsTooCoarseIsRefinedAndThreeTimesWhatIsLeftIsStated) {
  Solver in_space{.space = 0.1};
  const Refined fine_mesh = refine_until(ladder_of(in_space, 0.01));
  EXPECT_EQ(fine_mesh.at.space, 3);
  EXPECT_EQ(fine_mesh.at.time, 0);
  EXPECT_NEAR(fine_mesh.trace.current_error.front(), 3.0 * 0.1 / 64.0, 1e-12);
  ASSERT_EQ(in_space.seen.size(), 6U);  // a pair, the one that tells them apart, three more
  for (std::size_t k = 0; k < 6; ++k) EXPECT_EQ(in_space.seen[k].all_rows, k != 1) << k;

  Solver in_time{.space = 0.0, .time = 0.1};
  const Refined short_steps = refine_until(ladder_of(in_time, 0.01));
  EXPECT_EQ(short_steps.at.space, 0);
  EXPECT_EQ(short_steps.at.time, 2);
  EXPECT_NEAR(short_steps.trace.current_error.front(), 15.0 / 4.0 * 0.1 / 256.0, 1e-12);
}

TEST(Refinement, TheErrorIsThatOfTheMeshAndThatOfTheStepsTogether) {
  Solver both{.space = 0.1, .time = 0.1};
  const Refined run = refine_until(ladder_of(both, 0.02));
  EXPECT_GT(run.at.space, 0);
  EXPECT_GT(run.at.time, 0);
  const double left = 0.1 / std::pow(4.0, run.at.space) * 3.0 + 0.1 / std::pow(16.0, run.at.time) * 15.0 / 4.0;
  EXPECT_NEAR(run.trace.current_error.front(), left, 1e-12);
}

TEST(Refinement, StepsThatCanNotBecomeShorterAreNoErrorOfZero) {
  Solver solver{.space = 0.0, .time = 0.1};
  Ladder ladder = ladder_of(solver, 1e-6);
  ladder.most_time = 1;
  try {
    (void)refine_until(ladder);
    FAIL() << "one refinement does not reach 1e-6";
  } catch (const SolverError& error) {
    EXPECT_THAT(error.what(), HasSubstr("off by up to 0.023"));  // 15/64 of 0.1
  }
}

TEST(Refinement, EndsByNameWithTheErrorOfTheFinestRun) {
  Solver solver;
  Ladder ladder = ladder_of(solver, 1e-6);
  ladder.most_space = 2;
  try {
    (void)refine_until(ladder);
    FAIL() << "two refinements do not reach 1e-6";
  } catch (const SolverError& error) {
    EXPECT_THAT(error.what(), HasSubstr("off by up to 0.019 of the largest one"));
  }
}

TEST(Refinement, APairThatIsPinnedIsReturnedWithItsError) {
  Solver solver;
  Ladder ladder = ladder_of(solver, 1e-6);
  ladder.pinned = true;
  const Refined run = refine_until(ladder);
  EXPECT_EQ(run.at.space, 0);
  EXPECT_NEAR(run.trace.current_error.front(), 0.3, 1e-12);
}

TEST(Refinement, TheOtherRunOfAPinnedPairMayBeTheFinerOne) {
  Solver solver;
  Ladder ladder = ladder_of(solver, 1e-6);
  ladder.pinned = ladder.finer_companion = true;
  const Refined run = refine_until(ladder);
  EXPECT_DOUBLE_EQ(run.trace.current.front(), 1.1);
  EXPECT_NEAR(run.trace.current_error.front(), 2.0 * (0.1 - 0.1 / 4.0), 1e-12);
}

TEST(Refinement, ARunThatWouldTakeTooLongEndsOrIsReturnedIfItIsGoodEnough) {
  Solver solver;
  Ladder ladder = ladder_of(solver, 1e-6);
  ladder.most_work =
      20.0 * 8.0 * 2.0;  // rows, cells, twice for the next: the run with 16 times the cells is one too many
  try {
    (void)refine_until(ladder);
    FAIL() << "the next run is over the limit";
  } catch (const SolverError& error) {
    EXPECT_THAT(error.what(), HasSubstr("would take too long"));
  }
  ladder.loosest = 0.01;
  const Refined run = refine_until(ladder);
  EXPECT_EQ(run.at.space, 4);
  EXPECT_NEAR(run.error, 3.0 * 0.1 / 256.0, 1e-5);
}

TEST(Refinement, ACoarseRunThatFailsIsNoEndWhereAFinerOneDoesNot) {
  Solver solver;
  Ladder ladder = ladder_of(solver, 0.01);
  ladder.run = [&](const Resolution& at) -> Trace {
    if (at.space < 1) throw SolverError("too coarse");
    return solver(at);
  };
  EXPECT_EQ(refine_until(ladder).at.space, 3);
}

}  // namespace
}  // namespace seccm::models
