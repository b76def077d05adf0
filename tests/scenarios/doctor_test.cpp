// The doctor on the served twin: what it finds is known. The camera's port is fixed: tests/cli has it.
#include "jobs/doctor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "rigs/served_rig.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using Verdict = jobs::Examination::Verdict;

struct Clinic {
  Clinic() {
    scenario.serve.stage_port = scenario.serve.light_port = scenario.serve.source_meter_port = 0;
    scenario.serve.camera = false;
    scenario.twin.sample.cluster_sizes = {12.0};
    rig = std::make_unique<rigs::ServedRig>(scenario, [](const std::string&) {});
    scenario.hardware.stage = rig->listeners().at(0).where;
    scenario.hardware.light = rig->listeners().at(1).where;
    scenario.hardware.timeout = 30.0 * unit::s;
    server = std::jthread([this](const std::stop_token& stop) { rig->run(stop); });
  }
  Scenario scenario;
  std::unique_ptr<rigs::ServedRig> rig;
  std::jthread server;
};

TEST(Doctor, MovesNothingWithoutConsent) {
  const Clinic clinic;
  const auto found = jobs::examine_rig(clinic.scenario, false, {});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].instrument, "stage");
  EXPECT_EQ(found[0].verdict, Verdict::not_examined) << found[0].reason;  // its servo is off at power-up
  EXPECT_EQ(found[1].instrument, "light");
  EXPECT_EQ(found[1].verdict, Verdict::fine) << found[1].reason;
  EXPECT_THAT(found[1].findings, Contains(HasSubstr("pE-300")));
}

TEST(Doctor, FindsTravelScatterAndMotionOfTheStage) {
  Clinic clinic;
  const auto found = jobs::examine_rig(clinic.scenario, true, {});
  ASSERT_EQ(found.at(0).verdict, Verdict::fine) << found[0].reason;
  EXPECT_THAT(found[0].findings, Contains(HasSubstr("E-727")));
  EXPECT_THAT(found[0].findings, Contains("axis 1: travel 0 to 100 um"));
  EXPECT_THAT(found[0].findings, Contains(HasSubstr("scatter of its axes at rest")));
  EXPECT_THAT(found[0].findings, Contains(HasSubstr("and back")));
  clinic.scenario.twin.stage.range_z = 200.0 * unit::um;
  EXPECT_THAT(jobs::examine_rig(clinic.scenario, true, {}).at(0).findings,
              Contains(HasSubstr("axis 3: travel 0 to 100 um, less than [stage] of the scenario counts on")));
}

TEST(Doctor, FindsIdentityRangeAndNoiseOfTheSourceMeter) {
  Clinic clinic;
  clinic.scenario.hardware.stage = clinic.scenario.hardware.light = "";
  clinic.scenario.hardware.source_meter = clinic.rig->listeners().at(2).where;
  const auto untouched = jobs::examine_rig(clinic.scenario, false, {});
  ASSERT_EQ(untouched.at(0).verdict, Verdict::fine) << untouched[0].reason;
  EXPECT_EQ(untouched[0].instrument, "source meter");
  EXPECT_THAT(untouched[0].findings, Contains(HasSubstr("MODEL 2450")));
  EXPECT_THAT(untouched[0].findings, Contains(HasSubstr("host.current_range = 0.1 nA: 10 nA; 50 Hz mains")));
  EXPECT_THAT(untouched[0].findings, ::testing::Not(Contains(HasSubstr("readings"))));
  const auto polarised = jobs::examine_rig(clinic.scenario, true, {});
  ASSERT_EQ(polarised.at(0).verdict, Verdict::fine) << polarised[0].reason;
  EXPECT_THAT(polarised[0].findings, Contains(HasSubstr("30 readings of one mains cycle at 0 V")));
}

TEST(Doctor, OneThatDoesNotAnswerKeepsNobodyFromTheOthers) {
  Clinic clinic;
  clinic.scenario.hardware.stage = "127.0.0.1:1";
  clinic.scenario.wecspm.bitfile = "/nowhere/image.lvbitx";
  const auto found = jobs::examine_rig(clinic.scenario, true, {});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].verdict, Verdict::failed);
  EXPECT_THAT(found[0].reason, HasSubstr("/nowhere/image.lvbitx"));
  EXPECT_EQ(found[1].verdict, Verdict::failed);
  EXPECT_THAT(found[1].reason, HasSubstr("127.0.0.1:1"));
  EXPECT_EQ(found[2].verdict, Verdict::fine);
}

TEST(Doctor, SaysWhatAPlaceLooksLike) {
  Scenario scenario;
  EXPECT_THROW((void)jobs::examine_rig(scenario, false, {}), InputError);
  for (const char* place : {"somewhere", ":50000", "host:", "host:5x", "host:123456", "host:70000", "host:0"}) {
    scenario.hardware.stage = place;
    try {
      (void)jobs::examine_rig(scenario, false, {});
      FAIL() << place;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr("hardware.stage = \"" + std::string(place) + "\"")) << place;
      EXPECT_THAT(error.what(), HasSubstr("accepted")) << place;
    }
  }
}

}  // namespace
}  // namespace seccm::scenarios
