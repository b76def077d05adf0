#include "instrument/twin/tip_parameters.hpp"

namespace seccm::instrument::twin {

void TipParameters::visit(ParameterVisitor& v, TipParameters& p) {
  v({.key = "zero_charge_potential",
     .unit = "V",
     .low = 0,
     .high = 6,
     .grade = Grade::recalled,
     .source = "gold in carbonate, ~0.5 V vs SHE",
     .text = "Potential of zero charge of the gold vs Li/Li+"},
    p.zero_charge_potential);
  v({.key = "compliance",
     .unit = "nm",
     .low = 0,
     .high = 10000,
     .text = "How far the rim can press into the gold before the tip breaks"},
    p.compliance);
  v({.key = "crash_noise_factor", .low = 1, .high = 1000, .text = "Noise with a broken tip relative to a good one"},
    p.crash_noise_factor);
  v({.key = "temperature",
     .unit = "K",
     .low = 250,
     .high = 400,
     .grade = Grade::standard,
     .source = "25 degC",
     .text = "Temperature of the cell"},
    p.temperature);
}

}  // namespace seccm::instrument::twin
