// Gamry Framework data (.DTA): the CURVE tables of a voltammetric technique, one behind the other on one clock. The
// header states the scan rate (SCANRATE) and the sign of the currents (CONVENTION: 1 anodic positive, 0 cathodic).
#pragma once

#include <string_view>

#include "files/import/plain_table.hpp"

namespace seccm::files {

bool is_gamry(std::string_view text);

/// `name` stands for the file in messages. Throws InputError.
ForeignRecording parse_gamry(std::string_view text, PlainTableOptions options, std::string_view name);

}  // namespace seccm::files
