#include "pipeline/scan/cv_quality.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::scan {

CvQuality::CvQuality(const ScanProgram& program) : program_(program) {}

void CvQuality::take(int leg, std::span<const instrument::Frame> frames) {
  const PlannedLeg& planned = program_.legs[static_cast<std::size_t>(leg)];
  if (planned.kind != files::LegKind::ramp) return;
  if (cycles_.empty() || cycles_.back().cycle != planned.cycle)
    cycles_.push_back({.cycle = planned.cycle, .scan_rate = planned.scan_rate, .low = 0.0, .high = 0.0, .any = false});
  const bool fresh = leg != leg_;
  if (fresh) {
    leg_ = leg;
    in_block_ = 0;
    block_sum_ = 0.0;
  }
  Range& range = cycles_.back();
  for (std::size_t k = 0; k < frames.size(); ++k) {
    const instrument::Frame& frame = frames[k];
    ++frames_;
    if ((frame.flags & instrument::Frame::current_saturated) != 0) ++saturated_;
    if (!(fresh && k == 0)) {
      squares_ += (frame.i1 - previous_) * (frame.i1 - previous_);
      ++differences_;
    }
    previous_ = frame.i1;
    block_sum_ += frame.i1;
    if (++in_block_ < block) continue;
    const double value = block_sum_ / block;
    range.low = range.any ? std::min(range.low, value) : value;
    range.high = range.any ? std::max(range.high, value) : value;
    range.any = true;
    in_block_ = 0;
    block_sum_ = 0.0;
  }
}

double CvQuality::difference_noise() const {
  return differences_ == 0 ? 0.0 : std::sqrt(squares_ / (2.0 * static_cast<double>(differences_)));
}

double CvQuality::first_amplitude() const {
  if (cycles_.empty()) return 0.0;
  const auto first = std::find_if(cycles_.begin(), cycles_.end(),
                                  [&](const Range& r) { return r.scan_rate == cycles_.back().scan_rate; });
  return first->high - first->low;
}

double CvQuality::last_amplitude() const {
  return cycles_.empty() ? 0.0 : cycles_.back().high - cycles_.back().low;
}

}  // namespace seccm::scan
