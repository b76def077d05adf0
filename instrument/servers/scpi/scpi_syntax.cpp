#include "instrument/servers/scpi/scpi_syntax.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace seccm::instrument::servers {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string capitals(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), upper);
  return out;
}

std::vector<std::string_view> split_outside_quotes(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == separator) {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(text.substr(begin));
  return parts;
}

std::string unquoted(std::string_view text) {
  text = trimmed(text);
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.front() == text.back();
  return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

/// A path with what may be left out or added at its root: "SENS1:", "SOUR1:" and "OUTP1:" are without their number, and
/// "CURR:", "VOLT:" and "RES:" are of SENSe.
std::string at_root(std::string path) {
  const std::string root = path.substr(0, path.find(':'));
  const auto one_of = [&](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), root) != words.end();
  };
  if (one_of({"SENS1", "SENSE1", "SOUR1", "SOURCE1", "OUTP1", "OUTPUT1"})) return path.erase(root.size() - 1, 1);
  if (one_of({"CURR", "CURRENT", "VOLT", "VOLTAGE", "RES", "RESISTANCE"})) path.insert(0, "SENS:");
  return path;
}

/// The header as a path from the root; `path` is that of the unit before and becomes that of this one.
std::string resolve(std::string_view header, std::string& path) {
  const bool rooted = header.front() == ':';
  if (rooted) header.remove_prefix(1);
  if (!header.empty() && header.front() == '*') return capitals(header);
  std::string whole = rooted ? capitals(header) : path + capitals(header);
  whole = at_root(whole);
  const std::size_t last = whole.rfind(':');
  path = last == std::string::npos ? "" : whole.substr(0, last + 1);
  return whole;
}

}  // namespace

std::vector<ScpiUnit> parse_message(std::string_view message) {
  std::vector<ScpiUnit> units;
  std::string path;
  for (const std::string_view part : split_outside_quotes(message, ';')) {
    const std::string_view text = trimmed(part);
    if (text.empty()) continue;
    const auto blank = std::find_if(text.begin(), text.end(), is_blank);
    std::string_view header = text.substr(0, static_cast<std::size_t>(blank - text.begin()));
    const std::string_view rest = trimmed(text.substr(header.size()));
    ScpiUnit unit;
    unit.query = header.back() == '?';
    if (unit.query) header.remove_suffix(1);
    if (!header.empty()) unit.header = resolve(header, path);
    if (!rest.empty())
      for (const std::string_view argument : split_outside_quotes(rest, ','))
        unit.arguments.push_back(unquoted(argument));
    units.push_back(std::move(unit));
  }
  return units;
}

ScpiPattern::ScpiPattern(std::string_view pattern) {
  while (!pattern.empty()) {
    Node node;
    node.optional = pattern.front() == '[';
    if (node.optional) pattern.remove_prefix(1);
    if (pattern.front() == ':') pattern.remove_prefix(1);
    const std::size_t end = std::min(pattern.find_first_of("[]:"), pattern.size());
    const std::string_view spelled = pattern.substr(0, end);
    node.whole = capitals(spelled);
    std::copy_if(spelled.begin(), spelled.end(), std::back_inserter(node.brief), [](char c) { return !is_lower(c); });
    nodes_.push_back(std::move(node));
    pattern.remove_prefix(end);
    if (!pattern.empty() && pattern.front() == ']') pattern.remove_prefix(1);
  }
}

bool ScpiPattern::matches(std::string_view header) const {
  for (const Node& node : nodes_) {
    const std::size_t end = std::min(header.find(':'), header.size());
    const std::string_view given = header.substr(0, end);
    if (!given.empty() && (given == node.whole || given == node.brief)) {
      header.remove_prefix(std::min(end + 1, header.size()));
    } else if (!node.optional) {
      return false;
    }
  }
  return header.empty();
}

bool scpi_word(std::string_view text, std::string_view spelled) {
  return ScpiPattern(spelled).matches(capitals(text));
}

}  // namespace seccm::instrument::servers
