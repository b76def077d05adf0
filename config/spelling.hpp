// "Did you mean": the known name nearest to a misspelt one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace seccm::config {

/// Number of single-letter insertions, deletions, replacements and swaps of neighbours that turn a into b
/// (Damerau-Levenshtein, restricted).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `known`, or nothing when none is closer than a third of the longer word's letters (at least 2). One
/// that begins with `name` counts as near. Ties go to the first.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> known);

}  // namespace seccm::config
