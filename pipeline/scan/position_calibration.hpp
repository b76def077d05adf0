// Position calibration: a sparse grid of short landings, their footprints in the image, pixel -> stage.
//
// The nodes span `coverage` of what both the image and the stage can reach, each displaced by up to `jitter` of the
// pitch along both axes (fixed low-discrepancy sequence): a regular array would look the same after a shift by one
// pitch, a mirror image or a half turn. Reference image before, another after; footprints in their difference, the
// shift of the sample between the two taken out; what stands on the gold is masked.
#pragma once

#include <vector>

#include "pipeline/scan/contrast_image.hpp"
#include "pipeline/scan/particle_detection.hpp"
#include "pipeline/scan/registration.hpp"
#include "pipeline/scan/session.hpp"

namespace seccm::scan {

/// The sample as the reference image shows it.
struct ReferenceView {
  ContrastImage image;
  Detection detection;
};

/// Settings of the vision in px, from the operator's values and the pixel size.
DetectionSettings detection_settings(const ProtocolParameters& parameters, double pixel_size);

ReferenceView take_reference_view(ScanSession& session);

/// Stage positions of the calibration landings.
std::vector<StagePoint> calibration_nodes(const CalibrationParameters& parameters, const instrument::Limits& limits,
                                          const instrument::CameraProperties& camera);

/// Lands, images, registers, records. Throws CalibrationError when no registration results. Returns the places where
/// the pipette touched.
std::vector<StagePoint> calibrate_position(ScanSession& session, const ReferenceView& view);

}  // namespace seccm::scan
