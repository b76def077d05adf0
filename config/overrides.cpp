#include "config/overrides.hpp"

#include <fmt/format.h>

#include "config/toml_source.hpp"
#include "sim/error.hpp"

namespace seccm::config {
namespace {

constexpr const char* kOrigin = "--set";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

ValueNode plain_text(std::string_view text) {
  ValueNode node;
  node.kind = ValueNode::Kind::text;
  node.text = text;
  node.where = kOrigin;
  return node;
}

ValueNode bare_list(std::string_view inside) {
  ValueNode list;
  list.kind = ValueNode::Kind::list;
  list.where = kOrigin;
  while (!trim(inside).empty()) {
    const auto comma = inside.find(',');
    list.items.push_back(plain_text(trim(inside.substr(0, comma))));
    inside = comma == std::string_view::npos ? std::string_view{} : inside.substr(comma + 1);
  }
  return list;
}

ValueNode value_of(std::string_view text) {
  if (auto node = parse_toml_value(text, kOrigin); node && node->kind != ValueNode::Kind::other)
    return *std::move(node);
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') return bare_list(text.substr(1, text.size() - 2));
  return plain_text(text);
}

}  // namespace

void apply_override(ValueNode& root, std::string_view assignment) {
  const auto equals = assignment.find('=');
  const std::string_view path = trim(assignment.substr(0, equals));
  if (equals == std::string_view::npos || path.empty()) {
    throw InputError(
        fmt::format("--set \"{}\": write section.key=value, for example --set pipette.diameter=\"2 um\"", assignment));
  }
  ValueNode* table = &root;
  std::string_view rest = path;
  for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    const std::string_view part = rest.substr(0, dot);
    ValueNode* child = table->find(part);
    if (child == nullptr) {
      ValueNode section;
      section.where = kOrigin;
      section.from_override = true;
      table->entries.push_back({std::string(part), std::move(section)});
      child = &table->entries.back().value;
    }
    if (child->kind != ValueNode::Kind::table) {
      throw InputError(fmt::format("--set {}: \"{}\" is {}, not a section", path, part, child->kind_name()));
    }
    table = child;
    rest = rest.substr(dot + 1);
  }
  if (rest.empty()) throw InputError(fmt::format("--set {}: the key behind the last dot is missing", path));
  ValueNode value = value_of(trim(assignment.substr(equals + 1)));
  value.from_override = true;
  if (ValueNode* existing = table->find(rest)) {
    *existing = std::move(value);
  } else {
    table->entries.push_back({std::string(rest), std::move(value)});
  }
}

}  // namespace seccm::config
