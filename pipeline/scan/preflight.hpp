// Before anything touches the sample: noise and offset of the current with the tip in air, and the stray capacitance.
//
// Rest for 1 s at the approach potential: offset = mean, noise = standard deviation per frame (mains included).
// Triangular sweep of ±50 mV at rate v: i = i_offset ± C v, so C = (mean i_up - mean i_down)/(2 v); the first 10 % of
// each ramp are left out. Standard error of C: noise/(v √(2 n)) for n frames per ramp.
#pragma once

#include "pipeline/scan/session.hpp"

namespace seccm::scan {

void run_preflight(ScanSession& session);

}  // namespace seccm::scan
