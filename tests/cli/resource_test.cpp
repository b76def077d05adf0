// A full disk, no permission, no memory: exit status 4, the text says so, and nothing is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cli/command.hpp"

namespace seccm::cli_test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class Resources : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = fresh_directory("resources");
    const Outcome made = seccm(Words{"validate", "quickstart", "-o", directory_.string()} + short_scan());
    ASSERT_EQ(made.status, 0) << made.err;
  }
  static void TearDownTestSuite() { fs::remove_all(directory_); }
  static std::string path(const std::string& name) { return (directory_ / name).string(); }
  static void expect_refused(const Outcome& outcome, const std::string& says) {
    EXPECT_EQ(outcome.status, 4) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(testing::StartsWith("seccm: "), HasSubstr(says)));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << "one paragraph: " << outcome.err;
  }

  static inline fs::path directory_;
};

// The limit of a file's size stands for a full disk: the write fails in the middle. Whatever was there stays.
TEST_F(Resources, AFileThatDoesNotFitLeavesTheOlderOne) {
  const std::string old = "what was there before";
  for (const Words& words :
       std::vector<Words>{{"analyse", path("run.h5"), "-o", path("out")},
                          {"report", path("run.h5"), "-o", path("out")},
                          {"export", path("run.h5"), "--format", "bdf", "-o", path("out.bdf.csv")},
                          {"export", path("run.h5"), "--format", "ome-tiff", "-o", path("out")},
                          {"export", path("run.h5"), "--format", "schema-v2", "-o", path("out.csv")},
                          {"export", path("run.h5"), "--format", "gsf", "--image", "final", "-o", path("out")},
                          {"simulate", "verification/planar_reversible", "--csv", path("out")},
                          {"simulate", "verification/planar_reversible", "-o", path("out")}}) {
    const std::string target = words.back();
    SCOPED_TRACE(words[0] + " " + words[3] + " " + target);
    write(target, old);
    expect_refused(seccm_limited(words + Words{"--quiet"}, {.file_size = 10000}), "File too large");
    EXPECT_EQ(bytes_of(target), old);
    for (const auto& entry : fs::directory_iterator(directory_))
      EXPECT_EQ(entry.path().filename().string().find(".partial"), std::string::npos) << entry.path();
    fs::remove(target);
  }
}

// Wherever it fails, of an import nothing is left: its sources are there.
TEST_F(Resources, AnImportThatDoesNotFitLeavesNothing) {
  ASSERT_EQ(seccm({"export", path("run.h5"), "--format", "schema-v2", "-o", path("source.csv"), "--quiet"}).status, 0);
  const Words import{"import", path("source.csv"), "-o", path("import.h5"), "--quiet"};
  ASSERT_EQ(seccm(import).status, 0);
  const std::string old = bytes_of(path("import.h5"));
  for (const unsigned long size : {1000UL, 100000UL, old.size() / 2}) {
    SCOPED_TRACE(size);
    expect_refused(seccm_limited(import, {.file_size = size}), "File too large");
    EXPECT_FALSE(fs::exists(path("import.h5.journal")));
    EXPECT_EQ(bytes_of(path("import.h5")), old);
  }
}

TEST_F(Resources, AnImportLeavesTheJournalOfAnotherRunAlone) {
  ASSERT_EQ(seccm({"export", path("run.h5"), "--format", "schema-v2", "-o", path("other.csv"), "--quiet"}).status, 0);
  write(path("waiting.h5.journal"), "of a scan");
  const Outcome refused = seccm({"import", path("other.csv"), "-o", path("waiting.h5"), "--quiet"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("waiting.h5.journal: the journal of a run"), HasSubstr("another output")));
  EXPECT_EQ(bytes_of(path("waiting.h5.journal")), "of a scan");
  EXPECT_FALSE(fs::exists(path("waiting.h5")));
}

TEST_F(Resources, AnExportThatDoesNotFitLeavesNoFolder) {
  const Words into{"export", path("run.h5"), "--format", "mpt", "-o", path("folder"), "--quiet"};
  expect_refused(seccm_limited(into, {.file_size = 1000}), "File too large");
  EXPECT_FALSE(fs::exists(path("folder")));
  fs::create_directory(path("folder"));
  expect_refused(seccm_limited(into, {.file_size = 1000}), "File too large");
  EXPECT_TRUE(fs::is_empty(path("folder"))) << "one that was there stays";
}

TEST_F(Resources, AScanOnAFullDiskGoesOnWhereThereIsSpace) {
  const std::string run = path("scan.h5"), whole = path("whole.h5");
  const Words scan{"scan", "quickstart"};
  ASSERT_EQ(seccm(scan + Words{"-o", whole} + short_scan()).status, 0);
  // Half of what the journal of the whole run holds: frames are not compressed there.
  const Outcome full = seccm_limited(scan + Words{"-o", run} + short_scan(), {.file_size = fs::file_size(whole) / 2});
  expect_refused(full, "scan.h5.journal'");
  EXPECT_THAT(full.err, HasSubstr("--resume` goes on with it"));
  EXPECT_FALSE(fs::exists(run));
  const Outcome resumed = seccm(scan + Words{"-o", run, "--resume"} + short_scan());
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_TRUE(bytes_of(run) == bytes_of(whole));
}

TEST_F(Resources, AFullStandardOutputIsSaid) {
  expect_refused(seccm_limited({"list", "scenarios"}, {.standard_output = "/dev/full"}),
                 "standard output can not be written: No space left on device");
}

TEST_F(Resources, WhatMayNotBeReadOrWrittenIsNoBadInput) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to become a user without rights";
  // Others may walk into the directory of the test, and no further.
  for (fs::path at = directory_; at != "/tmp" && at.has_relative_path(); at = at.parent_path())
    fs::permissions(at, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
  const Limits nobody{.nobody = true};
  if (seccm_limited({"--version"}, nobody).status != 0) GTEST_SKIP() << "the build is closed to other users";
  const std::string before = bytes_of(path("results.h5"));
  expect_refused(seccm_limited({"analyse", path("run.h5"), "-o", path("results.h5"), "--quiet"}, nobody),
                 "Permission denied");
  expect_refused(seccm_limited({"scan", "quickstart", "-o", path("new.h5"), "--quiet"}, nobody), "Permission denied");
  expect_refused(seccm_limited({"validate", "quickstart", "-o", path("deeper/out"), "--quiet"}, nobody),
                 "Permission denied");
  EXPECT_TRUE(bytes_of(path("results.h5")) == before);
  write(path("secret.toml"), "name = \"x\"\n");
  fs::permissions(path("secret.toml"), fs::perms::owner_all);
  expect_refused(seccm_limited({"scan", path("secret.toml"), "-o", "/tmp/never.h5"}, nobody), "Permission denied");
  fs::copy_file(path("run.h5"), path("secret.h5"));
  fs::permissions(path("secret.h5"), fs::perms::owner_all);
  expect_refused(seccm_limited({"analyse", path("secret.h5"), "-o", "/tmp/never.h5"}, nobody), "Permission denied");
}

// Some libraries take a thread before anything else: the number that is left is looked for.
TEST_F(Resources, TooFewThreadsAreSaidBeforeAnythingElse) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to become a user who has a limit";
  for (fs::path at = directory_; at != "/tmp" && at.has_relative_path(); at = at.parent_path())
    fs::permissions(at, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
  unsigned long enough = 1;
  const auto version = [](unsigned long processes) {
    return seccm_limited({"--version"}, {.processes = processes, .nobody = true}).status;
  };
  while (enough < 64 && version(enough) != 0) ++enough;
  if (enough == 64) GTEST_SKIP() << "the build is closed to other users";
  const Words many{"--threads", "40", "--quiet"};
  const Limits few{.processes = enough + 8, .nobody = true};
  for (const Words& verb :
       {Words{"simulate", "ensemble", "-o", "/tmp/never.h5"}, Words{"scan", "quickstart", "-o", "/tmp/never.h5"},
        Words{"analyse", path("run.h5"), "-o", "/tmp/never.h5"}}) {
    SCOPED_TRACE(verb[0]);
    expect_refused(seccm_limited(verb + many, few), "of 40 threads");
    EXPECT_FALSE(fs::exists("/tmp/never.h5"));
    EXPECT_FALSE(fs::exists("/tmp/never.h5.journal"));
  }
}

// 800 MB of traces in 600 MB of addresses.
TEST_F(Resources, TooLittleMemoryIsSaid) {
  const std::string old = "what was there before";
  write(path("ensemble.h5"), old);
  expect_refused(seccm_limited({"simulate", "ensemble_identifiability", "-o", path("ensemble.h5"), "--threads", "1",
                                "--set", "ensemble.traces=true", "--set", "ensemble.cells=100000", "--quiet"},
                               {.memory = 600000000}),
                 "not enough memory");
  EXPECT_EQ(bytes_of(path("ensemble.h5")), old);
}

TEST_F(Resources, QuietSaysNothingOfASuccess) {
  ASSERT_EQ(seccm({"export", path("run.h5"), "--format", "schema-v2", "-o", path("one.csv"), "--quiet"}).status, 0);
  for (const Words& words :
       std::vector<Words>{{"analyse", path("run.h5"), "-o", path("quiet")},
                          {"report", path("run.h5"), "-o", path("quiet")},
                          {"export", path("run.h5"), "--format", "bdf", "-o", path("quiet.bdf.csv")},
                          {"simulate", "verification/planar_reversible", "--csv", path("quiet")},
                          {"import", path("one.csv"), "-o", path("imported.h5")},
                          Words{"scan", "quickstart", "-o", path("quiet.h5")} + short_scan()}) {
    const Outcome outcome = seccm(words + Words{"--quiet"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out + outcome.err, "") << words[0];
  }
}

TEST_F(Resources, MisspeltVerbsAndScenariosGetTheNearest) {
  const Outcome verb = seccm({"analyze", path("run.h5")});
  EXPECT_EQ(verb.status, 2);
  EXPECT_THAT(verb.err, AllOf(HasSubstr("did you mean \"analyse\"?"), HasSubstr("simulate, scan, ")));
  EXPECT_THAT(seccm({"scann"}).err, HasSubstr("did you mean \"scan\"?"));
  EXPECT_THAT(seccm({"xyzzy"}).err, testing::Not(HasSubstr("did you mean")));
  const Outcome scenario = seccm({"scan", "quickstrat", "-o", path("x.h5")});
  EXPECT_EQ(scenario.status, 2);
  EXPECT_THAT(scenario.err, HasSubstr("did you mean \"quickstart\"?"));
  EXPECT_THAT(seccm({"simulate", "planar_reversibel", "--csv", path("x")}).err,
              HasSubstr("did you mean \"verification/planar_reversible\"?"));
}

// Before the tour is planned nobody knows its end; `script` gives the command a terminal to draw on.
TEST_F(Resources, ProgressStatesNoShareBeforeOneIsKnown) {
  std::string command = "script -qec \"" SECCM_COMMAND " scan quickstart -o '" + path("shown.h5") + "'";
  for (const std::string& word : short_scan())
    if (word != "--quiet") command += " '" + word + "'";
  command += "\" /dev/null > '" + path("terminal") + "' 2>&1";
  if (std::system("command -v script > /dev/null") != 0)
    GTEST_SKIP() << "script (bsdutils) is not installed";                    // NOLINT
  ASSERT_EQ(std::system(command.c_str()), 0) << bytes_of(path("terminal"));  // NOLINT
  const std::string shown = bytes_of(path("terminal"));
  const auto first = shown.substr(0, shown.find("\x1b[K", shown.find("\x1b[K") + 1));
  EXPECT_THAT(first, HasSubstr("of rig time"));
  EXPECT_THAT(first, testing::Not(HasSubstr("%")));
  EXPECT_THAT(shown, testing::Not(HasSubstr("0.0 s left")));
}

TEST(Documentation, StatesTheThresholdThatTheCodeHas) {
  const std::string page = bytes_of(SECCM_SOURCE_DIR "/docs/twin.md");
  const std::string explained = seccm({"explain", "scan.contact_threshold"}).out;
  ASSERT_THAT(explained, HasSubstr("default   5 pA"));
  EXPECT_THAT(page, HasSubstr("the default threshold of 5 pA (19 sigma)"));
}

}  // namespace
}  // namespace seccm::cli_test
