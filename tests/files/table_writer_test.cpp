// Rows that wait in a scratch file give the bytes of rows that wait in memory, and take no memory.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "files/journal.hpp"
#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "files/schema.hpp"
#include "files/table.hpp"
#include "tests/files/sample_run.hpp"

namespace seccm::files {
namespace {

namespace fs = std::filesystem;

/// Every type of field that a table of a run has: numbers, codes, truth values, texts of several lengths.
PointRecord spooled_point(int k) {
  PointRecord p;
  p.index = k;
  p.kind = static_cast<PointKind>(k % 5);
  p.target_x = 1e-6 * k;
  p.contact = k % 3 != 0;
  p.frame_begin = static_cast<std::uint64_t>(k) << 33U;
  p.verdict = std::string(static_cast<std::size_t>(k * 7 % 40), 'v');
  return p;
}

/// And a list of its own length in each record.
struct ListRow {
  PointRecord point;
  std::vector<double> list;
};

void describe(FieldVisitor& visit, ListRow& row) {
  describe(visit, row.point);
  visit("list", "m", row.list);
}

TEST(TableWriter, WritesTheSameBytesOfRowsThatWaitedOnTheDiskAndInMemory) {
  const test::ScratchDirectory directory;
  // None, contiguous, one chunk, and many chunks of 2048 rows with a part of another; blocks of 8 KiB from 1024 rows
  // on.
  for (const int rows : {0, 1, 16, 17, 1000, 50000}) {
    SCOPED_TRACE(rows);
    std::vector<ListRow> records;
    for (int k = 0; k < rows; ++k)
      records.push_back({spooled_point(k), std::vector<double>(static_cast<std::size_t>(k % 4), 0.5 * k)});
    {
      h5::OutputFile file(directory / "memory.h5");
      write_table<ListRow>(file.root(), "points", records);
      file.commit();
    }
    {
      h5::OutputFile file(directory / "disk.h5");
      ScratchFile scratch(directory / "disk.h5");
      TableWriter table(scratch);
      for (ListRow& record : records) add_row(table, record);
      write_table<ListRow>(file.root(), "points", table);
      file.commit();
    }
    EXPECT_TRUE(test::slurp(directory / "memory.h5") == test::slurp(directory / "disk.h5"));
  }
  EXPECT_EQ(directory.entries(), 2U) << "the scratch file has a name";
}

TEST(TableWriter, RefusesAnotherOrderOfFields) {
  TableWriter table;
  double value = 1.0;
  table.real("a", "1", value);
  table.real("b", "1", value);
  table.end_row();
  EXPECT_THROW(table.real("b", "1", value), std::logic_error);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

/// A journal of points without frames, each with the six programs of a landing.
void write_points(const fs::path& path, int points) {
  JournalWriter journal(path);
  RunHeader header;
  header.software = "test";
  journal.append(static_cast<std::uint32_t>(RunRecordKind::header), encode(header));
  for (int k = 0; k < points; ++k) {
    for (int n = 0; n < 6; ++n) {
      ProgramRecord program;
      program.waypoints.resize(3);
      journal.append(static_cast<std::uint32_t>(RunRecordKind::program), encode(program));
    }
    PointRecord point = spooled_point(k);
    point.frame_begin = 0;
    point.legs.resize(16);
    journal.append(static_cast<std::uint32_t>(RunRecordKind::point), encode(point));
  }
}

/// Largest resident size of a process that builds the run file, KiB.
long peak_of_building(const fs::path& journal, const fs::path& target) {
  ::malloc_trim(0);  // what this process has freed is not to be reused unseen
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      ::_exit(rebuild_run(journal, target).points > 0 ? 0 : 1);
    } catch (...) {
      ::_exit(2);
    }
  }
  int status = 0;
  struct rusage used {};
  ::wait4(child, &status, 0, &used);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return used.ru_maxrss;
}

TEST(TableWriter, BuildingARunFileKeepsNoRowsInMemory) {
  // Rows that wait in memory are 8 kB a point, 64 MB more, and 16 B for each block of 8 KiB that waits on the disk. The
  // chunk that is written, its copies in the library's filters, the index (64 KiB, ten times that in memory) and what
  // the library keeps of the heaps that texts lie in (1 MiB) are full with the few.
  constexpr int few = 16000, many = 32000;
  constexpr long blocks = (many - few) * 8 / 8 * 16 / 1024;  // KiB
  constexpr long allowed = blocks + 256;                     // KiB; the allocator's own pages
  const test::ScratchDirectory directory;
  write_points(directory / "few.journal", few);
  write_points(directory / "many.journal", many);
  const long small = peak_of_building(directory / "few.journal", directory / "few.h5");
  const long large = peak_of_building(directory / "many.journal", directory / "many.h5");
  // A sanitizer keeps what was freed; there the file alone is looked at.
  if (!sanitized) {
    EXPECT_LT(large, small + allowed) << "KiB";
  }
  std::printf("peak %ld KiB for %d points, %ld KiB for %d\n", small, few, large, many);
  EXPECT_EQ(RunReader(directory / "many.h5").summary().points.size(), static_cast<std::size_t>(many));
}

}  // namespace
}  // namespace seccm::files
