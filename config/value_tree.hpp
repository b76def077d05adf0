// What a scenario file says, before anybody knows what it means: tables, lists and plain values, each with the place
// where it was written. No TOML library here: toml_source.cpp is the only file that sees one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seccm::config {

struct ValueEntry;

struct ValueNode {
  enum class Kind { table, list, text, integer, real, boolean, other };
  Kind kind = Kind::table;
  std::string text;       ///< the text of a string; the digits as written of a number; "true" or "false"
  long long integer = 0;  ///< value of an integer
  double real = 0.0;      ///< value of an integer or a real
  std::vector<ValueNode> items;
  std::vector<ValueEntry> entries;  ///< of a table, in the order of the file
  std::string where;                ///< "scenarios/x.toml:12" or "--set"
  bool from_override = false;

  [[nodiscard]] const ValueNode* find(std::string_view key) const;
  [[nodiscard]] ValueNode* find(std::string_view key);
  /// As a user would write it: "50 um" in quotes, numbers bare, lists in brackets.
  [[nodiscard]] std::string shown() const;
  /// "a string", "a whole number", ...
  [[nodiscard]] std::string_view kind_name() const;
};

struct ValueEntry {
  std::string key;
  ValueNode value;
};

}  // namespace seccm::config
