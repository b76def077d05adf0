// The time of a rig that is timed by its samples: the host's clock, which never stands behind the device.
//
// Samples carry intervals of the device's own oscillator, programs begin at an instant of the host's clock. Where the
// host's runs slower (another oscillator by some 10^-5, or a target in stepped time by any factor), the frames of a
// long program would end in the host's future, and those of the next one begin in their past. Therefore each sample
// that has come sets this clock forward to its time if it stands behind; in between it runs as the host's does.
#pragma once

#include <algorithm>

#include "instrument/roles/clock.hpp"

namespace seccm::instrument::wecspm {

class SampleClock final : public Clock {
 public:
  /// `host` must outlive it.
  explicit SampleClock(Clock& host) : host_(host) {}
  [[nodiscard]] double now() const override { return host_.now() + ahead_; }
  void sleep_until(double time, const std::stop_token& stop) override { host_.sleep_until(time - ahead_, stop); }
  /// A sample of this time, s, has come.
  void reached(double time) { ahead_ = std::max(ahead_, time - host_.now()); }

 private:
  Clock& host_;
  double ahead_ = 0.0;  // s
};

}  // namespace seccm::instrument::wecspm
