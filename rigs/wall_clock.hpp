// The clock of a host in front of real instruments: seconds of the wall since it was made.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

#include "instrument/roles/clock.hpp"

namespace seccm::rigs {

class WallClock final : public instrument::Clock {
 public:
  [[nodiscard]] double now() const override {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  void sleep_until(double time, const std::stop_token& stop) override {
    while (now() < time && !stop.stop_requested())
      std::this_thread::sleep_for(std::chrono::duration<double>(std::clamp(time - now(), 0.0, 10e-3)));
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace seccm::rigs
