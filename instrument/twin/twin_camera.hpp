// The twin's camera: what the microscope shows in the middle of the exposure, through the optics and the sensor of
// models/.
//
// Exposing takes time: `average` exposures pass in the world, the scene is the one in the middle of them. Motion within
// an exposure does not blur. The static optics of the sample are computed once, at the first grab. The mean of n frames
// is rounded to the pixel's counts.
#pragma once

#include <memory>

#include "instrument/roles/camera.hpp"
#include "instrument/twin/time_base.hpp"
#include "instrument/twin/twin_light.hpp"
#include "instrument/twin/world.hpp"

namespace seccm::models {
class ImageFormation;
class SampleOptics;
}  // namespace seccm::models

namespace seccm::instrument::twin {

class TwinCamera final : public Camera {
 public:
  /// All references must outlive the camera.
  TwinCamera(const World& world, Timeline& timeline, const TwinLight& light, const models::ImageFormation& optics);
  ~TwinCamera() override;

  [[nodiscard]] Identity identity() const override;
  [[nodiscard]] Health health() const override;
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override {}
  [[nodiscard]] CameraProperties properties() const override;
  /// `limit_rejected` unless exposure is in (0, 60 s] and average in [1, 1000].
  Outcome configure(const CameraConfig& config) override;
  /// `timeout` if the exposures would end behind the deadline: nothing is exposed then.
  Result<Image> grab(double deadline) override;

 private:
  [[nodiscard]] Error error(Errc code, std::string detail, bool retryable = false) const;

  const World& world_;
  Timeline& timeline_;
  const TwinLight& light_;
  const models::ImageFormation& optics_;
  std::unique_ptr<const models::SampleOptics> sample_;
  CameraConfig config_;
  std::uint64_t images_ = 0, exposures_ = 0;
  bool connected_ = false;
};

}  // namespace seccm::instrument::twin
