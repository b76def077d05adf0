// Motion of the three piezo axes.
//
// Each axis follows its command c(t) with a first-order lag, and what the position sensor sees is s(t):
//   τ ds/dt = c - s
// The true position differs from it by creep and by the sensor's linearity:
//   true = s + ε L sin(2π s/L + φ) - Σ_k (γ c - m_k),   τ_k dm_k/dt = γ c - m_k,   τ_k = 0.1, 1, 10, 100 s
// so that after a move by Δ a share γ arrives late per decade of time between 0.1 s and 100 s. L: travel (m), ε:
// linearity, γ: creep per decade. Commands are linear between breakpoints, hence every piece has its exact solution and
// no step size enters. A tip that stops at speed v runs on by v τ.
#pragma once

#include <array>
#include <cstdint>

#include "instrument/twin/stage_parameters.hpp"

namespace seccm::instrument::twin {

inline constexpr int creep_modes = 4;

/// One axis; a copyable value.
class AxisMotion {
 public:
  AxisMotion(double lag, double creep, double linearity, double travel, double phase, double position);

  /// The command runs linearly from `command` at `velocity` for dt s. Returns the mean of s over dt.
  double advance(double command, double velocity, double dt);
  [[nodiscard]] double sensor() const { return sensor_; }  ///< m
  [[nodiscard]] double position() const;                   ///< m, true
  /// m, true position dt s into such a piece; nothing changes.
  [[nodiscard]] double position_after(double command, double velocity, double dt) const;

 private:
  [[nodiscard]] double truth(double sensor, double command, const std::array<double, creep_modes>& late) const;

  double lag_;
  double creep_;
  double linearity_;  // ε L
  double wave_;       // 2π/L
  double phase_;
  double sensor_;
  double command_;
  std::array<double, creep_modes> late_{};
  double factor_dt_ = -1.0;  // step whose exponentials are kept
  std::array<double, creep_modes + 1> factor_{};
};

struct Point3 {
  double x = 0, y = 0, z = 0;
};

/// x, y, z together.
class Stage {
 public:
  Stage(const StageParameters& parameters, std::uint64_t seed, const Point3& start);
  /// Returns the mean sensor position over dt.
  Point3 advance(const Point3& command, const Point3& velocity, double dt);
  [[nodiscard]] Point3 position() const;                                                   ///< true, m
  [[nodiscard]] Point3 sensor() const { return {x_.sensor(), y_.sensor(), z_.sensor()}; }  ///< at this instant, m
  [[nodiscard]] double sensor_z() const { return z_.sensor(); }
  [[nodiscard]] double z_after(double command, double velocity, double dt) const {
    return z_.position_after(command, velocity, dt);
  }

 private:
  AxisMotion x_, y_, z_;
};

}  // namespace seccm::instrument::twin
