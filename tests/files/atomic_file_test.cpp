// Output either is there in full under its name, or is not there at all.
#include "files/atomic_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <functional>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "sample_run.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

using test::error_of;
using test::ScratchDirectory;
using test::slurp;
using test::spill;
using testing::AllOf;
using testing::HasSubstr;

TEST(AtomicFile, ReplacesItsTargetOnlyOnCommit) {
  const ScratchDirectory dir;
  spill(dir / "f", "old");
  {
    AtomicFile file(dir / "f");
    file.append("new ");
    file.append("content");
    EXPECT_EQ(slurp(dir / "f"), "old");
  }
  EXPECT_EQ(slurp(dir / "f"), "old");
  EXPECT_EQ(dir.entries(), 1u);
  write_atomically(dir / "f", "new content");
  EXPECT_EQ(slurp(dir / "f"), "new content");
  EXPECT_EQ(dir.entries(), 1u);
}

TEST(AtomicFile, WritesThroughASymbolicLinkInsteadOfReplacingIt) {
  const ScratchDirectory dir;
  spill(dir / "real", "old");
  std::filesystem::create_symlink(dir / "real", dir / "link");
  write_atomically(dir / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(dir / "link"));
  EXPECT_EQ(slurp(dir / "real"), "new");
}

TEST(AtomicFile, SaysWhyAPlaceCanNotBeWritten) {
  const ScratchDirectory dir;
  EXPECT_THAT(error_of([&] { write_atomically(dir / "absent/f", "x"); }),
              AllOf(HasSubstr("absent/f"), HasSubstr("does not exist")));
  EXPECT_THAT(error_of([&] { write_atomically(dir.path(), "x"); }), HasSubstr("it is a directory"));
  EXPECT_THAT(error_of([&] { write_atomically("/dev/full", "x"); }), HasSubstr("not a regular file"));
  EXPECT_THAT(error_of([&] { RunRecorder(dir / "absent/run.h5", RunHeader{}); }), HasSubstr("does not exist"));
  EXPECT_THAT(error_of([&] { RunRecorder(dir.path(), RunHeader{}); }), HasSubstr("it is a directory"));
  EXPECT_THAT(error_of([&] { write_results(dir / "absent/r.h5", Results{}); }), HasSubstr("does not exist"));
}

/// Runs `action` in a child process (whose limits and mounts end with it); true when it returned true.
bool in_child(const std::function<bool()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    bool good = false;
    try {
      good = action();
    } catch (...) {
      good = false;
    }
    std::exit(good ? 0 : 1);  // an ordinary end: the HDF5 library has to survive its own clean-up, too
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(AtomicFile, NamesADirectoryWithoutPermission) {
  const ScratchDirectory dir;
  std::filesystem::create_directory(dir / "closed");
  ::chmod((dir / "closed").c_str(), 0555);
  ::chmod(dir.path().c_str(), 0755);
  EXPECT_TRUE(in_child([&] {
    if (::geteuid() == 0 && ::setresuid(65534, 65534, 65534) != 0) return false;  // root may write everywhere
    return error_of([&] { write_atomically(dir / "closed/f", "x"); }).find("Permission denied") != std::string::npos &&
           error_of([&] { RunRecorder(dir / "closed/run.h5", RunHeader{}); }).find("Permission denied") !=
               std::string::npos;
  }));
}

bool says_full(const std::string& message) {
  return message.find("cannot write") != std::string::npos && message.find("Free some space") != std::string::npos &&
         message.find("are free there") != std::string::npos;
}

/// As on a full disk: the system refuses to make any file longer than `bytes`.
void limit_files(rlim_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

// The disk fills at many places of the writing: in plain data, in the library's first block, in its data, in its
// closing metadata, in the footer.
TEST(AtomicFile, LeavesNothingHalfWrittenWhereverTheDiskFills) {
  const ScratchDirectory dir;
  Results results;
  results.curves.push_back(
      {0, 1, 0.05, std::vector<double>(5000), std::vector<double>(5000), std::vector<double>(5000)});
  RandomStream random(1, "incompressible");
  for (double& v : results.curves[0].current) v = random.normal();
  write_results(dir / "whole.h5", results);
  const auto size = static_cast<rlim_t>(std::filesystem::file_size(dir / "whole.h5"));
  spill(dir / "r.h5", "old");
  for (const rlim_t limit :
       {rlim_t{0}, rlim_t{100}, rlim_t{3000}, size / 4, size / 2, size - 3000, size - 25, size - 1})
    EXPECT_TRUE(in_child([&] {
      limit_files(limit);
      return says_full(error_of([&] { write_results(dir / "r.h5", results); }));
    })) << "limit "
        << limit << " of " << size;
  EXPECT_TRUE(in_child([&] {
    limit_files(10);
    return says_full(error_of([&] { write_atomically(dir / "r.h5", "more than ten bytes"); }));
  }));
  EXPECT_EQ(slurp(dir / "r.h5"), "old");
  EXPECT_EQ(dir.entries(), 2u);
  EXPECT_TRUE(in_child([&] {
    limit_files(size + 8192);  // the library takes space in blocks and gives back the rest
    write_results(dir / "r.h5", results);
    return true;
  }));
  EXPECT_TRUE(slurp(dir / "r.h5") == slurp(dir / "whole.h5"));
}

TEST(RunRecorder, KeepsItsJournalWhenTheDiskFillsWhileMeasuring) {
  const ScratchDirectory dir;
  EXPECT_TRUE(in_child([&] {
    limit_files(60000);
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    return says_full(error_of([&] { recorder.append(test::sample_frames(0, 20000)); }));
  }));
  const Recovery recovery = rebuild_run(dir / "run.h5.journal", dir / "run.h5");
  EXPECT_EQ(recovery.frames % frames_per_record, 0u);  // whole records, and no fewer than 60 kB hold
  EXPECT_GE(recovery.frames, 60000u / 28 / frames_per_record * frames_per_record);  // 26 bytes per frame, and a header
  EXPECT_EQ(recovery.torn_bytes, 0u);
}

TEST(RunRecorder, KeepsItsJournalWhenTheRunFileDoesNotFit) {
  const ScratchDirectory dir;
  const auto say = [&] {
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    recorder.append(test::sample_frames(0, 20000));
    recorder.add(test::sample_point(0, 0, 20000));
    limit_files(60000);
    return error_of([&] { recorder.finalise("complete"); });
  };
  EXPECT_TRUE(in_child([&] {
    const std::string message = say();
    return says_full(message) && message.find("The measured data are safe in") != std::string::npos;
  }));
  EXPECT_EQ(dir.entries(), 1u);
  EXPECT_EQ(rebuild_run(dir / "run.h5.journal", dir / "run.h5").frames, 20000u);
}

#ifndef SECCM_SANITIZED  // sanitizers reserve address space without bound
// Six million frames are 132 MB as structs; recording and finalising them may take 48 MB more than the process has.
TEST(RunRecorder, StreamsARunThatIsLargerThanItsMemory) {
  const ScratchDirectory dir;
  EXPECT_TRUE(in_child([&] {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlim_t bytes = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (rlim_t{48} << 20);
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_AS, &limit);
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    auto block = test::sample_frames(0, 1000);
    for (int k = 0; k < 6000; ++k) {
      recorder.append(block);
      for (PackedFrame& frame : block) frame.tick += 41'200'000;
    }
    recorder.finalise("complete");
    const RunReader run(dir / "run.h5");
    return run.summary().frames == 6'000'000 && run.frames(5'999'000, 6'000'000).i1.size() == 1000;
  }));
}
#endif

// A real full disk where the tests may mount one.
TEST(RunRecorder, SaysThatARealDiskIsFull) {
  const ScratchDirectory dir;
  if (::mount("tmpfs", dir.path().c_str(), "tmpfs", 0, "size=256k") != 0) GTEST_SKIP() << "no right to mount a tmpfs";
  std::string message;
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    message = error_of([&] { recorder.append(test::sample_frames(0, 40000)); });
  }
  const std::string results_message = error_of([&] {
    Results results;
    results.curves.push_back(
        {0, 1, 0.05, std::vector<double>(20000), std::vector<double>(20000), std::vector<double>(20000)});
    RandomStream random(1, "incompressible");
    for (double& v : results.curves[0].current) v = random.normal();
    write_results(dir / "r.h5", results);
  });
  const std::size_t entries = dir.entries();
  ::umount(dir.path().c_str());
  EXPECT_TRUE(says_full(message)) << message;
  EXPECT_THAT(message, AllOf(HasSubstr("No space left on device"), HasSubstr("more are needed")));
  EXPECT_TRUE(says_full(results_message)) << results_message;
  EXPECT_EQ(entries, 1u);  // the journal alone
}

}  // namespace
}  // namespace seccm::files
