// Three axes of the world, moved one by one: the time line of instruments without a controller.
#pragma once

#include <array>
#include <cstdint>

#include "instrument/bench/stage_model.hpp"
#include "instrument/twin/time_base.hpp"
#include "instrument/twin/world.hpp"

namespace seccm::instrument::twin {

class TwinStage final : public bench::StageModel, public Timeline {
 public:
  /// `world` must outlive the stage and stand at `start`, at tick 0.
  TwinStage(World& world, std::uint64_t seed, const Point3& start);

  [[nodiscard]] int axes() const override { return 3; }
  [[nodiscard]] double travel_min(int) const override { return 0.0; }
  [[nodiscard]] double travel_max(int axis) const override;
  [[nodiscard]] double velocity_max(int axis) const override;
  [[nodiscard]] double velocity(int axis) const override { return at(axis).velocity; }
  [[nodiscard]] double target(int axis) const override { return at(axis).target; }
  [[nodiscard]] double position(int axis) override;
  [[nodiscard]] bool moving(int axis) const override { return tick_ < at(axis).arrival; }
  void set_velocity(int axis, double velocity) override;
  void move_to(int axis, double target) override;
  void halt(int axis) override;

  [[nodiscard]] double now() const override { return seconds(tick_); }
  void advance_to(double time) override;

 private:
  struct Axis {
    double from, target, velocity;
    Tick start = 0, arrival = 0;
  };
  [[nodiscard]] const Axis& at(int axis) const { return axes_.at(static_cast<std::size_t>(axis)); }
  [[nodiscard]] Axis& at(int axis) { return axes_.at(static_cast<std::size_t>(axis)); }
  [[nodiscard]] double command(const Axis& axis) const;
  [[nodiscard]] double slope(const Axis& axis) const;

  World& world_;
  std::uint64_t seed_;
  std::array<Axis, 3> axes_;
  Tick tick_ = 0;
  std::uint64_t readings_ = 0;
};

}  // namespace seccm::instrument::twin
