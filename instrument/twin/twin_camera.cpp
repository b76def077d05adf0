#include "instrument/twin/twin_camera.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "models/optics/image_formation.hpp"
#include "models/optics/sample_optics.hpp"

namespace seccm::instrument::twin {

namespace {

std::vector<models::SceneParticle> scene_particles(const models::SampleField& field) {
  std::vector<models::SceneParticle> particles;
  for (const auto& cluster : field.clusters()) {
    for (const auto& p : cluster.particles) particles.push_back({p.x, p.y, p.z, p.radius});
  }
  return particles;
}

}  // namespace

TwinCamera::TwinCamera(const World& world, Timeline& timeline, const TwinLight& light,
                       const models::ImageFormation& optics)
    : world_(world), timeline_(timeline), light_(light), optics_(optics) {
  config_.exposure = world.spec().camera.exposure.si();
}

TwinCamera::~TwinCamera() = default;

Identity TwinCamera::identity() const {
  return {"seccm", "twin camera", "1", "1"};
}

Error TwinCamera::error(Errc code, std::string detail, bool retryable) const {
  return {code, "twin camera", std::move(detail), retryable};
}

Health TwinCamera::health() const {
  if (!connected_) return {Health::Condition::stale, timeline_.now(), "not connected"};
  return {Health::Condition::ok, timeline_.now(), ""};
}

Outcome TwinCamera::connect(ConnectConsent) {
  connected_ = true;
  return Done{};
}

CameraProperties TwinCamera::properties() const {
  const auto& camera = world_.spec().camera;
  return {camera.width, camera.height, camera.bits, optics_.pixel_size()};
}

Outcome TwinCamera::configure(const CameraConfig& config) {
  if (!(config.exposure > 0.0 && config.exposure <= 60.0)) {
    return error(Errc::limit_rejected, fmt::format("exposure {:.6g} s, accepted are 0 s to 60 s", config.exposure));
  }
  if (config.average < 1 || config.average > 1000) {
    return error(Errc::limit_rejected, fmt::format("average of {}, accepted are 1 to 1000", config.average));
  }
  config_ = config;
  return Done{};
}

Result<Image> TwinCamera::grab(double deadline) {
  if (!connected_) return error(Errc::disconnected, "not connected");
  const double length = config_.exposure * config_.average;
  if (!(timeline_.now() + length <= deadline)) {
    return error(Errc::timeout, fmt::format("{:.6g} s of exposure do not fit ahead of the deadline", length), true);
  }
  const auto& pose = world_.alignment().pose;
  if (!sample_) {
    sample_ = std::make_unique<const models::SampleOptics>(optics_.prepare(scene_particles(world_.field()), pose));
  }
  Image image;
  image.t_start = timeline_.now();
  timeline_.advance_to(image.t_start + 0.5 * length);
  const models::SceneOverlay overlay = world_.overlay();
  const models::FrameSettings settings{light_.shining().reflection, light_.shining().transmission, config_.exposure};
  // Nothing moves during a grab: one light for all of its exposures.
  const models::ImageF rate = optics_.photon_rate(*sample_, overlay, pose, settings);
  std::vector<std::uint32_t> sum;
  for (int k = 0; k < config_.average; ++k) {
    const models::Image16 frame = optics_.exposed(rate, settings, exposures_++);
    image.width = frame.width;
    image.height = frame.height;
    sum.resize(frame.pixels.size());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += frame.pixels[i];
  }
  const auto n = static_cast<std::uint32_t>(config_.average);
  image.pixels.reserve(sum.size());
  for (std::uint32_t s : sum) image.pixels.push_back(static_cast<std::uint16_t>((s + n / 2) / n));
  timeline_.advance_to(image.t_start + length);
  image.t_end = timeline_.now();
  image.id = images_++;
  return image;
}

}  // namespace seccm::instrument::twin
