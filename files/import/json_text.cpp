#include "files/import/json_text.hpp"

#include <algorithm>
#include <string>

namespace seccm::files {
namespace {

/// Outside strings.
std::string without_nan(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool quoted = false;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (quoted && text[k] == '\\') {
      out += text.substr(k, 2);
      ++k;
      continue;
    }
    if (text[k] == '"') quoted = !quoted;
    std::size_t taken = 0;
    for (const std::string_view word : {"NaN", "-Infinity", "Infinity"})
      if (!quoted && text.substr(k).starts_with(word)) taken = std::max(taken, word.size());
    out += taken > 0 ? std::string_view("null") : text.substr(k, 1);
    k += taken > 0 ? taken - 1 : 0;
  }
  return out;
}

}  // namespace

int depth_of(std::string_view text) {
  int depth = 0, deepest = 0;
  for (const char c : text) {
    depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
    deepest = std::max(deepest, depth);
  }
  return deepest;
}

nlohmann::json parse_json_text(std::string_view text) {
  if (depth_of(text) > deepest_json) return nlohmann::json::parse("", nullptr, false);
  return nlohmann::json::parse(without_nan(text), nullptr, false);
}

}  // namespace seccm::files
