// One row per estimator, quantity, direction and meaning of the truth: how far off, how scattered, how often right, how
// often lost.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/validation/statistics.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "pipeline/validation/validation_parameters.hpp"

namespace seccm::validation {

struct EstimatorRow {
  std::string estimator, quantity, unit;
  int direction = 0;    ///< +1 anodic, -1 cathodic, 0 none
  std::string meaning;  ///< of the truth; "" where there is none
  bool relative =
      true;  ///< bias and scatter in decades; false: in `unit`, of the difference (of the value without truth)

  int n = 0;            ///< estimates asked for
  int n_valid = 0;      ///< of these with a value
  Distribution bias;    ///< of log10(estimate/truth), of the difference, or of the value itself
  double rmse = 0.0;    ///< of the same; 0 without a truth
  Share within_factor;  ///< est/true in [1/f, f]; relative rows only
  Share covered;        ///< truth inside the estimator's own interval at the confidence; where an error is stated
  double median_estimate = 0.0;  ///< in `unit`, over the compared ones
  double median_truth = 0.0;     ///< in `unit`
  /// "quantitative", "order of magnitude" or "not valid" (relative rows with at least 5 landings), else "".
  std::string verdict;
  /// Why estimates are missing: reason (numbers replaced by #) -> count.
  std::map<std::string, int> lost;
};

/// `match`: landing of each point of the run, as match_landings. Rows come in the order in which the results name them.
std::vector<EstimatorRow> estimator_rows(const files::RunSummary& run, const files::Results& results,
                                         const Truth& truth, std::span<const int> match,
                                         const ValidationParameters& parameters);

/// "signal 3.2 sigma at 1.5e-12 A" -> "signal # sigma at # A": equal reasons count together.
std::string without_numbers(const std::string& reason);

}  // namespace seccm::validation
