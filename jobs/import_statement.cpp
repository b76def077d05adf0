#include "jobs/import_statement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "config/toml_source.hpp"
#include "scenarios/scenario_text.hpp"
#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::jobs {
namespace {

struct Known {
  std::string_view name;
  Dimension dimension;
  double low, high;
  std::string_view unit, accepted;
};
constexpr std::array<Known, 3> known_quantities{{{files::stated_pipette_diameter, Length::dimension, 1e-9, 1e-3, "m",
                                                  "a length, 1 nm to 1 mm, such as \"1.0 +- 0.05 um (SEM)\""},
                                                 {files::stated_area, Area::dimension, 1e-20, 1e-6, "m^2",
                                                  "an area, 1e-20 to 1e-6 m^2, such as \"7.5 +- 0.7 um^2 (SEM)\""},
                                                 {files::stated_particle_radius, Length::dimension, 1e-10, 1e-3, "m",
                                                  "a length, 0.1 nm to 1 mm, such as \"27 +- 4 nm (SEM)\""}}};
constexpr std::string_view reference_offset = "reference_offset",
                           all_known = "pipette_diameter, area, particle_radius or reference_offset";
constexpr std::array<files::ColumnKind, 5> choosable{files::ColumnKind::time, files::ColumnKind::potential,
                                                     files::ColumnKind::current, files::ColumnKind::cycle,
                                                     files::ColumnKind::scan_rate};

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

[[noreturn]] void refuse(std::string_view key, std::string_view text, std::string_view accepted) {
  throw InputError(fmt::format("{} \"{}\": accepted is {}", key, text.substr(0, 80), accepted));
}

struct StatementParts {
  std::string value, error, unit;
  std::string origin;
};

/// "7.48 +- 0.75 um^2 (SEM)"; the error may have a unit of its own, "1 um +- 50 nm".
StatementParts parts_of(std::string_view text) {
  StatementParts out;
  text = without_blanks(text);
  if (const std::size_t open = text.find('('); open != std::string_view::npos && text.ends_with(')')) {
    out.origin = text.substr(open + 1, text.size() - open - 2);
    text = without_blanks(text.substr(0, open));
  }
  std::size_t at = text.find("+-"), length = 2;
  if (at == std::string_view::npos) {
    at = text.find("\xC2\xB1");  // plus-minus sign
    length = 2;
  }
  if (at == std::string_view::npos) {
    out.value = text;
    return out;
  }
  out.value = without_blanks(text.substr(0, at));
  out.error = without_blanks(text.substr(at + length));
  const std::size_t unit = out.error.find_first_of(" ");
  if (out.value.find_first_of(" ") == std::string::npos && unit != std::string::npos)
    out.value += out.error.substr(unit);
  return out;
}

void take_column(std::string_view key, std::string_view name, std::string_view choice, files::ImportOptions& options) {
  const auto kind = std::ranges::find_if(choosable, [&](files::ColumnKind k) { return to_string(k) == name; });
  if (kind == choosable.end() || choice.empty())
    refuse(key, fmt::format("{}={}", name, choice),
           "time, potential, current, cycle or scan_rate = a label, \"label [unit]\" or a number from 1");
  options.columns[*kind] = choice;
}

const std::string& text_of(const config::ValueNode& node, std::string_view key) {
  if (node.kind != config::ValueNode::Kind::text)
    throw InputError(fmt::format("{}: {} is {}; accepted is text in quotes", node.where, key, node.kind_name()));
  return node.text;
}

}  // namespace

Statement parse_statement(std::string_view key, std::string_view text, Dimension dimension, double low, double high,
                          std::string_view accepted) {
  const StatementParts parts = parts_of(text);
  ParsedQuantity value, error;
  try {
    value = parse_quantity(parts.value);
    error = parts.error.empty() ? ParsedQuantity{0.0, dimension} : parse_quantity(parts.error);
  } catch (const InputError&) {
    refuse(key, text, accepted);
  }
  const bool fits = value.dimension == dimension && error.dimension == dimension && value.si >= low &&
                    value.si <= high && error.si >= 0.0 && error.si <= high - low;
  // What can not be zero has an error below itself: anything else says that it is not known.
  if (fits && low > 0.0 && !(error.si < value.si))
    refuse(key, text, fmt::format("{}, with a standard error below the value", accepted));
  if (!fits) refuse(key, text, accepted);
  return {value.si, error.si, parts.origin};
}

void state_known(std::string_view name, std::string_view text, files::ImportOptions& options) {
  if (name == reference_offset) {
    const Statement s = parse_statement(name, text, Potential::dimension, -10.0, 10.0,
                                        "a potential, -10 V to 10 V, such as \"3.05 +- 0.01 V (ferrocene)\"");
    options.reference_offset = s.value;
    options.reference_error = s.standard_error;
    return;
  }
  const auto known = std::ranges::find(known_quantities, name, &Known::name);
  if (known == known_quantities.end()) refuse(name, text, all_known);
  const Statement s = parse_statement(name, text, known->dimension, known->low, known->high, known->accepted);
  std::erase_if(options.stated, [&](const files::StatedQuantity& q) { return q.quantity == name; });
  options.stated.push_back({std::string(name), s.value, s.standard_error, std::string(known->unit),
                            s.origin.empty() ? "the user, who does not say how it was found" : s.origin});
}

void state_columns(std::string_view text, files::ImportOptions& options) {
  while (!text.empty()) {
    const std::size_t end = text.find(',');
    const std::string_view entry = text.substr(0, end);
    const std::size_t equal = entry.find('=');
    if (equal == std::string_view::npos) refuse("--columns", entry, "pairs such as \"time=t [s], current=3 [nA]\"");
    take_column("--columns", without_blanks(entry.substr(0, equal)), without_blanks(entry.substr(equal + 1)), options);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
}

void state_scan_rate(std::string_view key, std::string_view text, files::ImportOptions& options) {
  constexpr std::string_view accepted =
      "a scan rate, above 0 to 1e6 V/s, such as \"100 mV/s\", or one per file, \"20 mV/s, 50 mV/s\"";
  options.scan_rates.clear();
  for (std::string_view rest = text;;) {
    const std::size_t end = rest.find(',');
    const ParsedQuantity rate = [&] {
      try {
        return parse_quantity(without_blanks(rest.substr(0, end)));
      } catch (const InputError&) {
        refuse(key, text, accepted);
      }
    }();
    if (rate.dimension != ScanRate::dimension || !(rate.si > 0.0) || rate.si > 1e6) refuse(key, text, accepted);
    options.scan_rates.push_back(rate.si);
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + 1);
  }
}

void state_polarity(std::string_view key, std::string_view text, files::ImportOptions& options) {
  options.polarity = files::polarity_named(text);
  if (!options.polarity) refuse(key, text, "iupac, wec-spm or cathodic-positive");
}

namespace {

void take_known(const config::ValueEntry& known, files::ImportOptions& options) {
  if (known.key != reference_offset &&
      std::ranges::find(known_quantities, known.key, &Known::name) == known_quantities.end())
    throw InputError(
        fmt::format("{}: unknown key '{}' of [known]; accepted are {}", known.value.where, known.key, all_known));
  const std::string& text = text_of(known.value, known.key);
  try {
    state_known(known.key, text, options);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", known.value.where, error.what()));
  }
}

}  // namespace

void read_import_statements(const std::filesystem::path& path, files::ImportOptions& options) {
  const config::ValueNode root = config::parse_toml(scenarios::read_text_file(path), path.string());
  for (const config::ValueEntry& entry : root.entries) {
    const config::ValueNode& node = entry.value;
    const std::string place = fmt::format("{}: {}", node.where, entry.key);
    const bool table = node.kind == config::ValueNode::Kind::table;
    if (entry.key == "polarity") {
      state_polarity(place, text_of(node, entry.key), options);
    } else if (entry.key == "scan_rate") {
      state_scan_rate(place, text_of(node, entry.key), options);
    } else if (entry.key == "columns" && table) {
      for (const config::ValueEntry& column : node.entries)
        take_column(column.value.where, column.key, text_of(column.value, column.key), options);
    } else if (entry.key == "known" && table) {
      for (const config::ValueEntry& known : node.entries) take_known(known, options);
    } else {
      throw InputError(fmt::format("{}: unknown key '{}'; accepted are polarity, scan_rate, [columns] and [known]",
                                   node.where, entry.key));
    }
  }
}

}  // namespace seccm::jobs
