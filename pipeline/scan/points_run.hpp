// What the smart scan and the regular array share around their points: limits, expected duration, counting.
#pragma once

#include "pipeline/scan/point_measurement.hpp"
#include "pipeline/scan/session.hpp"

namespace seccm::scan {

/// The CV programme with the calibrated potential, in a dry run. Throws CalibrationError when a limit rejects it.
void require_cv_accepted(ScanSession& session);

/// Measures a planned point under [policy]: faults are recorded, the point is tried again or given up, or the scan ends
/// with a DeviceFault. Returns the record of the last try.
files::PointRecord measure_under_policy(ScanSession& session, const PointTask& task);

void start_points(ScanSession& session, int count, double path_length);
void count_point(ScanSession& session, const files::PointRecord& record);
void end_points(ScanSession& session);

}  // namespace seccm::scan
