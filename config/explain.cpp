#include "config/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/spelling.hpp"
#include "sim/error.hpp"

namespace seccm::config {
namespace {

std::string describe(const ParameterRow& row) {
  std::string out = fmt::format("{}\n  {}\n", row.path, row.text.empty() ? std::string("(no description)") : row.text);
  out += fmt::format("  default   {}\n", row.shown);
  out += fmt::format("  accepted  {}\n", row.accepted);
  if (!row.unit.empty() && row.kind != ParameterRow::Kind::text && row.kind != ParameterRow::Kind::choice) {
    out += fmt::format("  unit      any unit of the dimension of {}\n", row.unit);
  }
  out += fmt::format("  source    {}\n", row.source.empty() ? std::string("-") : row.source);
  out += fmt::format("  grade     {} ({})\n", row.grade, grade_meaning(row.grade));
  return out;
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

void append_rows(const ParameterTable& table, std::string_view section, std::string& out) {
  out += "| Key | Default | Accepted | Grade, source | Meaning |\n|---|---|---|---|---|\n";
  for (const ParameterRow& row : table.rows) {
    if (row.section != section) continue;
    out += fmt::format("| `{}` | `{}` | {} | {}{} | {} |\n", row.key, cell(row.shown), cell(row.accepted), row.grade,
                       row.source.empty() ? std::string() : ", " + cell(row.source), cell(row.text));
  }
  out += '\n';
}

[[noreturn]] void reject(const ParameterTable& table, std::string_view key) {
  std::vector<std::string> names = table.paths();
  for (const SectionRow& section : table.sections) names.push_back(section.path);
  std::vector<std::string> keys;
  for (const ParameterRow& row : table.rows) keys.push_back(row.key);
  std::string hint = "`seccm explain --all` lists every parameter";
  if (const auto near = nearest(key, names)) {
    hint = fmt::format("did you mean \"{}\"?", *near);
  } else if (const auto near_key = nearest(key, keys)) {
    const auto row = std::find_if(table.rows.begin(), table.rows.end(),
                                  [&](const ParameterRow& candidate) { return candidate.key == *near_key; });
    hint = fmt::format("did you mean \"{}\"?", row->path);
  }
  throw InputError(fmt::format("explain \"{}\": no such parameter or section; {}", key, hint));
}

}  // namespace

std::string_view grade_meaning(char grade) {
  switch (grade) {
    case 'V':
      return "verified: read in the cited text or data";
    case 'C':
      return "computed from verified numbers";
    case 'R':
      return "recalled from the literature, not checked";
    case 'P':
      return "the reference measurement, Tetteh et al. 2023";
    case 'S':
      return "standard: a constant of nature or a definition";
    default:
      return "a design choice of this twin or protocol";
  }
}

std::string explain(const ParameterTable& table, std::string_view key) {
  if (const ParameterRow* row = table.find(key)) return describe(*row);
  std::string out;
  const auto section = std::find_if(table.sections.begin(), table.sections.end(),
                                    [key](const SectionRow& candidate) { return candidate.path == key; });
  if (section != table.sections.end()) out += fmt::format("[{}]  {}\n\n", section->path, section->text);
  for (const ParameterRow& row : table.rows) {
    if (row.section == key || row.section.starts_with(std::string(key) + ".") || row.key == key) {
      out += describe(row) + "\n";
    }
  }
  if (out.empty()) reject(table, key);
  return out;
}

std::string explain_all(const ParameterTable& table) {
  std::string out;
  for (const ParameterRow& row : table.rows) {
    out += fmt::format("{:<38} {}  [{}; {}{}]  {}\n", row.path, row.shown, row.accepted, row.grade,
                       row.source.empty() ? std::string() : ", " + row.source, row.text);
  }
  return out;
}

std::string reference_markdown(const ParameterTable& table) {
  std::string out =
      "# Scenario reference\n\n"
      "Every key that a scenario file may hold, with its default. This page is written by\n"
      "`seccm explain --all --markdown` from the declarations in the sources; a test fails when it is out of date.\n\n"
      "Values with a unit are strings, `\"50 mV/s\"`; any unit of the right dimension is accepted. Numbers without a "
      "unit\n"
      "are bare. A list stands in brackets, `[\"20 mV/s\", \"50 mV/s\"]`. Any key can be given on the command line as\n"
      "`--set section.key=value`.\n\n"
      "Grades: V verified in the cited source, C computed from verified numbers, R recalled and not checked, P the\n"
      "reference measurement (Tetteh et al. 2023), S standard constant or definition, D design choice.\n\n"
      "## Top level\n\n";
  append_rows(table, "", out);
  for (const SectionRow& section : table.sections) {
    out += fmt::format("## [{}]\n\n{}.\n\n", section.path, section.text);
    append_rows(table, section.path, out);
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace seccm::config
