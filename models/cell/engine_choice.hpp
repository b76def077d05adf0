// Which engine runs a cell, and why.
//
// The fast engine (models/cell/simulate.hpp) describes every cell. It promises its error as long as its steps resolve
// the wave, RT/(8F) a step or RT/(20F) under a sharp isotherm, or as they follow the solution. The reference engine
// (models/reference) controls its error by itself; it describes every cell too. `auto`
// takes the fast one where its promise holds, and where the reference has nothing to offer; otherwise the reference.
#pragma once

#include <string>

#include "models/cell/cell_spec.hpp"

namespace seccm::models {

struct EngineChoice {
  EngineKind engine = EngineKind::fast;  ///< fast or reference
  std::string why;                       ///< a sentence for the user
};

/// Longest step of potential that keeps peaks within 0.1 % under this isotherm, V; 50 uV where the particles of a
/// network ignite, which steps that follow the solution resolve better.
double longest_potential_step(const CellSpec& spec);

/// Throws InputError for sensitivities with engine = fast, which has none.
EngineChoice choose_engine(const CellSpec& spec);

}  // namespace seccm::models
