#include "instrument/drivers/gige/gige_camera.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

#include "sim/error.hpp"
#include "tests/gige/gige_fixture.hpp"

namespace seccm::instrument::testing {
namespace {

using ::testing::HasSubstr;

/// A camera of 8 x 4 px that says how often it was asked, and fails on demand.
class CountingCamera final : public Camera {
 public:
  [[nodiscard]] Identity identity() const override { return {"seccm", "counting camera", "9", "1"}; }
  [[nodiscard]] Health health() const override { return {}; }
  Outcome connect(ConnectConsent) override { return Done{}; }
  void make_safe() noexcept override {}
  [[nodiscard]] CameraProperties properties() const override { return {width, 4, 16, 1e-7}; }
  Outcome configure(const CameraConfig& config) override {
    exposure = config.exposure;
    return Done{};
  }
  Result<Image> grab(double) override {
    if (broken) return Error{Errc::device_fault, "counting camera", "the shutter is stuck", false};
    time += exposure;
    Image image{width, 4, {}, time - exposure, time, count++};
    for (int k = 0; k < 4 * width; ++k)
      image.pixels.push_back(static_cast<std::uint16_t>(60000 + 37 * k + 1000 * static_cast<int>(count)));
    return image;
  }
  int width = 8;
  double exposure = 0.0, time = 0.0;
  std::uint64_t count = 0;
  bool broken = false;
};

struct CountingRig {
  CountingCamera camera;
  BenchSeconds time;
  BenchClock clock{time};
  std::mutex world;
  servers::GigeOptions options{.address = camera_address, .world = &world};
};

TEST(GigeCamera, FramesAreTheTwinsBitForBit) {
  WiredMicroscope wired;
  SmallTwin direct;
  ASSERT_TRUE(wired.camera().connect({}).ok());
  ASSERT_TRUE(wired.light().connect({}).ok());
  ASSERT_TRUE(direct.camera().connect({}).ok());
  ASSERT_TRUE(direct.light().connect({}).ok());
  ASSERT_TRUE(wired.light().set(LightChannel::reflection, 0.6).ok());
  ASSERT_TRUE(direct.light().set(LightChannel::reflection, 0.6).ok());
  direct.clock().sleep_until(wired.clock().now(), {});
  for (double exposure : {5e-3, 5e-3, 20e-3}) {
    ASSERT_TRUE(wired.camera().configure({exposure, 1}).ok());
    ASSERT_TRUE(direct.camera().configure({exposure, 1}).ok());
    const Image a = wired.camera().grab(1e9).value(), b = direct.camera().grab(1e9).value();
    ASSERT_EQ(a.width, b.width);
    ASSERT_EQ(a.height, b.height);
    EXPECT_EQ(a.pixels, b.pixels);
    EXPECT_NEAR(a.t_start, b.t_start, 2e-9);
    EXPECT_NEAR(a.t_end, b.t_end, 2e-9);
  }
  EXPECT_EQ(wired.camera().properties().bits, direct.camera().properties().bits);
  EXPECT_EQ(wired.server().counts().frames, 3U);
  EXPECT_EQ(wired.server().counts().failures, 0U);
}

TEST(GigeCamera, SixteenBitsComeWholeAndEachTriggerIsOneExposure) {
  CountingRig rig;
  servers::GigeServer server(rig.camera, rig.time, rig.options);
  drivers::GigeCamera camera({.bits = 16, .rig_stamps = true}, rig.clock);
  ASSERT_TRUE(camera.connect({}).ok());
  EXPECT_EQ(camera.identity().vendor, "seccm");
  EXPECT_EQ(camera.identity().model, "counting camera");
  EXPECT_EQ(camera.identity().serial, "TWIN01");
  for (std::uint64_t k = 1; k <= 20; ++k) {
    const Image image = camera.grab(1e9).value();
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
      ASSERT_EQ(image.pixels[i], static_cast<std::uint16_t>(60000 + 37 * i + 1000 * k));
    }
  }
  EXPECT_EQ(server.counts().frames, 20U);
}

/// A world that each exposure has put ahead of the wall clock.
class HastySeconds final : public bench::BenchTime {
 public:
  static constexpr double lead = 0.1;  // s
  [[nodiscard]] double now() const override { return 0.0; }
  void on_request(double) override {}
  [[nodiscard]] double ahead() const override { return lead; }
};

TEST(GigeCamera, NoFrameComesBeforeItsExposureIsOverOnTheWall) {
  CountingRig rig;
  HastySeconds time;
  servers::GigeServer server(rig.camera, time, rig.options);
  drivers::GigeCamera camera({.bits = 16, .rig_stamps = true}, rig.clock);
  ASSERT_TRUE(camera.connect({}).ok());
  for (int k = 0; k < 3; ++k) {
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(camera.grab(1e9).ok());
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(waited.count(), HastySeconds::lead);
  }
}

TEST(GigeCamera, AFrameWithLostPacketsIsFramingLost) {
  // A frame is eleven packets, of which one in ten is lost: some frames come whole.
  WiredMicroscope wired(0.1, {.timeout_s = 1.0, .retries = 0});
  ASSERT_TRUE(wired.camera().connect({}).ok());
  int complete = 0, lost = 0;
  for (int k = 0; k < 200 && (complete == 0 || lost == 0); ++k) {
    const auto image = wired.camera().grab(1e9);
    if (image.ok()) {
      ++complete;
      continue;
    }
    // A frame of which the end or everything was lost can also be late.
    if (image.error().code == Errc::framing_lost) ++lost;
    EXPECT_TRUE(image.error().code == Errc::framing_lost || image.error().code == Errc::timeout)
        << describe(image.error());
    EXPECT_TRUE(image.error().retryable);
  }
  EXPECT_GT(complete, 0);
  EXPECT_GT(lost, 0);
}

TEST(GigeCamera, AFrameWithLostPacketsIsTakenAgainAsOftenAsIsAllowed) {
  WiredMicroscope wired(0.05, {.timeout_s = 20.0, .retries = 100});
  ASSERT_TRUE(wired.camera().connect({}).ok());
  for (int k = 0; k < 10; ++k) {
    const auto image = wired.camera().grab(1e9);
    // Only a frame of which nothing at all came is late instead.
    ASSERT_TRUE(image.ok()) << describe(image.error());
  }
  EXPECT_GT(wired.server().counts().frames, 10U);
}

TEST(GigeCamera, ACameraThatFailsBehindTheWireIsADeviceFaultNotABlackImage) {
  CountingRig rig;
  std::mutex noting;
  std::string noted;
  rig.options.note = [&](const std::string& text) {
    const std::lock_guard lock(noting);
    noted = text;
  };
  servers::GigeServer server(rig.camera, rig.time, rig.options);
  drivers::GigeCamera camera({}, rig.clock);
  ASSERT_TRUE(camera.connect({}).ok());
  ASSERT_TRUE(camera.grab(1e9).ok());
  {
    const std::lock_guard lock(rig.world);
    rig.camera.broken = true;
  }
  const auto image = camera.grab(1e9);
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().code, Errc::device_fault);
  EXPECT_EQ(server.counts().failures, 1U);
  {
    const std::lock_guard lock(noting);
    EXPECT_THAT(noted, HasSubstr("the shutter is stuck"));
  }
  {
    const std::lock_guard lock(rig.world);
    rig.camera.broken = false;
  }
  EXPECT_TRUE(camera.grab(1e9).ok());
}

TEST(GigeCamera, AServerThatIsGoneIsADisconnectionAndItsRestartIsANewConnection) {
  CountingRig rig;
  std::optional<servers::GigeServer> server(std::in_place, rig.camera, rig.time, rig.options);
  drivers::GigeCamera camera({}, rig.clock);
  ASSERT_TRUE(camera.connect({}).ok());
  ASSERT_TRUE(camera.grab(1e9).ok());
  server.reset();
  EXPECT_EQ(camera.grab(1e9).error().code, Errc::disconnected);
  EXPECT_EQ(camera.health().condition, Health::Condition::faulted);
  EXPECT_EQ(camera.configure({}).error().code, Errc::disconnected);
  EXPECT_EQ(camera.connect({}).error().code, Errc::disconnected);
  EXPECT_EQ(camera.grab(1e9).error().code, Errc::disconnected);
  server.emplace(rig.camera, rig.time, rig.options);
  ASSERT_TRUE(camera.connect({}).ok());
  EXPECT_TRUE(camera.grab(1e9).ok());
  EXPECT_EQ(camera.health().condition, Health::Condition::ok);
}

TEST(GigeCamera, AStopRequestEndsAWaitForAFrame) {
  CountingRig rig;
  servers::GigeServer server(rig.camera, rig.time, rig.options);
  std::stop_source stop;
  drivers::GigeCamera camera({.timeout_s = 3600.0}, rig.clock, stop.get_token());
  ASSERT_TRUE(camera.connect({}).ok());
  ASSERT_TRUE(camera.grab(1e9).ok());
  // The server can not expose while the world is held.
  std::unique_lock world(rig.world);
  std::jthread other([&] { stop.request_stop(); });
  EXPECT_EQ(camera.grab(1e9).error().code, Errc::cancelled);
  world.unlock();
}

TEST(GigeCamera, MakeSafeEndsTheStreamAndTheNextGrabStartsItAnew) {
  CountingRig rig;
  servers::GigeServer server(rig.camera, rig.time, rig.options);
  drivers::GigeCamera camera({}, rig.clock);
  camera.make_safe();
  ASSERT_TRUE(camera.connect({}).ok());
  ASSERT_TRUE(camera.grab(1e9).ok());
  camera.make_safe();
  camera.make_safe();
  EXPECT_TRUE(camera.grab(1e9).ok());
}

TEST(GigeServer, RefusesATakenAddressAForeignOneAndTooManyPixels) {
  CountingRig rig;
  {
    servers::GigeServer server(rig.camera, rig.time, rig.options);
    try {
      servers::GigeServer second(rig.camera, rig.time, rig.options);
      FAIL() << "two cameras on one address";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:3956"));
    }
  }
  for (const char* address : {"192.0.2.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "localhost"}) {
    rig.options.address = address;
    EXPECT_THROW(servers::GigeServer(rig.camera, rig.time, rig.options), InputError) << address;
  }
  rig.options.address = camera_address;
  rig.camera.width = 16385;
  EXPECT_THROW(servers::GigeServer(rig.camera, rig.time, rig.options), InputError);
}

TEST(GigeCamera, RefusesSettingsThatCanNotBe) {
  BenchSeconds time;
  BenchClock clock(time);
  EXPECT_THROW(drivers::GigeCamera({.bits = 17}, clock), InputError);
  EXPECT_THROW(drivers::GigeCamera({.timeout_s = 0.0}, clock), InputError);
  EXPECT_THROW(drivers::GigeCamera({.retries = -1}, clock), InputError);
}

}  // namespace
}  // namespace seccm::instrument::testing
