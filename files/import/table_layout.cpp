#include "files/import/table_layout.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "files/import/absolute_time.hpp"
#include "files/import/column_names.hpp"
#include "files/import/table_rows.hpp"
#include "files/import/text_table.hpp"

namespace seccm::files {
namespace {

constexpr std::size_t most_preamble = 5000;
constexpr std::array<char, 4> separators{'\t', ';', ',', ' '};

std::vector<std::string> first_lines(std::string_view text) {
  std::vector<std::string> out;
  LineReader lines(text);
  for (std::string_view line; out.size() < most_preamble + 2 && lines.next(line);) out.emplace_back(line);
  return out;
}

struct Start {
  char separator = ',';
  std::size_t line = 0;  // from 1
  std::size_t cells = 0, foreign = 0;
};

std::size_t next_filled(const std::vector<std::string>& lines, std::size_t k) {
  while (k < lines.size() && trimmed(lines[k]).empty()) ++k;
  return k;
}

std::optional<Start> start_with(char separator, const std::vector<std::string>& lines, std::size_t begin,
                                const std::string& name) {
  for (std::size_t k = begin; k < lines.size(); ++k) {
    const auto foreign = foreign_cells(lines[k], separator, name);
    if (!foreign) continue;
    const std::size_t cells = cells_of(lines[k], separator, name).size();
    const std::size_t next = next_filled(lines, k + 1);
    const bool goes_on = next == lines.size() || (foreign_cells(lines[next], separator, name) &&
                                                  cells_of(lines[next], separator, name).size() == cells);
    if (goes_on) return Start{separator, k + 1, cells, *foreign};
  }
  return std::nullopt;
}

std::vector<std::string> texts_of(std::string_view line, char separator, const std::string& name) {
  std::vector<std::string> out;
  for (const std::string_view cell : cells_of(line, separator, name)) out.emplace_back(trimmed(cell));
  return out;
}

/// Labels may follow each other with another separator than the numbers ("Potential/V, Current/A").
std::vector<std::string> labels_of(std::string_view line, const Start& start, const std::string& name) {
  std::vector<std::string> best;
  for (const char separator : {start.separator, '\t', ';', ','}) {
    std::vector<std::string> labels = texts_of(line, separator, name);
    if (labels.size() == start.cells) return labels;
    if (labels.size() > best.size()) best = std::move(labels);
  }
  return best;
}

bool names_units_only(const std::vector<std::string>& labels) {
  const auto units = std::ranges::count_if(labels, [](const std::string& text) { return is_unit(text); });
  return units >= 2 && std::ranges::none_of(labels, [](const std::string& text) {
           const auto meaning = meaning_of(text);
           return meaning && meaning->rank < 2;
         });
}

std::size_t filled_above(const std::vector<std::string>& lines, std::size_t line, std::size_t begin) {
  while (line > begin && trimmed(lines[line - 1]).empty()) --line;
  return line;  // from 1; `begin`: none
}

}  // namespace

std::optional<std::size_t> foreign_cells(std::string_view line, char separator, const std::string& name) {
  const bool comma = separator != ',';
  std::size_t numbers = 0, others = 0;
  for (const std::string_view cell : cells_of(line, separator, name)) {
    if (is_no_value(cell)) continue;
    const bool number = is_number(cell, comma);
    if (!number && numbers + others == 0 && !parse_moment(cell)) return std::nullopt;
    numbers += number ? 1 : 0;
    others += number ? 0 : 1;
  }
  if (numbers < 2 || others > numbers) return std::nullopt;
  return others;
}

TableLayout find_table(std::string_view text, std::size_t begin, const std::string& name) {
  const std::vector<std::string> lines = first_lines(text);
  std::optional<Start> start;
  for (const char separator : separators) {
    const auto found = start_with(separator, lines, begin, name);
    if (!found) continue;
    const bool cleaner = !start || found->foreign < start->foreign;
    if (cleaner || (found->foreign == start->foreign && found->cells > start->cells)) start = found;
  }
  TableLayout out;
  if (!start) return out;
  out.separator = start->separator;
  out.first_row = start->line;
  std::size_t above = filled_above(lines, start->line - 1, begin);
  if (above > begin) {
    out.labels = labels_of(lines[above - 1], *start, name);
    --above;
    if (names_units_only(out.labels) && above > begin) {
      const auto names = texts_of(lines[above - 1], start->separator, name);
      if (names.size() == out.labels.size() &&
          std::ranges::any_of(names, [](const std::string& column) { return meaning_of(column).has_value(); })) {
        for (std::size_t k = 0; k < names.size(); ++k)
          out.labels[k] = is_unit(out.labels[k]) ? names[k] + " (" + out.labels[k] + ")" : names[k];
        --above;
      }
    }
  }
  out.preamble.assign(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(std::min(above, lines.size())));
  return out;
}

double stated_scan_rate(const std::vector<std::string>& preamble) {
  for (const std::string& line : preamble) {
    std::string lower = line.substr(0, 200);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (lower.find("scan rate") == std::string::npos && lower.find("scanrate") == std::string::npos) continue;
    const double factor = lower.find("mv/s") != std::string::npos  ? 1e-3
                          : lower.find("v/s") != std::string::npos ? 1.0
                                                                   : 0.0;
    std::ranges::replace(lower, '=', ' ');
    std::ranges::replace(lower, ':', ' ');
    for (const std::string_view cell : cells_of(lower, ' ', "the preamble"))
      if (is_number(cell, true)) return factor * finite_number(cell, {}, true);
  }
  return 0.0;
}

}  // namespace seccm::files
