// How long a stream of frames may pause, and where.
#include "pipeline/scan/stream_watch.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

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

/// Frames of a program of one waypoint, one per interval; `shape` makes each what the test is about.
std::optional<instrument::Error> said_of_frames(const instrument::Waypoint& waypoint, int count, auto shape,
                                                const StreamWatch::Past& past = {}) {
  instrument::Capabilities device;
  device.frame_interval = interval;
  device.i1.lsb = 1e-15;
  instrument::Program program;
  program.waypoints = {waypoint};
  program.waypoints[0].tag = 7;
  StreamWatch watch(device, program, {}, past);
  std::vector<Frame> frames(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k) {
    Frame& frame = frames[static_cast<std::size_t>(k)];
    frame.t = (k + 1) * interval;
    frame.i1 = 1e-13 * k;
    frame.tag = 7;
    shape(k, frame);
  }
  return watch.look(frames);
}

TEST(StreamWatch, NoFrameMayHoldWhatIsNoNumber) {
  EXPECT_FALSE(said_of_frames({}, 10, [](int, Frame&) {}));
  for (double Frame::*member : {&Frame::t, &Frame::x, &Frame::y, &Frame::z, &Frame::E1, &Frame::i1}) {
    const auto error = said_of_frames({}, 10, [&](int k, Frame& f) {
      if (k == 5) f.*member = std::numeric_limits<double>::quiet_NaN();
    });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, Errc::framing_lost);
  }
}

TEST(StreamWatch, TimeGoesOnAndTagsAreThoseOfTheProgram) {
  const auto code = [](auto shape, const StreamWatch::Past& past = {}) {
    const auto error = said_of_frames({}, 10, shape, past);
    return error ? std::optional(error->code) : std::nullopt;
  };
  EXPECT_EQ(code([](int k, Frame& f) { f.t -= k == 5 ? 1.5 * interval : 0.0; }), Errc::framing_lost);
  EXPECT_EQ(code([](int k, Frame& f) { f.t -= k == 5 ? interval : 0.0; }), Errc::framing_lost);  // the same again
  EXPECT_EQ(code([](int k, Frame& f) { f.tag += k == 5 ? 1 : 0; }), Errc::framing_lost);
  EXPECT_EQ(code([](int k, Frame& f) { f.tag -= k == 5 ? 1 : 0; }), Errc::framing_lost);
  // Behind the last frame of all, and not later than a program may begin.
  EXPECT_EQ(code([](int, Frame&) {}, {.last_t = 1.0}), Errc::framing_lost);
  EXPECT_FALSE(code([](int, Frame& f) { f.t += 4.9; }));
  EXPECT_EQ(code([](int, Frame& f) { f.t += 5.1; }), Errc::framing_lost);
}

TEST(StreamWatch, ATagDoesNotComeBack) {
  instrument::Capabilities device;
  device.frame_interval = interval;
  StreamWatch watch(device, program(), {}, {});
  std::vector<Frame> frames(3);
  for (int k = 0; k < 3; ++k) {
    frames[static_cast<std::size_t>(k)].t = (k + 1) * interval;
    frames[static_cast<std::size_t>(k)].i1 = 1e-13 * k;
    frames[static_cast<std::size_t>(k)].tag = k == 1 ? 3 : 2;
  }
  const auto error = watch.look(frames);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, Errc::framing_lost);
}

TEST(StreamWatch, ATagBeyondTheProgramIsSaidWithWhatIsExpected) {
  const auto error = said_of_frames({}, 10, [](int k, Frame& f) { f.tag += k == 5 ? 1 : 0; });
  ASSERT_TRUE(error);
  EXPECT_NE(error->detail.find("carries the tag 8; 7 to 7 are expected"), std::string::npos) << error->detail;
}

// 10 um/s in frames of 1 ms: 0.25 um in 25 frames. Each axis by itself; what rests may rest.
TEST(StreamWatch, APositionThatStandsStillWhileItIsToMoveIsStale) {
  const auto code = [](const instrument::Waypoint& w, int frames, double creep = 0.0) {
    const auto error = said_of_frames(w, frames, [&](int k, Frame& f) { f.z = creep * k; });
    return error ? std::optional(error->code) : std::nullopt;
  };
  for (int axis = 0; axis < 3; ++axis) {
    instrument::Waypoint w;
    (axis == 0 ? w.x : axis == 1 ? w.y : w.z) = 50e-6;
    w.speed_xy = w.speed_z = 10e-6;
    EXPECT_FALSE(code(w, 24)) << axis;
    EXPECT_EQ(code(w, 28), Errc::stale_data) << axis;
    EXPECT_FALSE(code(w, 100, 1e-9)) << axis;  // another reading in each frame
    // A move that is shorter than what can be told, and one that is over.
    instrument::Waypoint little = w;
    (axis == 0 ? little.x : axis == 1 ? little.y : little.z) = 0.2e-6;
    EXPECT_FALSE(code(little, 300)) << axis;
  }
  EXPECT_FALSE(code({}, 300));
}

TEST(StreamWatch, ACurrentThatStandsStillIsStaleWhereItsNoiseIsLargerThanItsWords) {
  const auto code = [](int frames, double noise, std::uint16_t flags = 0) {
    const auto error = said_of_frames({}, frames,
                                      [&](int, Frame& f) {
                                        f.i1 = 1e-12;
                                        f.flags = flags;
                                      },
                                      {.difference_noise = noise});
    return error ? std::optional(error->code) : std::nullopt;
  };
  EXPECT_FALSE(code(199, 5e-15));
  EXPECT_EQ(code(200, 5e-15), Errc::stale_data);
  EXPECT_FALSE(code(1000, 1.9e-15));  // two words of 1 fA
  EXPECT_FALSE(code(1000, 5e-15, Frame::current_saturated));
}

}  // namespace
}  // namespace seccm::scan
