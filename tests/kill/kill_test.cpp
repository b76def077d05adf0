// The command is killed, at random instants and at named points of its file calls, and resumed until it ends.
//
// Each time: the journal opens, nothing that was synced is missing, what it holds is a prefix of the undisturbed run
// without a hole, resuming ends well, and run file and truth file have the bytes of the undisturbed run. SECCM_KILLS
// sets the number of random instants (scripts/kill-test).
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "sim/random.hpp"
#include "tests/faults/fault_table.hpp"
#include "tests/kill/killed_scan.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::kill_test {
namespace {

namespace fs = std::filesystem;

constexpr int short_form = 2;

int kills_wanted() {
  const char* text = std::getenv("SECCM_KILLS");
  return text != nullptr ? std::atoi(text) : short_form;
}

fs::path directory_of(const std::string& name) {
  static const test::ScratchDirectory all;
  const fs::path directory = all / name;
  fs::remove_all(directory);
  fs::create_directories(directory);
  return directory;
}

/// The run that nobody disturbed, and its whole journal: the process that shows it died when it wanted to remove it.
struct Undisturbed {
  std::string run, truth;
  JournalContent journal;
  double seconds = 0.0;

  Undisturbed() {
    const RunFiles files(directory_of("undisturbed"));
    const Ending end = launch(files, {});
    EXPECT_EQ(end.status, 0) << end.error;
    seconds = end.seconds;
    run = bytes_of(files.run);
    truth = bytes_of(files.truth);
    const RunFiles kept(directory_of("undisturbed_journal"));
    EXPECT_TRUE(launch(kept, {.fault = "unlink:1:kill_before:.journal"}).killed);
    journal = read_journal(kept.journal);
    EXPECT_GT(journal.points, 5U);
    EXPECT_GT(journal.frame_count(), 10000U);
  }
};

const Undisturbed& undisturbed() {
  static const Undisturbed the_run;
  return the_run;
}

/// What one death left is judged here; returns the content for the table.
JournalContent judge(const RunFiles& files) {
  JournalContent content;
  EXPECT_NO_THROW(content = read_journal(files.journal)) << "the journal does not open";
  if (!content.there) return content;
  EXPECT_GE(content.bytes - content.torn, number_in(files.acknowledged)) << "acknowledged bytes are lost";
  EXPECT_EQ(prefix_violation(content, undisturbed().journal), "");
  return content;
}

/// Resumes, or starts anew when the process died before it had a journal, and compares both files.
void finish(const RunFiles& files) {
  std::error_code code;
  const bool journal = fs::exists(files.journal, code);
  if (journal || !fs::exists(files.run, code)) {
    fs::remove(files.acknowledged, code);
    const Ending end = launch(files, {.resume = journal});
    ASSERT_EQ(end.status, 0) << end.error;
  }
  EXPECT_FALSE(fs::exists(files.journal));
  EXPECT_TRUE(bytes_of(files.run) == undisturbed().run) << "the run file differs";
  EXPECT_TRUE(bytes_of(files.truth) == undisturbed().truth) << "the truth file differs";
}

/// Kills by what the journal held then.
struct Table {
  enum Row { before_journal, measuring, catching_up, finalising, ended };
  static constexpr std::array<const char*, 5> names{"before the journal", "measuring", "while resuming",
                                                    "journal whole, files not", "after the end"};
  std::array<int, 5> kills{};
  std::uint64_t torn = 0, most_unsynced = 0;

  void count(const RunFiles& files, const JournalContent& found, bool resumed) {
    Row row = resumed ? catching_up : measuring;
    if (!found.there) row = fs::exists(files.run) ? ended : before_journal;
    if (found.there && found.frame_count() == undisturbed().journal.frame_count() &&
        found.others.size() == undisturbed().journal.others.size())
      row = finalising;
    ++kills[row];
    torn += found.torn > 0 ? 1 : 0;
    most_unsynced = std::max(most_unsynced, found.bytes - std::min(found.bytes, number_in(files.acknowledged)));
  }

  void print() const {
    std::string text = "killed at                  kills\n";
    int sum = 0;
    for (std::size_t k = 0; k < kills.size(); ++k) {
      sum += kills[k];
      char line[80];
      std::snprintf(line, sizeof line, "%-26s %5d\n", names[k], kills[k]);
      text += line;
    }
    text += "all                        " + std::to_string(sum) + "\ntorn tails                 " +
            std::to_string(torn) + "\nmost bytes not yet synced  " + std::to_string(most_unsynced) + "\n";
    std::fputs(text.c_str(), stdout);
  }
};

TEST(Kill, AtRandomInstantsLosesNothingAndResumesToTheSameBytes) {
  RandomStream random(20, "kill instants");
  Table table;
  const int wanted = kills_wanted();
  int done = 0;
  for (int trial = 0; done < wanted; ++trial) {
    SCOPED_TRACE("trial " + std::to_string(trial));
    const RunFiles files(directory_of("trial"));
    bool resume = false;
    // Up to three deaths of one run, the later ones while it resumes.
    for (int death = 0; death < 3 && done < wanted; ++death) {
      const Ending end =
          launch(files, {.resume = resume, .kill_after = 1.1 * undisturbed().seconds * random.uniform()});
      ++done;
      const JournalContent found = judge(files);
      table.count(files, found, resume);
      if (!end.killed) {
        EXPECT_EQ(end.status, 0) << end.error;
        break;
      }
      std::error_code code;
      fs::remove(files.acknowledged, code);
      resume = found.there;
      if (!resume || random.uniform() < 0.5) break;
    }
    finish(files);
    if (::testing::Test::HasFailure()) break;
  }
  table.print();
}

TEST(Kill, AnExportIsWholeOrAbsentAndTheRunUntouched) {
  const RunFiles files(directory_of("export"));
  std::ofstream(files.run, std::ios::binary) << undisturbed().run;
  const fs::path target = files.run.parent_path() / "images.ome.tiff";
  const Launch whole{.instead = {"export", files.run.string(), "--format", "ome-tiff", "-o", target.string()}};
  const Ending end = launch(files, whole);
  ASSERT_EQ(end.status, 0) << end.error;
  const std::string exported = bytes_of(target);
  ASSERT_FALSE(exported.empty());
  RandomStream random(21, "export instants");
  int killed = 0;
  for (int k = 0; k < std::max(4, kills_wanted() / 10); ++k) {
    fs::remove(target);
    Launch how = whole;
    how.kill_after = 0.8 * end.seconds * random.uniform();
    killed += launch(files, how).killed ? 1 : 0;
    EXPECT_TRUE(!fs::exists(target) || bytes_of(target) == exported) << "half an export under its own name";
    EXPECT_TRUE(bytes_of(files.run) == undisturbed().run);
  }
  EXPECT_GT(killed, 0);
  EXPECT_EQ(launch(files, whole).status, 0);
  EXPECT_TRUE(bytes_of(target) == exported);
}

// Driver, registers and FIFOs stand between, and every access takes time: the same calls give the same bytes all the
// same.
TEST(FurtherKill, ARunThroughTheRegistersResumesToTheSameBytes) {
  const std::vector<std::string> registers{"rig.sequencer=registers"};
  const RunFiles whole(directory_of("registers")), killed(directory_of("registers_killed"));
  const Ending end = launch(whole, {.overrides = registers});
  ASSERT_EQ(end.status, 0) << end.error;
  ASSERT_TRUE(launch(killed, {.overrides = registers, .fault = "write:200:torn:.journal"}).killed);
  const Ending resumed = launch(killed, {.overrides = registers, .resume = true});
  ASSERT_EQ(resumed.status, 0) << resumed.error;
  EXPECT_TRUE(bytes_of(killed.run) == bytes_of(whole.run));
  EXPECT_TRUE(bytes_of(killed.truth) == bytes_of(whole.truth));
}

class KillPoint : public testing::TestWithParam<const char*> {};

TEST_P(KillPoint, LosesNothingAndResumesToTheSameBytes) {
  const RunFiles files(directory_of("point"));
  ASSERT_TRUE(launch(files, {.fault = GetParam()}).killed) << "the point was not reached";
  judge(files);
  finish(files);
}

std::string name_of(const testing::TestParamInfo<const char*>& tested) {
  std::string name(tested.param);
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

// One of each kind: torn record, sync, half a run file, both files whole and the journal still there.
INSTANTIATE_TEST_SUITE_P(Some, KillPoint,
                         testing::Values("write:40:torn:.journal", "fdatasync:2:kill_after:.journal",
                                         "pwrite:5:torn:.run.h5.partial", "unlink:1:kill_before:.journal"),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Further, KillPoint,
                         testing::Values("write:1:kill_before:.journal", "write:1:torn:.journal",
                                         "write:2:torn:.journal", "write:3:kill_before:.journal",
                                         "write:40:kill_after:.journal", "fdatasync:1:kill_before:.journal",
                                         "pwrite:1:kill_before:.run.h5.partial", "pwrite:1:torn:truth",
                                         "fsync:1:kill_before:.run.h5.partial", "fsync:1:kill_after:.run.h5.partial",
                                         "rename:1:kill_before:run.truth.h5", "rename:1:kill_after:run.truth.h5",
                                         "rename:1:kill_before:run.h5", "rename:1:kill_after:run.h5",
                                         "unlink:1:kill_after:.journal"),
                         name_of);

class DiskFault : public testing::TestWithParam<const char*> {};

// The command says so, ends with the status of the machine, and keeps the journal.
TEST_P(DiskFault, IsReportedAndTheRunGoesOnLater) {
  const RunFiles files(directory_of("disk"));
  const Ending end = launch(files, {.fault = GetParam()});
  EXPECT_EQ(end.status, 4) << end.error;
  EXPECT_NE(end.error.find("cannot write"), std::string::npos) << end.error;
  judge(files);
  finish(files);
}

INSTANTIATE_TEST_SUITE_P(Some, DiskFault, testing::Values("write:30:enospc:.journal", "fdatasync:3:eio:.journal"),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Further, DiskFault,
                         testing::Values("pwrite:4:enospc:.run.h5.partial", "fsync:1:eio:.run.h5.partial"), name_of);

/// Where full disk and failed sync come: anywhere in the journal's writes and syncs of the whole run.
std::string drawn_disk_fault(bool full, RandomStream& random) {
  if (full) return "write:" + std::to_string(2 + random.below(400)) + ":enospc:.journal";
  return "fdatasync:" + std::to_string(1 + random.below(8)) + ":eio:.journal";
}

TEST(FurtherDiskFaults, AtSeededInstantsAreReportedAndTheRunGoesOnLater) {
  for (const bool full : {true, false}) {
    for (int seed = 1; seed <= fault_test::seeds(); ++seed) {
      RandomStream random(static_cast<std::uint64_t>(seed), full ? "full disk" : "failed sync");
      const std::string fault = drawn_disk_fault(full, random);
      SCOPED_TRACE(fault);
      const RunFiles files(directory_of("disk_seed"));
      const Ending end = launch(files, {.fault = fault});
      ASSERT_EQ(end.status, 4) << end.error;
      EXPECT_NE(end.error.find("cannot write"), std::string::npos) << end.error;
      judge(files);
      finish(files);
    }
    fault_test::print_row(full ? "full disk" : "failed fsync",
                          "cannot write: exit status 2, resumed to the same bytes");
  }
}

TEST(Resume, NamesWhatDiffersAndLeavesTheJournalAlone) {
  const RunFiles files(directory_of("differs"));
  ASSERT_TRUE(launch(files, {.fault = "write:40:kill_after:.journal"}).killed);
  const std::string before = bytes_of(files.journal);
  const auto refused = [&](const std::string& override) {
    const fs::path log = files.run.string() + ".log";
    const std::string line = std::string(SECCM_COMMAND) + " scan " + SECCM_KILL_SCENARIO + " -o " + files.run.string() +
                             " --quiet --resume " + override + " 2> " + log.string();
    EXPECT_NE(std::system(line.c_str()), 0);
    EXPECT_TRUE(bytes_of(files.journal) == before);
    return bytes_of(log);
  };
  EXPECT_NE(refused("--seed 99").find("the seed is"), std::string::npos);
  EXPECT_NE(refused("--set scan.points=3").find("[scan] points = "), std::string::npos) << refused("");
  EXPECT_NE(refused("--set sample.clusters=41").find("[sample] clusters = "), std::string::npos);
}

}  // namespace
}  // namespace seccm::kill_test
