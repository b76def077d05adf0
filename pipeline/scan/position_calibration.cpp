#include "pipeline/scan/position_calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "pipeline/scan/footprints.hpp"
#include "pipeline/scan/point_measurement.hpp"

namespace seccm::scan {
namespace {

constexpr double fwhm_per_sigma = 2.3548;
constexpr double footprint_ratio = 1.1;  // footprint / pipette diameter
constexpr double edge_margin = 0.02;     // of the stage range, kept free

/// Additive recurrence with the plastic number: evenly spread pairs in (-1, 1)² without a random generator.
StagePoint displacement(int k) {
  constexpr double g = 1.32471795724474602596;
  const auto folded = [](double v) { return 2.0 * (v - std::floor(v)) - 1.0; };
  return {folded(0.5 + k / g), folded(0.5 + k / (g * g))};
}

struct Span {
  double low, high;
};

Span usable(double limit_low, double limit_high, double centre, double view, double coverage) {
  const double margin = edge_margin * (limit_high - limit_low);
  const double low = std::max(limit_low + margin, centre - 0.5 * view);
  const double high = std::min(limit_high - margin, centre + 0.5 * view);
  const double middle = 0.5 * (low + high), half = 0.5 * coverage * (high - low);
  return {middle - half, middle + half};
}

/// Returns the verdict.
std::string land_briefly(ScanSession& session, StagePoint node, std::vector<StagePoint>& touched) {
  const files::PointRecord record =
      record_point(session, {.kind = files::PointKind::calibration, .stage = node, .pixel = {}}, [&](auto& open) {
        const ContactResult contact = land(session, node);
        note_contact(open, contact);
        if (!contact.made) return;
        rest_in_contact(session, session.parameters.calibration.dwell.si());
        lift_off(session);
        open.complete = true;
        open.verdict = "ok";
        touched.push_back(node);
      });
  return record.verdict;
}

FootprintSettings footprint_settings(const ScanParameters& parameters, double pixel_size) {
  FootprintSettings settings;
  settings.diameter = footprint_ratio * parameters.pipette_diameter.si() / pixel_size;
  settings.blur = parameters.protocol.optical_resolution.si() / fwhm_per_sigma / pixel_size;
  settings.threshold = parameters.protocol.detection_threshold;
  return settings;
}

/// What a failed landing has shown, in the words of its cause.
std::string cause_of(const ScanSession& session, const std::string& verdict) {
  const ProtocolParameters& p = session.parameters.protocol;
  const double threshold = p.contact_threshold.si() * 1e12, noise = session.outcome.preflight.current_noise_rms * 1e12;
  if (verdict == "contact not confirmed") {
    return fmt::format(
        "the comparator stopped at scan.contact_threshold = {:.3g} pA and {:g} s later the current was back (noise in "
        "preflight: {:.3g} pA rms of a frame)",
        threshold, p.contact_check.si(), noise);
  }
  if (verdict == "baseline too noisy") {
    return fmt::format(
        "{:g} times the noise in air is not below scan.contact_threshold = {:.3g} pA (in preflight it "
        "was {:.3g} pA rms of a frame)",
        contact_noise_margin, threshold, noise);
  }
  if (verdict == "no contact") {
    return fmt::format("nothing crossed scan.contact_threshold = {:.3g} pA on the way down", threshold);
  }
  if (verdict == "meniscus does not break") return "the current in air did not come back after the lift";
  return {};
}

std::string landings_told(const ScanSession& session, const std::map<std::string, int>& failures) {
  std::string text;
  for (const auto& [verdict, count] : failures) {
    const std::string cause = cause_of(session, verdict);
    text += fmt::format("{}{} x {}{}", text.empty() ? "" : "; ", count, verdict,
                        cause.empty() ? "" : fmt::format(" ({})", cause));
  }
  return text;
}

}  // namespace

DetectionSettings detection_settings(const ProtocolParameters& parameters, double pixel_size) {
  return {.blur = parameters.optical_resolution.si() / fwhm_per_sigma / pixel_size,
          .threshold = parameters.detection_threshold,
          .minimum_contrast = parameters.minimum_contrast,
          .area_level = parameters.area_level,
          .minimum_diameter = parameters.minimum_diameter.si() / pixel_size};
}

ReferenceView take_reference_view(ScanSession& session) {
  ReferenceView view;
  view.image = session.imaging.take("reference", instrument::LightChannel::reflection);
  const double pixel_size = session.rig.camera.properties().nominal_pixel_size;
  view.detection = detect_particles(view.image, detection_settings(session.parameters.protocol, pixel_size));
  session.outcome.objects_detected = static_cast<int>(view.detection.objects.size());
  return view;
}

std::vector<StagePoint> calibration_nodes(const CalibrationParameters& parameters, const instrument::Limits& limits,
                                          const instrument::CameraProperties& camera) {
  const double centre_x = 0.5 * (limits.x_min + limits.x_max) + parameters.view_offset_x.si();
  const double centre_y = 0.5 * (limits.y_min + limits.y_max) + parameters.view_offset_y.si();
  const Span x =
      usable(limits.x_min, limits.x_max, centre_x, camera.width * camera.nominal_pixel_size, parameters.coverage);
  const Span y =
      usable(limits.y_min, limits.y_max, centre_y, camera.height * camera.nominal_pixel_size, parameters.coverage);
  if (!(x.high > x.low) || !(y.high > y.low))
    throw CalibrationError(
        "position calibration: the image (calibration.view_offset_x/y) lies outside the stage range");
  const double pitch_x = (x.high - x.low) / (parameters.columns - 1),
               pitch_y = (y.high - y.low) / (parameters.rows - 1);
  std::vector<StagePoint> nodes;
  for (int row = 0; row < parameters.rows; ++row) {
    for (int k = 0; k < parameters.columns; ++k) {
      const int column = row % 2 == 0 ? k : parameters.columns - 1 - k;  // serpentine
      const StagePoint d = displacement(row * parameters.columns + column);
      // The outer nodes move inwards only.
      const double px = x.low + column * pitch_x + parameters.jitter * pitch_x * d.x;
      const double py = y.low + row * pitch_y + parameters.jitter * pitch_y * d.y;
      nodes.push_back({std::clamp(px, x.low, x.high), std::clamp(py, y.low, y.high)});
    }
  }
  return nodes;
}

std::vector<StagePoint> calibrate_position(ScanSession& session, const ReferenceView& view) {
  const instrument::CameraProperties camera = session.rig.camera.properties();
  const auto nodes = calibration_nodes(session.parameters.calibration, session.rig.sequencer.limits(), camera);
  session.enter("position calibration", static_cast<int>(nodes.size()));
  std::vector<StagePoint> touched;
  std::map<std::string, int> failures;
  std::string refusal;
  int refused = 0;
  for (const StagePoint& node : nodes) {
    const std::string verdict = land_briefly(session, node, touched);
    if (verdict != "ok") ++failures[verdict];
    if (verdict.starts_with(refused_verdict)) {
      refusal = verdict.substr(refused_verdict.size());
      ++refused;
    }
    ++session.done;
    session.report(verdict);
  }
  session.park();
  const ContrastImage after = session.imaging.take("after_calibration", instrument::LightChannel::reflection);
  const ImageShift shift = image_shift(view.image, after);
  const ContrastImage appeared = difference(view.image, after, shift.dx, shift.dy);
  const auto candidates =
      find_footprints(appeared, view.detection.mask, footprint_settings(session.parameters, camera.nominal_pixel_size));
  std::vector<PixelPoint> footprints;
  for (const FootprintCandidate& c : candidates) footprints.push_back({c.x, c.y});
  const CalibrationParameters& p = session.parameters.calibration;
  try {
    session.outcome.registration = register_image(touched, footprints,
                                                  {.pixel_size = camera.nominal_pixel_size,
                                                   .scale_tolerance = p.scale_tolerance,
                                                   .rotation_tolerance = p.rotation_tolerance,
                                                   .match_tolerance = p.match_tolerance.si(),
                                                   .mirror = p.mirror});
  } catch (const RegistrationError& error) {
    // Nothing is wrong with light and image then.
    if (refused > 0)
      throw CalibrationError(fmt::format("position calibration: the rig refused {} of {} landings; the last: {}",
                                         refused, nodes.size(), refusal));
    const std::string told = failures.empty() ? "" : ": " + landings_told(session, failures);
    if (touched.size() < fewest_matches) {
      throw CalibrationError(
          fmt::format("position calibration: {} of {} landings made contact, at least {} are needed{}", touched.size(),
                      nodes.size(), fewest_matches, told));
    }
    throw CalibrationError(fmt::format("{} ({} of {} calibration landings made contact{})", error.what(),
                                       touched.size(), nodes.size(), told));
  }
  session.shift_at_registration = {0.5 * shift.dx, 0.5 * shift.dy};
  session.shift = {shift.dx, shift.dy};
  session.recorder.set(session.outcome.registration);
  return touched;
}

}  // namespace seccm::scan
