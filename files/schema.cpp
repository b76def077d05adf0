#include "files/schema.hpp"

#include <array>

#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::array<std::string_view, 5> point_kinds{"calibration", "ferrocene", "target", "blank", "grid"};
constexpr std::array<std::string_view, 7> leg_kinds{"move", "approach", "settle", "jump", "ramp", "hold", "retract"};
constexpr std::array<std::string_view, 5> program_ends{"completed", "contact", "limit_reached", "aborted", "faulted"};

std::string_view name_of(std::span<const std::string_view> names, int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= names.size()) return "unknown";
  return names[static_cast<std::size_t>(index)];
}

}  // namespace

std::string_view to_string(PointKind kind) {
  return name_of(point_kinds, static_cast<int>(kind));
}
std::string_view to_string(LegKind kind) {
  return name_of(leg_kinds, static_cast<int>(kind));
}

std::string_view to_string(ProgramEnd end) {
  return name_of(program_ends, static_cast<int>(end));
}

void FieldVisitor::reject_integer(std::string_view name, std::int64_t value) {
  throw InputError("field '" + std::string(name) + "' holds " + std::to_string(value) +
                   ", which is outside the range of its type");
}

void describe(FieldVisitor& visit, PointRecord& p) {
  visit("index", "1", p.index);
  visit("kind", point_kinds, p.kind);
  visit("pixel_x", "pixel", p.pixel_x);
  visit("pixel_y", "pixel", p.pixel_y);
  visit("target_x", "m", p.target_x);
  visit("target_y", "m", p.target_y);
  visit("contact_x", "m", p.contact_x);
  visit("contact_y", "m", p.contact_y);
  visit("contact_z", "m", p.contact_z);
  visit("t_start", "s", p.t_start);
  visit("t_contact", "s", p.t_contact);
  visit("t_end", "s", p.t_end);
  visit("contact", p.contact);
  visit("complete", p.complete);
  visit("attempts", "1", p.attempts);
  visit("verdict", p.verdict);
  visit("image_area", "m^2", p.image_area);
  visit("frame_begin", "1", p.frame_begin);
  visit("frame_end", "1", p.frame_end);
}

void describe(FieldVisitor& visit, Leg& leg) {
  visit("tag", "1", leg.tag);
  visit("kind", leg_kinds, leg.kind);
  visit("cycle", "1", leg.cycle);
  visit("direction", "1", leg.direction);
  visit("scan_rate", "V/s", leg.scan_rate);
  visit("E_start_vs_QRCE", "V", leg.E_start_vs_QRCE);
  visit("E_end_vs_QRCE", "V", leg.E_end_vs_QRCE);
  visit("frame_begin", "1", leg.frame_begin);
  visit("frame_end", "1", leg.frame_end);
}

void describe(FieldVisitor& visit, RunHeader& h) {
  visit("scenario_text", h.scenario_text);
  visit("scenario_name", h.scenario_name);
  visit("seed", "1", h.seed);
  visit("software", h.software);
  visit("tick", "s", h.tick);
  visit("frame_interval", "s", h.frame_interval);
  visit("x_lsb", "m", h.x.lsb);
  visit("x_offset", "m", h.x.offset);
  visit("y_lsb", "m", h.y.lsb);
  visit("y_offset", "m", h.y.offset);
  visit("z_lsb", "m", h.z.lsb);
  visit("z_offset", "m", h.z.offset);
  visit("E1_lsb", "V", h.E1.lsb);
  visit("E1_offset", "V", h.E1.offset);
  visit("i1_lsb", "A", h.i1.lsb);
  visit("i1_offset", "A", h.i1.offset);
  visit("E2_lsb", "V", h.E2.lsb);
  visit("E2_offset", "V", h.E2.offset);
  visit("i2_lsb", "A", h.i2.lsb);
  visit("i2_offset", "A", h.i2.offset);
  visit("current_range", "A", h.current_range);
  visit("pipette_diameter", "m", h.pipette_diameter);
  visit("nominal_pixel_size", "m", h.nominal_pixel_size);
  visit("camera_bits", "bit", h.camera_bits);
}

void describe(FieldVisitor& visit, ReferenceCalibration& c) {
  visit("t", "s", c.t);
  visit("half_wave_vs_QRCE", "V", c.half_wave_vs_QRCE);
  visit("offset_vs_Li", "V", c.offset_vs_Li);
  visit("standard_error", "V", c.standard_error);
  visit("limiting_current", "A", c.limiting_current);
  visit("valid", c.valid);
}

// The unit differs from row to row and stands beside the value.
void describe(FieldVisitor& visit, StatedQuantity& s) {
  visit("quantity", s.quantity);
  visit("value", "1", s.value);
  visit("standard_error", "1", s.standard_error);
  visit("unit", s.unit);
  visit("origin", s.origin);
}

void describe(FieldVisitor& visit, Preflight& p) {
  visit("current_noise_rms", "A", p.current_noise_rms);
  visit("current_offset", "A", p.current_offset);
  visit("stray_capacitance", "F", p.stray_capacitance);
}

void describe(FieldVisitor& visit, FaultRecord& f) {
  visit("point", "1", f.point);
  visit("t", "s", f.t);
  visit("fault", f.fault);
  visit("action", f.action);
  visit("device", f.device);
  visit("detail", f.detail);
}

void describe(FieldVisitor& visit, RunImage& image) {
  visit("name", image.name);
  visit("width", "pixel", image.width);
  visit("height", "pixel", image.height);
  visit("t", "s", image.t);
  visit("illumination", image.illumination);
  visit("t_start", "s", image.t_start);
  visit("exposure", "s", image.exposure);
  visit("average", "1", image.average);
  visit("reflection", "1", image.reflection);
  visit("transmission", "1", image.transmission);
  visit("programs_before", "1", image.programs_before);
}

void describe(FieldVisitor& visit, ProgramRecord& p) {
  visit("t_start", "s", p.t_start);
  visit("contact_threshold", "A", p.contact_threshold);
  visit("contact_baseline", "A", p.contact_baseline);
  visit("end", program_ends, p.end);
  visit("executed", "1", p.executed);
  visit("t_end", "s", p.t_end);
  visit("x_end", "m", p.x_end);
  visit("y_end", "m", p.y_end);
  visit("z_end", "m", p.z_end);
  visit("E1_end_vs_QRCE", "V", p.E1_end_vs_QRCE);
  visit("i1_end", "A", p.i1_end);
  visit("frame_begin", "1", p.frame_begin);
  visit("frame_end", "1", p.frame_end);
}

void describe(FieldVisitor& visit, WaypointRecord& w) {
  visit("tag", "1", w.tag);
  visit("sets_x", w.sets_x);
  visit("sets_y", w.sets_y);
  visit("sets_z", w.sets_z);
  visit("sets_E1", w.sets_E1);
  visit("x", "m", w.x);
  visit("y", "m", w.y);
  visit("z", "m", w.z);
  visit("speed_xy", "m/s", w.speed_xy);
  visit("speed_z", "m/s", w.speed_z);
  visit("E1_vs_QRCE", "V", w.E1_vs_QRCE);
  visit("rate_E1", "V/s", w.rate_E1);
  visit("jump_E1", w.jump_E1);
  visit("hold", "s", w.hold);
  visit("on_contact", w.on_contact);
}

void describe(FieldVisitor& visit, RigRecord& r) {
  visit("recorded", r.recorded);
  visit("sequencer", r.sequencer);
  visit("camera", r.camera);
  visit("light", r.light);
  visit("x_min", "m", r.x_min);
  visit("x_max", "m", r.x_max);
  visit("y_min", "m", r.y_min);
  visit("y_max", "m", r.y_max);
  visit("z_min", "m", r.z_min);
  visit("z_max", "m", r.z_max);
  visit("speed_xy_max", "m/s", r.speed_xy_max);
  visit("speed_z_max", "m/s", r.speed_z_max);
  visit("E_min", "V", r.E_min);
  visit("E_max", "V", r.E_max);
  visit("rate_E_max", "V/s", r.rate_E_max);
  visit("max_waypoints", "1", r.max_waypoints);
  visit("device_side_contact", r.device_side_contact);
  visit("contact_latency", "s", r.contact_latency);
  visit("camera_width", "pixel", r.camera_width);
  visit("camera_height", "pixel", r.camera_height);
  visit("t", "s", r.t);
  visit("x", "m", r.x);
  visit("y", "m", r.y);
  visit("z", "m", r.z);
  visit("E1_vs_QRCE", "V", r.E1_vs_QRCE);
}

void describe(FieldVisitor& visit, MicrographRecord& m) {
  visit("point", "1", m.point);
  visit("pixel_size", "m", m.pixel_size);
  visit("centre_x", "m", m.centre_x);
  visit("centre_y", "m", m.centre_y);
  visit("width", "pixel", m.width);
  visit("height", "pixel", m.height);
  visit("grey_gold", "1", m.grey_gold);
  visit("grey_thick", "1", m.grey_thick);
  visit("thickness_scale", "m", m.thickness_scale);
}

void describe(FieldVisitor& visit, Registration& r) {
  visit("valid", r.valid);
  visit("residual_rms", "m", r.residual_rms);
}

void describe(FieldVisitor& visit, Registration::Match& m) {
  visit("pixel_x", "pixel", m.pixel_x);
  visit("pixel_y", "pixel", m.pixel_y);
  visit("stage_x", "m", m.stage_x);
  visit("stage_y", "m", m.stage_y);
  visit("residual", "m", m.residual);
  visit("inlier", m.inlier);
}

void describe_header(FieldVisitor& visit, Results& results) {
  visit("run_file", results.run_file);
  visit("scenario_name", results.scenario_name);
  visit("software", results.software);
  visit("seed", "1", results.seed);
}

void describe(FieldVisitor& visit, Estimate& e) {
  visit("point", "1", e.point);
  visit("estimator", e.estimator);
  visit("quantity", e.quantity);
  visit("unit", e.unit);
  visit("direction", "1", e.direction);
  visit("cycle", "1", e.cycle);
  visit("scan_rate", "V/s", e.scan_rate);
  visit("value", "see unit", e.value);
  visit("standard_error", "see unit", e.standard_error);
  visit.limit("lower", "see unit", e.lower);
  visit.limit("upper", "see unit", e.upper);
  visit("level", "1", e.level);
  visit("scale", interval_scale_names, e.scale);
  visit("verdict", verdict_names, e.verdict);
  visit("reason", e.reason);
  visit("leaves_out", e.leaves_out);
}

void describe(FieldVisitor& visit, Selection& s) {
  visit("point", "1", s.point);
  visit("accepted", s.accepted);
  visit("reason", s.reason);
}

void describe(FieldVisitor& visit, CvCurve& c) {
  visit("point", "1", c.point);
  visit("cycle", "1", c.cycle);
  visit("scan_rate", "V/s", c.scan_rate);
  visit("E_vs_Li", "V", c.E_vs_Li);
  visit("current", "A", c.current);
  visit("baseline", "A", c.baseline);
}

void describe(FieldVisitor& visit, ExponentCurve& c) {
  visit("point", "1", c.point);
  visit("direction", "1", c.direction);
  visit("E_vs_Li", "V", c.E_vs_Li);
  visit("b", "1", c.b);
  visit("standard_error", "1", c.standard_error);
}

}  // namespace seccm::files
