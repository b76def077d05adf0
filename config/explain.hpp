// Parameters explained for people: one key, one section, or the whole reference page.
#pragma once

#include <string>
#include <string_view>

#include "config/parameter_table.hpp"

namespace seccm::config {

/// What a grade letter means.
std::string_view grade_meaning(char grade);

/// Text for `seccm explain KEY`: a parameter ("pipette.diameter"), a section ("pipette"), or a key without its section
/// where it occurs. Throws InputError with the nearest names when nothing fits.
std::string explain(const ParameterTable& table, std::string_view key);

/// All parameters, one line each.
std::string explain_all(const ParameterTable& table);

/// docs/scenario-reference.md.
std::string reference_markdown(const ParameterTable& table);

}  // namespace seccm::config
