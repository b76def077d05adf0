// Which engine begins with a cell.
//
// The fast engine (models/engine/simulate.hpp, its relatives for liquids and voxels) and the reference engine
// (models/reference) describe the same cells. `auto` begins with the fast one; whether its currents are good enough is
// measured (models/engine/measured_run.hpp), not judged from the spec, and where they do not become so the reference
// engine takes over.
#pragma once

#include <string>

#include "models/cell/cell_spec.hpp"

namespace seccm::models {

struct EngineChoice {
  EngineKind engine = EngineKind::fast;  ///< fast or reference
  std::string why;                       ///< a sentence for the user
};

/// Throws InputError for sensitivities with engine = fast, which has none.
EngineChoice choose_engine(const NumericsParameters& numerics);

}  // namespace seccm::models
