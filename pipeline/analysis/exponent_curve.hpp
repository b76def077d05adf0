// b(E): the exponent of i = a v^b at fixed potential, weighted fit of ln|i| against ln v over the scan rates.
//
// Only where the current has the sign of the sweep at every rate and stands 3 standard errors above zero. What b(E)
// returns when the wave is purely diffusive but a capacitor of a few per cent is left in: 0.7-0.9 at the foot, although
// nothing there is a surface process; a finite sphere past its peak gives b > 1.
#pragma once

#include <optional>

#include "files/results_file.hpp"
#include "pipeline/analysis/point_analysis.hpp"

namespace seccm::analysis {

/// Nothing for fewer than 3 scan rates.
std::optional<files::ExponentCurve> exponent_curve(const PointAnalysis& point, int direction,
                                                   const AnalysisParameters& parameters);

}  // namespace seccm::analysis
