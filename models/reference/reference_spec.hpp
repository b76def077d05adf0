// What the reference engine integrates: a cell, and the liquid above it where that changes.
#pragma once

#include <optional>

#include "models/cell/cell_spec.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"

namespace seccm::models {

struct ReferenceSpec {
  CellSpec cell;
  std::optional<ElectrolyteSpec> liquid;  ///< none, or one that is `active`

  [[nodiscard]] bool moves_salt() const { return liquid && liquid->electrolyte.salt.transport != SaltTransport::none; }
};

}  // namespace seccm::models
