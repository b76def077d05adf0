#include "instrument/twin/twin_light.hpp"

#include <fmt/format.h>

namespace seccm::instrument::twin {

namespace {

Error disconnected() {
  return {Errc::disconnected, "twin light", "not connected"};
}

}  // namespace

Identity TwinLight::identity() const {
  return {"seccm", "twin light", "1", "1"};
}

Health TwinLight::health() const {
  if (!connected_) return {Health::Condition::stale, timeline_.now(), "not connected"};
  return {Health::Condition::ok, timeline_.now(), ""};
}

Outcome TwinLight::connect(ConnectConsent) {
  connected_ = true;
  return Done{};
}

Outcome TwinLight::set(LightChannel channel, double intensity) {
  if (!connected_) return disconnected();
  if (!(intensity >= 0.0 && intensity <= 1.0)) {
    return Error{Errc::limit_rejected, "twin light", fmt::format("intensity {:.6g}, accepted are 0 to 1", intensity)};
  }
  (channel == LightChannel::reflection ? state_.reflection : state_.transmission) = intensity;
  return Done{};
}

Result<LightState> TwinLight::get() const {
  if (!connected_) return disconnected();
  return state_;
}

}  // namespace seccm::instrument::twin
