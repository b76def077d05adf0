// Virtual time: sleeping lets the world run, and costs no wall time.
#pragma once

#include "instrument/roles/clock.hpp"
#include "instrument/twin/time_base.hpp"

namespace seccm::instrument::twin {

class VirtualClock final : public Clock {
 public:
  /// `timeline` must outlive the clock.
  explicit VirtualClock(Timeline& timeline) : timeline_(timeline) {}

  [[nodiscard]] double now() const override { return timeline_.now(); }
  /// In slices of 100 ms, between which a stop request is honoured.
  void sleep_until(double time, const std::stop_token& stop) override;

 private:
  Timeline& timeline_;
};

}  // namespace seccm::instrument::twin
