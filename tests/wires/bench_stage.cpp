#include "tests/wires/bench_stage.hpp"

#include <algorithm>

namespace seccm::instrument::testing {

BenchStage::BenchStage(const BenchSeconds& time, const std::vector<double>& at, double creep)
    : time_(time), creep_(creep) {
  for (double position : at) axes_.push_back({position, position});
}

double BenchStage::command(const Axis& axis) const {
  const double way = axis.velocity * (time_.now() - axis.since);
  return axis.from + std::clamp(axis.target - axis.from, -way, way);
}

double BenchStage::position(int axis) {
  return command(of(axis)) + (axis == 0 ? creep_ * time_.now() : 0.0);
}

bool BenchStage::moving(int axis) const {
  return command(of(axis)) != of(axis).target;
}

void BenchStage::move_to(int axis, double target) {
  Axis& a = axes_.at(static_cast<std::size_t>(axis));
  a.from = command(a);
  a.target = target;
  a.since = time_.now();
}

}  // namespace seccm::instrument::testing
