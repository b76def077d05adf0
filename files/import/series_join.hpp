// Several recordings of one thing, measured one after the other (a file per scan rate), as one.
#pragma once

#include <string>
#include <vector>

#include "files/import/foreign_recording.hpp"

namespace seccm::files {

/// In the order given, set apart (series_gap.hpp), since files do not state their distance. Every file is a section of
/// its own, so no sweep and no cycle goes over from one to the next. Signs are in ours already. Throws InputError for
/// recordings with positions or several points.
ForeignRecording join_series(std::vector<ForeignRecording> recordings, const std::vector<std::string>& names);

}  // namespace seccm::files
