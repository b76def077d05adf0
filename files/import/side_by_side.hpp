// Series beside each other in one table: pairs of a potential and a current without a time, as PSTrace exports them,
// also with other pairs between them (potential of the cell, measured potential).
#pragma once

#include <vector>

#include "files/import/table_layout.hpp"
#include "files/import/table_rows.hpp"

namespace seccm::files {

struct SeriesPair {
  TableColumn potential, current;
  bool continues = false;  ///< titled as the next scan ("... Scan 2") of the measurement before it
};

/// Every current with the potential directly left of it; empty unless all currents have one, of one label.
std::vector<SeriesPair> side_by_side(const std::vector<TableColumn>& potentials,
                                     const std::vector<TableColumn>& currents, const TableLayout& layout);

}  // namespace seccm::files
