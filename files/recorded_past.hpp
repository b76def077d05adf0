// The journal of a run whose process died, as the course that the resumed run has to take again.
//
// Frames are compared one by one and not record by record: where a block of frames ends is no property of the run. The
// end of an earlier run that was asked to stop is not part of the past: the program that was aborted (its frames are,
// they come again), the point "interrupted", and micrographs, which are taken after the scan and change nothing.
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
  explicit RecordedPast(const std::filesystem::path& journal);

  /// No record is left.
  [[nodiscard]] bool over() const { return over_ && next_frame_ >= block_.size(); }
  /// True: the past holds exactly this frame next, and has moved on. False: the past is over. Throws ResumeError.
  bool repeats(const PackedFrame& frame);
  /// The same for any other record.
  bool repeats(RunRecordKind kind, std::string_view payload);
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
  [[noreturn]] void fail(const std::string& what) const;

  std::filesystem::path path_;
  JournalReader reader_;
  JournalRecord record_;        // the next one, unless over_
  std::optional<Place> ahead_;  // the one behind it, where it had to be looked at
  bool over_ = false;
  std::uint64_t end_position_ = 0, end_sequence_ = 0;  // in front of record_
  FrameColumns block_;
  std::size_t next_frame_ = 0;
  std::uint64_t frames_ = 0;  // repeated so far
};

/// The first line in which two texts of a scenario differ: "[scan] points = 60 in the journal, points = 50 now".
std::string first_difference(std::string_view then, std::string_view now);

}  // namespace seccm::files
