// A recorded run as a script: programs and images in the order in which they were asked for.
//
// The replayed devices share one recording. Its cursor stands before the next event that was recorded; a device that is
// asked for anything else says what was recorded instead. Time is the recorded device time: it moves forward with the
// frames that are read, the images that are taken and the clock that sleeps, and never stands before what was played.
//
// A run without recorded programs (imported from another host) has no script: its frames play as one stream, in answer
// to programs that only hold (`Recording::is_stream`).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "files/run_file.hpp"
#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument::replay {

/// Instants of the recording that are no further apart are one [s].
inline constexpr double same_instant = 1e-9;

class Recording {
 public:
  /// Throws InputError as files::RunReader does.
  explicit Recording(const std::filesystem::path& run);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const files::RunSummary& summary() const { return reader_.summary(); }
  [[nodiscard]] bool is_stream() const { return summary().programs.empty(); }
  [[nodiscard]] std::optional<files::MicrographRecord> micrograph(int point) const { return reader_.micrograph(point); }

  [[nodiscard]] double now() const { return now_; }
  void advance_to(double time);

  /// Null when the next event is none, or one of the other kind.
  [[nodiscard]] const files::ProgramRecord* next_program() const;
  /// Without its pixels.
  [[nodiscard]] const files::RunImage* next_image() const;
  /// "program 12 at 33.214 s", "image 'dark' at 2.100 s", "the end of the recording"
  [[nodiscard]] std::string next_in_words() const;
  void pass_event() { ++cursor_; }

  [[nodiscard]] files::RunImage image(const std::string& name) const;
  /// Frame `index` of the stream; index < summary().frames. Reads ahead in blocks, so that memory stays bounded.
  [[nodiscard]] Frame frame(std::uint64_t index);

 private:
  struct Event {
    double t = 0.0;
    bool is_image = false;
    std::size_t index = 0;
    std::uint64_t programs_before = 0;
  };
  [[nodiscard]] const Event* next() const { return cursor_ < events_.size() ? &events_[cursor_] : nullptr; }

  std::filesystem::path path_;
  files::RunReader reader_;
  std::vector<files::RunImage> images_;
  std::vector<Event> events_;
  std::size_t cursor_ = 0;
  double now_ = 0.0;
  files::FrameBlock block_;
  std::uint64_t block_begin_ = 0;
};

}  // namespace seccm::instrument::replay
