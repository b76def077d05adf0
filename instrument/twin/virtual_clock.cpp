#include "instrument/twin/virtual_clock.hpp"

#include <algorithm>

namespace seccm::instrument::twin {

void VirtualClock::sleep_until(double time, const std::stop_token& stop) {
  constexpr double slice = 0.1;  // s
  while (timeline_.now() < time && !stop.stop_requested()) {
    const double before = timeline_.now();
    timeline_.advance_to(std::min(time, before + slice));
    if (timeline_.now() <= before) return;  // less than one tick was left
  }
}

}  // namespace seccm::instrument::twin
