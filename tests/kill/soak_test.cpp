// Memory does not grow with a scan, and no result depends on the number of threads.
//
// SECCM_SOAK_POINTS sets the nodes of the long scan (scripts/soak: 960 nodes, a virtual day of 79 million frames).
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "files/run_file.hpp"
#include "tests/kill/killed_scan.hpp"

namespace seccm::kill_test {
namespace {

namespace fs = std::filesystem;

constexpr int short_nodes = 3;
constexpr int soak_nodes = 10;  // 15 virtual minutes
// Buffers of fixed size that 3 nodes have not filled: the chunks of the ten arrays of frames.
constexpr long filling_kib = 6144;
// What the HDF5 library keeps of the index of the chunks (4 kB) and of the columns that it writes (2.5 kB), up to its
// own bounds, and the landing that the sample of the twin remembers (0.4 kB).
constexpr long node_kib = 7;

fs::path soak_directory(const std::string& name) {
  const fs::path directory = fs::path(testing::TempDir()) / ("seccm_soak_" + std::to_string(::getpid())) / name;
  fs::remove_all(directory);
  fs::create_directories(directory);
  return directory;
}

int long_nodes() {
  const char* text = std::getenv("SECCM_SOAK_POINTS");
  return text != nullptr ? std::atoi(text) : soak_nodes;
}

Ending scan_of(const RunFiles& files, int nodes) {
  Launch how;
  how.scenario = SECCM_SOAK_SCENARIO;
  how.overrides = {"scan.grid_points=" + std::to_string(nodes)};
  return launch(files, how);
}

TEST(Soak, MemoryDoesNotGrowWithTheScan) {
  const RunFiles brief(soak_directory("brief")), lasting(soak_directory("lasting"));
  const Ending warm = scan_of(brief, short_nodes);
  ASSERT_EQ(warm.status, 0) << warm.error;
  const Ending end = scan_of(lasting, long_nodes());
  ASSERT_EQ(end.status, 0) << end.error;
  const files::RunReader run(lasting.run);
  const auto& summary = run.summary();
  const double hours = summary.points.empty() ? 0.0 : summary.points.back().t_end / 3600.0;
  std::printf("%d nodes: %.2f h of rig time, %.2f million frames, peak %.1f MiB; %d nodes: peak %.1f MiB\n",
              long_nodes(), hours, static_cast<double>(summary.frames) * 1e-6,
              static_cast<double>(end.peak_kib) / 1024.0, short_nodes, static_cast<double>(warm.peak_kib) / 1024.0);
  EXPECT_LT(end.peak_kib, warm.peak_kib + filling_kib + node_kib * long_nodes());
  fs::remove(lasting.run);
}

TEST(Soak, TheJournalIsTheSameForOneAndTwoThreads) {
  std::string journals[2];
  for (const int threads : {1, 2}) {
    const RunFiles files(soak_directory("threads"));
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
      const RunFiles files(soak_directory("stepped"));
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
