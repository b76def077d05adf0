#include "instrument/drivers/wecspm/program_inspection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seccm::instrument::wecspm {

namespace {

constexpr const char* device = "WEC-SPM";
constexpr double lateral_tolerance = 50e-9;  // m: a lateral step that needs no clearance
constexpr double longest_hold = 86400.0;     // s
constexpr double rounding = 1e-12;           // m or V: of a sum of two numbers of the range's size

struct Range {
  const char* what;
  double low, high, scale;
  const char* unit;
};

class Inspector {
 public:
  explicit Inspector(std::size_t waypoint) : waypoint_(waypoint) {}

  void within(double value, const Range& r) {
    // Written so that NaN fails.
    if (value >= r.low - rounding && value <= r.high + rounding) return;
    refuse(Errc::limit_rejected,
           fmt::format("{} = {:.6g} {} is outside {:.6g} {} to {:.6g} {}", r.what, value / r.scale, r.unit,
                       r.low / r.scale, r.unit, r.high / r.scale, r.unit));
  }
  void refuse(Errc code, const std::string& text) {
    if (!offence_) offence_ = Error{code, device, fmt::format("waypoint {}: {}", waypoint_ + 1, text), false};
  }
  [[nodiscard]] const std::optional<Error>& offence() const { return offence_; }

 private:
  std::size_t waypoint_;
  std::optional<Error> offence_;
};

void inspect_values(const Waypoint& w, const Limits& l, Inspector& inspector) {
  constexpr double um = 1e-6, slow = 1e-11;
  if (w.x) inspector.within(*w.x, {"x", l.x_min, l.x_max, um, "um"});
  if (w.y) inspector.within(*w.y, {"y", l.y_min, l.y_max, um, "um"});
  if (w.z) inspector.within(*w.z, {"z", l.z_min, l.z_max, um, "um"});
  if (w.x || w.y) inspector.within(w.speed_xy, {"lateral speed", slow, l.speed_xy_max, um, "um/s"});
  if (w.z) inspector.within(w.speed_z, {"z speed", slow, l.speed_z_max, um, "um/s"});
  if (w.E1) {
    inspector.within(*w.E1, {"E1", l.E_min, l.E_max, 1.0, "V vs QRCE"});
    if (!w.jump_E1) inspector.within(w.rate_E1, {"potential rate", 1e-9, l.rate_E_max, 1.0, "V/s"});
  }
  inspector.within(w.hold, {"hold", 0.0, longest_hold, 1.0, "s"});
  inspector.within(w.tag, {"tag", 1, 32767, 1.0, ""});
}

void inspect_lateral(const Waypoint& w, const Position& from, double safe_height, Inspector& inspector) {
  const double distance = std::hypot(w.x.value_or(from.x) - from.x, w.y.value_or(from.y) - from.y);
  const double lowest = std::min(from.z, w.z.value_or(from.z));
  if (distance <= lateral_tolerance || lowest >= safe_height) return;
  inspector.refuse(Errc::interlock_tripped,
                   fmt::format("lateral move of {:.6g} um at z = {:.6g} um needs z >= {:.6g} um", distance * 1e6,
                               lowest * 1e6, safe_height * 1e6));
}

std::optional<Error> inspect_whole(const Program& program, const Limits& limits) {
  const std::size_t n = program.waypoints.size();
  if (n < 1 || n > limits.max_waypoints) {
    return Error{Errc::limit_rejected, device,
                 fmt::format("{} waypoints, accepted are 1 to {}", n, limits.max_waypoints), false};
  }
  const bool approaches = std::any_of(program.waypoints.begin(), program.waypoints.end(),
                                      [](const Waypoint& w) { return w.stop == StopRule::on_contact; });
  const auto& contact = program.contact;
  const double bound = std::abs(contact.baseline) + contact.threshold;
  if (approaches && !(contact.threshold > 0.0 && bound <= limits.current_range)) {
    return Error{Errc::limit_rejected, device,
                 fmt::format("contact threshold {:.6g} pA about {:.6g} pA, accepted are 0 to {:.6g} pA in sum",
                             contact.threshold * 1e12, contact.baseline * 1e12, limits.current_range * 1e12),
                 false};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> inspect(const Program& program, const Limits& limits, const Position& from, double safe_height) {
  if (auto offence = inspect_whole(program, limits)) return offence;
  Position at = from;
  for (std::size_t k = 0; k < program.waypoints.size(); ++k) {
    const Waypoint& w = program.waypoints[k];
    Inspector inspector(k);
    inspect_values(w, limits, inspector);
    inspect_lateral(w, at, safe_height, inspector);
    if (inspector.offence()) return inspector.offence();
    at = {w.x.value_or(at.x), w.y.value_or(at.y), w.z.value_or(at.z)};
  }
  return std::nullopt;
}

}  // namespace seccm::instrument::wecspm
