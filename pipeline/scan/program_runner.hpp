// Runs programs on the sequencer and streams every frame to the recorder while they run.
//
// One fixed buffer, so memory does not grow with the program. Tags are given here: each leg of a point has its own, so
// that the table of legs can be filled with exact frame ranges. A stop request or a fault calls `make_safe` on every
// device first (the sequencer before the others), then saves the frames that are still there, then throws: Cancelled or
// DeviceFault. Where the policy says stop_and_hold, the sequencer is aborted instead of made safe. Every frame passes a
// StreamWatch before it is used. Every program goes to the recorder with its waypoints, its frames and how it ended,
// whatever that was: a replay is made of them. A program that the dry run rejects throws ProgramRejected and moves
// nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "files/run_file.hpp"
#include "instrument/roles/rig.hpp"
#include "pipeline/scan/frame_packing.hpp"
#include "pipeline/scan/policy.hpp"
#include "pipeline/scan/stream_watch.hpp"
#include "sim/error.hpp"

namespace seccm::scan {

/// A waypoint and what it is for.
struct PlannedLeg {
  instrument::Waypoint waypoint;
  files::LegKind kind = files::LegKind::move;
  int cycle = 0;
  int direction = 0;
  double scan_rate = 0.0;                             ///< V/s
  double E_start_vs_QRCE = 0.0, E_end_vs_QRCE = 0.0;  ///< V
};

struct ScanProgram {
  std::vector<PlannedLeg> legs;
  instrument::ContactCriterion contact;
};

/// Looks at frames as they come, in stretches that belong to one leg (index into ScanProgram::legs).
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void take(int leg, std::span<const instrument::Frame> frames) = 0;
};

struct RunReport {
  instrument::RunState state = instrument::RunState::idle;
  instrument::Frame last;  ///< the last frame of the program, if it had any
  std::uint64_t frames = 0;
};

/// The dry run refused the program: nothing has moved.
class ProgramRejected : public DeviceError {
 public:
  explicit ProgramRejected(const std::string& message, instrument::Errc why) : DeviceError(message), code(why) {}
  instrument::Errc code;
};

/// Sequencer first, then camera and light. Never throws.
void make_all_safe(const instrument::Rig& rig) noexcept;
/// Stops the sequencer where it is, camera and light safe. A sequencer that can not be stopped is made safe.
void hold_all(const instrument::Rig& rig) noexcept;
/// The one or the other.
void secure(const instrument::Rig& rig, PolicyAction action) noexcept;

class ProgramRunner {
 public:
  ProgramRunner(const instrument::Rig& rig, const PolicyParameters& policy, files::RunRecorder& recorder,
                std::stop_token stop, std::function<void()> heartbeat);

  /// Forgets the legs of the point before.
  void begin_point();
  RunReport run(const ScanProgram& program, FrameSink* sink = nullptr);
  /// Legs since `begin_point` that have frames, in order of time.
  [[nodiscard]] const std::vector<files::Leg>& legs() const { return legs_; }
  /// Calls make_safe and throws Cancelled if a stop was requested.
  void throw_if_stopped();
  /// make_safe (or abort, as the policy says), then throws DeviceFault.
  [[noreturn]] void fail(const instrument::Error& error);
  /// Of the current from frame to frame in air, A: from then on a current that stands still is a fault.
  void set_current_noise(double difference_noise) { difference_noise_ = difference_noise; }

  /// Atomic snapshot; a failure is a fault.
  instrument::SequencerStatus status();
  [[nodiscard]] double travel_xy() const { return travel_xy_; }  ///< m, as commanded
  [[nodiscard]] double travel_z() const { return travel_z_; }    ///< m
  /// After the rig has been connected again: drops what the device still holds of the program that was given up.
  void discard_stream();

 private:
  static constexpr std::size_t buffer_frames = 256;  ///< a quarter of a second: the longest way to notice a fault
  static constexpr double watchdog = 30.0;           ///< s beyond the dry run's duration

  instrument::Program tagged(const ScanProgram& program);
  RunReport stream(const ScanProgram& program, double deadline, StreamWatch& watch, FrameSink* sink);
  void consume(std::span<const instrument::Frame> frames, const ScanProgram& program, FrameSink* sink);
  void record(const instrument::Program& program, double t_start, std::uint64_t frame_begin);
  void drain();
  void account_travel(const ScanProgram& program, const instrument::SequencerStatus& before,
                      const instrument::SequencerStatus& after);

  instrument::Rig rig_;
  const PolicyParameters& policy_;
  files::RunRecorder& recorder_;
  std::stop_token stop_;
  std::function<void()> heartbeat_;
  FramePacker packer_;
  std::vector<instrument::Frame> buffer_;
  std::vector<files::PackedFrame> packed_;
  const ScanProgram* running_;  // whose tags the frames carry
  std::vector<files::Leg> legs_;
  std::vector<std::ptrdiff_t>
      leg_slot_;  // per leg of the running program: its place in legs_, -1 before its first frame
  std::int32_t next_tag_ = 1, first_tag_ = 1;
  double travel_xy_ = 0.0, travel_z_ = 0.0;
  double difference_noise_ = 0.0;  // A
  double last_t_ = -1.0;           // of the last frame of all, s
};

}  // namespace seccm::scan
