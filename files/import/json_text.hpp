// JSON as Python programs write it: NaN and Infinity stand for null, and hostile depth ends before the parser.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace seccm::files {

inline constexpr int deepest_json = 200;

/// Deepest nesting of brackets.
int depth_of(std::string_view text);

/// Discarded (`is_discarded()`) for a text that is no JSON or is nested deeper than `deepest_json`.
nlohmann::json parse_json_text(std::string_view text);

}  // namespace seccm::files
