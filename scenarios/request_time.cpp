#include "scenarios/request_time.hpp"

namespace seccm::scenarios {

RequestTime::RequestTime(instrument::Clock& rig, double speed) : rig_(rig) {
  if (speed > 0.0) paced_.emplace(rig, speed);
}

void RequestTime::on_request(double latency) {
  if (paced_) {
    static_cast<void>(paced_->now());  // the wire and the wait for it take real time
  } else {
    rig_.sleep_until(rig_.now() + latency, {});
  }
}

}  // namespace seccm::scenarios
