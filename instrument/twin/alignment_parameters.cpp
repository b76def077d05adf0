#include "instrument/twin/alignment_parameters.hpp"

namespace seccm::instrument::twin {

void AlignmentParameters::visit(ParameterVisitor& v, AlignmentParameters& p) {
  v({.key = "rotation_spread", .unit = "deg", .low = 0, .high = 45, .text = "Half width: stage axes against the image"},
    p.rotation_spread);
  v({.key = "scale_spread", .low = 0, .high = 0.2, .text = "Half width: true over nominal pixel size, minus one"},
    p.scale_spread);
  v({.key = "offset_spread",
     .unit = "um",
     .low = 0,
     .high = 100,
     .text = "Half width per axis: centre of the image against the centre of the stage range"},
    p.offset_spread);
  v({.key = "mirrored", .text = "The image shows the stage's x axis reversed"}, p.mirrored);
  v({.key = "micrograph_error",
     .unit = "um",
     .low = 0,
     .high = 100,
     .grade = Grade::recalled,
     .source = "electron microscope stages",
     .text = "Positioning error of the electron microscope, rms per axis"},
    p.micrograph_error);
}

}  // namespace seccm::instrument::twin
