// The frames of a run as rows for a table, in blocks: memory does not grow with the run.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "files/atomic_file.hpp"
#include "files/run_file.hpp"

namespace seccm::files {

struct RunSample {
  double t = 0.0, x = 0.0, y = 0.0, z = 0.0, E1 = 0.0, i1 = 0.0, E2 = 0.0, i2 = 0.0;  ///< s, m, V vs QRCE, A
  std::int32_t tag = 0;
  int point = -1;  ///< index of the point; -1 outside
  int cycle = 0;   ///< 0 outside a voltammogram
};

/// Every frame, or those on the ramps of one point (by its index). Throws InputError when there is no such point.
void for_each_sample(const RunReader& run, std::optional<int> point, const std::function<void(const RunSample&)>& take);

/// The point of this index; InputError names those that exist.
const PointRecord& point_of(const RunReader& run, int index);

/// Whether a ramp of a voltammogram was recorded there.
bool has_voltammogram(const PointRecord& point);
/// Throws InputError when the point has no voltammogram.
void require_voltammogram(const RunReader& run, int index);
/// The first valid one; null without.
const ReferenceCalibration* calibration_of(const RunSummary& summary);

/// A text file that is written as it grows, and takes its name when it is whole.
class TextFile {
 public:
  explicit TextFile(const std::filesystem::path& target) : file_(target) {}
  void write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= flush_at) flush();
  }
  void commit() {
    flush();
    file_.commit();
  }

 private:
  static constexpr std::size_t flush_at = 1 << 20;
  void flush() {
    file_.append(buffer_);
    buffer_.clear();
  }
  AtomicFile file_;
  std::string buffer_;
};

}  // namespace seccm::files
