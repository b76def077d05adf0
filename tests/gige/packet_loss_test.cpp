// Image packets get lost on the way: what the driver gives is the frame of its last trigger, whole, or framing_lost.
//
// Each seed draws the share that is lost, the exposure and the retries; which packets go is the wire's own chance. A
// frame of 96 x 64 pixels is eleven packets, so that at 3 to 10 % three to seven frames in ten are incomplete.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>

#include "instrument/drivers/gige/gige_camera.hpp"
#include "instrument/servers/gige/gige_server.hpp"
#include "sim/random.hpp"
#include "tests/faults/fault_table.hpp"
#include "tests/gige/gige_fixture.hpp"

namespace seccm::instrument::testing {
namespace {

constexpr double frame_timeout = 1.0;  // s of the wall clock; a frame that lacks packets is given up after half of it
constexpr double busy_machine = 5.0;   // s that a loaded machine may be late; the table says what it was
constexpr int most_grabs = 200;

/// Every pixel says which exposure it belongs to and where it stands.
class StampedCamera final : public Camera {
 public:
  static std::uint16_t pixel(std::uint64_t exposure, std::size_t place) {
    return static_cast<std::uint16_t>(1 + (7919 * exposure + 31 * place) % 65521);
  }
  [[nodiscard]] Identity identity() const override { return {"seccm", "stamped camera", "5", "1"}; }
  [[nodiscard]] Health health() const override { return {}; }
  Outcome connect(ConnectConsent) override { return Done{}; }
  void make_safe() noexcept override {}
  [[nodiscard]] CameraProperties properties() const override { return {96, 64, 16, 1e-7}; }
  Outcome configure(const CameraConfig& config) override {
    exposure_ = config.exposure;
    return Done{};
  }
  Result<Image> grab(double) override {
    time_ += exposure_;
    Image image{96, 64, {}, time_ - exposure_, time_, ++exposures};
    for (std::size_t k = 0; k < 96 * 64; ++k) image.pixels.push_back(pixel(exposures, k));
    return image;
  }
  std::uint64_t exposures = 0;

 private:
  double exposure_ = 0.0, time_ = 0.0;
};

struct LossyWire {
  LossyWire(double packet_loss, int retries)
      : server(camera, time, {.address = camera_address, .packet_loss = packet_loss, .world = &world}),
        driver({.bits = 16, .timeout_s = frame_timeout, .retries = retries, .rig_stamps = true}, clock) {}

  std::uint64_t exposures() {
    const std::lock_guard lock(world);
    return camera.exposures;
  }

  StampedCamera camera;
  BenchSeconds time;
  BenchClock clock{time};
  std::mutex world;
  servers::GigeServer server;
  drivers::GigeCamera driver;
};

/// "" when every pixel is of this exposure and at its place.
std::string torn(const Image& image, std::uint64_t exposure) {
  if (image.pixels.size() != 96 * 64) return std::to_string(image.pixels.size()) + " pixels";
  for (std::size_t k = 0; k < image.pixels.size(); ++k)
    if (image.pixels[k] != StampedCamera::pixel(exposure, k)) return "pixel " + std::to_string(k) + " is not its own";
  return "";
}

TEST(PacketLoss, GivesTheFrameOfTheLastTriggerWholeOrFramingLostInTime) {
  double slowest = 0.0, allowed = 0.0;
  for (int seed = 1; seed <= fault_test::seeds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomStream random(static_cast<std::uint64_t>(seed), "packet loss");
    const double loss = 0.03 + 0.07 * random.uniform();
    const int retries = static_cast<int>(random.below(3));
    LossyWire wire(loss, retries);
    ASSERT_TRUE(wire.driver.connect({}).ok());
    ASSERT_TRUE(wire.driver.configure({.exposure = 1e-3 + 4e-3 * random.uniform(), .average = 1}).ok());
    const double patience = (1 + retries) * (frame_timeout + 5e-3);
    allowed = std::max(allowed, patience);
    // Until packets have been lost and a whole frame came behind them: the stream works again.
    int incomplete = 0, whole_behind = 0;
    for (int k = 0; k < most_grabs && whole_behind == 0; ++k) {
      const std::uint64_t before = wire.exposures();
      const auto start = std::chrono::steady_clock::now();
      const auto image = wire.driver.grab(1e9);
      const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      slowest = std::max(slowest, took);
      EXPECT_LE(took, patience + busy_machine);
      const std::uint64_t taken = wire.exposures() - before;
      if (image.ok()) {
        EXPECT_EQ(torn(image.value(), before + taken), "");
        EXPECT_LE(taken, 1U + static_cast<std::uint64_t>(retries));
        if (incomplete > 0 || taken > 1) ++whole_behind;
        incomplete += static_cast<int>(taken) - 1;
        continue;
      }
      EXPECT_EQ(image.error().code, Errc::framing_lost) << describe(image.error());
      EXPECT_EQ(taken, 1U + static_cast<std::uint64_t>(retries)) << "given up early";
      incomplete += static_cast<int>(taken);
    }
    EXPECT_GT(incomplete, 0);
    EXPECT_GT(whole_behind, 0);
  }
  fault_test::add_row("camera packets", "framing lost", slowest, allowed);
}

TEST(PacketLoss, WithoutAnyPacketNothingIsTakenForAFrame) {
  LossyWire wire(1.0, 1);
  ASSERT_TRUE(wire.driver.connect({}).ok());
  const auto image = wire.driver.grab(1e9);
  ASSERT_FALSE(image.ok());
  // Nobody can tell a frame of which nothing came from one that is late.
  EXPECT_EQ(image.error().code, Errc::timeout) << describe(image.error());
  EXPECT_TRUE(image.error().retryable);
}

}  // namespace
}  // namespace seccm::instrument::testing
