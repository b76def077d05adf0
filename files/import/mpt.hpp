// BioLogic EC-Lab ASCII files (.mpt): one series of potential and current, as EC-Lab, BT-Lab and our own export write
// it.
//
// The first line is "EC-Lab ASCII FILE" or "BT-Lab ASCII FILE", the second "Nb header lines : N"; line N names the
// columns, "name/unit" between tabs. Columns are known by these names: time/s; Ewe or <Ewe> in V or mV; I or <I> in A,
// mA, uA, nA or pA. Of two columns for one quantity the first counts. All others are left out and named in the notes.
// Decimals may have a point or a comma. The series is one point, without positions. The potential is that of the
// working electrode against the reference electrode and anodic current is positive, as in our files.
#pragma once

#include <string_view>

#include "files/import/foreign_recording.hpp"

namespace seccm::files {

/// `name` stands for the file in messages. `polarity`: wec_spm negates potentials and currents. Throws InputError.
ForeignRecording parse_mpt(std::string_view text, Polarity polarity, std::string_view name);

}  // namespace seccm::files
