// The estimators by name: what `seccm list estimators` shows and what `analyse` runs, in this order.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "files/results_file.hpp"
#include "pipeline/analysis/analysis_parameters.hpp"

namespace seccm::analysis {

struct PointAnalysis;

/// One estimator: a pure function from a treated point to rows of the table of results.
struct Estimator {
  std::string_view name;        ///< registered name, the `estimator` column
  std::string_view quantity;    ///< what it estimates, the main `quantity` it writes
  std::string_view unit;        ///< SI unit of that quantity
  std::string_view text;        ///< one line for people
  std::string_view needs;       ///< of the run
  std::string_view holds;       ///< what its interval holds; "": it states none
  std::string_view leaves_out;  ///< known parts of the error that its interval never holds; "": none
  void (*run)(std::string_view name, const PointAnalysis&, const AnalysisParameters&, std::vector<files::Estimate>&);
};

/// Appends the rows of `estimator`. What its interval never holds stands in every row, which then is a caveat at best.
void run_estimator(const Estimator& estimator, const PointAnalysis& point, const AnalysisParameters& parameters,
                   std::vector<files::Estimate>& rows);

std::span<const Estimator> estimators();

}  // namespace seccm::analysis
