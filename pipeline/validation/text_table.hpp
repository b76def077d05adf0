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

/// A part of a document: what to know first, a table, notes under it. Without heads the table is a list of facts, a
/// name and a value each.
struct Section {
  std::string title;
  std::vector<std::string> intro = {};
  TextTable table = {};
  std::vector<std::string> notes = {};
};
Section facts(std::string title);
bool holds_facts(const Section& section);
/// "" for a section that says nothing.
std::string to_text(const Section& section);

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
  /// "[1] the interval leaves out: ..."
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::vector<std::string> texts_;
};

}  // namespace seccm::validation
