#include "scenarios/paced_clock.hpp"

#include <algorithm>
#include <thread>

namespace seccm::scenarios {

PacedClock::PacedClock(instrument::Clock& rig, double speed)
    : rig_(rig), speed_(speed), origin_(rig.now()), start_(WallClock::now()) {}

double PacedClock::now() const {
  const std::chrono::duration<double> wall = WallClock::now() - start_;
  rig_.sleep_until(origin_ + speed_ * wall.count(), {});
  return rig_.now();
}

void PacedClock::sleep_until(double time, const std::stop_token& stop) {
  for (double left = time - now(); left > 0.0 && !stop.stop_requested(); left = time - now()) {
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(left / speed_, 10e-3)));
  }
}

}  // namespace seccm::scenarios
