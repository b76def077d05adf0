#include "rigs/request_time.hpp"

namespace seccm::rigs {

RequestTime::RequestTime(instrument::Clock& rig, double speed) : rig_(rig) {
  if (speed > 0.0) paced_.emplace(rig, speed);
}

void RequestTime::on_request(double latency) {
  if (paced_) {
    // An exposure or an aperture is computed at once and puts the world ahead; what comes next, on this wire or on
    // another, finds it over. The wire and the wait for it take real time by themselves.
    paced_->await_wall();
    static_cast<void>(paced_->now());
  } else {
    rig_.sleep_until(rig_.now() + latency, {});
  }
}

}  // namespace seccm::rigs
