#include "tests/wires/bench_meter.hpp"

#include <cmath>

namespace seccm::instrument::testing {

namespace {

constexpr double rounding = 1e-9;  // s, of sums of delays and apertures

}  // namespace

double BenchMeter::set_current_range(double full_scale) {
  range_ = lowest_;
  while (range_ < full_scale * (1.0 - 1e-9)) range_ *= 10.0;
  return range_;
}

void BenchMeter::start(std::vector<bench::SourcePoint> points) {
  points_.clear();
  double t = time_.now();
  double level = level_;
  for (const auto& p : points) {
    t += p.delay + p.aperture;
    level = p.level.value_or(level);
    const double applied = output_ ? level : 0.0;
    const double i = applied / resistance_;
    points_.push_back({.level = applied, .current = i, .t = t, .overrange = std::abs(i) > 1.05 * range_});
  }
}

void BenchMeter::stop() {
  points_.clear();
}

void BenchMeter::finish() {
  if (running()) time_.on_request(points_.back().t - time_.now());
}

std::vector<bench::CurrentReading> BenchMeter::take() {
  std::vector<bench::CurrentReading> taken;
  while (!points_.empty() && points_.front().t <= time_.now() + rounding) {
    taken.push_back(points_.front());
    level_ = output_ ? points_.front().level : level_;
    points_.pop_front();
  }
  return taken;
}

}  // namespace seccm::instrument::testing
