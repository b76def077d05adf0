#include "files/import/set_file.hpp"

#include <fmt/format.h>

#include "files/import/text_table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::size_t most_lines = 10000;

}  // namespace

std::string compact_label(std::string_view label) {
  std::string out;
  for (const char c : label) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

Settings parse_set(std::string_view text, std::string_view name) {
  Settings settings;
  LineReader lines(text);
  for (std::string_view line; lines.next(line);) {
    if (lines.number() > most_lines) throw InputError(fmt::format("{}: more than {} lines", name, most_lines));
    const std::string_view content = trimmed(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    const std::size_t tab = content.find('\t');
    const std::size_t cut = tab != std::string_view::npos ? tab : content.find('=');
    if (cut == std::string_view::npos) continue;  // a heading
    const std::string key = compact_label(content.substr(0, cut));
    const std::string value(trimmed(content.substr(cut + 1)));
    if (key.empty())
      throw InputError(fmt::format("{}: line {}: '{}' has no key; accepted is key TAB value or key = value", name,
                                   lines.number(), shown(content)));
    const auto [at, added] = settings.values.emplace(key, value);
    if (!added && at->second != value)
      settings.contradictions.emplace(key, fmt::format("{}: line {}: '{}' comes twice, as '{}' and as '{}'", name,
                                                       lines.number(), key, shown(at->second), shown(value)));
  }
  return settings;
}

std::optional<double> setting(const Settings& settings, std::initializer_list<std::string_view> keys, double low,
                              double high, std::string_view name) {
  for (const std::string_view key : keys) {
    const auto found = settings.values.find(key);
    if (found == settings.values.end()) continue;
    if (const auto twice = settings.contradictions.find(key); twice != settings.contradictions.end())
      throw InputError(twice->second + "; accepted is one value");
    const bool number = is_number(found->second, true);
    const double value = number ? finite_number(found->second, {}, true) : 0.0;
    if (!number || value < low || value > high)
      throw InputError(fmt::format("{}: '{}' = '{}'; accepted is a number, {:g} to {:g}", name, key,
                                   shown(found->second), low, high));
    return value;
  }
  return std::nullopt;
}

}  // namespace seccm::files
