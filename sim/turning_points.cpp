#include "sim/turning_points.hpp"

#include <cmath>

namespace seccm::sim {

void TurningPoints::add(double value) {
  if (confirmed_.empty()) {
    confirmed_.push_back(value);
    extreme_ = value;
    return;
  }
  if (direction_ == 0) {
    if (std::abs(value - confirmed_.front()) <= hysteresis_) return;
    direction_ = value > confirmed_.front() ? 1 : -1;
    extreme_ = value;
    return;
  }
  if ((value - extreme_) * direction_ > 0.0) {
    extreme_ = value;
  } else if ((extreme_ - value) * direction_ > hysteresis_) {
    confirmed_.push_back(extreme_);
    direction_ = -direction_;
    extreme_ = value;
  }
}

std::vector<double> TurningPoints::values() const {
  std::vector<double> all = confirmed_;
  if (direction_ != 0) all.push_back(extreme_);
  return all;
}

}  // namespace seccm::sim
