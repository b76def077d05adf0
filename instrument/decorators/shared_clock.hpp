// The clock of a world that other threads (servers) work on as well.
#pragma once

#include <mutex>

#include "instrument/roles/clock.hpp"

namespace seccm::instrument {

class SharedClock final : public Clock {
 public:
  /// Both must outlive it; `world` is held during each call.
  SharedClock(Clock& inner, std::mutex& world) : inner_(inner), world_(world) {}
  [[nodiscard]] double now() const override {
    const std::lock_guard lock(world_);
    return inner_.now();
  }
  void sleep_until(double time, const std::stop_token& stop) override {
    const std::lock_guard lock(world_);
    inner_.sleep_until(time, stop);
  }

 private:
  Clock& inner_;
  std::mutex& world_;
};

}  // namespace seccm::instrument
