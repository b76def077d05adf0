// The journal of a run that was ended, as the course that the resumed run has to take again.
//
// Frames are compared one by one and not record by record: where a block of frames ends is no property of the run. The
// end of an earlier run that was asked to stop is not part of the past: the program that was aborted (its frames are,
// they come again), the point "interrupted", and the micrographs of the points so far.
//
// A rig that does not do the same again (hardware) gets its past from the journal itself, played back: the past ends
// behind the last whole point (files/whole_points.hpp), and times that the clock of the host gave are not compared: a
// frame has the time of the device, a point begins when the host comes to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "files/journal.hpp"
#include "files/records.hpp"
#include "files/run_journal.hpp"

namespace seccm::files {

class RecordedPast {
 public:
  /// `end`: where the past ends at the latest, between two records: all that lies behind it is cut, and times of the
  /// host are not compared. None: by a rig that does the same again, bit for bit.
  explicit RecordedPast(const std::filesystem::path& journal, std::optional<std::uint64_t> end = std::nullopt);

  /// No record is left.
  [[nodiscard]] bool over() const { return over_ && next_frame_ >= block_.size(); }
  /// True: the past holds exactly this frame next, and has moved on. False: the past is over. Throws ResumeError.
  bool repeats(const PackedFrame& frame);
  /// The same for any other record.
  bool repeats(RunRecordKind kind, std::string_view payload);
  /// Why real devices were taken over here, where the next record says that they were (`taken_over`).
  [[nodiscard]] std::optional<std::string> next_take_over() const;
  /// Software, seed, scenario and origin of the journal against those of now. False when nothing is behind the header:
  /// nothing had moved, and the journal begins anew.
  bool repeats_start(const RunHeader& now, std::string_view origin);
  /// Where the past ends in the journal: what lies behind is cut before anything is appended. Final once it is over.
  [[nodiscard]] std::uint64_t end_position() const { return end_position_; }
  [[nodiscard]] std::uint64_t end_sequence() const { return end_sequence_; }

 private:
  /// A record, and where the journal stands in front of it.
  struct Place {
    JournalRecord record;
    std::uint64_t position = 0, sequence = 0;
  };
  [[nodiscard]] std::optional<Place> take();
  void advance();
  /// Nothing is left that what is made now could repeat.
  bool ends_here(RunRecordKind made);
  [[noreturn]] void fail(const std::string& what) const;

  [[nodiscard]] std::string comparable(RunRecordKind kind, std::string_view payload) const;

  std::filesystem::path path_;
  std::optional<std::uint64_t> latest_end_;
  JournalReader reader_;
  JournalRecord record_;        // the next one, unless over_
  std::optional<Place> ahead_;  // the one behind it, where it had to be looked at
  bool over_ = false;
  std::uint64_t end_position_ = 0, end_sequence_ = 0;  // in front of record_
  FrameColumns block_;
  std::size_t next_frame_ = 0;
  std::uint64_t frames_ = 0;  // repeated so far
};

/// In what software, seed, scenario or origin (in this order) of two runs differ, for a message; "" when they agree.
std::string difference_of_origin(const RunHeader& then, std::string_view origin_then, const RunHeader& now,
                                 std::string_view origin);

/// The first line in which two texts of a scenario differ: "[scan] points = 60 in the journal, points = 50 now".
std::string first_difference(std::string_view then, std::string_view now);

}  // namespace seccm::files
