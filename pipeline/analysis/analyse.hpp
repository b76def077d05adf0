// From a run file to results, blind: nothing here knows what was really on the sample.
//
// Each point is analysed on its own: frames of its ramps -> potentials against Li (ferrocene calibrations of the run)
// -> averaged sweeps with their noise -> background -> peaks -> selection -> every registered estimator. Points are
// shared out over the OpenMP threads; the order and the bytes of the result do not depend on their number.
#pragma once

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/analysis/analysis_parameters.hpp"

namespace seccm::analysis {

struct PointAnalysis;

/// Throws InputError for parameters out of range and for a run whose frames can not be read.
files::Results analyse(const files::RunReader& run, const AnalysisParameters& parameters);

/// Appends the verdict, the curves and, for an accepted point, the estimates and exponent curves of one treated point.
void append_results(const PointAnalysis& point, const AnalysisParameters& parameters, files::Results& results);

}  // namespace seccm::analysis
