#include "instrument/replay/program_match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seccm::instrument::replay {
namespace {

constexpr double um = 1e-6, pA = 1e-12;
constexpr double longest_hold = 86400.0;  // s

/// Collects the first difference of one program.
class Comparison {
 public:
  void number(const char* what, double asked, double recorded, double scale, const char* unit) {
    if (agree(asked, recorded)) return;
    differ(fmt::format("{} = {:.9g} {}, recorded {:.9g} {}", what, asked / scale, unit, recorded / scale, unit));
  }
  void target(const char* what, const std::optional<double>& asked, bool sets, double recorded, double scale,
              const char* unit) {
    if (asked.has_value() != sets) {
      differ(
          fmt::format("{} is {}, recorded {}", what, asked ? "set" : "left as it is", sets ? "set" : "left as it was"));
    } else if (asked) {
      number(what, *asked, recorded, scale, unit);
    }
  }
  void flag(const char* what, bool asked, bool recorded) {
    if (asked != recorded)
      differ(fmt::format("{} {}, recorded {}", what, asked ? "yes" : "no", recorded ? "yes" : "no"));
  }
  void differ(const std::string& text) {
    if (!first_) first_ = prefix_ + text;
  }
  void enter(std::size_t waypoint) { prefix_ = fmt::format("waypoint {}: ", waypoint + 1); }
  [[nodiscard]] const std::optional<std::string>& first() const { return first_; }

 private:
  std::string prefix_;
  std::optional<std::string> first_;
};

void compare(const Waypoint& a, const files::WaypointRecord& r, Comparison& out) {
  out.target("x", a.x, r.sets_x, r.x, um, "um");
  out.target("y", a.y, r.sets_y, r.y, um, "um");
  out.target("z", a.z, r.sets_z, r.z, um, "um");
  out.target("E1", a.E1, r.sets_E1, r.E1_vs_QRCE, 1.0, "V");
  if (a.x || a.y) out.number("lateral speed", a.speed_xy, r.speed_xy, um, "um/s");
  if (a.z) out.number("z speed", a.speed_z, r.speed_z, um, "um/s");
  if (a.E1) {
    out.flag("jump of E1", a.jump_E1, r.jump_E1);
    if (!a.jump_E1) out.number("rate of E1", a.rate_E1, r.rate_E1, 1.0, "V/s");
  }
  out.number("hold", a.hold, r.hold, 1.0, "s");
  out.flag("stop on contact", a.stop == StopRule::on_contact, r.on_contact);
  if (a.tag != r.tag) out.differ(fmt::format("tag {}, recorded {}", a.tag, r.tag));
}

std::string outside(const char* what, double value, double low, double high, double scale, const char* unit) {
  return fmt::format("{} = {:.6g} {} is outside {:.6g} {} to {:.6g} {}", what, value / scale, unit, low / scale, unit,
                     high / scale, unit);
}

/// The first offence of a waypoint. Written so that NaN fails.
std::optional<std::string> offence(const Waypoint& w, const Limits& l) {
  constexpr double tiny = 1e-12;
  if (w.x && !(*w.x >= l.x_min && *w.x <= l.x_max)) return outside("x", *w.x, l.x_min, l.x_max, um, "um");
  if (w.y && !(*w.y >= l.y_min && *w.y <= l.y_max)) return outside("y", *w.y, l.y_min, l.y_max, um, "um");
  if (w.z && !(*w.z >= l.z_min && *w.z <= l.z_max)) return outside("z", *w.z, l.z_min, l.z_max, um, "um");
  if ((w.x || w.y) && !(w.speed_xy >= tiny && w.speed_xy <= l.speed_xy_max))
    return outside("lateral speed", w.speed_xy, tiny, l.speed_xy_max, um, "um/s");
  if (w.z && !(w.speed_z >= tiny && w.speed_z <= l.speed_z_max))
    return outside("z speed", w.speed_z, tiny, l.speed_z_max, um, "um/s");
  if (w.E1 && !(*w.E1 >= l.E_min && *w.E1 <= l.E_max)) return outside("E1", *w.E1, l.E_min, l.E_max, 1.0, "V vs QRCE");
  if (w.E1 && !w.jump_E1 && !(w.rate_E1 >= 1e-9 && w.rate_E1 <= l.rate_E_max))
    return outside("potential rate", w.rate_E1, 1e-9, l.rate_E_max, 1.0, "V/s");
  if (!(w.hold >= 0.0 && w.hold <= longest_hold)) return outside("hold", w.hold, 0.0, longest_hold, 1.0, "s");
  if (w.tag < 1 || w.tag > 32767) return outside("tag", w.tag, 1, 32767, 1.0, "");
  return std::nullopt;
}

Error rejected(std::string text) {
  return {Errc::limit_rejected, "replay sequencer", std::move(text), false};
}

/// Time of a leg, and where it ends.
double duration_of(const Waypoint& w, SequencerStatus& at) {
  double longest = 0.0;
  const auto travel = [&](const std::optional<double>& target, double& from, double speed) {
    if (!target) return;
    longest = std::max(longest, std::abs(*target - from) / speed);
    from = *target;
  };
  travel(w.x, at.x, w.speed_xy);
  travel(w.y, at.y, w.speed_xy);
  travel(w.z, at.z, w.speed_z);
  if (w.E1 && w.jump_E1) at.E1 = *w.E1;
  if (w.E1 && !w.jump_E1) travel(w.E1, at.E1, w.rate_E1);
  return longest + w.hold;
}

}  // namespace

bool agree(double asked, double recorded) {
  return std::abs(asked - recorded) <= 1e-9 * std::max(std::abs(asked), std::abs(recorded));
}

std::optional<std::string> first_difference(const Program& asked, const files::ProgramRecord& recorded) {
  Comparison out;
  const std::size_t count = std::min(asked.waypoints.size(), recorded.waypoints.size());
  bool approaches = false;
  for (std::size_t k = 0; k < count && !out.first(); ++k) {
    out.enter(k);
    compare(asked.waypoints[k], recorded.waypoints[k], out);
    approaches = approaches || recorded.waypoints[k].on_contact;
  }
  if (out.first()) return out.first();
  if (asked.waypoints.size() != recorded.waypoints.size())
    return fmt::format("{} waypoints, recorded {}", asked.waypoints.size(), recorded.waypoints.size());
  if (approaches) {
    Comparison contact;
    contact.number("contact threshold", asked.contact.threshold, recorded.contact_threshold, pA, "pA");
    contact.number("contact baseline", asked.contact.baseline, recorded.contact_baseline, pA, "pA");
    return contact.first();
  }
  return std::nullopt;
}

Result<DryRun> dry_run(const Program& program, const Limits& limits, const SequencerStatus& from,
                       double frame_interval) {
  const std::size_t count = program.waypoints.size();
  if (count < 1 || count > limits.max_waypoints)
    return rejected(fmt::format("{} waypoints, accepted are 1 to {}", count, limits.max_waypoints));
  const auto& contact = program.contact;
  const bool approaches = std::any_of(program.waypoints.begin(), program.waypoints.end(),
                                      [](const Waypoint& w) { return w.stop == StopRule::on_contact; });
  if (approaches && !(contact.threshold > 0.0 && contact.threshold <= limits.current_range &&
                      std::abs(contact.baseline) <= limits.current_range))
    return rejected(fmt::format("contact threshold {:.6g} pA about {:.6g} pA, accepted are 0 to {:.6g} pA",
                                contact.threshold / pA, contact.baseline / pA, limits.current_range / pA));
  SequencerStatus at = from;
  DryRun total;
  for (std::size_t k = 0; k < count; ++k) {
    if (const auto text = offence(program.waypoints[k], limits))
      return rejected(fmt::format("waypoint {}: {}", k + 1, *text));
    total.duration += duration_of(program.waypoints[k], at);
  }
  total.frames = static_cast<std::size_t>(std::ceil(total.duration / frame_interval - 1e-9));
  return total;
}

}  // namespace seccm::instrument::replay
