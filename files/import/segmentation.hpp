// Points and legs of a recording that does not name them, found in what was measured.
//
// A stretch of samples with one pixel, one line number and one section is one leg, unless its potential turns or bends:
// then it is cut there (linear_pieces.hpp), because line numbers alone do not mark stages. What a leg was follows from
// its channels:
//   ramp      the potential runs on a straight line, as linear_pieces.hpp has it
//   jump      the potential steps at least 5 mV, and more than noise does, within two samples and stays
//   approach / retract   z falls / rises by more than 50 nm;  move   x or y change by more than 100 nm
//   settle    anything else
// Scan rates and cycles: sweep_cycles.hpp. A point with ramps counts as in contact, because the hosts submit a
// voltammogram only after contact; it is complete when its last ramp ends where the first began. Its contact position
// is the measured position at the start of the first ramp.
#pragma once

#include "files/import/foreign_recording.hpp"

namespace seccm::files {

/// Frame ranges are indices into the samples. Samples with a negative pixel belong to no point.
/// `E1_step`: one count of the potential, V.
/// `notes`: what a user has to know of the cycles is appended there.
std::vector<PointRecord> find_points(const ForeignRecording& recording, double E1_step,
                                     std::vector<std::string>* notes = nullptr);

}  // namespace seccm::files
