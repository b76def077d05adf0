// Before anything touches the sample: noise and offset of the current with the tip in air, and the stray capacitance.
//
// Rest for 1 s at the approach potential: offset = mean, noise = standard deviation per frame (mains included).
// Triangular sweep of ±50 mV at rate v: i = i_offset ± C v, so C = (mean i_up - mean i_down)/(2 v); the first 10 % of
// each ramp are left out. Standard error of C: noise/(v √(2 n)) for n frames per ramp.
// Then 5 s of an approach that goes nowhere, with the device's own comparator armed as for a landing: it sees a far
// wider band than a frame, so that only itself can tell whether noise crosses the threshold. Two stops, or a threshold
// below 6 standard deviations of a frame, end the scan (CalibrationError) with what was measured and the threshold at
// which it was quiet. The threshold is never raised by itself: a landing that gives less would be found too late.
#pragma once

#include "pipeline/scan/session.hpp"

namespace seccm::scan {

void run_preflight(ScanSession& session);

}  // namespace seccm::scan
