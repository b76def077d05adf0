#include "instrument/replay/replay_microscope.hpp"

#include <fmt/format.h>

#include <utility>

#include "instrument/replay/program_match.hpp"

namespace seccm::instrument::replay {
namespace {

Error camera_error(Errc code, std::string detail, bool retryable = false) {
  return {code, "replay camera", std::move(detail), retryable};
}

Error light_error(Errc code, std::string detail) {
  return {code, "replay light", std::move(detail), false};
}

Identity replay_of(const std::string& original, const char* unnamed, const Recording& recording) {
  return {"seccm", "replay of " + (original.empty() ? std::string(unnamed) : original),
          recording.path().filename().string(), "1"};
}

Health health_of(bool connected, double now) {
  if (!connected) return {Health::Condition::stale, now, "not connected"};
  return {Health::Condition::ok, now, ""};
}

}  // namespace

Identity ReplayLight::identity() const {
  return replay_of(recording_.summary().rig.light, "unnamed lamps", recording_);
}

Health ReplayLight::health() const {
  return health_of(connected_, recording_.now());
}

Outcome ReplayLight::connect(ConnectConsent) {
  connected_ = true;
  return Done{};
}

Outcome ReplayLight::set(LightChannel channel, double intensity) {
  if (!connected_) return light_error(Errc::disconnected, "not connected");
  if (!(intensity >= 0.0 && intensity <= 1.0))
    return light_error(Errc::limit_rejected, fmt::format("intensity {:.6g}, accepted are 0 to 1", intensity));
  (channel == LightChannel::reflection ? state_.reflection : state_.transmission) = intensity;
  return Done{};
}

Result<LightState> ReplayLight::get() const {
  if (!connected_) return light_error(Errc::disconnected, "not connected");
  return state_;
}

Identity ReplayCamera::identity() const {
  return replay_of(recording_.summary().rig.camera, "an unnamed camera", recording_);
}

Health ReplayCamera::health() const {
  return health_of(connected_, recording_.now());
}

Outcome ReplayCamera::connect(ConnectConsent) {
  connected_ = true;
  return Done{};
}

CameraProperties ReplayCamera::properties() const {
  const files::RunSummary& s = recording_.summary();
  return {s.rig.camera_width, s.rig.camera_height, s.header.camera_bits, s.header.nominal_pixel_size};
}

Outcome ReplayCamera::configure(const CameraConfig& config) {
  if (!(config.exposure > 0.0 && config.exposure <= 60.0))
    return camera_error(Errc::limit_rejected,
                        fmt::format("exposure {:.6g} s, accepted are 0 s to 60 s", config.exposure));
  if (config.average < 1 || config.average > 1000)
    return camera_error(Errc::limit_rejected, fmt::format("average of {}, accepted are 1 to 1000", config.average));
  config_ = config;
  return Done{};
}

std::optional<std::string> ReplayCamera::difference(const files::RunImage& recorded) const {
  const LightState& lamps = light_.shining();
  if (!agree(config_.exposure, recorded.exposure))
    return fmt::format("exposure {:.9g} s, recorded {:.9g} s", config_.exposure, recorded.exposure);
  if (config_.average != recorded.average)
    return fmt::format("average of {}, recorded {}", config_.average, recorded.average);
  if (!agree(lamps.reflection, recorded.reflection))
    return fmt::format("reflection lamp at {:.6g}, recorded {:.6g}", lamps.reflection, recorded.reflection);
  if (!agree(lamps.transmission, recorded.transmission))
    return fmt::format("transmission lamp at {:.6g}, recorded {:.6g}", lamps.transmission, recorded.transmission);
  return std::nullopt;
}

Result<Image> ReplayCamera::grab(double deadline) {
  if (!connected_) return camera_error(Errc::disconnected, "not connected");
  const files::RunImage* recorded = recording_.next_image();
  if (recorded == nullptr)
    return camera_error(Errc::protocol, "an image was asked for, recorded next is " + recording_.next_in_words());
  if (!(recorded->t <= deadline + same_instant))
    return camera_error(Errc::timeout,
                        fmt::format("the recorded exposure ends at {:.6f} s, after the deadline", recorded->t), true);
  if (const auto text = difference(*recorded))
    return camera_error(Errc::protocol,
                        fmt::format("not what was recorded: {}: {}", recording_.next_in_words(), *text));
  files::RunImage whole = recording_.image(recorded->name);
  recording_.pass_event();
  recording_.advance_to(whole.t);
  return Image{.width = whole.width,
               .height = whole.height,
               .pixels = std::move(whole.pixels),
               .t_start = whole.t_start,
               .t_end = whole.t,
               .id = images_++};
}

}  // namespace seccm::instrument::replay
