#include "instrument/twin/source_meter_parameters.hpp"

namespace seccm::instrument::twin {

void SourceMeterParameters::visit(ParameterVisitor& v, SourceMeterParameters& p) {
  v({.key = "lowest_range",
     .unit = "pA",
     .low = 1,
     .high = 1e6,
     .text = "Full scale of the lowest current range; the others are decades above it"},
    p.lowest_range);
}

}  // namespace seccm::instrument::twin
