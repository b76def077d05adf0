// Rows of numbers of a text table, as instruments leave them: a row that holds nan or whose time repeats is lost, one
// that the end of the file cut through as well; the rest of the recording is not, and what was lost is said. Any other
// damage is an error that names file, line, column, value and what is accepted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "files/import/text_table.hpp"

namespace seccm::files {

struct TableColumn {
  std::size_t place = 0;  ///< from 0
  double factor = 1.0;    ///< makes SI units of its numbers
  std::string name{};     ///< for messages
};

class TableRows {
 public:
  /// `file` names the file in messages.
  TableRows(std::string_view file, char separator, std::vector<TableColumn> columns);

  /// The numbers of the line that `lines` read last, in SI, one per column. False: the row is lost. Throws InputError.
  bool read(std::string_view line, const LineReader& lines, std::vector<double>& values);
  /// A row whose time is that of the row before.
  void repeated(std::size_t line);
  /// What was lost, one sentence per reason.
  void add_notes(std::vector<std::string>& notes) const;

 private:
  struct Lost {
    std::size_t rows = 0, first_line = 0;
    void add(std::size_t line);
  };
  [[nodiscard]] bool cut(std::string_view line, const LineReader& lines, std::size_t cells) const;

  std::string file_;
  char separator_;
  std::vector<TableColumn> columns_;
  std::size_t cells_ = 0;     // a row has at least so many
  std::size_t shortest_ = 0;  // of the rows so far, characters; 0: none yet
  Lost no_value_, repeated_, cut_;
};

/// Cells of a line: between single separators, or for ' ' between runs of blanks. Quotes about a cell are taken off.
std::vector<std::string_view> cells_of(std::string_view line, char separator, const std::string& where);

}  // namespace seccm::files
