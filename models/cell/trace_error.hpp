// How far the rows of a run are off, by a second run of the same program.
//
// Both runs tend to the same solution. With errors e_f of the finer and e_c of the coarser one, and convergence of
// order p under a refinement by r,
//   d = |i_f - i_c| = |e_f - e_c|,     e_f = d/(r^p - 1).
// The engines are of second order in space and of second or higher in time: r = 2 gives e_f = d/3. Stated is d: it
// holds for orders down to 1, and is too small by less than 3 for any above log2(4/3) = 0.42.
//
// Errors change sign along a wave, where d vanishes and e_f may not: a row gets the largest of its neighbours within a
// thermal voltage of potential and eight rows, and no less than a fiftieth of the largest at its scan rate.
#pragma once

#include "models/cell/trace.hpp"

namespace seccm::models {

/// Puts current_error, the errors of the peaks, charge_error and lithium_error into `fine`: `share` of the difference
/// from `other`. Rows are matched by their times; a row that the other run does not have gets its neighbours' error.
/// thermal: RT/F, V. Throws InputError if no row of `fine` is in `other`.
void measure_error(Trace& fine, const Trace& other, double share, double thermal);

/// No row and no peak states less than `relative` of the largest current at its scan rate (holds: of all): steps whose
/// local errors are held below that promise no more, and where both runs of a pair take the same steps their difference
/// tells nothing.
void state_at_least(Trace& trace, double relative);

/// Largest stated error over the largest current, scan rate by scan rate; holds (scan rate 0) over the largest current
/// of all. 0 where no current flows.
double relative_error(const Trace& trace);

}  // namespace seccm::models
