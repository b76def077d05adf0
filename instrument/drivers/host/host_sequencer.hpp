// The probe sequencer of a laboratory without an FPGA: the host itself runs the program, over a GCS stage and a SCPI
// source-measure unit.
//
// Frames. Frame k of a program lies on the grid t_k = t_0 + k T of the rig's clock, T = host.frame_interval, and ends
// with one reading of the source meter: messages first (host.quiet_slack, or busy_slack in the first frame of a
// waypoint), then the level of the frame and the aperture, T minus that slack. i1 is the mean over the aperture, E1 the
// level during it, x, y, z the mean of two looks at the stage, one at either end of the frame. A request that leaves
// late by more than T/10 asks for an aperture that is shorter by as much, down to half: the frame still ends at its
// time, and one hesitation of the host does not make the next frame late. Values are rounded to 16-bit words, as a run
// file keeps them.
//
// Lost frames. A reading begins behind its request and ends before its answer is there: an answer that is there later
// than T/2 behind the frame's time is a lost frame, and that is Errc::overflow. The source meter's own time stamps have
// no say: its clock drifts against the host's (100 ppm are T/2 within 100 s), and a 2400 states it to seven digits.
//
// Potential. A ramp is a staircase of steps v T (docs/serving.md): no current flows that a ramp would drive into the
// stray capacitance outside of the aperture.
//
// Contact. The host compares one reading after the other and then halts the stage. From the instant at which a current
// that lasts crosses the threshold, to the halt: the rest of an aperture that it did not fill, one whole frame, the
// half frame by which an answer may be late, and the way of the command, at most 2.5T + host.request_time
// (Capabilities::contact_latency). At speed v the tip runs on by up
// to v times that, and its lag: an approach must be slow enough for the droplet to take it.
//
// Time passes for the instruments while the host does something else, but nothing is then read: the rig's clock has to
// be a HostClock, whose sleep runs the program. A host that leaves it alone for longer than half a frame loses frames.
// A deadline can be overshot by the reading that is under way, less than T.
//
// connect() opens both instruments, retracts z and moves x and y to mid-range. After a fault of either instrument
// nothing moves until connect() again; make_safe() then retracts only if the stage itself is trusted.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "instrument/drivers/gcs/gcs_stage.hpp"
#include "instrument/drivers/host/host_config.hpp"
#include "instrument/drivers/host/host_plan.hpp"
#include "instrument/drivers/scpi/source_meter.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument::drivers {

class HostSequencer final : public ProbeSequencer {
 public:
  /// Axes 0, 1, 2 of `stage` are x, y, z. `clock` is the instruments' time. All three must outlive it. Throws
  /// InputError for a frame that its slacks fill.
  HostSequencer(GcsStage& stage, SourceMeter& meter, Clock& clock, const HostConfig& config);

  [[nodiscard]] Identity identity() const override;
  [[nodiscard]] Health health() const override;
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override;
  [[nodiscard]] Limits limits() const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] Result<DryRun> check(const Program& program) const override;
  Outcome start(const Program& program) override;
  [[nodiscard]] Result<SequencerStatus> status() override;
  Result<std::size_t> read(std::span<Frame> out, double deadline) override;
  Outcome abort() override;

  /// Runs the program until `time` and lets the rest of the time pass.
  void run_until(double time, const std::stop_token& stop);
  [[nodiscard]] double now() const { return clock_.now(); }

 private:
  struct Run {
    Program program;
    std::vector<HostLeg> legs;
    std::size_t leg = 0, frame = 0, late = 0;  // frame of the leg, frames beyond its plan
    double start = 0.0;                        // t_0, s
    std::size_t frames = 0;                    // of the program so far
    bool begun = false;                        // the frame in progress has sent its messages
    Frame measured;                            // position at the end of the last frame
  };

  Outcome open_instruments();
  Outcome move_and_wait(std::span<const AxisTarget> targets, std::span<const int> axes, double speed, double duration);
  Outcome retract();
  Outcome look(Frame& frame);
  /// One frame, if it begins its reading by `until`; false if not, or if the program has ended.
  bool step(double until);
  Outcome begin_frame();
  Outcome send_motion(const Waypoint& waypoint, const HostLeg& leg);
  Outcome take_frame();
  Outcome finish_frame(Frame frame);
  Outcome stop_at_contact(Frame frame);
  Outcome finish_leg();
  void end_run(RunState state);
  Error fail(const Error& error);
  [[nodiscard]] double slack() const;
  [[nodiscard]] double frame_end() const;
  [[nodiscard]] double request_due() const;
  [[nodiscard]] double safe_height() const;
  [[nodiscard]] Error error(Errc code, std::string detail, bool retryable = false) const;
  [[nodiscard]] Frame digitised(Frame frame) const;

  GcsStage& stage_;
  SourceMeter& meter_;
  Clock& clock_;
  HostConfig config_;
  bool connected_ = false;
  std::optional<Error> fault_;
  RunState state_ = RunState::idle;
  std::unique_ptr<Run> run_;
  std::deque<Frame> frames_;
  HostPlace at_;                           // commanded
  double speed_xy_ = 0.0, speed_z_ = 0.0;  // that the stage is set to; 0: not known
  bool output_on_ = false;
  std::size_t executed_ = 0;
  double last_current_ = 0.0;
  std::optional<double> last_contact_z_;
};

/// The clock of a rig with a HostSequencer.
class HostClock final : public Clock {
 public:
  /// `sequencer` must outlive the clock.
  explicit HostClock(HostSequencer& sequencer) : sequencer_(sequencer) {}
  [[nodiscard]] double now() const override { return sequencer_.now(); }
  void sleep_until(double time, const std::stop_token& stop) override { sequencer_.run_until(time, stop); }

 private:
  HostSequencer& sequencer_;
};

}  // namespace seccm::instrument::drivers
