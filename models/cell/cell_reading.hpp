// What a cell shows at one moment.
#pragma once

#include "models/cell/cell_state.hpp"

namespace seccm::models {

struct CellReading {
  double time = 0.0, E_vs_Li = 0.0;
  CellCurrents currents;
  CellCurrents charge;   ///< C, since rest
  double lithium = 0.0;  ///< mol
};

}  // namespace seccm::models
