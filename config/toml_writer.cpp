#include "config/toml_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/parameter_table.hpp"
#include "config/parameter_text.hpp"

namespace seccm::config {

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string toml_quantity(const ParameterInfo& info, Dimension dimension, double si) {
  const std::string text = exact_text(si, info.unit, dimension);
  const bool bare = unitless(info, dimension) && text.find(' ') == std::string::npos;
  if (!bare) return toml_text(text);
  // TOML knows 1 as an integer; a dimensionless quantity is read from either.
  return text;
}

std::string toml_quantities(const ParameterInfo& info, Dimension dimension, const std::vector<double>& si) {
  std::string all = "[";
  for (std::size_t i = 0; i < si.size(); ++i) all += (i > 0 ? ", " : "") + toml_quantity(info, dimension, si[i]);
  return all + "]";
}

std::string one_of(std::span<const std::string_view> names) {
  std::string all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) all += i + 1 == names.size() ? " or " : ", ";
    all += names[i];
  }
  return all;
}

std::string write_toml(const std::function<void(ParameterVisitor&)>& visit, std::span<const std::string_view> without) {
  const ParameterTable table = collect_parameters(visit);
  const auto left_out = [without](std::string_view section) {
    return std::any_of(without.begin(), without.end(), [section](std::string_view name) {
      return section == name || (section.starts_with(name) && section.substr(name.size()).starts_with("."));
    });
  };
  std::string out;
  // Keys of the top level come first whatever their order: behind a section header they would belong to it.
  const auto write_section = [&](std::string_view section) {
    for (const ParameterRow& row : table.rows) {
      if (row.section == section && !left_out(row.path)) out += fmt::format("{} = {}\n", row.key, row.value);
    }
  };
  write_section("");
  for (const SectionRow& section : table.sections) {
    const bool empty = std::all_of(table.rows.begin(), table.rows.end(), [&](const ParameterRow& row) {
      return row.section != section.path || left_out(row.path);
    });
    if (empty || left_out(section.path)) continue;
    out += fmt::format("\n[{}]\n", section.path);
    write_section(section.path);
  }
  return out;
}

}  // namespace seccm::config
