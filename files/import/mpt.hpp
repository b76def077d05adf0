// BioLogic EC-Lab ASCII files (.mpt): one series of potential and current, as EC-Lab, BT-Lab and our own export write
// it.
//
// The first line is "EC-Lab ASCII FILE" or "BT-Lab ASCII FILE", the second "Nb header lines : N"; line N names the
// columns, "name/unit" between tabs. Columns are known by these names:
//   time/s, numbers or dates (absolute_time.hpp)
//   Ewe, <Ewe>, else Ewe-Ece, Ecell, <Ecell> (two electrodes) in V or mV; "<Ewe/V>" is "<Ewe>/V"
//   I or <I> in A, mA, uA, nA or pA
//   mode (2: the potential is controlled; other rows are no part of a voltammogram), cycle number
// Of two columns for one quantity the first counts. All others are left out and named in the notes; the scan rates of
// the header ("dE/dt") are taken where the ramps agree with them. Decimals may have a point or a comma. The series is
// one point, without positions. EC-Lab states the potential of the working electrode and anodic currents positive, as
// our files do.
#pragma once

#include <string_view>

#include "files/import/foreign_recording.hpp"

namespace seccm::files {

/// `name` stands for the file in messages; `polarity` as the user says. Throws InputError, also for a technique that is
/// no voltammetry.
ForeignRecording parse_mpt(std::string_view text, std::optional<Polarity> polarity, std::string_view name);
/// True for the first line of such a file.
bool is_mpt(std::string_view text);

}  // namespace seccm::files
