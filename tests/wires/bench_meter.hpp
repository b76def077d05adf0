// A source meter for protocol tests: a resistor across its terminals, readings by the seconds of the bench.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "instrument/bench/source_meter_model.hpp"
#include "tests/wires/bench_stage.hpp"

namespace seccm::instrument::testing {

class BenchMeter final : public bench::SourceMeterModel {
 public:
  BenchMeter(BenchSeconds& time, double resistance) : time_(time), resistance_(resistance) {}

  void set_level(double E) override { level_ = E; }
  [[nodiscard]] double level() const override { return level_; }
  void set_output(bool on) override { output_ = on; }
  [[nodiscard]] bool output() const override { return output_; }
  double set_current_range(double full_scale) override;
  void set_lowest_range(double range) { lowest_ = range_ = range; }
  [[nodiscard]] double current_range() const override { return range_; }
  void start(std::vector<bench::SourcePoint> points) override;
  [[nodiscard]] bool running() const override { return !points_.empty() && time_.now() + 1e-9 < points_.back().t; }
  void stop() override;
  void finish() override;
  std::vector<bench::CurrentReading> take() override;

 private:
  BenchSeconds& time_;
  double resistance_;
  double level_ = 0.0, lowest_ = 1e-8, range_ = 1e-8;
  bool output_ = false;
  std::deque<bench::CurrentReading> points_;  // to come
};

}  // namespace seccm::instrument::testing
