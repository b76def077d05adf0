#include "instrument/twin/stage_motion.hpp"

#include <cmath>

#include "sim/random.hpp"

namespace seccm::instrument::twin {

namespace {

constexpr std::array<double, creep_modes> creep_times{0.1, 1.0, 10.0, 100.0};

/// e^{-dt/τ}; an axis without lag follows at once.
double decay(double dt, double tau) {
  return tau > 0.0 ? std::exp(-dt / tau) : 0.0;
}

/// Solution of τ ds/dt = c + v t - s at dt.
double follow(double s, double command, double velocity, double dt, double tau, double factor) {
  const double lagged = command - velocity * tau;
  return lagged + velocity * dt + (s - lagged) * factor;
}

double phase_of(std::uint64_t seed, std::uint64_t axis) {
  return 2.0 * constants::pi * RandomStream(seed, "stage linearity", axis).uniform();
}

}  // namespace

AxisMotion::AxisMotion(double lag, double creep, double linearity, double travel, double phase, double position)
    : lag_(lag),
      creep_(creep),
      linearity_(linearity * travel),
      wave_(2.0 * constants::pi / travel),
      phase_(phase),
      sensor_(position),
      command_(position) {
  late_.fill(creep_ * position);
}

double AxisMotion::truth(double sensor, double command, const std::array<double, creep_modes>& late) const {
  double missing = 0.0;
  for (double m : late) missing += creep_ * command - m;
  return sensor + linearity_ * std::sin(wave_ * sensor + phase_) - missing;
}

double AxisMotion::position() const {
  return truth(sensor_, command_, late_);
}

double AxisMotion::advance(double command, double velocity, double dt) {
  if (dt != factor_dt_) {
    factor_dt_ = dt;
    factor_[creep_modes] = decay(dt, lag_);
    for (std::size_t k = 0; k < creep_modes; ++k) factor_[k] = decay(dt, creep_times[k]);
  }
  const double begin = sensor_;
  sensor_ = follow(begin, command, velocity, dt, lag_, factor_[creep_modes]);
  command_ = command + velocity * dt;
  for (std::size_t k = 0; k < creep_modes; ++k) {
    late_[k] = follow(late_[k], creep_ * command, creep_ * velocity, dt, creep_times[k], factor_[k]);
  }
  // ∫ of τ ds/dt = c - s over the piece.
  return command + 0.5 * velocity * dt - lag_ * (sensor_ - begin) / dt;
}

double AxisMotion::position_after(double command, double velocity, double dt) const {
  std::array<double, creep_modes> late{};
  for (std::size_t k = 0; k < creep_modes; ++k) {
    late[k] = follow(late_[k], creep_ * command, creep_ * velocity, dt, creep_times[k], decay(dt, creep_times[k]));
  }
  return truth(follow(sensor_, command, velocity, dt, lag_, decay(dt, lag_)), command + velocity * dt, late);
}

Stage::Stage(const StageParameters& p, std::uint64_t seed, const Point3& start)
    : x_(p.response_time.si(), p.creep, p.linearity, p.range_xy.si(), phase_of(seed, 0), start.x),
      y_(p.response_time.si(), p.creep, p.linearity, p.range_xy.si(), phase_of(seed, 1), start.y),
      z_(p.response_time.si(), p.creep, p.linearity, p.range_z.si(), phase_of(seed, 2), start.z) {}

Point3 Stage::advance(const Point3& command, const Point3& velocity, double dt) {
  return {x_.advance(command.x, velocity.x, dt), y_.advance(command.y, velocity.y, dt),
          z_.advance(command.z, velocity.z, dt)};
}

Point3 Stage::position() const {
  return {x_.position(), y_.position(), z_.position()};
}

}  // namespace seccm::instrument::twin
