#include "models/cell/cell_state.hpp"

namespace seccm::models {

CellCurrents mean_between(const CellCurrents& from, const CellCurrents& to, double time) {
  const auto mean = [time](double a, double b) { return (b - a) / time; };
  return {.total = mean(from.total, to.total),
          .intercalation = mean(from.intercalation, to.intercalation),
          .double_layer = mean(from.double_layer, to.double_layer),
          .stray = mean(from.stray, to.stray),
          .surface_redox = mean(from.surface_redox, to.surface_redox),
          .water = mean(from.water, to.water),
          .ferrocene = mean(from.ferrocene, to.ferrocene)};
}

}  // namespace seccm::models
