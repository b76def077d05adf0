// Faults on purpose, in front of any sequencer, camera or light: the n-th program goes well for so many frames, then
// the device does what the plan says. For rehearsing what a scan does about it ([faults] in a scenario) and for the
// tests.
//
//   no_reply         reads wait for their deadline in vain
//   late_reply       the next reply comes `delay` late, later ones in time
//   overflow         the device stops: frames were lost for want of reading
//   misaligned       the stream slips by one word: every channel holds its neighbour's value
//   lost_frame       one frame is missing, without a word
//   frozen_readback  the measured position keeps its last value; the stage goes on
//   stuck_current    the current keeps its last value
//   saturation       the current reads full scale, flagged, to the end of the program
//   missed_trigger   the program is accepted and never starts
//   clock_forward, clock_back   the device's clock jumps by `delay`
//   disconnect       every call fails; the device goes on with its program
//   device_fault     the device stops and reports a fault
//
// A lost frame and a jump of the clock are no faults at the end of a program: they come in the first program from the
// n-th on that has so many frames.
//
// All but saturation last until `connect` with consent to motion, which stops whatever still runs. `once` false: the
// fault comes back in every later program.
//
// The lamps do what they are told until the n-th command, which fails:
//   no_reply         the call ends after 1 s, later ones at once
//   disconnect       every call fails; the lamps stay as they are
//   device_fault     the lamps go out and report a fault
// until `connect`.
#pragma once

#include <cstdint>
#include <span>

#include "instrument/roles/camera.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/light.hpp"
#include "instrument/roles/probe_sequencer.hpp"
#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument {

enum class InjectedFault {
  none,
  no_reply,
  late_reply,
  overflow,
  misaligned,
  lost_frame,
  frozen_readback,
  stuck_current,
  saturation,
  missed_trigger,
  clock_forward,
  clock_back,
  disconnect,
  device_fault,
};

enum class LightFault { none, no_reply, disconnect, device_fault };

/// The [faults] section.
struct FaultParameters {
  InjectedFault sequencer = InjectedFault::none;
  int program = 40;             ///< the fault comes in this program of the run, counted from 1
  int frame = 100;              ///< after so many of its frames, or at its end
  Time delay = 20.0 * unit::s;  ///< of late_reply and of the clock's jump
  bool once = true;
  bool camera_silent = false;  ///< from image `camera_image` on no image comes
  int camera_image = 10;
  LightFault light = LightFault::none;
  int light_command = 5;  ///< the fault comes with this command to the lamps, counted from 1

  static void visit(ParameterVisitor& v, FaultParameters& p);
};

class FaultInjectingSequencer final : public ProbeSequencer {
 public:
  /// `inner` and `clock` must outlive it.
  FaultInjectingSequencer(ProbeSequencer& inner, Clock& clock, const FaultParameters& plan);

  [[nodiscard]] Identity identity() const override { return inner_.identity(); }
  [[nodiscard]] Health health() const override;
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override;
  [[nodiscard]] Limits limits() const override { return inner_.limits(); }
  [[nodiscard]] Capabilities capabilities() const override { return inner_.capabilities(); }
  [[nodiscard]] Result<DryRun> check(const Program& program) const override;
  Outcome start(const Program& program) override;
  [[nodiscard]] Result<SequencerStatus> status() override;
  Result<std::size_t> read(std::span<Frame> out, double deadline) override;
  Outcome abort() override;

  /// Has happened at all; device time of the first time, s.
  [[nodiscard]] bool struck() const { return struck_at_ >= 0.0; }
  [[nodiscard]] double struck_at() const { return struck_at_; }

 private:
  using Kind = InjectedFault;
  [[nodiscard]] bool due_in(int program) const;  // the n-th of the run
  [[nodiscard]] bool needs_frames_behind() const;
  [[nodiscard]] bool cut_off() const { return active_ && plan_.sequencer == Kind::disconnect; }
  void strike();
  Result<std::size_t> read_in_fault(std::span<Frame> out, double deadline);
  Result<std::size_t> silence(double deadline);
  Result<std::size_t> drop_one(std::span<Frame> out, double deadline);
  void spoil(Frame& frame);

  ProbeSequencer& inner_;
  Clock& clock_;
  FaultParameters plan_;
  int programs_ = 0;
  std::size_t delivered_ = 0;  // frames of this program
  bool active_ = false;        // the fault has come and is not healed
  bool spent_ = false;
  double struck_at_ = -1.0, since_ = 0.0;
  Frame last_;
};

/// Stops sending images after the first `camera_image` - 1 of them.
class FaultInjectingCamera final : public Camera {
 public:
  FaultInjectingCamera(Camera& inner, Clock& clock, const FaultParameters& plan);

  [[nodiscard]] Identity identity() const override { return inner_.identity(); }
  [[nodiscard]] Health health() const override { return inner_.health(); }
  Outcome connect(ConnectConsent consent) override { return inner_.connect(consent); }
  void make_safe() noexcept override { inner_.make_safe(); }
  [[nodiscard]] CameraProperties properties() const override { return inner_.properties(); }
  Outcome configure(const CameraConfig& config) override { return inner_.configure(config); }
  Result<Image> grab(double deadline) override;

 private:
  Camera& inner_;
  Clock& clock_;
  FaultParameters plan_;
  int images_ = 0;
};

class FaultInjectingLight final : public Light {
 public:
  FaultInjectingLight(Light& inner, Clock& clock, const FaultParameters& plan);

  [[nodiscard]] Identity identity() const override { return inner_.identity(); }
  [[nodiscard]] Health health() const override;
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override;
  Outcome set(LightChannel channel, double intensity) override;
  [[nodiscard]] Result<LightState> get() const override;

 private:
  /// What a call gets while the fault lasts.
  [[nodiscard]] Error error() const;

  Light& inner_;
  Clock& clock_;
  FaultParameters plan_;
  int commands_ = 0;
  bool active_ = false;  // the fault has come and is not healed
};

}  // namespace seccm::instrument
