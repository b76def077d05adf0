// Bad input, as a user meets it: exit status 2, one paragraph that says where, what, and what is accepted; nothing is
// left under the final name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/cli/command.hpp"

namespace seccm::cli_test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class BadInput : public testing::Test {
 protected:
  fs::path directory_ = fresh_directory("bad_input");
  void TearDown() override { fs::remove_all(directory_); }

  /// `seccm scan` on a scenario of this text.
  Outcome scan(const std::string& text) {
    const fs::path file = directory_ / "x.toml";
    write(file, text);
    return seccm({"scan", file.string(), "-o", (directory_ / "run.h5").string()});
  }

  void expect_refused(const Outcome& outcome, const std::vector<std::string>& says) {
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    for (const std::string& text : says) EXPECT_THAT(outcome.err, HasSubstr(text));
    EXPECT_THAT(outcome.err, testing::StartsWith("seccm: "));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << "one paragraph: " << outcome.err;
    for (const char* name : {"run.h5", "run.truth.h5", "run.h5.journal", "results.h5"}) {
      EXPECT_FALSE(fs::exists(directory_ / name)) << name;
    }
  }
};

TEST_F(BadInput, UnknownKey) {
  expect_refused(scan("[pipette]\ndiametre = \"1 um\"\n"),
                 {"x.toml:2: pipette.diametre", "unknown key; did you mean \"pipette.diameter\"?"});
}

TEST_F(BadInput, WrongUnit) {
  expect_refused(scan("\n[pipette]\ndiameter = \"50 mV\"\n"),
                 {"x.toml:3: pipette.diameter = \"50 mV\": wrong unit", "0.05 um to 5 um"});
}

TEST_F(BadInput, BareNumber) {
  expect_refused(scan("[pipette]\ndiameter = 1.0\n"), {"x.toml:2: pipette.diameter = 1", "write \"1 um\""});
}

TEST_F(BadInput, OutOfRange) {
  expect_refused(scan("[pipette]\ndiameter = \"50 um\"\n"),
                 {"x.toml:2: pipette.diameter = \"50 um\": out of range; accepted 0.05 um to 5 um (default 1 um;"});
}

TEST_F(BadInput, NonFinite) {
  expect_refused(scan("[meniscus]\nfootprint_ratio = nan\n"), {"x.toml:2: meniscus.footprint_ratio = nan: not finite"});
  expect_refused(scan("[cv]\nstart = \"inf V\"\n"), {"x.toml:2: cv.start = \"inf V\""});
}

TEST_F(BadInput, NegativePitch) {
  expect_refused(scan("[scan]\ngrid_pitch = \"0 um\"\n"), {"x.toml:2: scan.grid_pitch = \"0 um\": out of range"});
  expect_refused(scan("[scan]\ngrid_pitch = \"-4 um\"\n"), {"out of range"});
}

TEST_F(BadInput, MalformedToml) {
  expect_refused(scan("[pipette\n"), {"x.toml:1: not valid TOML"});
}

TEST_F(BadInput, TipLargerThanTheField) {
  expect_refused(scan("[pipette]\ndiameter = \"5 um\"\n[sample]\nfield_width = \"5 um\"\nfield_height = \"5 um\"\n"),
                 {"pipette.diameter = 5 um", "larger than the field of 5 um x 5 um"});
}

TEST_F(BadInput, AnApproachTooFastForTheInterlocksOfASlowHost) {
  expect_refused(scan("[rig]\nsequencer = \"host\"\n[scan]\nfast_approach_speed = \"90 um/s\"\n"),
                 {"scan.fast_approach_speed = 90 um/s", "goes on by 4.59 um in the contact latency of 51 ms",
                  "accepted: 1 um, up to 19.6078 um/s"});
}

TEST_F(BadInput, EmptyField) {
  expect_refused(scan("[sample]\nclusters = 0\n"), {"sample.clusters = 0", "the field is empty"});
}

TEST_F(BadInput, VertexOutsideTheWindow) {
  expect_refused(scan("[cv]\nvertex1 = \"0.2 V\"\n"), {"cv.vertex1 = 0.2 V vs Li: outside the window"});
}

TEST_F(BadInput, MorePointsThanTheFieldHolds) {
  expect_refused(scan("[scan]\npoints = 500\n[sample]\nfield_width = \"20 um\"\nfield_height = \"20 um\"\n"),
                 {"scan.points = 500: more than the field can hold"});
}

TEST_F(BadInput, HardwareThatIsNotNamedOrMayNotMove) {
  expect_refused(scan("[rig]\nsequencer = \"hardware\"\n"),
                 {"rig.sequencer = \"hardware\" with rig.camera = \"twin\"", "or for none of them"});
  const std::string rig = "[rig]\nsequencer = \"hardware\"\ncamera = \"hardware\"\nlight = \"hardware\"\n";
  expect_refused(scan(rig), {"no probe is named", "accepted is wecspm.bitfile"});
  const std::string named = rig +
                            "[hardware]\nstage = \"127.0.0.1:1\"\nsource_meter = \"127.0.0.1:1\"\n"
                            "light = \"127.0.0.1:1\"\ncamera = \"127.0.0.1\"\ncamera_bits = 12\n"
                            "camera_pixel_size = \"65 nm\"\n";
  expect_refused(scan(named), {"accepted is --allow-motion"});
  write(directory_ / "x.toml", named);
  const std::string file = (directory_ / "x.toml").string(), run = (directory_ / "run.h5").string();
  expect_refused(seccm({"scan", file, "-o", run, "--resume", "--allow-motion"}), {"there is nothing to resume"});
  // With consent it is a matter of the instruments, of which the first one is asked and nobody listens.
  const Outcome consented = seccm({"scan", file, "-o", run, "--allow-motion"});
  EXPECT_EQ(consented.status, 3);
  EXPECT_THAT(consented.err, HasSubstr("127.0.0.1:1"));
}

TEST_F(BadInput, OverrideOutOfRange) {
  write(directory_ / "x.toml", "");
  expect_refused(seccm({"scan", (directory_ / "x.toml").string(), "-o", (directory_ / "run.h5").string(), "--set",
                        "pipette.diameter=50 um"}),
                 {"--set: pipette.diameter = \"50 um\": out of range"});
}

TEST_F(BadInput, MissingScenario) {
  expect_refused(seccm({"scan", (directory_ / "none.toml").string()}), {"none.toml: no such file"});
  expect_refused(seccm({"scan", directory_.string()}), {"is a directory"});
}

TEST_F(BadInput, CommandLine) {
  expect_refused(seccm({"scan"}), {"scenario is required", "seccm scan --help"});
  expect_refused(seccm({"scna", "x.toml"}), {"seccm --help"});
  expect_refused(seccm({"list", "planets"}), {"planets", "seccm list --help"});
  expect_refused(seccm({"simulate", "x.toml", "--threads", "0"}), {"--threads"});
  expect_refused(seccm({"explain", "pipete.diameter"}), {"did you mean \"pipette.diameter\"?"});
}

TEST_F(BadInput, JobThatDoesNotFitTheVerb) {
  write(directory_ / "x.toml", "job = \"simulate\"\n");
  expect_refused(seccm({"scan", (directory_ / "x.toml").string(), "-o", (directory_ / "run.h5").string()}),
                 {"job = \"simulate\""});
  expect_refused(seccm({"simulate", "quickstart"}), {"job = \"scan\"", "seccm scan"});
}

TEST_F(BadInput, ForeignAndTruncatedRunFiles) {
  const fs::path foreign = directory_ / "foreign.h5";
  const std::string output = (directory_ / "results.h5").string();
  write(foreign, "this is not a run file");
  expect_refused(seccm({"analyse", foreign.string(), "-o", output}), {"foreign.h5"});
  write(foreign, "");
  expect_refused(seccm({"analyse", foreign.string(), "-o", output}), {"foreign.h5"});
  expect_refused(seccm({"analyse", (directory_ / "none.h5").string(), "-o", output}), {"none.h5"});
  expect_refused(seccm({"report", foreign.string(), "-o", (directory_ / "r.html").string()}), {"foreign.h5"});
}

TEST_F(BadInput, UnwritableOutput) {
  write(directory_ / "file", "");
  for (const fs::path& output : {directory_ / "no" / "such" / "run.h5", directory_ / "file" / "run.h5"}) {
    const Outcome outcome = seccm({"scan", "quickstart", "-o", output.string()});
    expect_refused(outcome, {output.parent_path().string()});
  }
  expect_refused(seccm({"scan", "quickstart", "-o", directory_.string()}), {directory_.string()});
  expect_refused(seccm({"validate", "quickstart", "-o", (directory_ / "file").string()}), {"file"});
}

// What was measured must not be replaced by what is made of it, whatever name it is given.
TEST_F(BadInput, AnOutputThatIsTheInput) {
  const std::string text = "name = \"x\"\n", data = "whatever was measured";
  const auto keeps = [&](const std::string& name, const std::string& bytes, const std::vector<std::string>& arguments) {
    write(directory_ / name, bytes);
    const Outcome outcome = seccm(arguments);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("which is read here. Choose another file"));
    EXPECT_EQ(bytes_of(directory_ / name), bytes) << arguments.front();
  };
  const std::string x = (directory_ / "x.toml").string(), r = (directory_ / "r.h5").string();
  const std::string by_another_way = (directory_ / "." / "r.h5").string();
  keeps("x.toml", text, {"scan", x, "-o", x});
  keeps("x.toml", "job = \"simulate\"\n", {"simulate", x, "--csv", x});
  keeps("r.h5", data, {"analyse", r, "-o", by_another_way});
  keeps("r.h5", data, {"report", r, "-o", r});
  keeps("r.h5", data, {"export", r, "--format", "gsf", "--image", "final", "-o", r});
  keeps("r.csv", data, {"export", (directory_ / "r.csv").string(), "--format", "schema-v2", "-o", r});
  keeps("r.csv", data, {"import", (directory_ / "r.json").string(), "-o", (directory_ / "r.csv").string()});
  fs::create_symlink(r, directory_ / "link.h5");
  keeps("r.h5", data, {"analyse", r, "-o", (directory_ / "link.h5").string()});
  keeps("r.h5", data,
        {"scan", "quickstart", "-o", r, "--set", "rig.sequencer=replay", "--set", "rig.camera=replay", "--set",
         "rig.light=replay", "--set", "rig.replay_run=" + r});
}

TEST_F(BadInput, FullDisk) {
  const fs::path disk = directory_ / "disk";
  fs::create_directory(disk);
  if (geteuid() != 0 || mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=256k") != 0) {
    GTEST_SKIP() << "mounting a small tmpfs needs the rights to mount";
  }
  const Outcome outcome =
      seccm(std::vector<std::string>{"scan", "quickstart", "-o", (disk / "run.h5").string()} + short_scan());
  EXPECT_EQ(outcome.status, 4) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("run.h5"));
  EXPECT_THAT(outcome.err, testing::AnyOf(HasSubstr("space"), HasSubstr("full")));
  EXPECT_FALSE(fs::exists(disk / "run.h5"));
  EXPECT_FALSE(fs::exists(disk / "run.truth.h5"));
  umount2(disk.c_str(), MNT_DETACH);
}

TEST_F(BadInput, FullStandardOutput) {
  ASSERT_TRUE(fs::exists("/dev/full")) << "a Linux system has it";
  const std::string line =
      std::string(SECCM_COMMAND) + " list scenarios > /dev/full 2> " + (directory_ / "err").string();
  const int raw = std::system(line.c_str());
  EXPECT_EQ(WEXITSTATUS(raw), 4);
  EXPECT_THAT(bytes_of(directory_ / "err"), HasSubstr("standard output can not be written"));
}

}  // namespace
}  // namespace seccm::cli_test
