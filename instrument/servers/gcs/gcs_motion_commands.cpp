#include "instrument/servers/gcs/gcs_commands.hpp"
#include "instrument/servers/gcs/gcs_error.hpp"

namespace seccm::instrument::servers {

namespace {

using C = GcsController;
using W = GcsWords;

std::string flag(bool on) {
  return on ? "1" : "0";
}

std::string servo(C& c, const W& w) {
  const auto pairs = gcs_pairs(c, w);
  for (double value : pairs.values) {
    if (value != 0.0 && value != 1.0) throw GcsFailure{GcsError::out_of_range};
  }
  for (std::size_t k = 0; k < pairs.axes.size(); ++k) c.set_servo(pairs.axes[k], pairs.values[k] == 1.0);
  return {};
}

std::string move(C& c, const W& w) {
  const auto pairs = gcs_pairs(c, w);
  c.move(pairs.axes, pairs.values);
  return {};
}

std::string move_by(C& c, const W& w) {
  auto pairs = gcs_pairs(c, w);
  for (std::size_t k = 0; k < pairs.axes.size(); ++k) pairs.values[k] += c.target(pairs.axes[k]);
  c.move(pairs.axes, pairs.values);
  return {};
}

std::string velocity(C& c, const W& w) {
  const auto pairs = gcs_pairs(c, w);
  c.set_velocity(pairs.axes, pairs.values);
  return {};
}

/// The stop itself is the error that is latched.
std::string halt(C& c, const W& w) {
  for (int axis : gcs_axes(c, w)) c.halt(axis);
  throw GcsFailure{GcsError::stopped};
}

std::string stop(C& c, const W& w) {
  gcs_expect(w, 0, 0);
  return halt(c, w);
}

/// The model's sensors have no offset to be found: nothing moves.
std::string auto_zero(C& c, const W& w) {
  if (w.size() % 2 != 0) throw GcsFailure{GcsError::syntax};
  W axes;
  for (std::size_t k = 0; k < w.size(); k += 2) {
    axes.push_back(w[k]);
    if (!gcs_word(w[k + 1], "NAN")) gcs_number(w[k + 1]);  // NaN: the lowest value is the controller's to choose
  }
  for (int axis : gcs_axes(c, axes)) c.set_zeroed(axis);
  return {};
}

constexpr GcsCommand motion_table[] = {
    {"SVO", "{<AxisID> <ServoState>} Set Servo Mode", servo},
    {"SVO?", "[{<AxisID>}] Get Servo Mode",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [&](int a) { return flag(c.servo(a)); }); }},
    {"MOV", "{<AxisID> <Position>} Set Target Position", move},
    {"MOV?", "[{<AxisID>}] Get Target Position",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [&](int a) { return gcs_float(c.target(a)); }); }},
    {"MVR", "{<AxisID> <Distance>} Set Target Relative To Current Target", move_by},
    {"POS?", "[{<AxisID>}] Get Real Position",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [&](int a) { return gcs_float(c.position(a)); }); }},
    {"ONT?", "[{<AxisID>}] Get On-Target State",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [&](int a) { return flag(c.on_target(a)); }); }},
    {"OVF?", "[{<AxisID>}] Get Overflow State",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [](int) { return flag(false); }); }},
    {"TMN?", "[{<AxisID>}] Get Minimum Commandable Position",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [&](int a) { return gcs_float(c.low(a)); }); }},
    {"TMX?", "[{<AxisID>}] Get Maximum Commandable Position",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [&](int a) { return gcs_float(c.high(a)); }); }},
    {"VEL", "{<AxisID> <Velocity>} Set Closed-Loop Velocity", velocity},
    {"VEL?", "[{<AxisID>}] Get Closed-Loop Velocity",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [&](int a) { return gcs_float(c.velocity(a)); }); }},
    {"HLT", "[{<AxisID>}] Halt Motion", halt},
    {"STP", "Stop All Axes", stop},
    {"FRF?", "[{<AxisID>}] Get Referencing Result",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [](int) { return flag(true); }); }},  // absolute sensors
    {"ATZ", "[{<AxisID> <LowValue>}] Set Automatic Zero Point Calibration", auto_zero},
    {"ATZ?", "[{<AxisID>}] Get State Of Automatic Zero Point Calibration",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [&](int a) { return flag(c.zeroed(a)); }); }},
};

}  // namespace

std::span<const GcsCommand> gcs_motion_commands() {
  return motion_table;
}

}  // namespace seccm::instrument::servers
