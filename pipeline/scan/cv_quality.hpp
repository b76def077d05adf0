// What can be said of a CV programme while it streams: saturation, noise, and how large each cycle was. Bounded memory.
#pragma once

#include <span>
#include <vector>

#include "pipeline/scan/program_runner.hpp"

namespace seccm::scan {

class CvQuality : public FrameSink {
 public:
  explicit CvQuality(const ScanProgram& program);
  void take(int leg, std::span<const instrument::Frame> frames) override;

  [[nodiscard]] std::uint64_t saturated_frames() const { return saturated_; }  ///< on ramps
  [[nodiscard]] std::uint64_t ramp_frames() const { return frames_; }
  /// Standard deviation of white noise from differences of neighbouring frames on ramps, A.
  [[nodiscard]] double difference_noise() const;
  /// Range of the current, means of 64 frames, over the first and the last cycle at the last scan rate, A.
  [[nodiscard]] double first_amplitude() const;
  [[nodiscard]] double last_amplitude() const;

 private:
  static constexpr int block = 64;  // frames: 66 ms, a few mains periods
  struct Range {
    int cycle = 0;
    double scan_rate = 0.0, low = 0.0, high = 0.0;
    bool any = false;
  };

  const ScanProgram& program_;
  std::vector<Range> cycles_;
  std::uint64_t saturated_ = 0, frames_ = 0, differences_ = 0;
  double squares_ = 0.0, previous_ = 0.0;
  int leg_ = -1, in_block_ = 0;
  double block_sum_ = 0.0;
};

}  // namespace seccm::scan
