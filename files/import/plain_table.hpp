// Voltammograms in a text table of any program: comma, semicolon, tab or blanks between the cells, with or without a
// preamble (table_layout.hpp). Columns are what the user says, else what their labels say (column_names.hpp); the notes
// name what was taken for what.
//
// Needed are potential and current, and a time or a scan rate: without a column of time it follows from the scan rate
// that the user, a column or the preamble states, t = sum |dE|/v. Where time starts again, another series begins: it is
// placed 1 s behind the one before. Several pairs of potential and current beside each other are series one behind the
// other. Lines without any number between the rows (headings of segments) say nothing.
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
  StatedPolarity stated{};            ///< by the format
  ColumnChoices columns{};            ///< of the user
  std::optional<double> scan_rate{};  ///< V/s, as the user says
  std::string format = "text table";
  std::size_t begin = 0;              ///< lines before the table is looked for
  std::vector<std::string> labels{};  ///< instead of those of the table
};

/// `name` stands for the file in messages. Throws InputError.
ForeignRecording parse_plain_table(std::string_view text, const PlainTableOptions& options, std::string_view name);

/// Seconds that are left between two series whose distance nobody states.
inline constexpr double series_gap = 1.0;

/// Gamry Framework data (.DTA): the CURVE tables of a voltammetric technique. Throws InputError.
ForeignRecording parse_gamry(std::string_view text, PlainTableOptions options, std::string_view name);
bool is_gamry(std::string_view text);

/// What the labels or the preamble say of who wrote the table, and of its signs.
void recognise_writer(std::string_view text, PlainTableOptions& options, const std::string& name);

}  // namespace seccm::files
