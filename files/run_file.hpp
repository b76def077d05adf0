// The run file: HDF5, schema "seccm-run" version 1 (docs/file-formats.md). Frames are 16-bit, chunked, shuffled and
// compressed, with `units`, `scale_factor` and `add_offset` on each dataset and dimension scales, so that h5py and
// xarray open it plainly.
//
// While measuring, a RunRecorder appends frames and records to a journal (files/journal.hpp); `finalise` builds the
// HDF5 file from it under a temporary name, syncs and renames. Memory does not grow with the run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "files/records.hpp"

namespace seccm::files {

/// Writes a run. Not thread-safe: one scan, one recorder.
class RunRecorder {
 public:
  /// Opens `target` + ".journal". Throws InputError if the directory can not be written or the target is a directory.
  RunRecorder(std::filesystem::path target, const RunHeader& header);
  ~RunRecorder();
  RunRecorder(const RunRecorder&) = delete;
  RunRecorder& operator=(const RunRecorder&) = delete;

  void append(std::span<const PackedFrame> frames);
  [[nodiscard]] std::uint64_t frame_count() const;
  void add(const PointRecord& point);
  void add(const RunImage& image);
  void add(const ReferenceCalibration& calibration);
  void add(const MicrographRecord& micrograph);
  void set(const Registration& registration);
  void set(const Preflight& preflight);

  /// Builds the HDF5 file and removes the journal. `status`: "complete" or "interrupted".
  void finalise(std::string_view status);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Everything of a run but its frames, which are read by range.
struct RunSummary {
  RunHeader header;
  std::string status;
  std::vector<PointRecord> points;
  Registration registration;
  std::vector<ReferenceCalibration> reference_calibrations;
  Preflight preflight;
  std::uint64_t frames = 0;
};

/// Frames in physical units, one array per channel.
struct FrameBlock {
  std::vector<double> t, x, y, z, E1, i1;  ///< s, m, m, m, V vs QRCE, A
  std::vector<std::int32_t> tag;
  std::vector<std::uint16_t> flags;
};

/// Reads a run file. Throws InputError for a missing, foreign, truncated or inconsistent file, saying which.
class RunReader {
 public:
  explicit RunReader(const std::filesystem::path& path);
  ~RunReader();
  RunReader(RunReader&&) noexcept;

  [[nodiscard]] const RunSummary& summary() const;
  [[nodiscard]] FrameBlock frames(std::uint64_t begin, std::uint64_t end) const;
  [[nodiscard]] std::vector<std::string> image_names() const;
  [[nodiscard]] std::optional<RunImage> image(std::string_view name) const;
  [[nodiscard]] std::optional<MicrographRecord> micrograph(int point) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seccm::files
