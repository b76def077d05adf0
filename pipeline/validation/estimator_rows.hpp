// One row per estimator, quantity, direction, scan rate and meaning of the truth: how far off, how scattered, how often
// right, how often its interval holds the truth, how often lost. Where an estimator gives a mean over the cycles, the
// rows of its single cycles are not judged beside it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/validation/statistics.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "pipeline/validation/validation_parameters.hpp"

namespace seccm::validation {

/// How the share of intervals that hold the truth compares with the level at which they are stated.
enum class Coverage : int {
  none,         ///< no interval stated, or no truth that the estimator means
  too_few,      ///< fewer than 5 landings
  not_covered,  ///< the interval of the share lies below the level
  covered,      ///< it holds the level
  too_wide,     ///< it lies above: the stated errors are larger than need be
};
inline constexpr std::array<std::string_view, 5> coverage_names{"no interval", "too few", "not covered", "covered",
                                                                "too wide"};

struct EstimatorRow {
  std::string estimator, quantity, unit;
  int direction = 0;       ///< +1 anodic, -1 cathodic, 0 none
  double scan_rate = 0.0;  ///< V/s; 0: belongs to all
  std::string meaning;     ///< of the truth; "" where there is none
  bool relative =
      true;  ///< bias and scatter in decades; false: in `unit`, of the difference (of the value without truth)

  int n = 0;            ///< estimates asked for
  int n_valid = 0;      ///< of these with a value
  Distribution bias;    ///< of log10(estimate/truth), of the difference, or of the value itself
  double rmse = 0.0;    ///< of the same; 0 without a truth
  Share within_factor;  ///< est/true in [1/f, f]; relative rows only
  Share covered;        ///< truth inside the interval as stated, of the intervals closed on both sides
  Share limits;         ///< truth on the right side of a limit, of the one-sided estimates
  double level = 0.0;   ///< at which they are stated; 0: none
  double stated =
      0.0;  ///< decades: median standard error behind them, of those closed on both sides; relative rows only
  Coverage coverage = Coverage::none;
  std::string leaves_out;        ///< what the intervals do not hold, by their own words
  double median_estimate = 0.0;  ///< in `unit`, over the compared ones
  double median_truth = 0.0;     ///< in `unit`
  /// "quantitative", "order of magnitude" or "not valid" (relative rows with at least 5 landings), else "".
  std::string verdict;
  /// Why estimates are missing, with the range of the numbers in a reason -> count.
  std::map<std::string, int> lost;
};

/// `match`: landing of each point of the run, as match_landings. Rows come in the order in which the results name them.
std::vector<EstimatorRow> estimator_rows(const files::RunSummary& run, const files::Results& results,
                                         const Truth& truth, std::span<const int> match,
                                         const ValidationParameters& parameters);

}  // namespace seccm::validation
