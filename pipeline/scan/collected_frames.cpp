#include "pipeline/scan/collected_frames.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::scan {

void CollectedFrames::take(int leg, std::span<const instrument::Frame> frames) {
  Trace& trace = traces_[static_cast<std::size_t>(leg)];
  for (const instrument::Frame& frame : frames) {
    trace.t.push_back(frame.t);
    trace.E.push_back(frame.E1);
    trace.i.push_back(frame.i1);
  }
}

std::span<const double> tail(std::span<const double> values, double share) {
  const auto count = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values.last(std::min(values.size(), count));
}

double mean(std::span<const double> values) {
  double sum = 0.0;
  for (double v : values) sum += v;
  return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

double median(std::span<const double> values) {
  if (values.empty()) return 0.0;
  std::vector<double> sorted(values.begin(), values.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return 0.0;
  const double centre = mean(values);
  double sum = 0.0;
  for (double v : values) sum += (v - centre) * (v - centre);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

double difference_noise(std::span<const double> values) {
  if (values.size() < 2) return 0.0;
  double sum = 0.0;
  for (std::size_t k = 1; k < values.size(); ++k) sum += (values[k] - values[k - 1]) * (values[k] - values[k - 1]);
  return std::sqrt(sum / (2.0 * static_cast<double>(values.size() - 1)));
}

}  // namespace seccm::scan
