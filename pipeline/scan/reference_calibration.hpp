// Potential of the quasi-reference electrode from ferrocene: E_vs_Li = E_vs_QRCE + offset, offset = E0'(Fc/Fc+) - E½.
//
// One CV around the expected half-wave potential (E0' - nominal offset ± margin) on clean gold; E½ from both sweeps
// (half_wave.hpp). Its standard error includes the shift that slow kinetics may have caused, as one standard deviation;
// no correction is made. A wave that is not valid is tried again at the next of `places`.
#pragma once

#include <span>

#include "pipeline/scan/point_measurement.hpp"
#include "pipeline/scan/session.hpp"

namespace seccm::scan {

/// Records every attempt; sets `session.offset_vs_Li` when `adopt`. Throws CalibrationError, with the reason of the
/// last attempt, when no place gives a valid wave.
files::ReferenceCalibration calibrate_reference(ScanSession& session, std::span<const PointTask> places, bool adopt);

}  // namespace seccm::scan
