#include "instrument/twin/program_run.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace seccm::instrument::twin {

namespace {

Tick travel(double distance, double speed) {
  return distance == 0.0 ? 0 : std::max<Tick>(1, ticks_up(std::abs(distance) / speed));
}

double at(const WaypointPlan& plan, std::size_t channel, Tick since) {
  const Tick arrival = plan.arrival[channel];
  if (since >= arrival) return plan.target[channel];
  const double share = static_cast<double>(since) / static_cast<double>(arrival);
  return plan.start[channel] + share * (plan.target[channel] - plan.start[channel]);
}

double slope(const WaypointPlan& plan, std::size_t channel, Tick since) {
  const Tick arrival = plan.arrival[channel];
  return since >= arrival ? 0.0 : (plan.target[channel] - plan.start[channel]) / seconds(arrival);
}

}  // namespace

WaypointPlan plan_waypoint(const Waypoint& w, const Applied& from, const TimeBase& base) {
  WaypointPlan plan;
  plan.start = {from.x, from.y, from.z, from.E};
  plan.target = {w.x.value_or(from.x), w.y.value_or(from.y), w.z.value_or(from.z), w.E1.value_or(from.E)};
  for (const auto channel : {WaypointPlan::x, WaypointPlan::y}) {
    plan.arrival[channel] = travel(plan.target[channel] - plan.start[channel], w.speed_xy);
  }
  plan.arrival[WaypointPlan::z] = travel(plan.target[WaypointPlan::z] - from.z, w.speed_z);
  if (!w.jump_E1) plan.arrival[WaypointPlan::E] = travel(plan.target[WaypointPlan::E] - from.E, w.rate_E1);
  const Tick arrived = *std::max_element(plan.arrival.begin(), plan.arrival.end());
  const Tick all = std::max(base.sample, arrived + ticks_up(w.hold));
  plan.duration = (all + base.sample - 1) / base.sample * base.sample;
  return plan;
}

ProgramRun::ProgramRun(Program program, const Applied& from, Tick start, const TimeBase& base)
    : program_(std::move(program)), base_(base), start_(start) {
  plan(from);
}

void ProgramRun::plan(const Applied& from) {
  plan_ = plan_waypoint(program_.waypoints[index_], from, base_);
}

bool ProgramRun::next_approaches() const {
  return index_ + 1 < program_.waypoints.size() && program_.waypoints[index_ + 1].stop == StopRule::on_contact;
}

void ProgramRun::next() {
  const Applied from = plan_.end();
  start_ += plan_.duration;
  ++index_;
  if (!finished()) plan(from);
}

Drive ProgramRun::drive(Tick t) const {
  const Tick since = t - start_;
  Drive d;
  d.position = {at(plan_, 0, since), at(plan_, 1, since), at(plan_, 2, since)};
  d.velocity = {slope(plan_, 0, since), slope(plan_, 1, since), slope(plan_, 2, since)};
  d.E = at(plan_, WaypointPlan::E, since);
  d.slope = slope(plan_, WaypointPlan::E, since);
  return d;
}

Applied ProgramRun::applied(Tick t) const {
  const Tick since = t - start_;
  return {at(plan_, 0, since), at(plan_, 1, since), at(plan_, 2, since), at(plan_, WaypointPlan::E, since)};
}

Tick ProgramRun::next_break(Tick t) const {
  Tick next = end();
  for (Tick arrival : plan_.arrival) {
    if (start_ + arrival > t) next = std::min(next, start_ + arrival);
  }
  return next;
}

bool ProgramRun::potential_leg_begins(Tick t) const {
  return t == start_ || t == start_ + plan_.arrival[WaypointPlan::E];
}

double ProgramRun::potential_leg_duration(Tick t) const {
  const Tick arrival = start_ + plan_.arrival[WaypointPlan::E];
  return seconds((t < arrival ? arrival : end()) - t);
}

}  // namespace seccm::instrument::twin
