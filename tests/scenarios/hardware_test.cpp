// What a scan on hardware refuses, before anything is connected. Scans that run: tests/gige, where the camera's port
// is.
#include "rigs/hardware_rig.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "instrument/servers/wire/line_session.hpp"
#include "jobs/campaign.hpp"
#include "jobs/scan.hpp"
#include "scenarios/library.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

namespace fs = std::filesystem;
namespace servers = instrument::servers;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Overrides = std::vector<std::string>;

/// A laboratory with a host, complete; `changes` come on top.
Overrides laboratory_with(const Overrides& changes) {
  Overrides all{"rig.sequencer=hardware",
                "rig.camera=hardware",
                "rig.light=hardware",
                "hardware.stage=127.0.0.1:1",
                "hardware.source_meter=127.0.0.1:1",
                "hardware.light=127.0.0.1:1",
                "hardware.camera=127.0.0.1",
                "hardware.camera_bits=12",
                "hardware.camera_pixel_size=65 nm"};
  all.insert(all.end(), changes.begin(), changes.end());
  return all;
}

const Overrides fpga{"hardware.stage=\"\"", "hardware.source_meter=\"\"", "wecspm.bitfile=image.lvbitx"};

Overrides with_fpga(const Overrides& changes) {
  Overrides all = fpga;
  all.insert(all.end(), changes.begin(), changes.end());
  return all;
}

std::string refused_laboratory(const Overrides& changes) {
  try {
    (void)load_scenario(resolve_scenario("quickstart"), laboratory_with(changes));
    return "accepted";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(HardwareScenario, AcceptsOneProbeWithItsMicroscope) {
  EXPECT_EQ(refused_laboratory({}), "accepted");
  EXPECT_EQ(refused_laboratory(fpga), "accepted");
}

TEST(HardwareScenario, RefusesNoProbeHalfOfOneAndTwo) {
  EXPECT_THAT(refused_laboratory({"hardware.stage=\"\"", "hardware.source_meter=\"\""}),
              AllOf(HasSubstr("rig.sequencer = \"hardware\": no probe is named"), HasSubstr("wecspm.bitfile"),
                    HasSubstr("hardware.stage and hardware.source_meter")));
  EXPECT_THAT(refused_laboratory({"hardware.stage=\"\""}),
              HasSubstr("hardware.source_meter is named and hardware.stage is not"));
  EXPECT_THAT(refused_laboratory({"hardware.source_meter=\"\""}),
              HasSubstr("hardware.stage is named and hardware.source_meter is not"));
  EXPECT_THAT(refused_laboratory({"wecspm.bitfile=image.lvbitx"}),
              AllOf(HasSubstr("wecspm.bitfile = \"image.lvbitx\" is one probe"),
                    HasSubstr("hardware.stage = \"127.0.0.1:1\" belongs to another")));
}

TEST(HardwareScenario, RefusesAMicroscopeThatIsNotNamedOrNotKnown) {
  EXPECT_THAT(refused_laboratory({"hardware.camera=\"\""}), HasSubstr("hardware.camera = \"\"; accepted is"));
  EXPECT_THAT(refused_laboratory({"hardware.light=\"\""}), HasSubstr("hardware.light = \"\"; accepted is HOST:PORT"));
  EXPECT_THAT(refused_laboratory({"hardware.camera_bits=0"}), HasSubstr("accepted are 1 to 16"));
  EXPECT_THAT(refused_laboratory({"hardware.camera_pixel_size=0 nm"}),
              HasSubstr("accepted is the pitch of the sensor over the magnification"));
}

TEST(HardwareScenario, RefusesDevicesOfTwoWorlds) {
  EXPECT_THAT(refused_laboratory({"rig.camera=twin"}),
              AllOf(HasSubstr("rig.sequencer = \"hardware\" with rig.camera = \"twin\""),
                    HasSubstr("accepted is \"hardware\" for sequencer, camera and light, or for none of them")));
  EXPECT_THAT(refused_laboratory({"rig.light=host"}), HasSubstr("with rig.light = \"host\""));
  EXPECT_THAT(refused_laboratory({"rig.sequencer=registers"}),
              HasSubstr("rig.camera = \"hardware\" with rig.sequencer = \"registers\""));
  EXPECT_THAT(refused_laboratory({"rig.sequencer=replay"}), HasSubstr("with rig.sequencer = \"replay\""));
}

TEST(HardwareScenario, RefusesFaultsOnPurpose) {
  EXPECT_THAT(refused_laboratory({"faults.sequencer=disconnect"}), HasSubstr("faults on purpose in front of real"));
  EXPECT_THAT(refused_laboratory({"faults.camera_silent=true"}), HasSubstr("faults on purpose in front of real"));
  EXPECT_THAT(refused_laboratory({"faults.light=no_reply"}), HasSubstr("faults on purpose in front of real"));
}

TEST(HardwareScenario, TakesItsLimitsFromItsOwnSectionsAndNotFromTheTwins) {
  EXPECT_THAT(refused_laboratory(with_fpga({"wecspm.command_ratio=8"})),
              AllOf(HasSubstr("cv.vertex1 = 1 V vs Li: outside the window"), HasSubstr("wecspm.command_ratio")));
  EXPECT_THAT(refused_laboratory({"host.potential_range=1 V"}), HasSubstr("±host.potential_range"));
  EXPECT_THAT(refused_laboratory(with_fpga({"scan.mode=grid", "wecspm.span_y=50 um"})),
              AllOf(HasSubstr("scan.grid_rows"), HasSubstr("wecspm.span_y = 50 um"), HasSubstr("at most 13 nodes")));
  EXPECT_EQ(refused_laboratory({"amplifier.command_ratio=8", "stage.range_xy=20 um", "sample.field_width=4 um"}),
            "accepted");
}

TEST(HardwareScenario, RefusesAPlaceThatIsNone) {
  const Scenario scenario =
      load_scenario(resolve_scenario("quickstart"), laboratory_with({"hardware.source_meter=somewhere"}));
  try {
    const rigs::HardwareRig rig(scenario, nullptr);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("hardware.source_meter = \"somewhere\": accepted is HOST:PORT"));
  }
}

TEST(HardwareScenario, RefusesALibraryThatIsNoFpgas) {
  const Scenario scenario =
      load_scenario(resolve_scenario("quickstart"), laboratory_with(with_fpga({"wecspm.library=libc.so.6"})));
  try {
    const rigs::HardwareRig rig(scenario, nullptr);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("NiFpgaDll_Open"));
  }
}

/// Counts those who connect.
class Doorbell {
 public:
  Doorbell()
      : port_(wire_.add_tcp(servers::loopback, 0,
                            [this] {
                              ++rung_;
                              return std::make_unique<Silence>();
                            })),
        server_([this](const std::stop_token& stop) { wire_.run(stop); }) {}
  [[nodiscard]] std::string place() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int rung() const { return rung_; }
  /// Connected is one thing, noticed by the server's thread another.
  [[nodiscard]] bool rings() const {
    for (int look = 0; look < 6000 && rung_ == 0; ++look) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return rung_ > 0;
  }

 private:
  struct Silence final : servers::Session {
    std::string feed(std::string_view) override { return ""; }
  };
  std::atomic<int> rung_{0};
  servers::WireServer wire_;
  int port_;
  std::jthread server_;
};

class HardwareScan : public ::testing::Test {
 protected:
  std::string refused(const jobs::ScanTerms& terms) {
    const std::string place = doorbell_.place();
    const Scenario scenario = load_scenario(
        resolve_scenario("quickstart"), laboratory_with({"hardware.stage=" + place, "hardware.source_meter=" + place,
                                                         "hardware.light=" + place, "hardware.timeout=0.2 s"}));
    try {
      (void)jobs::run_scan(scenario, {folder_ / "run.h5", folder_ / "truth.h5"}, {}, {}, terms);
      return "accepted";
    } catch (const InputError& error) {
      return error.what();
    } catch (const DeviceError& error) {
      return std::string("device: ") + error.what();
    }
  }

  test::ScratchDirectory folder_;
  Doorbell doorbell_;
};

TEST_F(HardwareScan, ConnectsNothingWithoutConsentToMotion) {
  EXPECT_THAT(refused({}), AllOf(HasSubstr("connecting retracts z and moves x and y"), HasSubstr("--allow-motion")));
  EXPECT_EQ(doorbell_.rung(), 0);
  // That the bell would have rung: the instrument that answers nothing is found with consent.
  EXPECT_THAT(refused({.allow_motion = true}), HasSubstr("device: "));
  EXPECT_TRUE(doorbell_.rings());
  EXPECT_FALSE(fs::exists(folder_ / "run.h5"));
  EXPECT_FALSE(fs::exists(folder_ / "run.h5.journal"));
}

TEST_F(HardwareScan, IsResumedFromAJournalOnlyAndWithConsentAndConnectsNothingBefore) {
  EXPECT_THAT(refused({.start = jobs::ScanStart::resume, .allow_motion = true}),
              HasSubstr("there is nothing to resume"));
  std::ofstream(folder_ / "run.h5.journal") << "of a scan that died";
  EXPECT_THAT(refused({.start = jobs::ScanStart::resume}), HasSubstr("--allow-motion"));
  EXPECT_THAT(refused({.start = jobs::ScanStart::resume, .allow_motion = true}), HasSubstr("it is not a run journal"));
  EXPECT_THAT(refused({.allow_motion = true}), AllOf(HasSubstr("--resume` goes on"), HasSubstr("--rescue builds")));
  EXPECT_EQ(doorbell_.rung(), 0);
}

TEST_F(HardwareScan, IsNotValidated) {
  const jobs::PlannedRun plan{
      "laboratory", load_scenario(resolve_scenario("quickstart"), laboratory_with({})), {folder_.path()}};
  try {
    (void)jobs::execute(plan, {}, {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("rig.sequencer = \"hardware\""), HasSubstr("only a twin has")));
  }
}

}  // namespace
}  // namespace seccm::scenarios
