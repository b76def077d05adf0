#include "files/import/gamry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "files/import/table_layout.hpp"
#include "files/import/table_rows.hpp"
#include "files/import/text_table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

struct GamryHeader {
  std::string technique;
  StatedPolarity signs;
  std::size_t table = 0;  ///< line of the first CURVE, from 1; 0: there is none
};

/// "CONVENTION TAB IQUANT TAB 1 TAB Current Convention"
StatedPolarity signs_of(std::string_view line) {
  const auto cells = cells_of(line, '\t', "the header");
  const std::string_view value = cells.size() > 2 ? trimmed(cells[2]) : std::string_view();
  if (value == "1") return {Polarity::iupac, "CONVENTION is 1, anodic currents positive"};
  if (value == "0") return {Polarity::cathodic_positive, "CONVENTION is 0, cathodic currents positive"};
  return {};
}

GamryHeader read_header(std::string_view text) {
  GamryHeader out;
  LineReader lines(text);
  for (std::string_view line; out.table == 0 && lines.next(line);) {
    if (line.starts_with("TAG\t")) out.technique = trimmed(line.substr(4));
    if (line.starts_with("CONVENTION\t")) out.signs = signs_of(line);
    if (line.starts_with("CURVE") && line.find("TABLE") != std::string_view::npos) out.table = lines.number();
    if (line.starts_with("ZCURVE")) break;
  }
  return out;
}

[[noreturn]] void refuse(std::string_view name, const GamryHeader& header, std::string_view why) {
  throw InputError(
      fmt::format("{}: holds no voltammogram (technique '{}', {}); accepted is a file of a sweep of the potential",
                  name, shown(header.technique), why));
}

/// The columns of its first CURVE.
void require_voltammetry(std::string_view text, const GamryHeader& header, std::string_view name) {
  const std::vector<std::string> labels = find_table(text, header.table, std::string(name)).labels;
  for (const ColumnKind kind : {ColumnKind::potential, ColumnKind::current}) {
    const bool there = std::ranges::any_of(labels, [kind](const std::string& label) {
      const auto meaning = meaning_of(label);
      return meaning && meaning->kind == kind;
    });
    if (!there && !labels.empty()) refuse(name, header, fmt::format("no {} in its table CURVE", to_string(kind)));
  }
}

}  // namespace

bool is_gamry(std::string_view text) {
  return trimmed(text.substr(0, text.find('\n'))) == "EXPLAIN";
}

ForeignRecording parse_gamry(std::string_view text, PlainTableOptions options, std::string_view name) {
  const GamryHeader header = read_header(text);
  if (header.table == 0) refuse(name, header, "no table CURVE");
  if (options.columns.empty()) require_voltammetry(text, header, name);
  options.format = "Gamry .DTA";
  options.begin = header.table;
  options.stated = header.signs;
  options.one_measurement = true;
  ForeignRecording out = parse_plain_table(text, options, name);
  out.notes.push_back(fmt::format("technique '{}'", shown(header.technique)));
  return out;
}

}  // namespace seccm::files
