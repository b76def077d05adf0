// The rig's clock tied to the wall clock: whenever it is asked for the time, the rig first catches up with
// origin + speed x (wall time since construction).
#pragma once

#include <chrono>
#include <stop_token>

#include "instrument/roles/clock.hpp"

namespace seccm::rigs {

class PacedClock final : public instrument::Clock {
 public:
  /// `rig` must outlive the clock. `speed` > 0: device seconds per second of the wall clock.
  PacedClock(instrument::Clock& rig, double speed);

  [[nodiscard]] double now() const override;
  void sleep_until(double time, const std::stop_token& stop) override;
  /// s of the wall clock until it comes to where the rig is, >= 0.
  [[nodiscard]] double ahead() const;
  /// The other way: sleeps until the wall clock has come to where the rig is.
  void await_wall() const;

 private:
  using WallClock = std::chrono::steady_clock;
  [[nodiscard]] double wall_time() const;  ///< s of the rig

  instrument::Clock& rig_;
  double speed_;
  double origin_;
  WallClock::time_point start_;
};

}  // namespace seccm::rigs
