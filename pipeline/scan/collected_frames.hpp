// Frames of short programs kept in memory, by leg: for baselines, contact checks, sweeps in air and the ferrocene wave.
// Not for CV programmes of points, whose length has no bound.
#pragma once

#include <span>
#include <vector>

#include "pipeline/scan/program_runner.hpp"

namespace seccm::scan {

class CollectedFrames : public FrameSink {
 public:
  struct Trace {
    std::vector<double> t, E, i;  ///< s, V vs QRCE, A
  };

  explicit CollectedFrames(std::size_t legs) : traces_(legs) {}
  void take(int leg, std::span<const instrument::Frame> frames) override;
  [[nodiscard]] const Trace& leg(std::size_t index) const { return traces_[index]; }

 private:
  std::vector<Trace> traces_;
};

/// The last `share` of a trace.
std::span<const double> tail(std::span<const double> values, double share);
double mean(std::span<const double> values);
double median(std::span<const double> values);
/// Standard deviation about the mean.
double standard_deviation(std::span<const double> values);
/// Standard deviation of white noise from differences of neighbours: drifts and slow signals do not enter.
double difference_noise(std::span<const double> values);

}  // namespace seccm::scan
