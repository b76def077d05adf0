// Limits before anything moves, of the twin's own sequencer and of the drivers, by one table: every axis, speed, rate
// and time at both ends, clearance along the whole program, the contact rule.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "instrument/drivers/wecspm/program_inspection.hpp"
#include "instrument/twin/program_limits.hpp"

namespace seccm::instrument::wecspm::testing {
namespace {

Limits table_limits() {
  return {10e-6, 90e-6, 20e-6, 80e-6, 5e-6, 95e-6, 200e-6, 100e-6, -2.4, 2.5, 10.0, 100e-12, 4};
}

constexpr double height = 50e-6;

using Inspect = std::function<std::optional<Error>(const Program&)>;
/// Both inspectors, from (50, 50, 60) um with 50 um needed for a lateral move.
std::vector<std::pair<std::string, Inspect>> inspectors() {
  return {{"driver",
           [](const Program& p) {
             return inspect(p, table_limits(), {50e-6, 50e-6, 60e-6}, height, "x");
           }},
          {"twin", [](const Program& p) {
             return twin::program_offence(p, table_limits(), {50e-6, 50e-6, 60e-6, 0.0}, height);
           }}};
}

std::optional<Errc> code_of(const Inspect& inspect, std::vector<Waypoint> waypoints, ContactCriterion contact = {}) {
  for (Waypoint& w : waypoints)
    if (w.tag == 0) w.tag = 1;
  const auto error = inspect({std::move(waypoints), contact});
  return error ? std::optional(error->code) : std::nullopt;
}

TEST(Inspection, EveryNumberHasBothItsEnds) {
  struct Case {
    const char* what;
    std::function<void(Waypoint&, double)> set;
    std::vector<double> good, bad;
  };
  const Case cases[] = {
      {"x", [](Waypoint& w, double v) { w.x = v; }, {10e-6, 90e-6}, {9.9e-6, 90.1e-6}},
      {"y", [](Waypoint& w, double v) { w.y = v; }, {20e-6, 80e-6}, {19.9e-6, 80.1e-6}},
      {"z", [](Waypoint& w, double v) { w.z = v; }, {5e-6, 95e-6}, {4.9e-6, 95.1e-6}},
      {"lateral speed",
       [](Waypoint& w, double v) {
         w.y = 51e-6;
         w.speed_xy = v;
       },
       {1e-9, 200e-6},
       {0.0, -1e-6, 201e-6}},
      {"z speed",
       [](Waypoint& w, double v) {
         w.z = 61e-6;
         w.speed_z = v;
       },
       {1e-9, 100e-6},
       {0.0, -1e-6, 101e-6}},
      {"E1",
       [](Waypoint& w, double v) {
         w.E1 = v;
         w.jump_E1 = true;
       },
       {-2.4, 2.5},
       {-2.41, 2.51}},
      {"rate",
       [](Waypoint& w, double v) {
         w.E1 = 1.0;
         w.rate_E1 = v;
       },
       {1e-3, 10.0},
       {0.0, -1.0, 10.1}},
      {"hold", [](Waypoint& w, double v) { w.hold = v; }, {0.0, 86400.0}, {-0.1, 86401.0}},
      {"tag", [](Waypoint& w, double v) { w.tag = static_cast<std::int32_t>(v); }, {1, 32767}, {-1, 32768}}};
  for (const auto& entry : inspectors()) {
    const auto& name = entry.first;
    const auto& inspect = entry.second;
    for (const Case& c : cases) {
      for (const double value : c.good) {
        Waypoint w;
        c.set(w, value);
        EXPECT_FALSE(code_of(inspect, {w})) << name << " " << c.what << " " << value;
      }
      for (double value : c.bad) {
        Waypoint w;
        c.set(w, value);
        EXPECT_EQ(code_of(inspect, {w}), Errc::limit_rejected) << name << " " << c.what << " " << value;
      }
      if (std::string(c.what) == "tag") continue;
      Waypoint w;
      c.set(w, std::numeric_limits<double>::quiet_NaN());
      EXPECT_EQ(code_of(inspect, {w}), Errc::limit_rejected) << name << " " << c.what << " nan";
    }
    // A jump has no rate; the length of a program.
    Waypoint jump;
    jump.E1 = 1.0;
    jump.jump_E1 = true;
    EXPECT_FALSE(code_of(inspect, {jump})) << name;
    EXPECT_EQ(code_of(inspect, {}), Errc::limit_rejected) << name;
    EXPECT_FALSE(code_of(inspect, std::vector<Waypoint>(4))) << name;
    EXPECT_EQ(code_of(inspect, std::vector<Waypoint>(5)), Errc::limit_rejected) << name;
  }
}

Waypoint to(std::optional<double> x, std::optional<double> y, std::optional<double> z) {
  Waypoint w;
  w.x = x;
  w.y = y;
  w.z = z;
  return w;
}

// The lowest point of a move counts, wherever the program has come to by then; 50 nm need no clearance.
TEST(Inspection, ALateralMoveNeedsItsHeightFromBeginToEnd) {
  for (const auto& entry : inspectors()) {
    const auto& name = entry.first;
    const auto& inspect = entry.second;
    EXPECT_FALSE(code_of(inspect, {to(60e-6, {}, {})})) << name;
    EXPECT_FALSE(code_of(inspect, {to({}, 60e-6, 50e-6)})) << name;
    for (const auto& slanting : {to(60e-6, {}, 49e-6), to({}, 60e-6, 49e-6)})
      EXPECT_EQ(code_of(inspect, {slanting}), Errc::interlock_tripped) << name;
    for (const auto& low : {to(60e-6, {}, {}), to({}, 60e-6, {}), to(60e-6, {}, 70e-6)}) {
      EXPECT_EQ(code_of(inspect, {to({}, {}, 40e-6), low}), Errc::interlock_tripped) << name;
      EXPECT_FALSE(code_of(inspect, {to({}, {}, 40e-6), to({}, {}, 55e-6), low})) << name;
    }
    EXPECT_FALSE(code_of(inspect, {to({}, {}, 40e-6), to(50.04e-6, {}, {})})) << name;
    EXPECT_EQ(code_of(inspect, {to({}, {}, 40e-6), to(50.06e-6, {}, {})}), Errc::interlock_tripped) << name;
    EXPECT_EQ(code_of(inspect, {to({}, {}, 40e-6), to({}, 50.06e-6, {})}), Errc::interlock_tripped) << name;
    // Where a program has been is where it goes on from: back to where it stood is a move.
    EXPECT_EQ(code_of(inspect, {to(60e-6, {}, {}), to({}, {}, 40e-6), to(50e-6, {}, {})}), Errc::interlock_tripped)
        << name;
  }
}

TEST(Inspection, AThresholdLiesWithinTheRangeAboutItsBaseline) {
  Waypoint approach = to({}, {}, 40e-6);
  approach.stop = StopRule::on_contact;
  for (const auto& entry : inspectors()) {
    const auto& name = entry.first;
    const auto& inspect = entry.second;
    const auto code = [&](double threshold, double baseline) {
      return code_of(inspect, {approach}, {.threshold = threshold, .baseline = baseline});
    };
    EXPECT_FALSE(code(5e-12, 20e-12)) << name;
    EXPECT_FALSE(code(5e-12, -20e-12)) << name;
    for (const double bad : {0.0, -1e-12, 101e-12, std::numeric_limits<double>::quiet_NaN()})
      EXPECT_EQ(code(bad, 0.0), Errc::limit_rejected) << name << bad;
    for (const double bad : {101e-12, -101e-12, std::numeric_limits<double>::quiet_NaN()})
      EXPECT_EQ(code(5e-12, bad), Errc::limit_rejected) << name << bad;
    // Without an approach nobody asks.
    EXPECT_FALSE(code_of(inspect, {to({}, {}, 40e-6)}, {.threshold = 0.0, .baseline = 0.0})) << name;
  }
  // The drivers' registers hold the sum.
  EXPECT_EQ(code_of(inspectors()[0].second, {approach}, {.threshold = 5e-12, .baseline = -96e-12}),
            Errc::limit_rejected);
  EXPECT_FALSE(code_of(inspectors()[0].second, {approach}, {.threshold = 5e-12, .baseline = -95e-12}));
}

// 2 um over the last contact; before any, within 20 um of the top; never more than that.
TEST(Inspection, TheHeightOfALateralMoveFollowsTheLastContact) {
  twin::StageParameters stage;
  stage.range_z = 100.0 * unit::um;
  stage.free_travel = 20.0 * unit::um;
  stage.clearance = 2.0 * unit::um;
  EXPECT_NEAR(twin::lateral_height(stage, {}), 80e-6, 1e-15);
  EXPECT_NEAR(twin::lateral_height(stage, 30e-6), 32e-6, 1e-15);
  EXPECT_NEAR(twin::lateral_height(stage, 79e-6), 80e-6, 1e-15);
}

}  // namespace
}  // namespace seccm::instrument::wecspm::testing
