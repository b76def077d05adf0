// Memory does not grow with a scan, and no result depends on the number of threads.
//
// SECCM_SOAK_POINTS sets the nodes of the long scan (scripts/soak: 960 nodes, a virtual day of 79 million frames).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "files/run_file.hpp"
#include "tests/kill/killed_scan.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::kill_test {
namespace {

using test::ScratchDirectory;

constexpr int soak_nodes = 10;  // 15 virtual minutes

int long_nodes() {
  const char* text = std::getenv("SECCM_SOAK_POINTS");
  return text != nullptr ? std::atoi(text) : soak_nodes;
}

/// A scan, and how much of the heap it used: what the system lends a process depends on holes in its heap as well.
struct Soaked {
  double points = 0.0, frames = 0.0, hours = 0.0;
  long heap_kib = 0;

  Soaked(int nodes, const std::vector<std::string>& overrides) {
    const ScratchDirectory directory;
    const RunFiles files(directory.path());
    Launch how;
    how.scenario = SECCM_SOAK_SCENARIO;
    how.overrides = overrides;
    how.overrides.push_back("scan.grid_points=" + std::to_string(nodes));
    const Ending end = launch(files, how);
    EXPECT_EQ(end.status, 0) << end.error;
    if (end.status != 0) return;
    const files::RunReader run(files.run);
    points = static_cast<double>(run.summary().points.size());
    frames = static_cast<double>(run.summary().frames);
    hours = run.summary().points.back().t_end / 3600.0;
    heap_kib = end.heap_kib;
    std::printf("%d nodes: %.2f h of rig time, %.2f million frames, peak %ld KiB of heap, %.1f MiB resident\n", nodes,
                hours, frames * 1e-6, heap_kib, static_cast<double>(end.peak_kib) / 1024.0);
  }

  /// What depends on the length of a scan, KiB. All but the last is bounded.
  [[nodiscard]] double growing_kib() const {
    // Rows that wait: a column keeps 8 KiB, 1024 numbers or 8192 codes, before they go to the disk. Run file and truth
    // file have one row a point, 335 B; 15 legs and 15 waypoints, 2358 B; 7 programs, 680 B; and 10 columns of codes.
    const double rows = 335.0 * std::min(points, 1024.0) + 2358.0 * std::min(points, 1024.0 / 15.0) +
                        680.0 * std::min(points, 1024.0 / 7.0) + 10.0 * std::min(15.0 * points, 8192.0);
    // One column of the longest table on its way: a chunk of 2048 numbers, and its copies in the library's filters.
    const double chunk = 4.0 * 8.0 * std::min(15.0 * points, 2048.0);
    // Ten arrays of frames; HDF5 holds 290 B for a chunk in the index, and ten times the 64 KiB that it counts.
    const double index = std::min(10.0 * 290.0 * frames / 65536.0, 10.0 * 65536.0);
    // Residue and wetted gold of a landing, 64 B, doubled while their lists grow; 16 B each for its node and a block.
    const double left = 160.0 * points;
    return (rows + chunk + index + left) / 1024.0;
  }
};

void expect_bounded(const Soaked& brief, const Soaked& lasting) {
  EXPECT_GT(brief.heap_kib, 0);
  EXPECT_LT(static_cast<double>(lasting.heap_kib - brief.heap_kib), lasting.growing_kib() - brief.growing_kib());
}

TEST(Soak, MemoryDoesNotGrowWithTheFrames) {
  const int nodes = long_nodes();
  expect_bounded(Soaked(std::max(nodes / 10, 3), {}), Soaked(nodes, {}));
}

// Points of 2 s: 1 kB that each of them left would be 400 KiB.
TEST(Soak, MemoryDoesNotGrowWithThePoints) {
  const std::vector<std::string> quick = {"cv.cycles=1", "cv.scan_rates=[\"2 V/s\"]"};
  expect_bounded(Soaked(100, quick), Soaked(500, quick));
}

TEST(Soak, TheJournalIsTheSameForOneAndTwoThreads) {
  std::string journals[2];
  for (const int threads : {1, 2}) {
    const ScratchDirectory directory;
    const RunFiles files(directory.path());
    Launch how;
    how.threads = threads;
    how.fault = "unlink:1:kill_before:.journal";
    ASSERT_TRUE(launch(files, how).killed);
    journals[threads - 1] = bytes_of(files.journal);
  }
  EXPECT_GT(journals[0].size(), 1000000U);
  EXPECT_TRUE(journals[0] == journals[1]);
}

// Where each request costs time, the number of requests is part of the run: in the registers, and on loopback, where a
// thread of its own serves them.
TEST(Soak, TheJournalIsTheSameEachTimeWhereRequestsStepTheTime) {
  for (const char* sequencer : {"registers", "host"}) {
    SCOPED_TRACE(sequencer);
    std::string journals[2];
    for (std::string& journal : journals) {
      const ScratchDirectory directory;
      const RunFiles files(directory.path());
      Launch how;
      how.overrides = {std::string("rig.sequencer=") + sequencer, "scan.mode=\"grid\"", "scan.grid_points=2"};
      how.fault = "unlink:1:kill_before:.journal";
      const Ending end = launch(files, how);
      ASSERT_TRUE(end.killed) << end.error;
      journal = bytes_of(files.journal);
    }
    EXPECT_GT(journals[0].size(), 100000U);
    EXPECT_TRUE(journals[0] == journals[1]);
  }
}

}  // namespace
}  // namespace seccm::kill_test
