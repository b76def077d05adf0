// A recorded run that real devices go on with: one decorator per role answers from the record until its end, and
// passes everything on to the device from then on.
//
// The end has come when `catching_up` says no for the first time: the recorder of the run has then got everything that
// the record holds. It is asked at every call, so that nothing is answered from the record behind its end, not even
// where the probe stands. Limits, capabilities and identities are the devices' at any time; whether they are those of
// the record is for the caller to see to. The devices are connected by the caller before the first call here.
//
// Time goes on behind the record: t = t_device + (end of the record - t_device at that moment). While the record plays,
// the time of a program is when it was submitted.
//
// `connect` while the record plays is what it was then: an earlier process died there, and the devices were connected
// anew; they stand where connecting leaves them, which is where the record begins. `make_safe` reaches the device at
// any time.
#pragma once

#include <functional>

#include "instrument/replay/replay_rig.hpp"
#include "instrument/roles/rig.hpp"

namespace seccm::instrument::replay {

/// Where the record ends; shared by the four.
class Continuation {
 public:
  Continuation(ReplayRig& past, const Rig& device, std::function<bool()> catching_up)
      : past_(past), device_(device), catching_up_(std::move(catching_up)) {}
  [[nodiscard]] bool live() const;
  [[nodiscard]] double now() const;
  /// Rig's time to that of the device, and back; s. Of a rig that is live.
  [[nodiscard]] double to_device(double t) const { return t - ahead_; }
  [[nodiscard]] double from_device(double t) const { return t + ahead_; }
  [[nodiscard]] ReplayRig& past() const { return past_; }
  [[nodiscard]] const Rig& device() const { return device_; }

 private:
  ReplayRig& past_;
  Rig device_;
  std::function<bool()> catching_up_;
  mutable bool live_ = false;
  mutable double ahead_ = 0.0;  // of the device's time, s
};

class ContinuedClock final : public Clock {
 public:
  explicit ContinuedClock(const Continuation& at) : at_(at) {}
  [[nodiscard]] double now() const override { return at_.now(); }
  void sleep_until(double time, const std::stop_token& stop) override;

 private:
  const Continuation& at_;
};

class ContinuedSequencer final : public ProbeSequencer {
 public:
  explicit ContinuedSequencer(const Continuation& at) : at_(at) {}

  [[nodiscard]] Identity identity() const override { return device().identity(); }
  [[nodiscard]] Health health() const override { return device().health(); }
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override;
  [[nodiscard]] Limits limits() const override { return device().limits(); }
  [[nodiscard]] Capabilities capabilities() const override { return device().capabilities(); }
  [[nodiscard]] Result<DryRun> check(const Program& program) const override;
  Outcome start(const Program& program) override;
  [[nodiscard]] Result<SequencerStatus> status() override;
  Result<std::size_t> read(std::span<Frame> out, double deadline) override;
  Outcome abort() override;

 private:
  [[nodiscard]] ProbeSequencer& device() const { return at_.device().sequencer; }
  [[nodiscard]] ProbeSequencer& past() const { return at_.past().sequencer(); }

  const Continuation& at_;
  bool connected_ = false;
  bool at_start_ = false;  // connected anew, and nothing has moved since
};

class ContinuedCamera final : public Camera {
 public:
  explicit ContinuedCamera(const Continuation& at) : at_(at) {}

  [[nodiscard]] Identity identity() const override { return device().identity(); }
  [[nodiscard]] Health health() const override { return device().health(); }
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override { device().make_safe(); }
  [[nodiscard]] CameraProperties properties() const override { return device().properties(); }
  Outcome configure(const CameraConfig& config) override;
  Result<Image> grab(double deadline) override;

 private:
  [[nodiscard]] Camera& device() const { return at_.device().camera; }

  const Continuation& at_;
};

class ContinuedLight final : public Light {
 public:
  explicit ContinuedLight(const Continuation& at) : at_(at) {}

  [[nodiscard]] Identity identity() const override { return device().identity(); }
  [[nodiscard]] Health health() const override { return device().health(); }
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override;
  Outcome set(LightChannel channel, double intensity) override;
  [[nodiscard]] Result<LightState> get() const override;

 private:
  [[nodiscard]] Light& device() const { return at_.device().light; }

  const Continuation& at_;
};

class ContinuedRig {
 public:
  /// All of them must outlive it. `device`: connected. `catching_up`: true for as long as the record is to answer; not
  /// asked again after it was false.
  ContinuedRig(ReplayRig& past, const Rig& device, std::function<bool()> catching_up)
      : at_(past, device, std::move(catching_up)), clock_(at_), sequencer_(at_), camera_(at_), light_(at_) {}
  ContinuedRig(const ContinuedRig&) = delete;
  ContinuedRig& operator=(const ContinuedRig&) = delete;

  [[nodiscard]] Rig rig() { return {clock_, sequencer_, camera_, light_}; }

 private:
  Continuation at_;
  ContinuedClock clock_;
  ContinuedSequencer sequencer_;
  ContinuedCamera camera_;
  ContinuedLight light_;
};

}  // namespace seccm::instrument::replay
