// Which engine answers for a cell.
//
//   cell                                     liquid that changes     engine
//   particles: fick with any D(y), phase     no                      FastEngine
//   field, two lattices; star or network     yes                     LiquidEngine
#pragma once

#include <memory>
#include <optional>

#include "models/cell/cell_model.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"
#include "models/engine/cell_engine.hpp"

namespace seccm::models {

/// At rest at a potential; `water_left`: share of the trace water that its gold still has. `liquid`: what changes above
/// the cell. Throws InputError for a cell that can not be.
std::unique_ptr<CellEngine> make_engine(CellSpec cell, const std::optional<ElectrolyteSpec>& liquid, double E_vs_Li,
                                        double water_left);

}  // namespace seccm::models
