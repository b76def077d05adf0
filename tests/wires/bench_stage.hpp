// A stage and a time for protocol tests: axes that move at their set velocity, seconds that pass only when asked to.
#pragma once

#include <atomic>
#include <vector>

#include "instrument/bench/bench_time.hpp"
#include "instrument/bench/stage_model.hpp"

namespace seccm::instrument::testing {

class BenchSeconds final : public bench::BenchTime {
 public:
  [[nodiscard]] double now() const override { return now_; }
  void on_request(double latency) override {
    now_ = now_ + latency;
    ++requests;
  }
  std::atomic<int> requests = 0;

 private:
  // A test reads the time while a server's thread lets it pass.
  std::atomic<double> now_ = 0.0;
};

/// Travel 0 to 200 um, velocity up to 10 mm/s, 50 um/s at the start.
class BenchStage final : public bench::StageModel {
 public:
  /// `at`: positions at the start, m. `creep`: m/s by which the sensor of the first axis runs away.
  BenchStage(const BenchSeconds& time, const std::vector<double>& at, double creep = 0.0);

  [[nodiscard]] int axes() const override { return static_cast<int>(axes_.size()); }
  [[nodiscard]] double travel_min(int) const override { return 0.0; }
  [[nodiscard]] double travel_max(int) const override { return 200e-6; }
  [[nodiscard]] double velocity_max(int) const override { return 10e-3; }
  [[nodiscard]] double velocity(int axis) const override { return of(axis).velocity; }
  [[nodiscard]] double target(int axis) const override { return of(axis).target; }
  [[nodiscard]] double position(int axis) override;
  [[nodiscard]] bool moving(int axis) const override;
  void set_velocity(int axis, double velocity) override {
    axes_.at(static_cast<std::size_t>(axis)).velocity = velocity;
  }
  void move_to(int axis, double target) override;
  void halt(int axis) override { move_to(axis, command(of(axis))); }

 private:
  struct Axis {
    double from = 0.0, target = 0.0, velocity = 50e-6, since = 0.0;
  };
  [[nodiscard]] const Axis& of(int axis) const { return axes_.at(static_cast<std::size_t>(axis)); }
  [[nodiscard]] double command(const Axis& axis) const;

  const BenchSeconds& time_;
  std::vector<Axis> axes_;
  double creep_;
};

}  // namespace seccm::instrument::testing
