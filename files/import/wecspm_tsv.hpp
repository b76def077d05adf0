// Recordings of the WEC-SPM host: a TSV with one channel per line or one per column, and its .set file.
//
// Channels are known by their names, never by their place: X, Y, Z (um), V1, V2 (V), Current1, Current2 (A), Line
// Number, dt (s); a unit in parentheses or brackets is obeyed. Other documented channels (Current3, lock-in, feedback
// type) are left out and named in the notes; an unknown name is an error. V1, Current1 and dt have to be there.
// dt is the time since the first sample when it increases, and the interval since the sample before when it does not.
// Without it the interval follows from the .set file: sample time x (samples per data point + 1).
// Pixels follow from "Waypoints per hop" of the .set file: hop k holds the line numbers first + k n ... first + k n +
// n-1. TDMS files are not read.
#pragma once

#include "files/import/foreign_recording.hpp"
#include "files/import/set_file.hpp"

namespace seccm::files {

/// `name` stands for the file in messages. Throws InputError.
ForeignRecording parse_wecspm(std::string_view tsv, const Settings& settings, std::optional<Polarity> polarity,
                              std::string_view name);

/// True for a text whose first label is a channel of such a file.
bool is_wecspm(std::string_view text);

}  // namespace seccm::files
