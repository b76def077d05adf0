// `--set section.key=value`: one value written over what the file says, with the same checks.
//
// The value is TOML ("\"2 um\"", 3, ["1 V/s", "2 V/s"]) or, for convenience in a shell, the bare text of it: 2 um, and
// [1 V/s, 2 V/s]. The last of several for one key holds.
#pragma once

#include <string_view>

#include "config/value_tree.hpp"

namespace seccm::config {

/// Throws InputError for a missing "=", an empty key or a path through something that is not a section.
void apply_override(ValueNode& root, std::string_view assignment);

}  // namespace seccm::config
