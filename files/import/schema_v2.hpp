// Recording schema version 2 of the open host of WEC-SPM rigs (docs/DATA_FORMAT.md of echemtips): a CSV of samples and
// a JSON sidecar.
//
// CSV: elapsed_s, x_um, y_um, z_um, voltage1_v, voltage2_v, current1_na, current2_na, line_number, then scan_pixel and
// cv_rate_index if there; every cell a number. Rows with scan_pixel = -2 (orientation marker) are left out, -1 is
// setup. JSON: recording_schema_version has to be 2 and csv_columns the header of the CSV; status "complete" makes a
// complete run; scan_grid.pixels gives the commanded positions; unknown members are ignored. What our own export adds
// (member "seccm": digitisation, polarity, potential of the reference) is used when it is there.
#pragma once

#include "files/import/foreign_recording.hpp"

namespace seccm::files {

/// True for the sidecar of such a recording, of whatever version.
bool is_schema_v2(std::string_view json);

/// `polarity`: what the operator says; nothing: what the sidecar does, in settings.polarity_convention of the host
/// ("IUPAC", or "Instrument-native": as wec_spm) or in `seccm`. `name` stands for the CSV, name with .json for the
/// sidecar. Throws InputError.
ForeignRecording parse_schema_v2(std::string_view csv, std::string_view json, std::optional<Polarity> polarity,
                                 std::string_view name);

}  // namespace seccm::files
