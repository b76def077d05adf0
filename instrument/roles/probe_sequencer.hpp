// The only way to move the probe or to polarise the cell.
//
// A program of waypoints goes in; one synchronous, gap-free stream of frames comes out; status is one atomic snapshot;
// approach-until-contact is ONE device-side operation. This is the contract of the rig's FPGA target in physical units
// (4 us samples, mean of 256, one slot for the transfer: a frame each 4 us x 257 = 1.028 ms; signed 16-bit over
// +-10 V).
//
// Conventions. Stage coordinates x, y, z in m inside the piezo range [0, span]; z grows AWAY from the sample.
// E1 = potential of the substrate (working electrode) against the quasi-reference counter electrode in the pipette, V.
// i1 = current in A, anodic positive (IUPAC); a driver whose hardware has the other polarity converts.
// Frame times are device time (never stamped by the host), the instant at which the frame's average ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "instrument/roles/device.hpp"

namespace seccm::instrument {

enum class StopRule : std::uint8_t {
  none,  ///< run to the target
  /// End the waypoint, and the program, at the first sample with |i1 - baseline| > threshold (RunState::contact). A
  /// waypoint that arrives without contact hands on to the next only if that one approaches too (fast, then slow);
  /// otherwise the program ends there (RunState::limit_reached).
  on_contact,
};

/// One leg of a program. Axes and potentials without a value stay as they are. All moves of a waypoint start together;
/// the waypoint ends when each has arrived and `hold` has passed.
struct Waypoint {
  std::optional<double> x, y, z;  ///< targets, m
  double speed_xy = 50e-6;        ///< m/s, along each lateral axis
  double speed_z = 10e-6;         ///< m/s
  std::optional<double> E1;       ///< target potential vs QRCE, V
  double rate_E1 = 0.0;           ///< V/s, > 0 for a ramp; ignored when jump
  bool jump_E1 = false;           ///< step to E1 at once
  double hold = 0.0;              ///< s, after arrival
  StopRule stop = StopRule::none;
  std::int32_t tag = 0;  ///< copied into the frames; 1..32767
};

struct ContactCriterion {
  double threshold = 2e-12;  ///< A, on either polarity, relative to `baseline`
  double baseline = 0.0;     ///< A
};

struct Program {
  std::vector<Waypoint> waypoints;
  ContactCriterion contact;
};

/// One averaged sample of every channel.
struct Frame {
  enum Flag : std::uint16_t {
    none = 0,
    current_saturated = 1,  ///< the amplifier left its range inside this frame
    contact = 2,            ///< the contact comparator is set
  };
  double t = 0.0;                    ///< s, device time
  double x = 0.0, y = 0.0, z = 0.0;  ///< measured position, m
  double E1 = 0.0, E2 = 0.0;         ///< applied potentials, V vs QRCE
  double i1 = 0.0, i2 = 0.0;         ///< current, A
  std::int32_t tag = 0;
  std::uint16_t flags = none;
};

/// How a channel is digitised: physical = lsb * count, count a signed 16-bit word.
struct ChannelScale {
  double lsb = 1.0;
  double offset = 0.0;  ///< physical = offset + lsb * count
};

struct Capabilities {
  double frame_interval = 1.028e-3;  ///< s
  ChannelScale x, y, z, E1, E2, i1, i2;
  bool device_side_contact = true;
  double contact_latency = 2e-6;  ///< s, from threshold crossing to motion stop
};

struct Limits {
  double x_min = 0, x_max = 0, y_min = 0, y_max = 0, z_min = 0, z_max = 0;  ///< m
  double speed_xy_max = 0, speed_z_max = 0;                                 ///< m/s
  double E_min = 0, E_max = 0;                                              ///< V vs QRCE
  double rate_E_max = 0;                                                    ///< V/s
  double current_range = 0;                                                 ///< A, full scale either sign
  std::size_t max_waypoints = 32767;
};

/// A dry run: what the program would do, without moving anything.
struct DryRun {
  double duration = 0.0;   ///< s, upper bound: an on_contact leg counts to its target
  std::size_t frames = 0;  ///< upper bound
};

enum class RunState : std::uint8_t { idle, running, completed, contact, limit_reached, aborted, faulted };

struct SequencerStatus {
  RunState state = RunState::idle;
  std::size_t executed = 0;          ///< waypoints finished of the current program
  double t = 0.0;                    ///< device time, s
  double x = 0.0, y = 0.0, z = 0.0;  ///< applied, m
  double E1 = 0.0;                   ///< applied, V vs QRCE
  double i1 = 0.0;                   ///< last frame's current, A
};

class ProbeSequencer : public Device {
 public:
  [[nodiscard]] virtual Limits limits() const = 0;
  [[nodiscard]] virtual Capabilities capabilities() const = 0;
  /// Ranges, speeds, rates, interlocks and duration of a program, before anything moves. `limit_rejected` or
  /// `interlock_tripped` names the waypoint, the value and what is accepted.
  [[nodiscard]] virtual Result<DryRun> check(const Program& program) const = 0;
  /// Starts a program; rejected as by `check`, or when one is running.
  virtual Outcome start(const Program& program) = 0;
  [[nodiscard]] virtual Result<SequencerStatus> status() = 0;
  /// Reads frames that are due, at most out.size(); waits (in the rig's time) until at least one is there, the program
  /// has ended (0 frames), or `deadline` (device time) passes. A lost frame is an error, never a gap.
  virtual Result<std::size_t> read(std::span<Frame> out, double deadline) = 0;
  /// Stops at once where it is; the frames so far can still be read.
  virtual Outcome abort() = 0;
};

}  // namespace seccm::instrument
