// How long a stream of frames may pause, and where.
#include "pipeline/scan/stream_watch.hpp"

#include <gtest/gtest.h>

namespace seccm::scan {
namespace {

using instrument::Errc;
using instrument::Frame;

constexpr double interval = 1e-3;

/// Rest, approach, rest, rest.
instrument::Program program() {
  instrument::Program program;
  program.waypoints.resize(4);
  for (std::size_t k = 0; k < program.waypoints.size(); ++k) program.waypoints[k].tag = static_cast<std::int16_t>(k);
  program.waypoints[1].stop = instrument::StopRule::on_contact;
  return program;
}

/// What is said of ten frames of `leg`, ten of the next, with a pause between the last of the one and the first of the
/// other, or behind the fifth.
std::optional<instrument::Error> said_of(int leg, double pause, bool within = false, bool device_side = true) {
  instrument::Capabilities device;
  device.frame_interval = interval;
  device.device_side_contact = device_side;
  StreamWatch watch(device, program(), {}, {});
  std::vector<Frame> frames;
  double t = 0.0;
  for (int k = 0; k < 20; ++k) {
    t += k == (within ? 5 : 10) ? pause : interval;
    Frame frame;
    frame.t = t;
    frame.i1 = 1e-13 * k;
    frame.tag = static_cast<std::int16_t>(k < 10 ? leg : leg + 1);
    frames.push_back(frame);
  }
  return watch.look(frames);
}

TEST(StreamWatch, ADeviceThatIsItsOwnMasterLosesNoFrameWithinALeg) {
  EXPECT_FALSE(said_of(2, interval, true));
  const auto error = said_of(2, 2.0 * interval, true);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, Errc::framing_lost);
  EXPECT_TRUE(said_of(1, 2.0 * interval, true));  // nor within an approach
  EXPECT_TRUE(said_of(2, 2.0 * interval));        // nor between legs that are none
}

TEST(StreamWatch, AHostMayTakeItsTimeWhereAnApproachBeginsOrEnds) {
  for (const int leg : {0, 1}) {
    EXPECT_FALSE(said_of(leg, 0.99 * StreamWatch::longest_pause)) << leg;
    EXPECT_TRUE(said_of(leg, 1.01 * StreamWatch::longest_pause)) << leg;
  }
}

TEST(StreamWatch, AHostThatSamplesMayBeLateByFiftyFrames) {
  EXPECT_FALSE(said_of(2, 49.0 * interval, true, false));
  EXPECT_TRUE(said_of(2, 51.0 * interval, true, false));
}

}  // namespace
}  // namespace seccm::scan
