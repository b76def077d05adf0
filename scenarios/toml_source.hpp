// TOML text -> ValueNode: the seam to toml++.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/value_tree.hpp"

namespace seccm::scenarios {

/// Largest scenario file that is read: hostile input ends here, not in memory.
inline constexpr std::size_t max_scenario_bytes = 1 << 20;

/// The text of a scenario file. Throws InputError naming the path: missing, unreadable, a directory, too large.
std::string read_text_file(const std::filesystem::path& path);

/// Throws InputError "name:line: ..." on malformed TOML, a duplicate key included.
ValueNode parse_toml(std::string_view text, const std::string& name);

/// One TOML value, e.g. `"2 um"`, `[ "1 V/s" ]`, `3`; nothing when it is not TOML.
std::optional<ValueNode> parse_toml_value(std::string_view text, const std::string& where);

}  // namespace seccm::scenarios
