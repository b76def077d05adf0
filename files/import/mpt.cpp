#include "files/import/mpt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "files/import/text_table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::int32_t most_header_lines = 100000;

struct MptUnit {
  std::string_view name;
  double factor;
};
constexpr std::array<MptUnit, 1> seconds{{{"s", 1.0}}};
constexpr std::array<MptUnit, 2> volts{{{"V", 1.0}, {"mV", 1e-3}}};
constexpr std::array<MptUnit, 8> amperes{{{"A", 1.0},
                                          {"mA", 1e-3},
                                          {"uA", 1e-6},
                                          {"\xB5"
                                           "A",
                                           1e-6},  // Latin-1, as EC-Lab writes it
                                          {"\xC2\xB5"
                                           "A",
                                           1e-6},
                                          {"\xCE\xBC"
                                           "A",
                                           1e-6},
                                          {"nA", 1e-9},
                                          {"pA", 1e-12}}};

/// Of the file; `factor` makes SI units of its numbers.
struct MptColumn {
  std::size_t place = 0;
  double factor = 0.0;
  [[nodiscard]] bool found() const { return factor != 0.0; }
};

template <std::size_t N>
void recognise(std::string_view label, std::size_t place, std::initializer_list<std::string_view> names,
               const std::array<MptUnit, N>& units, MptColumn& column) {
  const std::size_t slash = label.rfind('/');
  if (column.found() || slash == std::string_view::npos) return;
  if (std::find(names.begin(), names.end(), label.substr(0, slash)) == names.end()) return;
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const MptUnit& u) { return u.name == label.substr(slash + 1); });
  if (unit != units.end()) column = {place, unit->factor};
}

std::size_t header_lines(LineReader& lines, std::string_view name) {
  std::string_view line;
  if (!lines.next(line) || (trimmed(line) != "EC-Lab ASCII FILE" && trimmed(line) != "BT-Lab ASCII FILE")) {
    throw InputError(fmt::format("{}: line 1 is '{}'; accepted is 'EC-Lab ASCII FILE' or 'BT-Lab ASCII FILE'", name,
                                 shown(trimmed(line))));
  }
  constexpr std::string_view key = "Nb header lines";
  if (!lines.next(line) || !trimmed(line).starts_with(key) || line.find(':') == std::string_view::npos) {
    throw InputError(fmt::format("{}: line 2 is '{}'; accepted is 'Nb header lines : N'", name, shown(trimmed(line))));
  }
  return static_cast<std::size_t>(
      whole_number(trimmed(line.substr(line.find(':') + 1)), {name, 2, 1, key}, 3, most_header_lines));
}

std::string with_point(std::string_view cell) {
  std::string text(cell);
  if (const std::size_t comma = text.find(','); comma != std::string::npos) text[comma] = '.';
  return text;
}

}  // namespace

ForeignRecording parse_mpt(std::string_view text, Polarity polarity, std::string_view name) {
  LineReader lines(text);
  const std::size_t header = header_lines(lines, name);
  std::string_view line;
  while (lines.number() < header) {
    if (!lines.next(line)) {
      throw InputError(fmt::format("{}: ends at line {}; accepted is a file with its {} header lines", name,
                                   lines.number(), header));
    }
  }
  const auto labels = split_cells(line, '\t', most_columns, fmt::format("{}: line {}", name, header));
  ForeignRecording out;
  MptColumn time, potential, current;
  std::string others;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const std::string_view label = trimmed(labels[k]);
    recognise(label, k, {"time"}, seconds, time);
    recognise(label, k, {"Ewe", "<Ewe>"}, volts, potential);
    recognise(label, k, {"I", "<I>"}, amperes, current);
    const auto taken = [k](const MptColumn& c) { return c.found() && c.place == k; };
    if (taken(time) || taken(potential) || taken(current) || label.empty()) continue;
    others += (others.empty() ? "" : ", ") + shown(label);
  }
  for (const auto& [column, accepted] : {std::pair{&time, "time/s"}, {&potential, "Ewe/V"}, {&current, "<I>/mA"}}) {
    if (column->found()) continue;
    throw InputError(fmt::format("{}: line {} names no column {}, only '{}'; accepted is a file with it", name, header,
                                 accepted, shown(line)));
  }

  const double sign = sign_of(polarity);
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    const auto cells = split_cells(line, '\t', most_columns, fmt::format("{}: line {}", name, lines.number()));
    if (out.t.size() == most_samples) {
      throw InputError(fmt::format("{}: more than {} samples", name, most_samples));
    }
    const auto value = [&](const MptColumn& column) {
      const CellPlace place{name, lines.number(), column.place + 1, trimmed(labels[column.place])};
      if (column.place >= cells.size()) reject_cell(place, "it is missing", "a line with all columns");
      const std::string_view cell = cells[column.place];
      const std::string pointed = with_point(cell);
      return column.factor * finite_number(is_number(pointed) ? pointed : cell, place);
    };
    out.t.push_back(value(time));
    out.E1.push_back(sign * value(potential));
    out.i1.push_back(sign * value(current));
  }
  if (!out.t.empty()) {
    const double first = out.t.front();
    for (double& t : out.t) t -= first;
  }
  out.format = "BioLogic .mpt";
  out.polarity = polarity;
  out.complete = true;
  out.pixel.assign(out.t.size(), 0);
  if (!others.empty()) out.notes.push_back("left out: columns " + others);
  out.notes.emplace_back("one series without positions: the whole recording is one point");
  require_whole(out, name);
  return out;
}

}  // namespace seccm::files
