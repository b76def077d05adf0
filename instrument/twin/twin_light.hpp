// The twin's lamps: they take effect at once.
#pragma once

#include "instrument/roles/light.hpp"
#include "instrument/twin/time_base.hpp"

namespace seccm::instrument::twin {

class TwinLight final : public Light {
 public:
  /// `timeline` must outlive the light.
  explicit TwinLight(const Timeline& timeline) : timeline_(timeline) {}

  [[nodiscard]] Identity identity() const override;
  [[nodiscard]] Health health() const override;
  Outcome connect(ConnectConsent consent) override;
  /// Both lamps off.
  void make_safe() noexcept override { state_ = {}; }
  /// `limit_rejected` unless the intensity is in [0, 1].
  Outcome set(LightChannel channel, double intensity) override;
  [[nodiscard]] Result<LightState> get() const override;

  /// What shines on the sample, connected or not.
  [[nodiscard]] const LightState& shining() const { return state_; }

 private:
  const Timeline& timeline_;
  LightState state_;
  bool connected_ = false;
};

}  // namespace seccm::instrument::twin
