// Where the numbers of a text table are and what stands above them: separator, labels, first row.
//
// The table begins with the first two lines in a row (or the last line) that are rows of numbers, at least two each. Of
// tab, semicolon, comma and blanks that separator counts which leaves fewest cells that are no number there, then gives
// most cells. The labels are the last
// line above that is not empty; when that line names units only and the one above as many names, both together.
// Decimals may stand behind a comma, unless that is the separator. Everything above the labels is the preamble.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seccm::files {

struct TableLayout {
  char separator = ',';
  std::size_t first_row = 0;          ///< line, from 1; 0: there is no table
  std::vector<std::string> labels;    ///< of the columns; empty when nothing stands above the numbers
  std::vector<std::string> preamble;  ///< lines above the labels, at most 5000
};

/// `begin`: line to look from, the ones above are preamble. Throws InputError for a line with too many cells.
TableLayout find_table(std::string_view text, std::size_t begin, const std::string& name);

/// Cells that are no number in a row of numbers; nothing for a line that is none: it begins with a number or a date,
/// holds at least two numbers, and no more of other cells (flags, remarks) than of them.
std::optional<std::size_t> foreign_cells(std::string_view line, char separator, const std::string& name);

/// The scan rate that a line of the preamble states ("Scan Rate (V/s) = 0.1"), V/s; 0: none.
double stated_scan_rate(const std::vector<std::string>& preamble);

}  // namespace seccm::files
