// Time of the served twin: stepped by requests, each taking its latency, or paced by the wall clock.
#pragma once

#include <optional>

#include "instrument/bench/bench_time.hpp"
#include "instrument/roles/clock.hpp"
#include "rigs/paced_clock.hpp"

namespace seccm::rigs {

class RequestTime final : public instrument::bench::BenchTime {
 public:
  /// `rig` must outlive it. `speed`: device seconds per second of the wall clock; 0: stepped.
  RequestTime(instrument::Clock& rig, double speed);
  [[nodiscard]] double now() const override { return rig_.now(); }
  void on_request(double latency) override;
  [[nodiscard]] double ahead() const override { return paced_ ? paced_->ahead() : 0.0; }
  /// The clock of a host that shares this time.
  [[nodiscard]] instrument::Clock& clock() { return paced_ ? static_cast<instrument::Clock&>(*paced_) : rig_; }

 private:
  instrument::Clock& rig_;
  std::optional<PacedClock> paced_;
};

}  // namespace seccm::rigs
