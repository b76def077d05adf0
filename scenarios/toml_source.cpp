#include "scenarios/toml_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>

#include "sim/error.hpp"

// toml++ 3.3 states some properties of its input as assertions (a line that begins with "[[[" breaks one), which abort
// a debug build and are undefined behaviour in a release build. Input is hostile: they throw here, in every build.
namespace {
struct MalformedToml : std::logic_error {
  using std::logic_error::logic_error;
};
[[noreturn]] void refuse_malformed() {
  throw MalformedToml("malformed text");
}
}  // namespace
#undef NDEBUG
#define TOML_ASSERT(expression) (static_cast<bool>(expression) ? static_cast<void>(0) : refuse_malformed())
#include <toml++/toml.h>

namespace seccm::scenarios {
namespace {

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return fmt::format("{}", value);
}

/// How places are named: "file:line", or the same for all ("--set").
struct Places {
  std::string name;
  bool lines = true;
  [[nodiscard]] std::string of(const toml::node& node) const {
    return lines && node.source().begin.line > 0 ? fmt::format("{}:{}", name, node.source().begin.line) : name;
  }
};

ValueNode convert(const toml::node& node, const Places& places);

/// The library sorts keys by name; errors shall follow the file.
void convert_entries(const toml::table& table, const Places& places, ValueNode& out) {
  std::vector<std::pair<toml::source_position, std::string>> order;
  for (const auto& [key, value] : table) order.emplace_back(key.source().begin, std::string(key.str()));
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [position, key] : order) {
    ValueNode child = convert(*table.get(key), places);
    if (places.lines && position.line > 0) child.where = fmt::format("{}:{}", places.name, position.line);
    out.entries.push_back({key, std::move(child)});
  }
}

ValueNode convert(const toml::node& node, const Places& places) {
  ValueNode out;
  out.where = places.of(node);
  if (const auto* table = node.as_table()) {
    convert_entries(*table, places, out);
  } else if (const auto* list = node.as_array()) {
    out.kind = ValueNode::Kind::list;
    for (const auto& item : *list) out.items.push_back(convert(item, places));
  } else if (const auto* text = node.as_string()) {
    out.kind = ValueNode::Kind::text;
    out.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    out.kind = ValueNode::Kind::integer;
    out.integer = integer->get();
    out.real = static_cast<double>(out.integer);
    out.text = fmt::format("{}", out.integer);
  } else if (const auto* real = node.as_floating_point()) {
    out.kind = ValueNode::Kind::real;
    out.real = real->get();
    out.text = number_text(out.real);
  } else if (const auto* boolean = node.as_boolean()) {
    out.kind = ValueNode::Kind::boolean;
    out.text = boolean->get() ? "true" : "false";
  } else {
    out.kind = ValueNode::Kind::other;
    out.text = "a date or time";
  }
  return out;
}

}  // namespace

std::string read_text_file(const std::filesystem::path& path) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (code || !std::filesystem::exists(status)) {
    throw InputError(fmt::format("{}: no such file; `seccm list scenarios` shows the ready-made ones", path.string()));
  }
  if (std::filesystem::is_directory(status)) {
    throw InputError(fmt::format("{}: is a directory; a scenario file (*.toml) is accepted", path.string()));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(fmt::format("{}: can not be opened for reading", path.string()));
  std::string text(max_scenario_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) throw InputError(fmt::format("{}: can not be read", path.string()));
  if (text.size() > max_scenario_bytes) {
    throw InputError(
        fmt::format("{}: larger than {} bytes: this is not a scenario file", path.string(), max_scenario_bytes));
  }
  return text;
}

ValueNode parse_toml(std::string_view text, const std::string& name) {
  try {
    return convert(toml::parse(text, name), {name, true});
  } catch (const toml::parse_error& error) {
    throw InputError(fmt::format("{}:{}: not valid TOML: {}", name, error.source().begin.line, error.description()));
  } catch (const MalformedToml& error) {
    throw InputError(fmt::format("{}: not valid TOML: {}", name, error.what()));
  }
}

std::optional<ValueNode> parse_toml_value(std::string_view text, const std::string& where) {
  if (text.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
  try {
    const toml::table table = toml::parse(fmt::format("value = {}", text));
    return convert(*table.get("value"), {where, false});
  } catch (const toml::parse_error&) {
    return std::nullopt;
  } catch (const MalformedToml&) {
    return std::nullopt;
  }
}

}  // namespace seccm::scenarios
