// Device time of the twin: counts of the controller's 40 MHz clock, so that frame times are exact.
#pragma once

#include <cmath>
#include <cstdint>

namespace seccm::instrument::twin {

using Tick = std::int64_t;
inline constexpr double tick_length = 25e-9;  ///< s

inline double seconds(Tick tick) {
  return static_cast<double>(tick) * tick_length;
}
/// The first tick at or after `time`; a time within 1 ps behind a tick counts as that tick.
inline Tick ticks_up(double time) {
  return static_cast<Tick>(std::ceil(time / tick_length - 4e-5));
}

struct TimeBase {
  Tick sample = 160;   ///< 4 us
  Tick frame = 41120;  ///< 257 samples: 256 in the mean, one for the transfer
};

/// Anything that can let time pass.
class Timeline {
 public:
  virtual ~Timeline() = default;
  [[nodiscard]] virtual double now() const = 0;
  /// Lets the world run until `time`; a time in the past does nothing.
  virtual void advance_to(double time) = 0;
};

}  // namespace seccm::instrument::twin
