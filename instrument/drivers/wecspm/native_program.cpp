#include "instrument/drivers/wecspm/native_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace seccm::instrument::wecspm {

namespace {

constexpr std::int64_t hold_slice_us = 32764;  // 8191 samples of 4 us
constexpr std::int64_t ticks_per_us = 40;

/// The speeds of one waypoint, counts per tick; 0 where an axis does not move.
using Speeds = std::array<double, axis_count>;

Error refusal(std::size_t waypoint, const std::string& text) {
  return {Errc::limit_rejected, "WEC-SPM", fmt::format("waypoint {}: {}", waypoint + 1, text), false};
}

Speeds speeds_of(const Waypoint& w, const NativeUnits& units) {
  const auto counts = [&](Axis axis, double speed) { return speed / units.step(axis) / tick_rate; };
  Speeds speeds{};
  if (w.x) speeds[axis_x] = counts(axis_x, w.speed_xy);
  if (w.y) speeds[axis_y] = counts(axis_y, w.speed_xy);
  if (w.z) speeds[axis_z] = counts(axis_z, w.speed_z);
  if (w.E1 && !w.jump_E1) speeds[axis_v1] = counts(axis_v1, w.rate_E1);
  return speeds;
}

std::uint16_t flags_of(const Waypoint& w) {
  unsigned flags = 0;
  if (w.x) flags |= move_x;
  if (w.y) flags |= move_y;
  if (w.z) flags |= move_z;
  if (w.E1) flags |= w.jump_E1 ? jump_v : move_v;
  return static_cast<std::uint16_t>(flags);
}

/// Lowers one stretch of the role's program, up to and with its first contact leg.
class Lowering {
 public:
  Lowering(const NativeUnits& units, std::int64_t sample_ticks) : units_(units), sample_(sample_ticks) {}

  std::optional<Error> lower(std::span<const Waypoint> waypoints, std::size_t first, Counts& at, NativeProgram& out) {
    choose_exponents(waypoints, out);
    for (std::size_t k = 0; k < waypoints.size(); ++k) {
      if (auto error = append(waypoints[k], first + k, at, out)) return error;
    }
    out.approach = waypoints.back().stop == StopRule::on_contact;
    return std::nullopt;
  }

 private:
  void choose_exponents(std::span<const Waypoint> waypoints, NativeProgram& out) const {
    Speeds fastest{};
    for (const Waypoint& w : waypoints) {
      const Speeds speeds = speeds_of(w, units_);
      for (std::size_t axis = 0; axis < axis_count; ++axis) fastest[axis] = std::max(fastest[axis], speeds[axis]);
    }
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
      out.scaler[axis] = static_cast<std::int16_t>(-velocity_exponent(fastest[axis]));
    }
  }

  std::optional<Error> set_targets(const Waypoint& w, std::size_t index, NativeWaypoint& line) const {
    const auto put = [&](Axis axis, const std::optional<double>& value) {
      if (!value) return true;
      const auto count = units_.count(axis, *value);
      if (count) line.target[axis] = *count;
      return count.has_value();
    };
    if (put(axis_x, w.x) && put(axis_y, w.y) && put(axis_z, w.z) && put(axis_v1, w.E1)) return std::nullopt;
    return refusal(index, "a target is outside the 16-bit range of its converter");
  }

  std::optional<Error> append(const Waypoint& w, std::size_t index, Counts& at, NativeProgram& out) const {
    NativeWaypoint line;
    line.target = at;
    line.flags = flags_of(w);
    if (w.stop == StopRule::on_contact) line.action = static_cast<std::int16_t>(LineAction::stop_on_contact);
    if (auto error = set_targets(w, index, line)) return error;
    const Speeds speeds = speeds_of(w, units_);
    std::int64_t travel = 0;
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
      if (speeds[axis] <= 0.0) continue;
      line.velocity[axis] = velocity_word(speeds[axis], -out.scaler[axis]);
      const auto ticks = travel_ticks(at[axis], line.target[axis], line.velocity[axis], out.scaler[axis]);
      if (!ticks) return refusal(index, "a move would take years");
      travel = std::max(travel, *ticks);
    }
    at = line.target;
    return append_hold(w, index, line, travel, out);
  }

  /// The line with the first slice of its hold, then lines for the rest of it.
  std::optional<Error> append_hold(const Waypoint& w, std::size_t index, NativeWaypoint line, std::int64_t travel,
                                   NativeProgram& out) const {
    std::int64_t hold_us = std::llround(w.hold * 1e6);
    if (w.stop == StopRule::on_contact && hold_us > hold_slice_us) {
      return refusal(index, fmt::format("hold = {:.6g} ms behind an approach, accepted are 0 ms to {:.6g} ms",
                                        w.hold * 1e3, static_cast<double>(hold_slice_us) * 1e-3));
    }
    do {
      const std::int64_t slice = std::min(hold_us, hold_slice_us);
      line.hold_us = static_cast<std::int16_t>(slice);
      if (slice > 0) line.flags |= hold_line;
      if (out.lines.size() >= max_lines) {
        return refusal(index, fmt::format("more than {} lines of the target, a hold counts one per {:.6g} ms",
                                          max_lines, static_cast<double>(hold_slice_us) * 1e-3));
      }
      out.lines.push_back(line);
      out.waypoint_of.push_back(index);
      out.ticks += whole_samples(travel + slice * ticks_per_us);
      hold_us -= slice;
      travel = 0;
      line.flags = 0;
      line.velocity = {};
    } while (hold_us > 0);
    return std::nullopt;
  }

  [[nodiscard]] std::int64_t whole_samples(std::int64_t ticks) const {
    return (std::max(ticks, sample_) + sample_ - 1) / sample_ * sample_;
  }

  const NativeUnits& units_;
  std::int64_t sample_;
};

}  // namespace

Result<CompiledProgram> compile(const Program& program, const NativeUnits& units, const Counts& from,
                                std::int64_t sample_ticks) {
  CompiledProgram compiled;
  Lowering lowering(units, sample_ticks);
  Counts at = from;
  const std::span<const Waypoint> all(program.waypoints);
  for (std::size_t first = 0; first < all.size();) {
    std::size_t last = first;
    while (last + 1 < all.size() && all[last].stop != StopRule::on_contact) ++last;
    NativeProgram part;
    if (auto error = lowering.lower(all.subspan(first, last + 1 - first), first, at, part)) return *error;
    compiled.ticks += part.ticks;
    compiled.parts.push_back(std::move(part));
    first = last + 1;
  }
  return compiled;
}

}  // namespace seccm::instrument::wecspm
