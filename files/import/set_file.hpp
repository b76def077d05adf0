// The ".set" file beside a WEC-SPM recording: one setting per line, key TAB value or key = value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace seccm::files {

/// Settings by their key in lower case, letters and digits only: "Waypoints per hop" -> "waypointsperhop".
struct Settings {
  std::map<std::string, std::string, std::less<>> values;
  /// Keys that come twice with different values, and where: no matter unless one of them is needed.
  std::map<std::string, std::string, std::less<>> contradictions;
};

/// Empty lines and lines that begin with # or ; say nothing. Throws InputError naming `name` and line for a line
/// without a key, or more than 10000 lines.
Settings parse_set(std::string_view text, std::string_view name);

/// The value of the first of `keys` that is there; nothing when none is. Throws InputError when it is not a number
/// within low..high, or comes twice with different values.
std::optional<double> setting(const Settings& settings, std::initializer_list<std::string_view> keys, double low,
                              double high, std::string_view name);

/// Letters and digits of `label` in lower case.
std::string compact_label(std::string_view label);

}  // namespace seccm::files
