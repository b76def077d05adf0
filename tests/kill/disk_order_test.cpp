// A disk that fails while a scan measures: the rig is made safe before the disk is asked for anything more, and before
// anybody is told.
//
// The scan runs in this process, whose own `write`, `fdatasync` and `ftruncate` stand in front of the system's. They
// and the sequencer write into one list.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <semaphore>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "files/atomic_file.hpp"
#include "files/journal.hpp"
#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"
#include "tests/faults/fault_run.hpp"
#include "tests/faults/fault_table.hpp"
#include "tests/files/sample_run.hpp"

namespace seccm::kill_test {
namespace {

/// What a scan asked of rig and journal, in order, and which of the calls on the journal fails with all later ones.
struct FailingDisk {
  std::string call;  ///< "write" or "fdatasync"
  int number = 0;    ///< counted from 1; 0: none fails
  int error = 0;
  int seen = 0;
  std::vector<std::string> steps;

  /// True when this call is to fail.
  bool passes(std::string_view name) {
    steps.emplace_back(name);
    if (name != call || ++seen < number || number == 0) return false;
    steps.back() += " failed";
    return true;
  }
};

/// Of this thread alone: what another one asks, nobody waits for. Its syncs are counted.
thread_local FailingDisk* disk = nullptr;
std::atomic<int> syncs_aside = 0;

/// Syncs of a journal that wait until they are let go, or fail; none while `held` is false.
struct HeldSync {
  std::atomic<bool> held = false;
  std::atomic<int> error = 0;
  std::binary_semaphore entered{0}, let_go{0};
} held_sync;

std::string path_of(int descriptor) {
  char target[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t n = readlink(link.c_str(), target, sizeof target);
  return n > 0 ? std::string(target, static_cast<std::size_t>(n)) : std::string();
}

bool is_journal(int descriptor) {
  return path_of(descriptor).ends_with(".journal");
}

/// A file that is written beside the one that it is to replace.
bool is_partial(int descriptor) {
  return path_of(descriptor).find(".partial-") != std::string::npos;
}

bool fails_now(std::string_view call, int descriptor) {
  if ((disk == nullptr && call != "fdatasync") || !is_journal(descriptor)) return false;
  if (disk == nullptr) {
    ++syncs_aside;
    return false;
  }
  if (!disk->passes(call)) return false;
  errno = disk->error;
  return true;
}

/// True when this sync is to fail, after it was let go.
bool is_held(int descriptor) {
  if (!held_sync.held || !is_journal(descriptor)) return false;
  held_sync.entered.release();
  held_sync.let_go.acquire();
  errno = held_sync.error;
  return errno != 0;
}

}  // namespace
}  // namespace seccm::kill_test

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t count) {
  if (seccm::kill_test::fails_now("write", descriptor)) return -1;
  return syscall(SYS_write, descriptor, bytes, count);
}

int fdatasync(int descriptor) {
  if (seccm::kill_test::fails_now("fdatasync", descriptor) || seccm::kill_test::is_held(descriptor)) return -1;
  return static_cast<int>(syscall(SYS_fdatasync, descriptor));
}

int fsync(int descriptor) {
  if (seccm::kill_test::disk != nullptr && seccm::kill_test::is_partial(descriptor)) {
    seccm::kill_test::disk->steps.emplace_back("fsync");
    if (seccm::kill_test::disk->call == "fsync") {
      errno = seccm::kill_test::disk->error;
      return -1;
    }
  }
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

int rename(const char* from, const char* to) noexcept {
  if (seccm::kill_test::disk != nullptr) seccm::kill_test::disk->steps.emplace_back("rename");
  return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int ftruncate(int descriptor, off_t length) noexcept {
  if (seccm::kill_test::fails_now("ftruncate", descriptor)) return -1;
  return static_cast<int>(syscall(SYS_ftruncate, descriptor, length));
}

}  // extern "C"

namespace seccm::kill_test {
namespace {

constexpr int of_the_header = 2;  // magic and header are written, and synced once, before the scan has the rig

std::string name_of_call(fault_test::Event::Kind kind) {
  constexpr const char* names[] = {"read", "make safe", "abort", "start", "connect"};
  return names[kind];
}

/// The steps of a scan on a disk that fails like this, "told" last when the scan ended with an error.
std::vector<std::string> steps_on(const FailingDisk& failing, std::string& message) {
  message.clear();
  FailingDisk watched = failing;
  disk = &watched;
  try {
    fault_test::run_with({}, {}, 1, [&](fault_test::Event::Kind kind) { watched.steps.push_back(name_of_call(kind)); });
  } catch (const InputError& error) {
    watched.steps.emplace_back("told");
    message = error.what();
  }
  disk = nullptr;
  std::filesystem::remove(fault_test::run_path().string() + ".journal");
  return watched.steps;
}

class DiskFaultOrder : public testing::TestWithParam<const char*> {};

TEST_P(DiskFaultOrder, TheRigIsSafeBeforeTheDiskIsAskedAgainAndBeforeAnybodyIsTold) {
  FailingDisk failing;
  failing.call = GetParam();
  const bool full = failing.call == "write";
  failing.error = full ? ENOSPC : EIO;
  std::string message;
  const std::vector<std::string> whole = steps_on(failing, message);
  ASSERT_EQ(message, "");
  const auto count = static_cast<int>(std::count(whole.begin(), whole.end(), failing.call));
  // The two points are synced at least; behind them stands the sync of the end, when no scan is left.
  const int first = full ? of_the_header + 1 : 2, last = full ? count - 1 : 3;
  ASSERT_GT(count, last);
  for (int seed = 1; seed <= fault_test::seeds(); ++seed) {
    RandomStream random(static_cast<std::uint64_t>(seed), full ? "full disk order" : "failed sync order");
    const auto calls = static_cast<std::uint64_t>(last) + 1 - static_cast<std::uint64_t>(first);
    failing.number = first + static_cast<int>(random.below(calls));
    SCOPED_TRACE(failing.call + " " + std::to_string(failing.number));
    const std::vector<std::string> steps = steps_on(failing, message);
    EXPECT_THAT(message, testing::HasSubstr("cannot write"));
    const auto failed = std::find(steps.begin(), steps.end(), failing.call + " failed");
    ASSERT_NE(failed, steps.end());
    ASSERT_NE(failed + 1, steps.end());
    EXPECT_EQ(*(failed + 1), "make safe");
    EXPECT_EQ(steps.back(), "told");
    EXPECT_EQ(std::find(failed, steps.end(), "start"), steps.end()) << "a program was started behind it";
  }
  fault_test::print_row(full ? "full disk" : "failed fsync", "rig made safe before anything else is written or told");
}

INSTANTIATE_TEST_SUITE_P(Journal, DiskFaultOrder, testing::Values("write", "fdatasync"));

/// What a recorder asks of the disk while a program measures for longer than the journal's interval, and, behind
/// "ended", once it is over.
std::vector<std::string> steps_of_a_program(bool device_side_contact) {
  const files::test::ScratchDirectory folder;
  files::RunRecorder recorder(folder / "run.h5", files::test::sample_header());
  files::RigRecord rig;
  rig.device_side_contact = device_side_contact;
  recorder.set(rig);
  FailingDisk watched;
  disk = &watched;
  std::vector<files::PackedFrame> frames(files::frames_per_record);
  std::int64_t tick = 0;
  for (int record = 0; record < 3; ++record) {
    for (files::PackedFrame& frame : frames) frame.tick = ++tick;
    std::this_thread::sleep_for(files::JournalWriter::commit_interval);
    recorder.append(frames);
  }
  watched.steps.emplace_back("ended");
  recorder.add(files::ProgramRecord{});
  disk = nullptr;
  return watched.steps;
}

TEST(JournalOrder, AHostThatRunsTheProgramIsNotHeldUpByTheDisk) {
  const int before = syncs_aside;
  EXPECT_THAT(steps_of_a_program(false), testing::ElementsAre("write", "write", "write", "ended", "write"));
  EXPECT_GT(syncs_aside, before) << "no other thread synced";
  const std::vector<std::string> device = steps_of_a_program(true);
  EXPECT_THAT(std::vector(device.begin(), std::find(device.begin(), device.end(), "ended")),
              testing::ElementsAre("write", "fdatasync", "write", "fdatasync", "write", "fdatasync"));
}

// A point that was measured and a fault that was noted outlive the machine from the moment on at which they are told,
// with all frames before them, also where another thread syncs the frames.
TEST(JournalOrder, APointAndAFaultAreOnTheDiskWhenTheyHaveBeenAdded) {
  for (const bool device_side_contact : {true, false}) {
    const files::test::ScratchDirectory folder;
    files::RunRecorder recorder(folder / "run.h5", files::test::sample_header());
    files::RigRecord rig;
    rig.device_side_contact = device_side_contact;
    recorder.set(rig);
    FailingDisk watched;
    disk = &watched;
    for (int k = 0; k < 3; ++k) {
      recorder.append(files::test::sample_frames(10 * static_cast<std::uint64_t>(k), 10));
      recorder.add(files::test::sample_point(k, 0, 0));
      EXPECT_EQ(watched.steps.back(), "fdatasync") << "point " << k;
      recorder.add(files::FaultRecord{});
      EXPECT_EQ(watched.steps.back(), "fdatasync") << "fault behind point " << k;
    }
    disk = nullptr;
    EXPECT_EQ(std::count(watched.steps.begin(), watched.steps.end(), "write"), 3 * 3);
  }
}

/// What a file that replaces another asks of the disk.
std::vector<std::string> steps_of_replacing(const std::filesystem::path& path, auto write, FailingDisk failing = {}) {
  FailingDisk watched = std::move(failing);
  disk = &watched;
  try {
    write(path);
  } catch (const InputError&) {
    watched.steps.emplace_back("told");
  }
  disk = nullptr;
  return watched.steps;
}

// The bytes are on the disk before the name is theirs: a machine that dies in between has the old file or the new one.
TEST(FileOrder, AFileTakesItsNameWhenItsBytesAreOnTheDisk) {
  const files::test::ScratchDirectory folder;
  const auto text = [](const std::filesystem::path& path) { files::write_atomically(path, "new"); };
  const auto run = [&](const std::filesystem::path& path) {
    files::RunRecorder recorder(path, files::test::sample_header());
    recorder.finalise("complete");
  };
  for (const std::string name : {"a.txt", "b.txt"}) {
    EXPECT_THAT(steps_of_replacing(folder / name, text), testing::ElementsAre("fsync", "rename")) << name;
  }
  const auto steps = steps_of_replacing(folder / "run.h5", run);
  const auto named = std::find(steps.begin(), steps.end(), "rename");
  ASSERT_NE(named, steps.end());
  ASSERT_NE(named, steps.begin());
  EXPECT_EQ(*(named - 1), "fsync") << "nothing is written between the two";
}

TEST(FileOrder, AFileWhoseBytesDoNotReachTheDiskTakesNoName) {
  const files::test::ScratchDirectory folder;
  const auto text = [](const std::filesystem::path& path) { files::write_atomically(path, "new"); };
  files::write_atomically(folder / "a.txt", "old");
  FailingDisk failing;
  failing.call = "fsync";
  failing.error = EIO;
  EXPECT_THAT(steps_of_replacing(folder / "a.txt", text, failing), testing::ElementsAre("fsync", "told"));
  std::ifstream in(folder / "a.txt");
  std::string kept;
  in >> kept;
  EXPECT_EQ(kept, "old");
  in.close();
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "nothing is left beside it";
}

// A writer that can not wait: it appends while the sync is still under way, and is told of a failure by a later append.
TEST(JournalOrder, ASyncAsideHoldsNobodyUpAndItsFailureIsFinal) {
  const files::test::ScratchDirectory dir;
  files::JournalWriter journal(dir / "run.h5.journal");
  held_sync.error = EIO;
  held_sync.held = true;
  std::this_thread::sleep_for(files::JournalWriter::commit_interval);  // now one is due
  journal.append(1, "first", files::Sync::aside);
  const bool entered = held_sync.entered.try_acquire_for(std::chrono::seconds(60));
  EXPECT_TRUE(entered) << "no sync was begun";
  journal.append(1, "second", files::Sync::aside);  // would wait for ever if the sync were its own
  held_sync.held = false;
  held_sync.let_go.release();
  std::string message;
  for (int k = 0; k < 6000 && entered && message.empty(); ++k) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    try {
      journal.append(1, "later", files::Sync::here);
    } catch (const InputError& error) {
      message = error.what();
    }
  }
  EXPECT_THAT(message, testing::HasSubstr("cannot write"));
  EXPECT_THROW(journal.commit(), InputError);
}

}  // namespace
}  // namespace seccm::kill_test
