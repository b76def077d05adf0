#include "instrument/twin/program_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seccm::instrument::twin {

namespace {

constexpr const char* device = "twin sequencer";
constexpr double lateral_tolerance = 50e-9;  // m: a lateral step that needs no clearance
constexpr double longest_hold = 86400.0;     // s

/// Collects the first offence of one waypoint.
class Inspector {
 public:
  explicit Inspector(std::size_t waypoint) : waypoint_(waypoint) {}

  void within(const char* what, double value, double low, double high, double scale, const char* unit) {
    // Written so that NaN fails.
    if (offence_ || (value >= low && value <= high)) return;
    refuse(Errc::limit_rejected, fmt::format("{} = {:.6g} {} is outside {:.6g} {} to {:.6g} {}", what, value / scale,
                                             unit, low / scale, unit, high / scale, unit));
  }
  void refuse(Errc code, const std::string& text) {
    if (!offence_) offence_ = Error{code, device, fmt::format("waypoint {}: {}", waypoint_ + 1, text)};
  }
  [[nodiscard]] const std::optional<Error>& offence() const { return offence_; }

 private:
  std::size_t waypoint_;
  std::optional<Error> offence_;
};

void inspect_values(const Waypoint& w, const Limits& l, Inspector& inspector) {
  constexpr double um = 1e-6, tiny = 1e-12;
  if (w.x) inspector.within("x", *w.x, l.x_min, l.x_max, um, "um");
  if (w.y) inspector.within("y", *w.y, l.y_min, l.y_max, um, "um");
  if (w.z) inspector.within("z", *w.z, l.z_min, l.z_max, um, "um");
  if (w.x || w.y) inspector.within("lateral speed", w.speed_xy, tiny, l.speed_xy_max, um, "um/s");
  if (w.z) inspector.within("z speed", w.speed_z, tiny, l.speed_z_max, um, "um/s");
  if (w.E1) {
    inspector.within("E1", *w.E1, l.E_min, l.E_max, 1.0, "V vs QRCE");
    if (!w.jump_E1) inspector.within("potential rate", w.rate_E1, 1e-9, l.rate_E_max, 1.0, "V/s");
  }
  inspector.within("hold", w.hold, 0.0, longest_hold, 1.0, "s");
  inspector.within("tag", w.tag, 1, 32767, 1.0, "");
}

void inspect_lateral(const Waypoint& w, const Applied& from, double safe_height, Inspector& inspector) {
  const double distance = std::hypot(w.x.value_or(from.x) - from.x, w.y.value_or(from.y) - from.y);
  const double lowest = std::min(from.z, w.z.value_or(from.z));
  if (distance <= lateral_tolerance || lowest >= safe_height) return;
  inspector.refuse(Errc::interlock_tripped,
                   fmt::format("lateral move of {:.6g} um at z = {:.6g} um needs z >= {:.6g} um", distance * 1e6,
                               lowest * 1e6, safe_height * 1e6));
}

std::optional<Error> inspect_program(const Program& program, const Limits& limits) {
  const std::size_t n = program.waypoints.size();
  if (n < 1 || n > limits.max_waypoints) {
    return Error{Errc::limit_rejected, device,
                 fmt::format("{} waypoints, accepted are 1 to {}", n, limits.max_waypoints)};
  }
  const bool approaches = std::any_of(program.waypoints.begin(), program.waypoints.end(),
                                      [](const Waypoint& w) { return w.stop == StopRule::on_contact; });
  const auto& contact = program.contact;
  if (approaches && !(contact.threshold > 0.0 && contact.threshold <= limits.current_range &&
                      std::abs(contact.baseline) <= limits.current_range)) {
    return Error{Errc::limit_rejected, device,
                 fmt::format("contact threshold {:.6g} pA about {:.6g} pA, accepted are 0 to {:.6g} pA",
                             contact.threshold * 1e12, contact.baseline * 1e12, limits.current_range * 1e12)};
  }
  return std::nullopt;
}

}  // namespace

double lateral_height(const StageParameters& stage, std::optional<double> last_contact_z) {
  const double high = std::max(0.0, stage.range_z.si() - stage.free_travel.si());
  return last_contact_z ? std::min(high, *last_contact_z + stage.clearance.si()) : high;
}

std::optional<Error> program_offence(const Program& program, const Limits& limits, const Applied& from,
                                     double safe_height) {
  if (auto offence = inspect_program(program, limits)) return offence;
  Applied at = from;
  for (std::size_t k = 0; k < program.waypoints.size(); ++k) {
    const Waypoint& w = program.waypoints[k];
    Inspector inspector(k);
    inspect_values(w, limits, inspector);
    inspect_lateral(w, at, safe_height, inspector);
    if (inspector.offence()) return inspector.offence();
    at = {w.x.value_or(at.x), w.y.value_or(at.y), w.z.value_or(at.z), w.E1.value_or(at.E)};
  }
  return std::nullopt;
}

DryRun program_cost(const Program& program, const Applied& from, const TimeBase& base) {
  Applied at = from;
  Tick total = 0;
  for (const Waypoint& w : program.waypoints) {
    const WaypointPlan plan = plan_waypoint(w, at, base);
    total += plan.duration;
    at = plan.end();
  }
  return {seconds(total), static_cast<std::size_t>((total + base.frame - 1) / base.frame)};
}

}  // namespace seccm::instrument::twin
