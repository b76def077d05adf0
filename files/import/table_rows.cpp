#include "files/import/table_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace seccm::files {

std::vector<std::string_view> cells_of(std::string_view line, char separator, const std::string& where) {
  if (separator != ' ') {
    auto cells = split_cells(line, separator, most_columns, where);
    for (std::string_view& cell : cells) {
      const std::string_view text = trimmed(cell);
      if (text.size() > 1 && text.front() == '"' && text.back() == '"') cell = text.substr(1, text.size() - 2);
    }
    return cells;
  }
  std::vector<std::string_view> cells;
  for (std::string_view rest = trimmed(line); !rest.empty();) {
    const std::size_t end = rest.find_first_of(" \t");
    if (cells.size() == most_columns) (void)split_cells(line, ' ', most_columns, where);
    cells.push_back(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : trimmed(rest.substr(end));
  }
  return cells;
}

TableRows::TableRows(std::string_view file, char separator, std::vector<TableColumn> columns)
    : file_(file), separator_(separator), columns_(std::move(columns)) {
  for (const TableColumn& column : columns_) cells_ = std::max(cells_, column.place + 1);
}

void TableRows::Lost::add(std::size_t line) {
  if (rows++ == 0) first_line = line;
}

// A row that nothing ends is whole only if it looks like the others.
bool TableRows::cut(std::string_view line, const LineReader& lines, std::size_t cells) const {
  return lines.open_ended() && (cells < cells_ || line.size() < shortest_);
}

bool TableRows::read(std::string_view line, const LineReader& lines, std::vector<double>& values) {
  const auto cells = cells_of(line, separator_, fmt::format("{}: line {}", file_, lines.number()));
  values.clear();
  if (cut(line, lines, cells.size())) return cut_.add(lines.number()), false;
  const bool comma = separator_ != ',';
  for (const TableColumn& column : columns_) {
    const CellPlace place{file_, lines.number(), column.place + 1, column.name};
    if (column.place >= cells.size()) reject_cell(place, "it is missing", "a line with all columns");
    const std::string_view cell = cells[column.place];
    if (is_no_value(cell)) return no_value_.add(lines.number()), false;
    if (lines.open_ended() && !is_number(cell, comma)) return cut_.add(lines.number()), false;
    values.push_back(column.factor * finite_number(cell, place, comma));
  }
  shortest_ = shortest_ == 0 ? line.size() : std::min(shortest_, line.size());
  return true;
}

void TableRows::repeated(std::size_t line) {
  repeated_.add(line);
}

void TableRows::add_notes(std::vector<std::string>& notes) const {
  const auto say = [&](const Lost& lost, const char* why) {
    if (lost.rows > 0)
      notes.push_back(fmt::format("{} row{} lost ({}), first in line {}", lost.rows, lost.rows == 1 ? "" : "s", why,
                                  lost.first_line));
  };
  say(no_value_, "a cell holds no number");
  say(repeated_, "the time of the row before again");
  say(cut_, "the file ends in it");
}

}  // namespace seccm::files
