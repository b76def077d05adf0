// The voltammetric programme of a point: start -> vertex1 -> vertex2 -> start, n cycles at each scan rate in turn.
//
// Potentials enter in V vs Li/Li+ and leave in V vs QRCE: E_vs_QRCE = E_vs_Li - offset. Ramps of no height are left out
// (vertex2 = start). Cycles are numbered over the whole programme; direction +1 is anodic (E rising). The first leg
// jumps to the start and rests there.
#pragma once

#include "pipeline/scan/program_runner.hpp"
#include "pipeline/scan/scan_parameters.hpp"

namespace seccm::scan {

ScanProgram cv_program(const CvParameters& cv, double offset_vs_Li);

/// A single triangular sweep low -> high -> low after a rest of `hold` at `low`; V vs QRCE.
ScanProgram triangle_program(double low, double high, double rate, double hold);

}  // namespace seccm::scan
