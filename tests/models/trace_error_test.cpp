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

TEST(TraceError, ARowHasTheLargestDifferenceWithinEightRowsAndAFiftiethOfTheLargestBeyond) {
  Trace fine = even_trace(50, 1.0);
  Trace other = fine;
  other.current[20] += 0.1;
  measure_error(fine, other, 0.5, thermal_voltage);  // 25.7 mV are fewer rows than 8
  for (std::size_t k = 0; k < fine.size(); ++k) {
    const bool near = k >= 12 && k <= 28;
    EXPECT_NEAR(fine.current_error[k], near ? 0.05 : 0.001, 1e-12) << k;
  }
  EXPECT_NEAR(relative_error(fine), 0.05, 1e-12);
}

TEST(TraceError, FineRowsReachAThermalVoltageFar) {
  Trace fine = even_trace(200, 1.0);
  for (std::size_t k = 0; k < fine.size(); ++k) fine.E_vs_Li[k] = 3.0 - 0.001 * static_cast<double>(k);
  Trace other = fine;
  other.current[100] += 0.1;
  measure_error(fine, other, 0.5, thermal_voltage);
  EXPECT_NEAR(fine.current_error[75], 0.05, 1e-12);
  EXPECT_NEAR(fine.current_error[125], 0.05, 1e-12);
  EXPECT_NEAR(fine.current_error[74], 0.001, 1e-12);
  EXPECT_NEAR(fine.current_error[126], 0.001, 1e-12);
}

TEST(TraceError, ADifferenceThatCrossesZeroIsNoRowWithoutAnError) {
  Trace fine = even_trace(101, 1.0);
  Trace other = fine;
  for (std::size_t k = 0; k < fine.size(); ++k)
    other.current[k] += 0.01 * std::sin(0.2 * (static_cast<double>(k) - 50.0));
  measure_error(fine, other, 0.5, thermal_voltage);
  EXPECT_NEAR(fine.current_error[50], 0.005, 0.0005);  // the crest of the difference is eight rows away
}

TEST(TraceError, RowsThatTheOtherRunDoesNotHaveGetTheirNeighbours) {
  Trace fine = even_trace(21, 1.0);
  Trace other = even_trace(11, 1.0);
  for (std::size_t k = 0; k < other.size(); ++k) other.time[k] = 2.0 * static_cast<double>(k);
  for (double& i : other.current) i += 0.02;
  measure_error(fine, other, 0.5, thermal_voltage);
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
  measure_error(fine, other, 0.5, thermal_voltage);
  EXPECT_DOUBLE_EQ(fine.current_error[10], 0.0);
  EXPECT_NEAR(fine.current_error[30], 5e-4, 1e-15);
  EXPECT_NEAR(relative_error(fine), 5e-4, 1e-12);
}

TEST(TraceError, PeaksAreNoBetterThanTheRowsBesideThem) {
  Trace fine = even_trace(50, 1.0);
  fine.current[20] = 2.0;
  fine.highest = {.current = 2.1, .E_vs_Li = 2.8, .error = 0.1};
  Trace other = fine;
  other.current[20] = 1.9;
  measure_error(fine, other, 0.5, thermal_voltage);
  EXPECT_NEAR(fine.highest.error, 0.1 + 0.05, 1e-12);  // though both runs have the same peak
  other.highest.current = 1.7;
  fine.highest.error = 0.1;
  measure_error(fine, other, 0.5, thermal_voltage);
  EXPECT_NEAR(fine.highest.error, 0.1 + 0.2, 1e-12);
}

TEST(TraceError, NoRowStatesLessThanItsStepsAreHeldTo) {
  Trace fine = even_trace(30, 1.0);
  for (std::size_t k = 20; k < 30; ++k) fine.scan_rate[k] = 0.0;
  fine.current[3] = -2.0;
  fine.lowest = {.current = -2.0, .E_vs_Li = 2.97};
  Trace other = fine;
  other.current[25] += 0.1;
  measure_error(fine, other, 0.5, thermal_voltage);
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
  measure_error(fine, other, 0.5, thermal_voltage);
  EXPECT_DOUBLE_EQ(fine.charge_error, 1e-15);
  EXPECT_DOUBLE_EQ(fine.lithium_error, 1.5e-20);
}

TEST(TraceError, RunsWithoutACommonRowAreRefused) {
  Trace fine = even_trace(10, 1.0);
  Trace other = fine;
  for (double& t : other.time) t += 0.5;
  EXPECT_THROW(measure_error(fine, other, 0.5, thermal_voltage), InputError);
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

/// A solver whose error is `size` / cells^2.
RunAt second_order(double size, std::vector<Resolution>* seen = nullptr) {
  return [=](const Resolution& at) {
    if (seen != nullptr) seen->push_back(at);
    return even_trace(20, 1.0 + size / (at.cells * at.cells));
  };
}

TEST(Refinement, GoesOnUntilTheErrorMeetsTheToleranceAndStatesThreeTimesWhatIsLeft) {
  std::vector<Resolution> seen;
  const Refined run = refine_until(second_order(0.1, &seen), 0.01, thermal_voltage, 6);
  EXPECT_EQ(run.refinements, 3);
  EXPECT_NEAR(run.trace.current_error.front(), 3.0 * 0.1 / 64.0, 1e-12);
  ASSERT_EQ(seen.size(), 5U);  // the finer run before is the coarser one of the next pair
  EXPECT_DOUBLE_EQ(seen.front().cells, 0.5);
  EXPECT_DOUBLE_EQ(seen.back().cells, 8.0);
  EXPECT_DOUBLE_EQ(seen[1].time / seen[2].time, 32.0);
}

TEST(Refinement, EndsByNameWithTheErrorOfTheFinestPair) {
  try {
    (void)refine_until(second_order(0.1), 1e-6, thermal_voltage, 2);
    FAIL() << "two refinements do not reach 1e-6";
  } catch (const SolverError& error) {
    EXPECT_THAT(error.what(), HasSubstr("off by up to 0.019 of the largest one"));
  }
}

TEST(Refinement, APairThatIsPinnedIsReturnedWithItsError) {
  const Refined run = refine_until(second_order(0.1), 1e-6, thermal_voltage, 0);
  EXPECT_EQ(run.refinements, 0);
  EXPECT_NEAR(run.trace.current_error.front(), 0.3, 1e-12);
}

TEST(Refinement, ACoarseRunThatFailsIsNoEndWhereAFinerOneDoesNot) {
  const RunAt run = [](const Resolution& at) -> Trace {
    if (at.cells < 2.0) throw SolverError("too coarse");
    return second_order(0.1)(at);
  };
  EXPECT_EQ(refine_until(run, 0.01, thermal_voltage, 6).refinements, 3);
}

}  // namespace
}  // namespace seccm::models
