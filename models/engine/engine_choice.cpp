#include "models/engine/engine_choice.hpp"

#include <fmt/format.h>

#include "sim/error.hpp"

namespace seccm::models {

EngineChoice choose_engine(const NumericsParameters& numerics) {
  if (!numerics.sensitivities.empty()) {
    if (numerics.engine != EngineKind::fast) {
      return {EngineKind::reference, "the sensitivities that are asked for are its"};
    }
    throw InputError(
        fmt::format("numerics.sensitivities = \"{}\": they come from the reference engine, which engine = \"fast\" "
                    "excludes; accepted are \"\", or engine = \"auto\" or \"reference\"",
                    numerics.sensitivities));
  }
  if (numerics.engine == EngineKind::reference) return {EngineKind::reference, "asked for"};
  return {EngineKind::fast, numerics.engine == EngineKind::fast ? "asked for" : ""};
}

}  // namespace seccm::models
