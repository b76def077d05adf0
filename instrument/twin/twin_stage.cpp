#include "instrument/twin/twin_stage.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/random.hpp"

namespace seccm::instrument::twin {

namespace {

// The tip is looked at as often: over which ground it is while it moves, and where it drifts to while it rests.
constexpr Tick moving_piece = 40'000;       // 1 ms
constexpr Tick resting_piece = 40'000'000;  // 1 s

}  // namespace

TwinStage::TwinStage(World& world, std::uint64_t seed, const Point3& start)
    : world_(world),
      seed_(seed),
      axes_{{{start.x, start.x, velocity_max(0)},
             {start.y, start.y, velocity_max(1)},
             {start.z, start.z, velocity_max(2)}}} {
  Integrals nobody_reads;
  world_.begin_potential(0.0, 0.0, std::numeric_limits<double>::infinity(), nobody_reads);
}

double TwinStage::travel_max(int axis) const {
  const StageParameters& stage = world_.spec().stage;
  return axis == 2 ? stage.range_z.si() : stage.range_xy.si();
}

double TwinStage::velocity_max(int axis) const {
  const StageParameters& stage = world_.spec().stage;
  return axis == 2 ? stage.speed_z_max.si() : stage.speed_xy_max.si();
}

double TwinStage::command(const Axis& axis) const {
  if (tick_ >= axis.arrival) return axis.target;
  const double share = static_cast<double>(tick_ - axis.start) / static_cast<double>(axis.arrival - axis.start);
  return axis.from + share * (axis.target - axis.from);
}

double TwinStage::slope(const Axis& axis) const {
  return tick_ >= axis.arrival ? 0.0 : (axis.target - axis.from) / seconds(axis.arrival - axis.start);
}

double TwinStage::position(int axis) {
  RandomStream noise(seed_, "stage sensor", readings_++);
  const Point3 sensor = world_.sensor();
  const std::array<double, 3> values{sensor.x, sensor.y, sensor.z};
  return values.at(static_cast<std::size_t>(axis)) + world_.spec().stage.sensor_noise.si() * noise.normal();
}

void TwinStage::set_velocity(int axis, double velocity) {
  at(axis).velocity = velocity;
  if (moving(axis)) move_to(axis, target(axis));
}

void TwinStage::move_to(int axis, double target) {
  Axis& a = at(axis);
  a.from = command(a);
  a.target = target;
  a.start = tick_;
  a.arrival = tick_ + (target == a.from ? 0 : std::max<Tick>(1, ticks_up(std::abs(target - a.from) / a.velocity)));
}

void TwinStage::halt(int axis) {
  move_to(axis, command(at(axis)));
}

void TwinStage::advance_to(double time) {
  const Tick until = ticks_up(time);
  while (tick_ < until) {
    const bool any_moving = moving(0) || moving(1) || moving(2);
    Tick next = std::min(until, tick_ + (any_moving ? moving_piece : resting_piece));
    for (const Axis& axis : axes_) {
      if (axis.arrival > tick_) next = std::min(next, axis.arrival);
    }
    Drive drive;
    drive.position = {command(axes_[0]), command(axes_[1]), command(axes_[2])};
    drive.velocity = {slope(axes_[0]), slope(axes_[1]), slope(axes_[2])};
    Integrals nobody_reads;
    tick_ += world_.advance(drive, next - tick_, nobody_reads).ticks;
  }
}

}  // namespace seccm::instrument::twin
