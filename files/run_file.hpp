// The run file: HDF5, schema "seccm-run" version 2 (docs/file-formats.md). Frames are 16-bit, chunked, shuffled and
// compressed, with `units`, `scale_factor` and `add_offset` on each dataset and dimension scales, so that h5py and
// xarray open it plainly.
//
// While measuring, a RunRecorder appends frames and records to a journal (files/journal.hpp); `finalise` builds the
// HDF5 file from it under a temporary name, syncs and renames. Memory does not grow with the run.
//
// A run whose process died is resumed by making it again: a recorder opened with JournalUse::resume holds what it gets
// against the records of the journal, bit for bit, and appends nothing until they are used up. From there on it
// records. That fits a rig that does the same again (the twin in virtual time), and keeps the caller honest about it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "files/records.hpp"
#include "sim/error.hpp"

namespace seccm::files {

namespace h5 {
class Group;
}
/// Writes groups of its own into the run file, before that takes its name.
using MoreGroups = std::function<void(const h5::Group& root)>;

enum class JournalUse {
  begin,   ///< a new run
  resume,  ///< goes on with the journal of a run whose process died
  /// The same with a rig that does not do the same again, whose past is played from the journal: up to the last whole
  /// point, and times of the host's clock need not come again. The rest is cut when the first new record comes.
  take_over,
};

/// The run that is made now is not the one in the journal. The journal is as it was.
class ResumeError : public InputError {
 public:
  explicit ResumeError(const std::string& message) : InputError(message) {}
};

/// Writes a run. Not thread-safe: one scan, one recorder.
class RunRecorder {
 public:
  /// Opens `target` + ".journal". A journal that an earlier run left there is moved aside to .journal.1, .2, ..., or,
  /// to resume it, cut behind its last whole record. Throws InputError if the directory can not be written, the target
  /// is a directory, or another recorder is at work; ResumeError, naming the difference, when software, seed, scenario
  /// or origin are not those of the journal. `origin`: text that decides what the run becomes but may not stand in its
  /// file (the twin's side of the scenario).
  RunRecorder(std::filesystem::path target, const RunHeader& header, JournalUse use = JournalUse::begin,
              std::string_view origin = {});
  /// Without `finalise` the journal stays for `rebuild_run`.
  ~RunRecorder();
  RunRecorder(const RunRecorder&) = delete;
  RunRecorder& operator=(const RunRecorder&) = delete;

  /// True while a resumed run is still inside what its journal holds: nothing is written, everything is compared.
  [[nodiscard]] bool catching_up() const;

  /// Where real devices take over, as the next record of the journal says (those of an earlier resume), or because it
  /// is used up now: what had ended the run there, in words. The caller records a fault `taken_over` with it first.
  [[nodiscard]] std::optional<std::string> take_over_due() const;

  // Every member throws InputError for a full disk, for a value that is not finite and for text with a NUL character,
  // and ResumeError when a resumed run takes another course than its journal.

  /// Ticks have to increase strictly over the whole run.
  void append(std::span<const PackedFrame> frames);
  [[nodiscard]] std::uint64_t frame_count() const;
  void add(const PointRecord& point);
  /// `programs_before` is filled in here. The name has to be new, 1 to 64 of the characters A-Z a-z 0-9 _ - and dot,
  /// not starting with a dot.
  void add(const RunImage& image);
  void add(const ReferenceCalibration& calibration);
  void add(const StatedQuantity& stated);
  /// One per point.
  void add(const MicrographRecord& micrograph);
  void set(const Registration& registration);
  void set(const Preflight& preflight);
  /// A program that has ended; its frames have been appended.
  void add(const ProgramRecord& program);
  /// A rig without contact rule of its own is run by the host, which has no time for a sync in a program: from then on
  /// another thread syncs the frames.
  void set(const RigRecord& rig);
  void add(const FaultRecord& fault);

  /// Builds the HDF5 file and removes the journal. `status`: "complete" or "interrupted". After an error the journal is
  /// still there. Nothing can be added afterwards.
  void finalise(std::string_view status, const MoreGroups& more = {});
  /// The same with status "interrupted", but the journal stays: a rig that has failed goes on from it when it is back.
  void finalise_resumable();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What `rebuild_run` found in a journal.
struct Recovery {
  std::uint64_t frames = 0;
  std::size_t points = 0;
  std::uint64_t torn_bytes = 0;  ///< bytes behind the last whole record, which were left out
};

/// Builds the run file from a journal that was left over, with status "interrupted": everything up to the first torn
/// record. The journal stays. Throws InputError for a foreign journal or one that holds no run header.
Recovery rebuild_run(const std::filesystem::path& journal, const std::filesystem::path& target);

/// Everything of a run but its frames, which are read by range.
struct RunSummary {
  RunHeader header;
  std::string status;
  std::vector<PointRecord> points;
  Registration registration;
  std::vector<ReferenceCalibration> reference_calibrations;
  std::vector<StatedQuantity> stated;  ///< by the user
  Preflight preflight;
  std::vector<ProgramRecord> programs;  ///< in order of time; empty for a file of another host
  RigRecord rig;
  std::vector<FaultRecord> faults;
  std::uint64_t frames = 0;
};

/// Frames in physical units, one array per channel.
struct FrameBlock {
  std::vector<double> t, x, y, z, E1, i1, E2, i2;  ///< s, m, m, m, V vs QRCE, A, V, A
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
  /// Frames [begin, end), as many as memory allows: 76 bytes each.
  [[nodiscard]] FrameBlock frames(std::uint64_t begin, std::uint64_t end) const;
  [[nodiscard]] std::vector<std::string> image_names() const;
  [[nodiscard]] std::optional<RunImage> image(std::string_view name) const;
  [[nodiscard]] std::optional<MicrographRecord> micrograph(int point) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seccm::files
