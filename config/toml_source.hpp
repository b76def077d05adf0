// TOML text -> ValueNode: the seam to toml++.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/value_tree.hpp"

namespace seccm::config {

/// Throws InputError "name:line: ..." on malformed TOML, a duplicate key included.
ValueNode parse_toml(std::string_view text, const std::string& name);

/// One TOML value, e.g. `"2 um"`, `[ "1 V/s" ]`, `3`; nothing when it is not TOML.
std::optional<ValueNode> parse_toml_value(std::string_view text, const std::string& where);

}  // namespace seccm::config
