#include "models/engine/cell_engine.hpp"

namespace seccm::models {

void CellEngine::follow(double E_start, double E_end, double dt, int count, bool /*all_rows*/, const RowSink& row) {
  for (int k = 1; k <= count; ++k) {
    const double share = static_cast<double>(k) / count;
    advance(E_start + share * (E_end - E_start), dt);
    row(reading());
  }
}

}  // namespace seccm::models
