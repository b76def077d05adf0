// Every class of fault, at seeded instants of a small scan on the twin. SECCM_FAULT_SEEDS sets the seeds per class.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "instrument/twin/twin_rig.hpp"
#include "sim/random.hpp"
#include "tests/faults/fault_run.hpp"
#include "tests/faults/fault_table.hpp"

namespace seccm::fault_test {
namespace {

using instrument::Errc;
using instrument::FaultParameters;
using instrument::InjectedFault;
using scan::Ending;
using scan::PolicyAction;
using scan::PolicyParameters;

constexpr double silence = 5.0;       // s, of the policy
constexpr double read_block = 0.264;  // s: 256 frames
constexpr double still = 2.5;         // s that a point stands still at most
constexpr double cv_time = 0.9;       // s
constexpr double lift_time = 0.2;     // s: a hop of 10 um at 50 um/s

struct Case {
  const char* name;
  InjectedFault fault;
  Errc code;
  double within;  ///< s of device time from the fault to its discovery
};

const Case cases[] = {
    {"no_reply", InjectedFault::no_reply, Errc::timeout, silence},
    {"late_reply", InjectedFault::late_reply, Errc::timeout, silence},
    {"overflow", InjectedFault::overflow, Errc::overflow, read_block},
    {"misaligned", InjectedFault::misaligned, Errc::framing_lost, read_block},
    {"lost_frame", InjectedFault::lost_frame, Errc::framing_lost, read_block},
    {"frozen_readback", InjectedFault::frozen_readback, Errc::stale_data, still + read_block},
    {"stuck_current", InjectedFault::stuck_current, Errc::stale_data, 2.0 * read_block},
    {"missed_trigger", InjectedFault::missed_trigger, Errc::device_fault, read_block},
    {"clock_forward", InjectedFault::clock_forward, Errc::framing_lost, read_block},
    {"clock_back", InjectedFault::clock_back, Errc::framing_lost, read_block},
    {"disconnect", InjectedFault::disconnect, Errc::disconnected, read_block},
    {"device_fault", InjectedFault::device_fault, Errc::device_fault, read_block},
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

/// Somewhere in the points. A stream that is broken before its first frame can not be told from a later start.
FaultParameters drawn(InjectedFault fault, std::uint64_t seed) {
  RandomStream random(seed, "fault plan");
  FaultParameters plan;
  plan.sequencer = fault;
  plan.program = 4 + static_cast<int>(random.below(11));
  plan.frame = 1 + static_cast<int>(random.below(200));
  if (fault == InjectedFault::late_reply) plan.delay = (1.5 + 8.5 * random.uniform()) * silence * unit::s;
  return plan;
}

PolicyParameters stop_on_everything() {
  PolicyParameters policy;
  policy.timeout = policy.disconnected = policy.overflow = policy.framing_lost = policy.protocol = policy.stale_data =
      policy.device_fault = PolicyAction::retract_and_stop;
  return policy;
}

/// The first call that secures the rig after the fault.
std::size_t secured_at(const FaultRun& run) {
  for (std::size_t k = 0; k < run.events.size(); ++k)
    if (run.events[k].kind == Event::make_safe || run.events[k].kind == Event::abort) return k;
  return run.events.size();
}

class FaultMatrix : public testing::TestWithParam<Case> {};

TEST_P(FaultMatrix, IsNamedInTimeMadeSafeFirstAndNothingMovesAfterIt) {
  const Case& c = GetParam();
  double slowest = 0.0;
  for (int seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const FaultRun run = run_with(drawn(c.fault, static_cast<std::uint64_t>(seed)), stop_on_everything(),
                                  static_cast<std::uint64_t>(seed));
    ASSERT_TRUE(run.struck);
    ASSERT_EQ(run.outcome.ending, Ending::device_fault) << run.outcome.message;
    EXPECT_THAT(run.outcome.message, testing::HasSubstr(std::string(to_string(c.code))));
    const std::size_t safe = secured_at(run);
    ASSERT_GT(safe, 0U);
    ASSERT_LT(safe, run.events.size());
    EXPECT_EQ(run.events[safe].kind, Event::make_safe);
    EXPECT_EQ(run.events[safe].journal_bytes, run.events[safe - 1].journal_bytes) << "something was written down first";
    const double took = run.events[safe].t - run.struck_at;
    EXPECT_LE(took, 1.1 * c.within);
    slowest = std::max(slowest, took);
    for (std::size_t k = safe; k < run.events.size(); ++k) EXPECT_NE(run.events[k].kind, Event::start);
    EXPECT_LT(run.outcome.duration, 120.0) << "it hung";
    ASSERT_EQ(run.faults.size(), 1U);
    EXPECT_EQ(run.faults[0].action, "retract and stop");
    EXPECT_EQ(run.points.back().verdict.rfind("fault: ", 0), 0U) << run.points.back().verdict;
  }
  add_row(c.name, std::string(to_string(c.code)), slowest, 1.1 * c.within);
}

INSTANTIATE_TEST_SUITE_P(EveryFault, FaultMatrix, testing::ValuesIn(cases),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(FaultPolicy, RetryMeasuresThePointAgainAndTheScanGoesOn) {
  PolicyParameters policy;
  policy.timeout = policy.framing_lost = policy.disconnected = policy.overflow = PolicyAction::retry;
  for (const InjectedFault fault : {InjectedFault::no_reply, InjectedFault::lost_frame, InjectedFault::disconnect,
                                    InjectedFault::overflow, InjectedFault::clock_back}) {
    for (int seed = 1; seed <= seeds(); ++seed) {
      SCOPED_TRACE("fault " + std::to_string(static_cast<int>(fault)) + ", seed " + std::to_string(seed));
      const FaultRun run =
          run_with(drawn(fault, static_cast<std::uint64_t>(seed)), policy, static_cast<std::uint64_t>(seed));
      ASSERT_TRUE(run.struck);
      ASSERT_EQ(run.outcome.ending, Ending::complete) << run.outcome.message;
      EXPECT_EQ(run.outcome.points_visited, 2);
      EXPECT_EQ(run.outcome.points_complete, 2);
      ASSERT_EQ(run.faults.size(), 1U);
      EXPECT_EQ(run.faults[0].action, "retry");
      EXPECT_EQ(run.points.size(), 3U);
      // Between the fault and the next program stands a new connection.
      const std::size_t safe = secured_at(run);
      bool connected = false;
      for (std::size_t k = safe; k < run.events.size() && run.events[k].kind != Event::start; ++k)
        connected = connected || run.events[k].kind == Event::connect;
      EXPECT_TRUE(connected);
    }
  }
}

TEST(FaultPolicy, SkipGoesOnWithTheNextPoint) {
  PolicyParameters policy;
  policy.timeout = PolicyAction::skip_point;
  FaultParameters plan;
  plan.sequencer = InjectedFault::no_reply;
  plan.program = first_cv;
  const FaultRun run = run_with(plan, policy, 1);
  ASSERT_EQ(run.outcome.ending, Ending::complete) << run.outcome.message;
  EXPECT_EQ(run.points.size(), 2U);
  EXPECT_EQ(run.outcome.points_complete, 1);
  EXPECT_EQ(run.outcome.faults, 1);
}

TEST(FaultPolicy, HoldStopsWhereItIs) {
  PolicyParameters policy;  // stale_data: stop_and_hold
  FaultParameters plan;
  plan.sequencer = InjectedFault::stuck_current;
  plan.program = first_cv;
  const FaultRun run = run_with(plan, policy, 1);
  ASSERT_EQ(run.outcome.ending, Ending::device_fault);
  EXPECT_TRUE(run.outcome.held);
  ASSERT_LT(secured_at(run), run.events.size());
  EXPECT_EQ(run.events[secured_at(run)].kind, Event::abort);
  for (const Event& event : run.events) EXPECT_NE(event.kind, Event::make_safe);
}

TEST(FaultPolicy, AFaultThatComesBackEndsTheScan) {
  PolicyParameters policy;
  policy.timeout = PolicyAction::retry;
  policy.retries = 10;
  policy.most_faults = 3;
  FaultParameters plan;
  plan.sequencer = InjectedFault::no_reply;
  plan.program = 5;
  plan.once = false;
  const FaultRun run = run_with(plan, policy, 1);
  EXPECT_EQ(run.outcome.ending, Ending::device_fault);
  EXPECT_LE(run.outcome.faults, 4);
}

// The measurement itself shows it: no device has failed, so the point is read to its end and the next one is measured.
TEST(FaultPolicy, SaturationSkipsThePointWithARecordAndMeasuresTheNext) {
  double slowest = 0.0;
  for (int seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomStream random(static_cast<std::uint64_t>(seed), "saturation plan");
    const auto point = static_cast<std::size_t>(random.below(2));  // which of the two
    FaultParameters plan;
    plan.sequencer = InjectedFault::saturation;
    plan.program = first_cv + programs_per_point * static_cast<int>(point);
    plan.frame = 1 + static_cast<int>(random.below(cv_frames - 50));
    const FaultRun run = run_with(plan, {}, static_cast<std::uint64_t>(seed));
    ASSERT_TRUE(run.struck);
    ASSERT_EQ(run.outcome.ending, Ending::complete) << run.outcome.message;
    ASSERT_EQ(run.points.size(), 2U) << "a point was measured again, or left out";
    EXPECT_EQ(run.points[point].verdict, "current saturated");
    EXPECT_NE(run.points[1 - point].verdict, "current saturated");
    EXPECT_TRUE(run.points[1 - point].complete);
    ASSERT_EQ(run.faults.size(), 1U);
    EXPECT_EQ(run.faults[0].fault, "saturated");
    EXPECT_EQ(run.faults[0].action, "skip point");
    EXPECT_EQ(run.faults[0].point, run.points[point].index);
    EXPECT_GE(run.faults[0].t, run.points[point].t_end) << "the point was not read to its end";
    if (point == 0) {
      EXPECT_LE(run.faults[0].t, run.points[1].t_start);
    }
    slowest = std::max(slowest, run.faults[0].t - run.struck_at);
  }
  // The program is measured to its end and the tip lifted before the point is judged.
  const double allowed = 1.1 * (cv_time + lift_time);
  EXPECT_LE(slowest, allowed);
  add_row("saturation", "skip point", slowest, allowed);
}

TEST(FaultPolicy, SaturationCanEndTheScanWithTheTipUp) {
  for (int seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    PolicyParameters policy;
    policy.saturated = PolicyAction::retract_and_stop;
    FaultParameters plan;
    plan.sequencer = InjectedFault::saturation;
    plan.program = first_cv;
    plan.frame = 1 + seed;
    const FaultRun run = run_with(plan, policy, static_cast<std::uint64_t>(seed));
    EXPECT_EQ(run.outcome.ending, Ending::device_fault);
    EXPECT_THAT(run.outcome.message, testing::HasSubstr("current saturated"));
    EXPECT_EQ(run.points.size(), 1U);
    const std::size_t safe = secured_at(run);
    ASSERT_LT(safe, run.events.size());
    for (std::size_t k = safe; k < run.events.size(); ++k) EXPECT_NE(run.events[k].kind, Event::start);
  }
}

TEST(FaultPolicy, AReplyThatIsLateButInTimeIsNoFault) {
  FaultParameters plan;
  plan.sequencer = InjectedFault::late_reply;
  plan.delay = 0.5 * silence * unit::s;
  plan.program = first_cv;
  const FaultRun run = run_with(plan, stop_on_everything(), 1);
  EXPECT_TRUE(run.struck);
  EXPECT_EQ(run.outcome.ending, Ending::complete) << run.outcome.message;
}

TEST(FaultPolicy, ACameraThatStopsSendingEndsTheScanSafely) {
  FaultParameters plan;
  plan.camera_silent = true;
  plan.camera_image = 2;
  const FaultRun run = run_with(plan, {}, 1);
  EXPECT_EQ(run.outcome.ending, Ending::device_fault);
  EXPECT_THAT(run.outcome.message, testing::HasSubstr("timeout"));
  EXPECT_LT(secured_at(run), run.events.size());
}

struct LampCase {
  instrument::LightFault fault;
  Errc first, later;
  double took;  ///< s of the command that fails
  bool lit;     ///< what burnt before still does
};

constexpr LampCase lamp_cases[] = {
    {instrument::LightFault::no_reply, Errc::timeout, Errc::needs_reconnect, 1.0, true},
    {instrument::LightFault::disconnect, Errc::disconnected, Errc::disconnected, 0.0, true},
    {instrument::LightFault::device_fault, Errc::device_fault, Errc::needs_reconnect, 0.0, false},
};

TEST(FaultPolicy, LampsFailWithTheirErrorUntilTheyAreConnectedAgain) {
  using instrument::LightChannel;
  for (const LampCase& c : lamp_cases) {
    SCOPED_TRACE(static_cast<int>(c.fault));
    instrument::twin::TwinRig twin(small_twin(), 1);
    const instrument::Rig rig = twin.rig();
    FaultParameters plan;
    plan.light = c.fault;
    plan.light_command = 2;
    instrument::FaultInjectingLight light(rig.light, rig.clock, plan);
    ASSERT_TRUE(light.connect({}).ok());
    ASSERT_TRUE(light.set(LightChannel::reflection, 1.0).ok());
    const double before = rig.clock.now();
    EXPECT_EQ(light.set(LightChannel::reflection, 0.0).error().code, c.first);
    EXPECT_NEAR(rig.clock.now() - before, c.took, 1e-6);
    EXPECT_EQ(light.set(LightChannel::reflection, 0.0).error().code, c.later);
    EXPECT_EQ(light.get().error().code, c.later);
    EXPECT_NE(light.health().condition, instrument::Health::Condition::ok);
    EXPECT_EQ(rig.light.get().value().reflection, c.lit ? 1.0 : 0.0);
    light.make_safe();  // a line that is cut carries nothing
    EXPECT_EQ(rig.light.get().value().reflection, c.fault == instrument::LightFault::disconnect ? 1.0 : 0.0);
    ASSERT_TRUE(light.connect({}).ok());
    EXPECT_EQ(light.health().condition, instrument::Health::Condition::ok);
    EXPECT_TRUE(light.set(LightChannel::reflection, 0.5).ok());
    EXPECT_EQ(light.get().value().reflection, 0.5);
  }
}

TEST(FaultPolicy, LampsThatFailEndTheScanSafely) {
  for (const LampCase& c : lamp_cases) {
    SCOPED_TRACE(static_cast<int>(c.fault));
    FaultParameters plan;
    plan.light = c.fault;
    plan.light_command = 1;
    const FaultRun run = run_with(plan, {}, 1);
    EXPECT_EQ(run.outcome.ending, Ending::device_fault);
    EXPECT_THAT(run.outcome.message, testing::HasSubstr(std::string(to_string(c.first))));
    const std::size_t safe = secured_at(run);
    ASSERT_LT(safe, run.events.size());
    for (std::size_t k = safe; k < run.events.size(); ++k) EXPECT_NE(run.events[k].kind, Event::start);
  }
}

}  // namespace
}  // namespace seccm::fault_test
