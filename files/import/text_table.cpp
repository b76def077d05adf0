#include "files/import/text_table.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "sim/error.hpp"

namespace seccm::files {
namespace {

std::optional<double> parsed(std::string_view cell, bool comma) {
  cell = trimmed(cell);
  if (const std::size_t at = cell.find(','); comma && at != std::string_view::npos) {
    if (cell.find('.') != std::string_view::npos || cell.size() > 60) return std::nullopt;
    std::string pointed(cell);
    pointed[at] = '.';
    return parsed(pointed, false);
  }
  if (cell.size() > 1 && cell.front() == '+' && cell[1] != '-') cell.remove_prefix(1);
  double value = 0.0;
  const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (cell.empty() || code != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

}  // namespace

bool LineReader::next(std::string_view& line) {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find('\n');
  line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  open_ended_ = end == std::string_view::npos;
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++number_;
  return true;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<std::string_view> split_cells(std::string_view line, char separator, std::size_t most,
                                          const std::string& where) {
  std::vector<std::string_view> cells;
  for (;;) {
    const std::size_t end = line.find(separator);
    if (cells.size() == most) throw InputError(fmt::format("{}: more than {} cells", where, most));
    cells.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

void reject_cell(const CellPlace& place, const std::string& what, const std::string& accepted) {
  const std::string name = place.name.empty() ? std::string() : fmt::format(" ({})", shown(place.name));
  throw InputError(fmt::format("{}: line {}, column {}{}: {}; accepted is {}", place.file, place.line, place.column,
                               name, what, accepted));
}

double finite_number(std::string_view cell, const CellPlace& place, bool comma) {
  const auto value = parsed(cell, comma);
  if (!value)
    reject_cell(place, fmt::format("'{}' is no finite number", shown(cell)), "a decimal number such as -1.25e-3");
  return *value;
}

std::int32_t whole_number(std::string_view cell, const CellPlace& place, std::int32_t low, std::int32_t high) {
  const auto value = parsed(cell, false);
  if (!value || *value != std::floor(*value) || *value < low || *value > high)
    reject_cell(place, fmt::format("'{}'", shown(cell)), fmt::format("a whole number, {} to {}", low, high));
  return static_cast<std::int32_t>(*value);
}

bool is_number(std::string_view cell, bool comma) {
  return parsed(cell, comma).has_value();
}

bool is_no_value(std::string_view cell) {
  std::string text;
  for (const char c : trimmed(cell).substr(0, 12)) text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::string_view bare =
      text.starts_with('-') || text.starts_with('+') ? std::string_view(text).substr(1) : text;
  return bare.empty() || bare == "nan" || bare == "inf" || bare == "infinity" || bare == "n/a" || bare == "--";
}

std::string shown(std::string_view cell) {
  constexpr std::size_t most = 40;
  std::string text;
  for (const char c : cell.substr(0, most)) text += c >= ' ' && c <= '~' ? c : '?';
  if (cell.size() > most) text += "...";
  return text;
}

}  // namespace seccm::files
