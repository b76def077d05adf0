// The [tip] section: what contact does to the current and to the glass.
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::twin {

struct TipParameters {
  /// Potential of zero charge of the gold, vs Li/Li+: the contact transient charges the fresh gold, anodic above it.
  Potential zero_charge_potential = 3.5 * unit::V;
  Length compliance = 20.0 * unit::nm;  ///< how far the rim can press into the gold before the tip breaks
  double crash_noise_factor = 5.0;      ///< amplifier noise with a broken, blocked tip / with a good one
  Temperature temperature{298.15};      ///< of the cell

  static void visit(ParameterVisitor& v, TipParameters& p);
};

}  // namespace seccm::instrument::twin
