#include "pipeline/scan/scan_parameters.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

#include "sim/error.hpp"

namespace seccm::scan {
namespace {

constexpr std::string_view echemtips = "echemtips docs/SETTINGS_REFERENCE.md";
constexpr std::array<std::string_view, 2> mode_names = {"smart", "grid"};
constexpr std::array<std::string_view, 5> mirror_names = {"automatic", "none", "rows", "columns", "both"};

void visit_points(ParameterVisitor& v, ProtocolParameters& p) {
  v({.key = "mode", .source = "Tetteh 2023", .text = "Positions from the image, or a regular hopping array"},
    mode_names, p.mode);
  v({.key = "points",
     .low = 1,
     .high = 5000,
     .grade = Grade::paper,
     .source = "Tetteh 2023, Figure 4",
     .text = "Points of a smart scan, blank points included"},
    p.points);
  v({.key = "blanks",
     .low = 0,
     .high = 1000,
     .grade = Grade::choice,
     .source = "Tetteh 2023: \"a few points\"",
     .text = "Points on clean gold as a check of the tip"},
    p.blanks);
  v({.key = "targets", .text = "List of clicked pixels (CSV: pixel_x,pixel_y[,label]); empty: automatic detection"},
    p.targets);
  v({.key = "snap_distance",
     .unit = "um",
     .low = 0,
     .high = 20,
     .text = "A clicked pixel takes the nearest detected object within this distance; 0: never"},
    p.snap_distance);
  v({.key = "landing_on_centroid", .text = "Land on the centroid of the object; false: on the clicked pixel"},
    p.landing_on_centroid);
}

void visit_vision(ParameterVisitor& v, ProtocolParameters& p) {
  v({.key = "detection_threshold", .low = 3, .high = 100, .text = "Detection threshold: contrast over its noise"},
    p.detection_threshold);
  v({.key = "minimum_contrast", .low = 0, .high = 1, .text = "Smallest contrast of an object against the gold around"},
    p.minimum_contrast);
  v({.key = "minimum_diameter",
     .unit = "um",
     .low = 0,
     .high = 10,
     .grade = Grade::paper,
     .source = "Tetteh 2023: particles seen down to a few 100 nm",
     .text = "Equal-area diameter of the smallest object"},
    p.minimum_diameter);
  v({.key = "optical_resolution",
     .unit = "um",
     .low = 0.05,
     .high = 5,
     .grade = Grade::computed,
     .source = "0.51 wavelength/NA",
     .text = "Full width at half maximum of the point-spread function"},
    p.optical_resolution);
  v({.key = "area_level",
     .low = 0.1,
     .high = 0.9,
     .text = "Level of the outline of an object / its highest contrast; 0.5 is the edge of a blurred disc"},
    p.area_level);
  v({.key = "isolation",
     .unit = "um",
     .low = 0,
     .high = 100,
     .text = "Bare gold required between the edge of a target and the next object"},
    p.isolation);
  v({.key = "size_preference",
     .low = 0,
     .high = 1,
     .text = "0: targets span the sizes evenly; 1: the smallest ones only"},
    p.size_preference);
  v({.key = "exposure", .unit = "ms", .low = 0, .high = 10000, .text = "Exposure of a frame; 0: automatic"},
    p.exposure);
  v({.key = "average", .low = 1, .high = 1000, .text = "Frames averaged into one image"}, p.average);
  v({.key = "landing_images",
     .low = 0,
     .high = 1000,
     .text = "Images of the landed pipette in transmission light, for the first so many points"},
    p.landing_images);
  v({.key = "reregister_every",
     .low = 0,
     .high = 10000,
     .text = "Points between two images that follow the drift of the sample; 0: never"},
    p.reregister_every);
}

void visit_motion(ParameterVisitor& v, ProtocolParameters& p) {
  v({.key = "lateral_speed",
     .unit = "um/s",
     .low = 0.1,
     .high = 1000,
     .grade = Grade::verified,
     .source = echemtips,
     .text = "Speed of lateral moves, along each axis"},
    p.lateral_speed);
  v({.key = "retract_speed",
     .unit = "um/s",
     .low = 0.1,
     .high = 1000,
     .grade = Grade::verified,
     .source = echemtips,
     .text = "Speed away from the surface"},
    p.retract_speed);
  v({.key = "fast_approach_speed",
     .unit = "um/s",
     .low = 0.1,
     .high = 1000,
     .grade = Grade::verified,
     .source = echemtips,
     .text = "Speed towards the surface while it is known to be far"},
    p.fast_approach_speed);
  v({.key = "approach_speed",
     .unit = "um/s",
     .low = 0.01,
     .high = 100,
     .grade = Grade::verified,
     .source = echemtips,
     .text = "Speed towards the surface"},
    p.approach_speed);
  v({.key = "hop_height",
     .unit = "um",
     .low = 1,
     .high = 100,
     .grade = Grade::verified,
     .source = echemtips,
     .text = "Height above the contacts for lateral moves"},
    p.hop_height);
  v({.key = "slow_distance",
     .unit = "um",
     .low = 0.5,
     .high = 50,
     .grade = Grade::choice,
     .source = "echemtips uses 5 um",
     .text = "The approach is slow from this height above the plane of the contacts"},
    p.slow_distance);
  v({.key = "search_depth",
     .unit = "um",
     .low = 0.5,
     .high = 50,
     .text = "How far below the plane of the contacts an approach goes before it gives up"},
    p.search_depth);
  v({.key = "attempts", .low = 1, .high = 20, .text = "Approaches per point"}, p.attempts);
}

void visit_contact(ParameterVisitor& v, ProtocolParameters& p) {
  v({.key = "approach_potential", .unit = "V", .low = 0, .high = 5, .text = "Potential while approaching, vs Li/Li+"},
    p.approach_potential);
  v({.key = "contact_threshold",
     .unit = "pA",
     .low = 0.01,
     .high = 10000,
     .grade = Grade::verified,
     .source = "echemtips simulator",
     .text = "Current above the baseline in air that counts as contact, either sign"},
    p.contact_threshold);
  v({.key = "air_settle",
     .unit = "s",
     .low = 0.01,
     .high = 60,
     .grade = Grade::verified,
     .source = echemtips,
     .text = "Rest in air before an approach; its second half gives the baseline"},
    p.air_settle);
  v({.key = "contact_check",
     .unit = "s",
     .low = 0.01,
     .high = 10,
     .grade = Grade::verified,
     .source = "SECCM-scripts (Park SmartScan): hold 100 ms, then check again",
     .text = "The current must stay above the threshold for this time after the stop"},
    p.contact_check);
  v({.key = "settle",
     .unit = "s",
     .low = 0,
     .high = 600,
     .grade = Grade::verified,
     .source = "SECCM-scripts",
     .text = "Rest in contact before the CV programme"},
    p.settle);
  v({.key = "contact_end_check",
     .text = "After the CV programme, look for the ferrocene current as a sign that contact lasted"},
    p.contact_end_check);
}

void visit_grid(ParameterVisitor& v, ProtocolParameters& p) {
  v({.key = "grid_pitch", .unit = "um", .low = 0.1, .high = 1000, .text = "Spacing of the regular array"},
    p.grid_pitch);
  v({.key = "grid_columns",
     .low = 1,
     .high = 1000,
     .grade = Grade::computed,
     .source = "more than 600 points for a saving above 90 %",
     .text = "Nodes along x of the regular array"},
    p.grid_columns);
  v({.key = "grid_rows",
     .low = 1,
     .high = 1000,
     .grade = Grade::computed,
     .source = "more than 600 points for a saving above 90 %",
     .text = "Nodes along y of the regular array"},
    p.grid_rows);
  v({.key = "grid_points", .low = 0, .high = 1000000, .text = "Nodes that are really visited; 0: all"}, p.grid_points);
}

}  // namespace

void ProtocolParameters::visit(ParameterVisitor& v, ProtocolParameters& p) {
  visit_points(v, p);
  visit_vision(v, p);
  visit_motion(v, p);
  visit_contact(v, p);
  visit_grid(v, p);
}

double CvParameters::duration() const {
  const double path =
      std::abs((vertex1 - start).si()) + std::abs((vertex2 - vertex1).si()) + std::abs((start - vertex2).si());
  double total = hold.si();
  for (const ScanRate& rate : scan_rates) total += cycles * path / rate.si();
  if (!scan_rates.empty()) total += static_cast<double>(scan_rates.size() - 1) * rest.si();
  return total;
}

void CvParameters::visit(ParameterVisitor& v, CvParameters& p) {
  constexpr std::string_view window = "window not stated in the paper; assumed as in the consistency check";
  v({.key = "start",
     .unit = "V",
     .low = 0,
     .high = 5,
     .grade = Grade::recalled,
     .source = window,
     .text = "Start of the CV, vs Li/Li+"},
    p.start);
  v({.key = "vertex1",
     .unit = "V",
     .low = 0,
     .high = 5,
     .grade = Grade::recalled,
     .source = window,
     .text = "First vertex, vs Li/Li+"},
    p.vertex1);
  v({.key = "vertex2",
     .unit = "V",
     .low = 0,
     .high = 5,
     .grade = Grade::recalled,
     .source = window,
     .text = "Second vertex, vs Li/Li+"},
    p.vertex2);
  v({.key = "cycles",
     .low = 1,
     .high = 1000,
     .grade = Grade::choice,
     .source = "Tetteh 2023 shows cycles 2 to 4",
     .text = "Cycles at each scan rate"},
    p.cycles);
  v({.key = "scan_rates",
     .unit = "mV/s",
     .low = 0.1,
     .high = 100000,
     .grade = Grade::paper,
     .source = "Tetteh 2023",
     .text = "Scan rates, one after the other"},
    p.scan_rates);
  v({.key = "hold", .unit = "s", .low = 0, .high = 3600, .text = "Rest at the start potential"}, p.hold);
  v({.key = "rest", .unit = "s", .low = 0, .high = 3600, .text = "Rest between two scan rates"}, p.rest);
}

void CalibrationParameters::visit(ParameterVisitor& v, CalibrationParameters& p) {
  v({.key = "columns", .low = 2, .high = 20, .text = "Calibration landings along x"}, p.columns);
  v({.key = "rows", .low = 2, .high = 20, .text = "Calibration landings along y"}, p.rows);
  v({.key = "coverage", .low = 0.1, .high = 1, .text = "Share of the field that the calibration landings span"},
    p.coverage);
  v({.key = "jitter",
     .low = 0,
     .high = 0.3,
     .text = "Displacement of the calibration landings from the regular grid / its pitch: tells a shift by one pitch, "
             "a mirror image or a half turn from the truth"},
    p.jitter);
  v({.key = "dwell", .unit = "s", .low = 0, .high = 60, .text = "Time in contact at a calibration landing"}, p.dwell);
  v({.key = "mirror", .text = "How the image lies on the stage"}, mirror_names, p.mirror);
  v({.key = "view_offset_x",
     .unit = "um",
     .low = -1000,
     .high = 1000,
     .text = "Centre of the image from the middle of the stage range, as far as known"},
    p.view_offset_x);
  v({.key = "view_offset_y",
     .unit = "um",
     .low = -1000,
     .high = 1000,
     .text = "Centre of the image from the middle of the stage range, as far as known"},
    p.view_offset_y);
  v({.key = "scale_tolerance", .low = 0.001, .high = 0.3, .text = "Relative uncertainty of the nominal pixel size"},
    p.scale_tolerance);
  v({.key = "rotation_tolerance",
     .unit = "deg",
     .low = 0.1,
     .high = 44,
     .text = "Uncertainty of the rotation between image and stage"},
    p.rotation_tolerance);
  v({.key = "match_tolerance",
     .unit = "um",
     .low = 0.01,
     .high = 20,
     .grade = Grade::recalled,
     .source = "registration error 0.2-0.5 um after an affine fit",
     .text = "Largest distance between a footprint and its landing in the search for the registration"},
    p.match_tolerance);
  v({.key = "ferrocene", .text = "Calibrate the QRCE by ferrocene; false: trust nominal_offset"}, p.ferrocene);
  v({.key = "ferrocene_potential",
     .unit = "V",
     .low = 0,
     .high = 5,
     .grade = Grade::paper,
     .source = "Tetteh 2023, reference 12",
     .text = "E0'(Fc/Fc+) vs Li/Li+"},
    p.ferrocene_potential);
  v({.key = "nominal_offset",
     .unit = "V",
     .low = -5,
     .high = 5,
     .grade = Grade::recalled,
     .source = "Ag in carbonate",
     .text = "Potential of the QRCE vs Li/Li+ before it is calibrated"},
    p.nominal_offset);
  v({.key = "ferrocene_margin",
     .unit = "V",
     .low = 0.2,
     .high = 1.5,
     .text = "Half width of the sweep about the expected half-wave potential"},
    p.ferrocene_margin);
  v({.key = "ferrocene_scan_rate", .unit = "mV/s", .low = 1, .high = 1000, .text = "Scan rate of the ferrocene CV"},
    p.ferrocene_scan_rate);
  v({.key = "ferrocene_attempts", .low = 1, .high = 20, .text = "Places tried for a valid ferrocene wave"},
    p.ferrocene_attempts);
  v({.key = "ferrocene_at_end", .text = "Calibrate the QRCE again after the last point"}, p.ferrocene_at_end);
}

void ScanParameters::visit(ParameterVisitor& v, ScanParameters& p) {
  v.section("scan", "The protocol: points, vision, motion, contact, regular array", p.protocol);
  v.section("cv", "The voltammetric programme of a point", p.cv);
  v.section("calibration", "Position of the image on the stage; potential of the QRCE", p.calibration);
  v.section("policy", "What the scan does about each class of fault", p.policy);
}

void require_consistent(const ScanParameters& p) {
  if (p.protocol.blanks > p.protocol.points)
    throw InputError(
        fmt::format("scan.blanks: {} blank points of only {} points (scan.points); accepted: at most as many",
                    p.protocol.blanks, p.protocol.points));
  if (p.cv.scan_rates.empty())
    throw InputError("cv.scan_rates: the list is empty; accepted: at least one scan rate, e.g. [\"100 mV/s\"]");
  for (const ScanRate& rate : p.cv.scan_rates)
    if (!(rate.si() > 0.0) || !std::isfinite(rate.si()))
      throw InputError(fmt::format("cv.scan_rates: {} V/s; accepted: positive scan rates", rate.si()));
  if (p.cv.start == p.cv.vertex1 && p.cv.vertex1 == p.cv.vertex2)
    throw InputError(
        fmt::format("cv: start and both vertices are {} V vs Li: nothing would be swept", p.cv.start.si()));
  if (p.protocol.slow_distance > p.protocol.hop_height)
    throw InputError(fmt::format("scan.slow_distance: {} um exceeds scan.hop_height ({} um); accepted: at most that",
                                 p.protocol.slow_distance.in(unit::um), p.protocol.hop_height.in(unit::um)));
  if (!(p.pipette_diameter.si() > 0.0) || !std::isfinite(p.pipette_diameter.si()))
    throw InputError(fmt::format("pipette diameter: {} m; accepted: positive", p.pipette_diameter.si()));
}

}  // namespace seccm::scan
