// Which voltammograms are well defined, and why the others are not.
#pragma once

#include <string>

#include "pipeline/analysis/point_analysis.hpp"

namespace seccm::analysis {

/// Sets `well_defined` and `reason` of one direction at one rate: a peak in every analysed cycle, inside its window,
/// above its baseline by snr_min and prominence_min, stable between the cycles.
void judge(DirectionAnalysis& direction, const AnalysisParameters& parameters);

/// Reason to reject a point before its currents are looked at; "" for none.
std::string reject_before_treatment(const PointInput& input, const AnalysisParameters& parameters);

/// Accepts a point with well-defined peaks in both directions at one scan rate at least; otherwise the reason at the
/// rate that came closest (the slowest with one good direction, else the slowest).
void select(PointAnalysis& point);

}  // namespace seccm::analysis
