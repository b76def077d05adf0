// What the twin's sequencer accepts of a program, at its limits.
#include "instrument/twin/program_limits.hpp"

#include <gtest/gtest.h>

namespace seccm::instrument::twin {
namespace {

Limits limits() {
  Limits l;
  l.x_max = l.y_max = l.z_max = 100e-6;
  l.speed_xy_max = l.speed_z_max = 100e-6;
  l.current_range = 100e-12;
  return l;
}

// From 80 um over a safe height of 60 um: a move aside that ends below it, or begins below it, is tripped.
TEST(ProgramLimits, ALateralMoveNeedsItsHeightFromBeginToEnd) {
  const auto tripped = [](double from_z, double to_z) {
    Waypoint w;
    w.tag = 1;
    w.x = 50e-6;
    w.z = to_z;
    w.speed_xy = w.speed_z = 10e-6;
    const auto offence = program_offence({{w}, {}}, limits(), {10e-6, 10e-6, from_z, 0.0}, 60e-6);
    EXPECT_TRUE(!offence || offence->code == Errc::interlock_tripped);
    return offence.has_value();
  };
  EXPECT_FALSE(tripped(80e-6, 80e-6));
  EXPECT_FALSE(tripped(80e-6, 61e-6));
  EXPECT_TRUE(tripped(80e-6, 59e-6));
  EXPECT_TRUE(tripped(59e-6, 80e-6));
}

TEST(ProgramLimits, ThresholdAndBaselineOfAnApproachLieWithinTheRange) {
  const auto refused = [](double threshold, double baseline) {
    Waypoint w;
    w.tag = 1;
    w.z = 10e-6;
    w.speed_z = 3e-6;
    w.stop = StopRule::on_contact;
    const auto offence = program_offence({{w}, {.threshold = threshold, .baseline = baseline}}, limits(),
                                         {10e-6, 10e-6, 80e-6, 0.0}, 60e-6);
    EXPECT_TRUE(!offence || offence->code == Errc::limit_rejected);
    return offence.has_value();
  };
  for (const double sign : {1.0, -1.0}) {
    EXPECT_FALSE(refused(2e-12, sign * 99e-12));
    EXPECT_TRUE(refused(2e-12, sign * 101e-12));
  }
  EXPECT_FALSE(refused(99e-12, 0.0));
  EXPECT_TRUE(refused(101e-12, 0.0));
  EXPECT_TRUE(refused(0.0, 0.0));
}

}  // namespace
}  // namespace seccm::instrument::twin
