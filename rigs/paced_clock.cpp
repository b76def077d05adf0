#include "rigs/paced_clock.hpp"

#include <algorithm>
#include <thread>

namespace seccm::rigs {

PacedClock::PacedClock(instrument::Clock& rig, double speed)
    : rig_(rig), speed_(speed), origin_(rig.now()), start_(WallClock::now()) {}

double PacedClock::wall_time() const {
  const std::chrono::duration<double> wall = WallClock::now() - start_;
  return origin_ + speed_ * wall.count();
}

double PacedClock::now() const {
  rig_.sleep_until(wall_time(), {});
  return rig_.now();
}

double PacedClock::ahead() const {
  return std::max(0.0, (rig_.now() - wall_time()) / speed_);
}

void PacedClock::await_wall() const {
  for (double left = ahead(); left > 0.0; left = ahead()) {
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(left, 10e-3)));
  }
}

void PacedClock::sleep_until(double time, const std::stop_token& stop) {
  for (double left = time - now(); left > 0.0 && !stop.stop_requested(); left = time - now()) {
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(left / speed_, 10e-3)));
  }
}

}  // namespace seccm::rigs
