// What a column of a table is, from its label: "Potential/V", "WE(1).Current (A)", "time_s", "Im" below "A", "µA".
//
// A label is a name with a unit: in brackets at its end, behind a slash or behind underscores; " vs. Ag/AgCl" and what
// follows says nothing here. A bare unit stands for the quantity that has it. Names are compared by their letters and
// digits, whatever their case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seccm::files {

enum class ColumnKind { time, potential, current, cycle, scan_rate, x, y, z, point, frequency };
std::string_view to_string(ColumnKind kind);

struct ColumnMeaning {
  ColumnKind kind{};
  double factor = 0.0;  ///< to SI; 0: the label states no unit
  int rank = 0;         ///< of several columns for one quantity the lowest counts
};

/// Nothing for a label that says nothing known.
std::optional<ColumnMeaning> meaning_of(std::string_view label);

/// Factor to SI of a unit of this quantity ("nA", "V vs. Ref.", "mV/s"); 0 for any other text.
double unit_factor(ColumnKind kind, std::string_view unit);

/// Factor to SI of the unit that a label of any words states, for a column that is known to be of this kind ("Zeit/s",
/// "Courant [nA]", "mV"); 0 if it states none of the quantity.
double factor_in_label(ColumnKind kind, std::string_view label);

/// True for the name of any unit that a column can have.
bool is_unit(std::string_view text);

}  // namespace seccm::files
