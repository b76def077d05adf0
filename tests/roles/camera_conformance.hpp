// What every Camera, Light and Clock has to do. A fixture F has camera(), light() and clock(), both devices
// disconnected.
#pragma once

#include <gtest/gtest.h>

#include <limits>

#include "instrument/roles/camera.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/light.hpp"

namespace seccm::instrument::testing {

template <class F>
class MicroscopeConformance : public ::testing::Test {
 protected:
  void connect() {
    ASSERT_TRUE(fixture_.camera().connect({}).ok());
    ASSERT_TRUE(fixture_.light().connect({}).ok());
  }
  F fixture_;
};

TYPED_TEST_SUITE_P(MicroscopeConformance);

TYPED_TEST_P(MicroscopeConformance, NothingWorksBeforeItIsConnected) {
  EXPECT_EQ(this->fixture_.camera().grab(1e9).error().code, Errc::disconnected);
  EXPECT_EQ(this->fixture_.light().get().error().code, Errc::disconnected);
  EXPECT_EQ(this->fixture_.light().set(LightChannel::reflection, 0.5).error().code, Errc::disconnected);
  this->connect();
  this->connect();
  EXPECT_EQ(this->fixture_.camera().health().condition, Health::Condition::ok);
  EXPECT_EQ(this->fixture_.light().health().condition, Health::Condition::ok);
}

TYPED_TEST_P(MicroscopeConformance, ImagesHaveTheAnnouncedShapeAndTakeTheirTime) {
  this->connect();
  ASSERT_TRUE(this->fixture_.camera().configure({.exposure = 5e-3, .average = 3}).ok());
  const auto p = this->fixture_.camera().properties();
  const auto first = this->fixture_.camera().grab(1e9).value(), second = this->fixture_.camera().grab(1e9).value();
  EXPECT_EQ(first.width, p.width);
  EXPECT_EQ(first.height, p.height);
  EXPECT_EQ(first.pixels.size(), static_cast<std::size_t>(p.width) * static_cast<std::size_t>(p.height));
  for (auto pixel : first.pixels) ASSERT_LT(pixel, 1U << p.bits);
  EXPECT_NEAR(first.t_end - first.t_start, 15e-3, 1e-6);
  EXPECT_GE(second.t_start, first.t_end);
  EXPECT_GT(second.id, first.id);
}

TYPED_TEST_P(MicroscopeConformance, ADeadlineThatCanNotBeMetCostsNoTime) {
  this->connect();
  const double before = this->fixture_.clock().now();
  const auto image = this->fixture_.camera().grab(before + 1e-6);
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().code, Errc::timeout);
  EXPECT_EQ(this->fixture_.clock().now(), before);
}

TYPED_TEST_P(MicroscopeConformance, BadSettingsAreRejectedWithAMessage) {
  this->connect();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  auto& camera = this->fixture_.camera();
  for (const CameraConfig& bad : {CameraConfig{0.0, 1}, CameraConfig{-1e-3, 1}, CameraConfig{nan, 1},
                                  CameraConfig{1e9, 1}, CameraConfig{1e-2, 0}, CameraConfig{1e-2, -3}}) {
    const auto outcome = camera.configure(bad);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, Errc::limit_rejected);
    EXPECT_FALSE(outcome.error().detail.empty());
  }
  for (double bad : {-0.1, 1.1, nan}) {
    EXPECT_EQ(this->fixture_.light().set(LightChannel::transmission, bad).error().code, Errc::limit_rejected);
  }
  EXPECT_EQ(this->fixture_.light().get().value().transmission, 0.0);
}

TYPED_TEST_P(MicroscopeConformance, TheLampsDoWhatTheySayAndMakeSafePutsThemOut) {
  this->connect();
  auto& light = this->fixture_.light();
  ASSERT_TRUE(light.set(LightChannel::reflection, 0.75).ok());
  ASSERT_TRUE(light.set(LightChannel::transmission, 0.25).ok());
  EXPECT_EQ(light.get().value().reflection, 0.75);
  EXPECT_EQ(light.get().value().transmission, 0.25);
  light.make_safe();
  light.make_safe();
  EXPECT_EQ(light.get().value().reflection, 0.0);
  EXPECT_EQ(light.get().value().transmission, 0.0);
}

TYPED_TEST_P(MicroscopeConformance, SleepingEndsAtItsTimeOrWhenAskedToStop) {
  auto& clock = this->fixture_.clock();
  const double start = clock.now();
  clock.sleep_until(start + 2.5, {});
  EXPECT_NEAR(clock.now(), start + 2.5, 1e-6);
  clock.sleep_until(start, {});
  EXPECT_NEAR(clock.now(), start + 2.5, 1e-6);
  std::stop_source stop;
  stop.request_stop();
  clock.sleep_until(start + 100.0, stop.get_token());
  EXPECT_NEAR(clock.now(), start + 2.5, 1e-6);
}

REGISTER_TYPED_TEST_SUITE_P(MicroscopeConformance, NothingWorksBeforeItIsConnected,
                            ImagesHaveTheAnnouncedShapeAndTakeTheirTime, ADeadlineThatCanNotBeMetCostsNoTime,
                            BadSettingsAreRejectedWithAMessage, TheLampsDoWhatTheySayAndMakeSafePutsThemOut,
                            SleepingEndsAtItsTimeOrWhenAskedToStop);

}  // namespace seccm::instrument::testing
