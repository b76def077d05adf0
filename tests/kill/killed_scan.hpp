// Runs the real command on a short scan, kills it, and judges what it left.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace seccm::kill_test {

struct RunFiles {
  std::filesystem::path run, truth, journal, acknowledged, heap;
  explicit RunFiles(const std::filesystem::path& directory);
};

struct Launch {
  std::string scenario = SECCM_KILL_SCENARIO;
  std::vector<std::string> overrides = {};
  int threads = 1;
  bool resume = false;
  double kill_after = -1.0;  ///< s of wall clock; < 0: not killed
  std::string fault = {};    ///< SECCM_FAULT of fault_shim.cpp
  /// What to run instead of the scan: verb and arguments.
  std::vector<std::string> instead = {};
};

struct Ending {
  bool killed = false;
  int status = -1;       ///< exit status when not killed
  double seconds = 0.0;  ///< wall clock
  long peak_kib = 0;     ///< largest resident size
  long heap_kib = 0;     ///< most of the heap that was in use at any write; of a run that ended
  std::string error;     ///< standard error
};

/// Starts `seccm scan` with the short scenario, waits for its end.
Ending launch(const RunFiles& files, const Launch& how);

/// What a journal holds, with the frames as one stream: where its blocks end is no property of the run.
struct JournalContent {
  bool there = false;
  static constexpr std::size_t frame_bytes = 26;
  std::string frames;               ///< `frame_bytes` each
  std::vector<std::string> others;  ///< kind and payload of every other record
  std::uint64_t points = 0;
  std::uint64_t bytes = 0, torn = 0;
  [[nodiscard]] std::uint64_t frame_count() const { return frames.size() / frame_bytes; }
};
/// Throws InputError when it can not be opened as a journal. A file that ends inside its first 8 bytes holds nothing.
JournalContent read_journal(const std::filesystem::path& path);

/// The number that the shim left in a file; 0 when there is none. Of `acknowledged`: size of the journal at its last
/// sync.
std::uint64_t number_in(const std::filesystem::path& path);

/// "" when `part` is a prefix of `whole`, frames and records without a hole; else what is not.
std::string prefix_violation(const JournalContent& part, const JournalContent& whole);

std::string bytes_of(const std::filesystem::path& file);

}  // namespace seccm::kill_test
