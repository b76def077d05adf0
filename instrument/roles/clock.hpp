// Time, injected: nothing that can be simulated reads a wall clock or sleeps.
//
// Virtual: `sleep_until` advances the world. Paced: wall clock x speed. Transaction-stepped: each request costs its
// modelled latency. Times are seconds since the rig was switched on.
#pragma once

#include <stop_token>

namespace seccm::instrument {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual double now() const = 0;
  /// Returns at `time` or as soon as a stop is requested; a time in the past returns at once.
  virtual void sleep_until(double time, const std::stop_token& stop) = 0;
};

}  // namespace seccm::instrument
