// Camera and lamps of a recorded run.
//
// `grab` answers with the image that was recorded next, if it is asked for with the exposure, the averaging and the
// lamps that it was taken with; anything else is Errc::protocol and names the first difference. The lamps take every
// setting within 0 to 1: what they shine on is checked when an image is taken.
#pragma once

#include "instrument/replay/recording.hpp"
#include "instrument/roles/camera.hpp"
#include "instrument/roles/light.hpp"

namespace seccm::instrument::replay {

class ReplayLight final : public Light {
 public:
  explicit ReplayLight(const Recording& recording) : recording_(recording) {}

  [[nodiscard]] Identity identity() const override;
  [[nodiscard]] Health health() const override;
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override { state_ = {}; }
  Outcome set(LightChannel channel, double intensity) override;
  [[nodiscard]] Result<LightState> get() const override;
  [[nodiscard]] const LightState& shining() const { return state_; }

 private:
  const Recording& recording_;
  bool connected_ = false;
  LightState state_;
};

class ReplayCamera final : public Camera {
 public:
  ReplayCamera(Recording& recording, const ReplayLight& light) : recording_(recording), light_(light) {}

  [[nodiscard]] Identity identity() const override;
  [[nodiscard]] Health health() const override;
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override {}
  [[nodiscard]] CameraProperties properties() const override;
  Outcome configure(const CameraConfig& config) override;
  Result<Image> grab(double deadline) override;

 private:
  [[nodiscard]] std::optional<std::string> difference(const files::RunImage& recorded) const;

  Recording& recording_;
  const ReplayLight& light_;
  bool connected_ = false;
  CameraConfig config_;
  std::uint64_t images_ = 0;
};

}  // namespace seccm::instrument::replay
