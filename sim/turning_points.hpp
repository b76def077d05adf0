// The alternating extremes of a signal: its first value, then each maximum and minimum, its last value.
//
// Reversals smaller than `hysteresis` are ignored, so that a plateau makes no turning points.
#pragma once

#include <vector>

namespace seccm::sim {

class TurningPoints {
 public:
  explicit TurningPoints(double hysteresis) : hysteresis_(hysteresis) {}

  void add(double value);
  /// The first value alone while nothing has moved by more than the hysteresis; empty before any value.
  [[nodiscard]] std::vector<double> values() const;

 private:
  double hysteresis_;
  std::vector<double> confirmed_;
  double extreme_ = 0.0;  ///< since the last confirmed point
  int direction_ = 0;     ///< +1 rising, -1 falling, 0 not yet moving
};

}  // namespace seccm::sim
