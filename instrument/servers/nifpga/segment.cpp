#include "instrument/servers/nifpga/segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace seccm::instrument::nifpga {

using wecspm::Axis;
using wecspm::NativeUnits;
using wecspm::NativeWaypoint;

namespace {

constexpr double rounding = 1e-9;  // s: below the tick of 25 ns

std::string offence_of(const NativeWaypoint& native) {
  const auto action = static_cast<wecspm::LineAction>(native.action);
  if (action != wecspm::LineAction::none && action != wecspm::LineAction::stop_on_contact) {
    return fmt::format("line action {}: accepted are 0 and 2", native.action);
  }
  if ((native.flags & wecspm::move_v2) != 0 && (native.flags & wecspm::jump_v2) == 0) {
    return "a line that ramps V2: this rig has no second electrode, accepted are jumps";
  }
  constexpr unsigned known = 0xFF;
  if ((native.flags & ~known) != 0) {
    return fmt::format("flags {:#x}: accepted are the lowest eight", native.flags);
  }
  if (native.hold_us < 0) return fmt::format("a hold of {} counts: accepted are 0 to 32767", native.hold_us);
  return {};
}

Waypoint physical(const NativeWaypoint& native, const LineScales& scales, const NativeUnits& units) {
  using namespace wecspm;
  Waypoint w;
  const auto speed = [&](Axis axis) {
    return velocity_of(native.velocity[axis], scales.scaler[axis]) * tick_rate * units.step(axis);
  };
  if (native.flags & move_x) w.x = units.value(axis_x, native.target[axis_x]);
  if (native.flags & move_y) w.y = units.value(axis_y, native.target[axis_y]);
  if (native.flags & move_z) w.z = units.value(axis_z, native.target[axis_z]);
  const double fast = std::numeric_limits<double>::infinity();
  // The sequencer has one lateral speed: the slower of the two.
  if (w.x || w.y) w.speed_xy = std::min(w.x ? speed(axis_x) : fast, w.y ? speed(axis_y) : fast);
  if (w.z) w.speed_z = speed(axis_z);
  if (native.flags & (move_v | jump_v)) {
    w.E1 = units.value(axis_v1, native.target[axis_v1]);
    w.jump_E1 = (native.flags & jump_v) != 0;
    w.rate_E1 = speed(axis_v1);
  }
  if (native.flags & hold_line) w.hold = native.hold_us * static_cast<double>(scales.hold_scale) / tick_rate;
  return w;
}

}  // namespace

Segment::Segment(std::vector<Line> lines, const LineScales& scales, const NativeUnits& units,
                 const SequencerStatus& from, double sample)
    : lines_(std::move(lines)), from_(from), sample_(sample) {
  for (std::size_t k = 0; k < lines_.size() && problem_.empty(); ++k) add(k, scales, units);
}

void Segment::add(std::size_t index, const LineScales& scales, const NativeUnits& units) {
  const Line& line = lines_[index];
  problem_ = offence_of(line.native);
  if (!problem_.empty()) return;
  Waypoint w = physical(line.native, scales, units);
  w.tag = static_cast<std::int32_t>(index) + 1;
  if (line.hold) w.hold = *line.hold;
  if (line.contact()) w.stop = StopRule::on_contact;
  if (scales.on_fly && !on_fly_line_ && line.moves_potential()) {
    Waypoint jump;
    jump.tag = w.tag;
    jump.E1 = units.value(wecspm::axis_v1, *scales.on_fly);
    jump.jump_E1 = true;
    waypoints_.push_back(jump);
    line_of_.push_back(index);
    on_fly_line_ = index;
  }
  waypoints_.push_back(w);
  line_of_.push_back(index);
}

std::size_t Segment::line_at(std::size_t executed) const {
  return executed < line_of_.size() ? line_of_[executed] : lines_.size();
}

double Segment::travel(const Waypoint& w, const SequencerStatus& at) const {
  double longest = 0.0;
  const auto move = [&](const std::optional<double>& target, double from, double speed) {
    if (target && *target != from) longest = std::max(longest, std::abs(*target - from) / speed);
  };
  move(w.x, at.x, w.speed_xy);
  move(w.y, at.y, w.speed_xy);
  move(w.z, at.z, w.speed_z);
  if (!w.jump_E1) move(w.E1, at.E1, w.rate_E1);
  return longest;
}

std::vector<Line> Segment::rest(std::size_t line, double elapsed) const {
  std::vector<Line> left(lines_.begin() + static_cast<std::ptrdiff_t>(std::min(line, lines_.size())), lines_.end());
  SequencerStatus at = from_;
  double began = 0.0;
  for (std::size_t k = 0; k < waypoints_.size() && !left.empty(); ++k) {
    const Waypoint& w = waypoints_[k];
    const double arrived = travel(w, at), lasts = arrived + w.hold;
    if (line_of_[k] == line && (k + 1 == waypoints_.size() || line_of_[k + 1] != line)) {
      const double since = elapsed - began;
      left.front().begun = true;
      if (since > arrived) left.front().hold = std::clamp(lasts - since, 0.0, w.hold);
      break;
    }
    began += std::max(1.0, std::ceil((lasts - rounding) / sample_)) * sample_;
    at.x = w.x.value_or(at.x);
    at.y = w.y.value_or(at.y);
    at.z = w.z.value_or(at.z);
    at.E1 = w.E1.value_or(at.E1);
  }
  return left;
}

std::int16_t Segment::v2(std::size_t line, std::int16_t before) const {
  for (std::size_t k = 0; k <= line && k < lines_.size(); ++k) {
    if ((lines_[k].native.flags & wecspm::jump_v2) != 0) before = lines_[k].native.target[wecspm::axis_v2];
  }
  return before;
}

}  // namespace seccm::instrument::nifpga
