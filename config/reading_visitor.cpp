#include "config/reading_visitor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "config/parameter_text.hpp"
#include "config/spelling.hpp"
#include "config/toml_writer.hpp"
#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::config {
namespace {

using Kind = ValueNode::Kind;

[[noreturn]] void reject(const ValueNode& node, const std::string& path, const std::string& what,
                         const std::string& accepted) {
  throw InputError(fmt::format("{}: {} = {}: {}; accepted {}", node.where, path, node.shown(), what, accepted));
}

std::string with_default(const std::string& accepted, const std::string& value, const ParameterInfo& info) {
  return fmt::format("{} (default {}; {})", accepted, value, origin_of(info));
}

bool is_number(const ValueNode& node) {
  return node.kind == Kind::integer || node.kind == Kind::real;
}

/// A string that holds a number and nothing behind it.
bool bare_number_text(std::string_view text) {
  return text.find_first_not_of("0123456789+-.eE \t") == std::string_view::npos;
}

}  // namespace

ReadingVisitor::ReadingVisitor(const ValueNode& root, std::vector<std::string> known_paths)
    : known_paths_(std::move(known_paths)) {
  levels_.push_back({&root, "", {}});
}

std::string ReadingVisitor::path_of(std::string_view key) const {
  return levels_.back().path.empty() ? std::string(key) : levels_.back().path + "." + std::string(key);
}

const ValueNode* ReadingVisitor::take(std::string_view key) {
  levels_.back().declared.emplace_back(key);
  return levels_.back().table == nullptr ? nullptr : levels_.back().table->find(key);
}

void ReadingVisitor::begin_section(std::string_view key, std::string_view /*text*/) {
  const std::string path = path_of(key);
  const ValueNode* node = take(key);
  if (node != nullptr && node->kind != Kind::table) {
    reject(*node, path, fmt::format("is {}, not a section", node->kind_name()), fmt::format("[{}] with keys", path));
  }
  levels_.push_back({node, path, {}});
}

void ReadingVisitor::end_section() {
  reject_unknown(levels_.back());
  levels_.pop_back();
}

void ReadingVisitor::finish() {
  reject_unknown(levels_.front());
}

std::string ReadingVisitor::hint(const Level& level, const std::string& key) const {
  if (const auto near = nearest(key, level.declared)) {
    return fmt::format("did you mean \"{}\"?", level.path.empty() ? *near : level.path + "." + *near);
  }
  for (const std::string& path : known_paths_) {
    if (path.ends_with("." + key)) return fmt::format("did you mean \"{}\"?", path);
  }
  if (level.declared.size() > 24) {
    return fmt::format("`seccm explain {}` lists what is known there", level.path.empty() ? "--all" : level.path);
  }
  return fmt::format("known there: {}", fmt::join(level.declared, ", "));
}

void ReadingVisitor::reject_unknown(const Level& level) const {
  if (level.table == nullptr) return;
  for (const auto& [key, node] : level.table->entries) {
    if (std::find(level.declared.begin(), level.declared.end(), key) != level.declared.end()) continue;
    const std::string path = level.path.empty() ? key : level.path + "." + key;
    throw InputError(fmt::format("{}: {} = {}: unknown {}; {}", node.where, path, node.shown(),
                                 node.kind == Kind::table ? "section" : "key", hint(level, key)));
  }
}

double ReadingVisitor::parse_one(const ValueNode& node, const ParameterInfo& info, Dimension dimension,
                                 const std::string& path, const std::string& accepted) const {
  const bool bare_is_fine = unitless(info, dimension);
  const bool bare = is_number(node) || (node.kind == Kind::text && bare_number_text(node.text));
  if (bare && !bare_is_fine) {
    reject(node, path,
           fmt::format("a number without its unit; write \"{} {}\" if that is what is meant", node.text, info.unit),
           accepted);
  }
  double si = node.real;
  if (node.kind == Kind::text) {
    ParsedQuantity parsed;
    try {
      parsed = parse_quantity(node.text);
    } catch (const InputError& error) {
      reject(node, path, error.what(), accepted);
    }
    if (parsed.dimension != dimension) {
      reject(node, path,
             fmt::format("wrong unit: has the dimension of {}, not of {}", to_string(parsed.dimension), info.unit),
             accepted);
    }
    si = parsed.si;
  } else if (!is_number(node)) {
    reject(node, path, fmt::format("is {}, not a quantity", node.kind_name()), accepted);
  }
  if (!std::isfinite(si)) reject(node, path, "not finite", accepted);
  if (!in_range(info, si)) reject(node, path, "out of range", accepted);
  return si;
}

void ReadingVisitor::quantity(const ParameterInfo& info, Dimension dimension, double& si) {
  const ValueNode* node = take(info.key);
  if (node == nullptr) return;
  const std::string accepted = with_default(accepted_range(info), readable_text(si, info.unit, dimension), info);
  si = parse_one(*node, info, dimension, path_of(info.key), accepted);
}

void ReadingVisitor::quantities(const ParameterInfo& info, Dimension dimension, std::vector<double>& si) {
  const ValueNode* node = take(info.key);
  if (node == nullptr) return;
  const std::string path = path_of(info.key);
  const std::string accepted = with_default(fmt::format("a list in [ ], each {}", accepted_range(info)),
                                            toml_quantities(info, dimension, si), info);
  if (node->kind != Kind::list) reject(*node, path, fmt::format("is {}, not a list", node->kind_name()), accepted);
  std::vector<double> values;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    values.push_back(parse_one(node->items[i], info, dimension, fmt::format("{}[{}]", path, i), accepted));
  }
  si = std::move(values);
}

void ReadingVisitor::integer(const ParameterInfo& info, long long& value) {
  const ValueNode* node = take(info.key);
  if (node == nullptr) return;
  const std::string accepted = with_default(accepted_integers(info), fmt::format("{}", value), info);
  const std::string path = path_of(info.key);
  if (node->kind != Kind::integer) {
    reject(*node, path, fmt::format("is {}, not a whole number", node->kind_name()), accepted);
  }
  const auto as_double = static_cast<double>(node->integer);
  if (as_double < info.low || as_double > info.high) reject(*node, path, "out of range", accepted);
  value = node->integer;
}

void ReadingVisitor::boolean(const ParameterInfo& info, bool& value) {
  const ValueNode* node = take(info.key);
  if (node == nullptr) return;
  if (node->kind != Kind::boolean) {
    reject(*node, path_of(info.key), fmt::format("is {}", node->kind_name()),
           with_default("true or false", value ? "true" : "false", info));
  }
  value = node->text == "true";
}

void ReadingVisitor::text(const ParameterInfo& info, std::string& value) {
  const ValueNode* node = take(info.key);
  if (node == nullptr) return;
  const bool shell_word = node->from_override && (is_number(*node) || node->kind == Kind::boolean);
  if (node->kind != Kind::text && !shell_word) {
    reject(*node, path_of(info.key), fmt::format("is {}, not text", node->kind_name()),
           with_default("text in quotes", toml_text(value), info));
  }
  value = node->text;
}

void ReadingVisitor::choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) {
  const ValueNode* node = take(info.key);
  if (node == nullptr) return;
  const std::string accepted = with_default(one_of(names), std::string(names[static_cast<std::size_t>(index)]), info);
  if (node->kind != Kind::text) {
    reject(*node, path_of(info.key), fmt::format("is {}, not a name", node->kind_name()), accepted);
  }
  const auto at = std::find(names.begin(), names.end(), node->text);
  if (at == names.end()) {
    const std::vector<std::string> known(names.begin(), names.end());
    const auto near = nearest(node->text, known);
    reject(*node, path_of(info.key), near ? fmt::format("unknown name, did you mean \"{}\"?", *near) : "unknown name",
           accepted);
  }
  index = static_cast<int>(at - names.begin());
}

}  // namespace seccm::config
