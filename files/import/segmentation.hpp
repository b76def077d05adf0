// Points and legs of a recording that does not name them, found in what was measured.
//
// A stretch of samples with one pixel and one line number is one leg, unless its potential turns: then it is cut at the
// turning points (reversals of at least 5 mV), because line numbers alone do not mark stages. What a leg was follows
// from its channels:
//   ramp      the potential runs at least 20 mV and lies on a straight line within 3 counts + 1 %
//   jump      the potential steps at least 5 mV within two samples and stays
//   approach / retract   z falls / rises by more than 50 nm;  move   x or y change by more than 100 nm
//   settle    anything else
// Cycles: a new one begins where a ramp starts as the first ramp of the point did. A point with ramps counts as in
// contact, because the hosts submit a voltammogram only after contact; it is complete when its last ramp ends where the
// first began. Its contact position is the measured position at the start of the first ramp.
#pragma once

#include "files/import/foreign_recording.hpp"

namespace seccm::files {

/// Frame ranges are indices into the samples. Samples with a negative pixel belong to no point.
/// `E1_step`: one count of the potential, V.
std::vector<PointRecord> find_points(const ForeignRecording& recording, double E1_step);

}  // namespace seccm::files
