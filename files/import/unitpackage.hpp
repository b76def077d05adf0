// Frictionless data packages of voltammograms (unitpackage, echemdb; what `seccm export --format unitpackage` writes):
// a CSV and a JSON whose first resource names fields with units.
#pragma once

#include <string_view>

#include "files/import/plain_table.hpp"

namespace seccm::files {

/// True for the JSON of such a package.
bool is_unitpackage(std::string_view json);

/// The signs are those that a field of the current describes ("anodic positive"). Throws InputError.
ForeignRecording parse_unitpackage(std::string_view csv, std::string_view json, PlainTableOptions options,
                                   std::string_view name);

}  // namespace seccm::files
