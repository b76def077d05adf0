// The [alignment] section: how camera, stage and electron microscope really sit towards the sample. Nobody on the rig
// knows these numbers; registration has to find them.
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::twin {

/// Each error is drawn once per seed, uniform within ± its spread.
struct AlignmentParameters {
  double rotation_spread = 2.0 * constants::pi / 180.0;  ///< rad, stage axes against the image
  double scale_spread = 0.01;                            ///< true / nominal pixel size - 1
  Length offset_spread = 3.0 * unit::um;                 ///< centre of the stage range against the centre of the image
  bool mirrored = false;                                 ///< the image shows the stage's x axis reversed
  Length micrograph_error = 0.5 * unit::um;              ///< rms per axis of where the electron microscope aims

  static void visit(ParameterVisitor& v, AlignmentParameters& p);
};

}  // namespace seccm::instrument::twin
