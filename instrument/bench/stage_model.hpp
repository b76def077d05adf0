// A stage as its controller knows it: axes with a closed loop, each moved by itself. What stands behind a stage's
// protocol; it knows no protocol and no probe. Positions in m from the lower end of each travel; axis numbers from 0.
#pragma once

namespace seccm::instrument::bench {

class StageModel {
 public:
  virtual ~StageModel() = default;
  [[nodiscard]] virtual int axes() const = 0;
  [[nodiscard]] virtual double travel_min(int axis) const = 0;    ///< m
  [[nodiscard]] virtual double travel_max(int axis) const = 0;    ///< m
  [[nodiscard]] virtual double velocity_max(int axis) const = 0;  ///< m/s
  [[nodiscard]] virtual double velocity(int axis) const = 0;      ///< m/s, of the next move
  [[nodiscard]] virtual double target(int axis) const = 0;        ///< m
  [[nodiscard]] virtual double position(int axis) = 0;            ///< m, as the sensor reads it now
  [[nodiscard]] virtual bool moving(int axis) const = 0;          ///< the command has not arrived
  /// Within range; the caller has checked.
  virtual void set_velocity(int axis, double velocity) = 0;
  virtual void move_to(int axis, double target) = 0;
  /// Stops the command where it is.
  virtual void halt(int axis) = 0;
};

}  // namespace seccm::instrument::bench
