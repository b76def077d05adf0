// Lamps and a clock for protocol tests.
#pragma once

#include "instrument/roles/clock.hpp"
#include "instrument/roles/light.hpp"
#include "tests/wires/bench_stage.hpp"

namespace seccm::instrument::testing {

class BenchLight final : public Light {
 public:
  [[nodiscard]] Identity identity() const override { return {"test", "lamps", "1", "1"}; }
  [[nodiscard]] Health health() const override { return {}; }
  Outcome connect(ConnectConsent) override { return Done{}; }
  void make_safe() noexcept override { state = {}; }
  Outcome set(LightChannel channel, double intensity) override {
    if (broken) return Error{Errc::device_fault, "lamps", "the lamp is broken", false};
    (channel == LightChannel::reflection ? state.reflection : state.transmission) = intensity;
    return Done{};
  }
  [[nodiscard]] Result<LightState> get() const override { return state; }

  LightState state;
  bool broken = false;
};

class BenchClock final : public Clock {
 public:
  explicit BenchClock(const BenchSeconds& time) : time_(time) {}
  [[nodiscard]] double now() const override { return time_.now(); }
  void sleep_until(double, const std::stop_token&) override {}

 private:
  const BenchSeconds& time_;
};

}  // namespace seccm::instrument::testing
