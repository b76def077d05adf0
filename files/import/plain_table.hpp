// Voltammograms in a text table of any program: comma, semicolon, tab or blanks between the cells, with or without a
// preamble (table_layout.hpp). Columns are what the user says, else what their labels say (column_names.hpp); the notes
// name what was taken for what.
//
// Needed are potential and current, and a time or a scan rate: without a column of time it follows from the scan rate
// that the user, a column or the preamble states, t = sum |dE|/v. Where time starts again, the next cycle at the same
// scan rate goes on where the one before ended, where the source numbers cycles; else another series begins: it is set
// apart from the one before (series_gap.hpp). Several pairs of potential and current beside each other are series
// one behind the other (side_by_side.hpp). Lines without any number between the rows (headings of segments) say
// nothing.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "files/import/column_names.hpp"
#include "files/import/foreign_recording.hpp"

namespace seccm::files {

/// Of the user: "label", "label [unit]" or "3 [nA]", the number of a column from 1.
using ColumnChoices = std::map<ColumnKind, std::string>;

struct PlainTableOptions {
  std::optional<Polarity> polarity{};
  StatedPolarity stated{};           ///< by the format
  ColumnChoices columns{};           ///< of the user
  std::vector<double> scan_rates{};  ///< V/s, as the user says: one for all series, or one for each
  std::string format = "text table";
  std::size_t begin = 0;              ///< lines before the table is looked for
  std::vector<std::string> labels{};  ///< instead of those of the table
  bool simulated = false;             ///< a model wrote it: potentials are against Li/Li+
  bool one_measurement = false;       ///< a clock that starts again is that of its next cycle
};

/// `name` stands for the file in messages. Throws InputError.
ForeignRecording parse_plain_table(std::string_view text, const PlainTableOptions& options, std::string_view name);

/// What the labels or the preamble say of who wrote the table, and of its signs.
void recognise_writer(std::string_view text, PlainTableOptions& options, const std::string& name);

}  // namespace seccm::files
