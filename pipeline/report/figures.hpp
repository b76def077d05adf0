// The figures of a report, one function each; no html means that the inputs have nothing to show.
#pragma once

#include "pipeline/report/report.hpp"

namespace seccm::report {

/// Reference image with calibration footprints, targets (accepted or not) and blanks.
Figure reference_image_figure(const ReportInputs& inputs);
/// Residuals of the pixel -> stage registration and the tour of the tip.
Figure registration_figure(const ReportInputs& inputs);
/// Voltammograms of accepted points with their baselines and peaks, small to large.
Figure voltammogram_figure(const ReportInputs& inputs);
/// What was recorded, where no point is accepted.
Figure recorded_figure(const ReportInputs& inputs);
/// log i_p against log v, and i_p against sqrt(v), of points with several scan rates.
Figure scan_rate_figure(const ReportInputs& inputs);
/// b(E) on both sweeps.
Figure exponent_figure(const ReportInputs& inputs);
/// x against the volume from the micrograph, or the point.
Figure composition_figure(const ReportInputs& inputs);
/// Estimated D with its intervals, against the truth where there is one.
Figure diffusivity_figure(const ReportInputs& inputs);
/// Micrographs of the smallest and the largest accepted objects.
Figure micrograph_figure(const ReportInputs& inputs);

}  // namespace seccm::report
