#include "models/engine/engine_factory.hpp"

#include <utility>

#include "models/engine/fast_engine.hpp"
#include "models/engine/liquid_engine.hpp"

namespace seccm::models {

std::unique_ptr<CellEngine> make_engine(CellSpec spec, const std::optional<ElectrolyteSpec>& liquid, double E_vs_Li,
                                        double water_left) {
  auto cell = std::make_unique<const Cell>(std::move(spec));
  if (!liquid) return std::make_unique<FastEngine>(std::move(cell), E_vs_Li, water_left);
  return std::make_unique<LiquidEngine>(std::move(cell), *liquid, E_vs_Li, water_left);
}

}  // namespace seccm::models
