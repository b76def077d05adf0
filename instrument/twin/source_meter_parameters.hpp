// The [source_meter] section: the source-measure unit that stands in for amplifier and converter where the twin is
// spoken to instrument by instrument.
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::twin {

/// Noise, offset and stray capacitance are those of [amplifier].
struct SourceMeterParameters {
  /// Full scale of the lowest range; the others are decades above it. 100 pA is a unit with a preamplifier; a bare
  /// Keithley 2450 begins at 10 nA.
  Current lowest_range = 100e-12 * unit::A;

  static void visit(ParameterVisitor& v, SourceMeterParameters& p);
};

}  // namespace seccm::instrument::twin
