// The figures of a report, one function each; an empty svg means that the inputs have nothing to show.
#pragma once

#include "pipeline/report/report.hpp"

namespace seccm::report {

/// Reference image with calibration footprints, targets (accepted or not) and blanks.
Figure reference_image_figure(const ReportInputs& inputs);
/// Residuals of the pixel -> stage registration and the tour of the tip.
Figure registration_figure(const ReportInputs& inputs);
/// Voltammograms of accepted points with their baselines, small to large.
Figure voltammogram_figure(const ReportInputs& inputs);
/// log i_p against log v, and i_p against sqrt(v), of points with several scan rates.
Figure scan_rate_figure(const ReportInputs& inputs);
/// b(E) on both sweeps.
Figure exponent_figure(const ReportInputs& inputs);
/// x in LixTiO2 against the volume from the micrograph.
Figure composition_figure(const ReportInputs& inputs);
/// Estimated D against the truth, with the factor-2 band.
Figure diffusivity_figure(const ReportInputs& inputs);
/// Micrographs of the smallest and the largest accepted clusters.
Figure micrograph_figure(const ReportInputs& inputs);

}  // namespace seccm::report
