// Plain tables of estimates for people: aligned columns, shown units, footnotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seccm::validation {

struct TextTable {
  struct Column {
    std::string head;
    bool right_aligned = false;
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // a cell per column
};
/// Columns as wide as their widest cell; a column without content is left out.
std::string to_text(const TextTable& table);

/// The unit that people read, and its size in the stated one.
struct ShownUnit {
  std::string_view name;
  double in_SI;
};
ShownUnit shown_unit(std::string_view quantity, std::string_view stated_unit);
/// "D [cm^2/s]"; of a number without unit its name.
std::string with_unit(std::string_view quantity, std::string_view unit);
std::string rate_text(double scan_rate);
std::string sweep_text(int direction);
/// Index into files::questions; their number for a quantity that answers none of them.
int question_of(std::string_view quantity);

/// Numbers under which a table explains what its intervals leave out.
class Footnotes {
 public:
  /// " [1]", or nothing for an empty text.
  std::string mark(const std::string& text);
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::string> texts_;
};

}  // namespace seccm::validation
