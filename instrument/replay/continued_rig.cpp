#include "instrument/replay/continued_rig.hpp"

#include <utility>

namespace seccm::instrument::replay {

bool Continuation::live() const {
  if (live_ || catching_up_()) return live_;
  ahead_ = past_.rig().clock.now() - device_.clock.now();
  live_ = true;
  return true;
}

double Continuation::now() const {
  return live() ? from_device(device_.clock.now()) : past_.rig().clock.now();
}

void ContinuedClock::sleep_until(double time, const std::stop_token& stop) {
  if (!at_.live()) return at_.past().rig().clock.sleep_until(time, stop);
  at_.device().clock.sleep_until(at_.to_device(time), stop);
}

Outcome ContinuedSequencer::connect(ConnectConsent consent) {
  if (at_.live()) return device().connect(consent);
  auto done = past().connect(consent);
  at_start_ = std::exchange(connected_, true);
  return done;
}

void ContinuedSequencer::make_safe() noexcept {
  device().make_safe();
  past().make_safe();
}

Result<DryRun> ContinuedSequencer::check(const Program& program) const {
  if (at_.live()) return device().check(program);
  at_.past().await_program();
  return past().check(program);
}

Outcome ContinuedSequencer::start(const Program& program) {
  if (at_.live()) return device().start(program);
  at_start_ = false;
  return past().start(program);
}

Result<SequencerStatus> ContinuedSequencer::status() {
  const bool live = at_.live();
  auto status = live ? device().status() : past().status();
  if (!status) return status;
  SequencerStatus s = status.value();
  if (live) {
    s.t = at_.from_device(s.t);
  } else if (at_start_) {
    const files::RigRecord& rig = at_.past().recording().summary().rig;
    s = {.state = RunState::idle, .t = s.t, .x = rig.x, .y = rig.y, .z = rig.z, .E1 = rig.E1_vs_QRCE};
  }
  return s;
}

Result<std::size_t> ContinuedSequencer::read(std::span<Frame> out, double deadline) {
  if (!at_.live()) return past().read(out, deadline);
  auto count = device().read(out, at_.to_device(deadline));
  if (!count) return count;
  for (Frame& frame : out.first(count.value())) frame.t = at_.from_device(frame.t);
  return count;
}

Outcome ContinuedSequencer::abort() {
  return at_.live() ? device().abort() : past().abort();
}

Outcome ContinuedCamera::connect(ConnectConsent consent) {
  return at_.live() ? device().connect(consent) : at_.past().rig().camera.connect(consent);
}

Outcome ContinuedCamera::configure(const CameraConfig& config) {
  return at_.live() ? device().configure(config) : at_.past().rig().camera.configure(config);
}

Result<Image> ContinuedCamera::grab(double deadline) {
  if (!at_.live()) return at_.past().rig().camera.grab(deadline);
  auto image = device().grab(at_.to_device(deadline));
  if (!image) return image;
  Image moved = std::move(image).value();
  moved.t_start = at_.from_device(moved.t_start);
  moved.t_end = at_.from_device(moved.t_end);
  return moved;
}

Outcome ContinuedLight::connect(ConnectConsent consent) {
  return at_.live() ? device().connect(consent) : at_.past().rig().light.connect(consent);
}

void ContinuedLight::make_safe() noexcept {
  device().make_safe();
  at_.past().rig().light.make_safe();
}

Outcome ContinuedLight::set(LightChannel channel, double intensity) {
  return at_.live() ? device().set(channel, intensity) : at_.past().rig().light.set(channel, intensity);
}

Result<LightState> ContinuedLight::get() const {
  return at_.live() ? device().get() : at_.past().rig().light.get();
}

}  // namespace seccm::instrument::replay
