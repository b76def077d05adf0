// Numbers in lines of text from other programs: bounded, and with errors that name file, line, column, value and what
// is accepted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seccm::files {

inline constexpr std::size_t most_samples = std::size_t{1} << 25;  ///< 9.6 h of frames of 1.028 ms
inline constexpr std::size_t most_columns = 1024;

/// Lines without their ends (LF or CR LF), numbered from 1.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}
  /// False at the end of the text.
  bool next(std::string_view& line);
  [[nodiscard]] std::size_t number() const { return number_; }
  /// The line that was read last has no end: the text may have been cut in it.
  [[nodiscard]] bool open_ended() const { return open_ended_; }
  /// What is not read yet.
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
  bool open_ended_ = false;
};

/// Without blanks on both sides.
std::string_view trimmed(std::string_view text);
/// Cells between separators; at most `most` of them, or InputError naming `where`.
std::vector<std::string_view> split_cells(std::string_view line, char separator, std::size_t most,
                                          const std::string& where);

struct CellPlace {
  std::string_view file;
  std::size_t line = 0, column = 0;  ///< from 1
  std::string_view name;             ///< of the channel; may be empty
};
/// "data.csv: line 3, column 7 (current1_na): <what>; accepted is <accepted>" as InputError.
[[noreturn]] void reject_cell(const CellPlace& place, const std::string& what, const std::string& accepted);
/// A finite decimal number and nothing else; with `comma` its decimals may stand behind a comma instead of a point.
double finite_number(std::string_view cell, const CellPlace& place, bool comma = false);
/// A finite number without a fraction, low <= value <= high.
std::int32_t whole_number(std::string_view cell, const CellPlace& place, std::int32_t low, std::int32_t high);
/// True for a finite decimal number and nothing else.
bool is_number(std::string_view cell, bool comma = false);
/// True for what programs write in place of a number: nan, inf, an empty cell.
bool is_no_value(std::string_view cell);
/// For messages: at most 40 characters, what can not be printed replaced.
std::string shown(std::string_view cell);

}  // namespace seccm::files
